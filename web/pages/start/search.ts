// The search box: a coordinate is asked about, any other text is looked for among codes and names.

import type { AreaFeature } from "../../shared/areas.ts";
import { Problem } from "../../shared/asking.ts";
import { byId, make } from "../../shared/elements.ts";
import { onLanguage, say, titleOf } from "../../shared/words.ts";

const COORDINATE = /^\s*(-?\d+(?:\.\d+)?(?:e\d+)?)\s*[,，;\s]\s*(-?\d+(?:\.\d+)?(?:e\d+)?)\s*$/i;
const SYSTEMS = ["wgs84", "cgcs2000", "gcj02", "bd09"];
const WAIT_MS = 150;

export interface Asked {
  /** Areas by their codes or names. */
  find: (text: string) => Promise<AreaFeature[]>;
  onCoordinate: (lon: number, lat: number, crs: string) => void;
  onArea: (feature: AreaFeature) => void;
  onProblem: (error: unknown) => void;
}

export class Search {
  readonly #asked: Asked;
  #form = byId("search");
  #query = byId<HTMLInputElement>("query");
  #found = byId("found");
  #crs = byId<HTMLSelectElement>("crs");
  #results: AreaFeature[] = [];
  #active = -1;
  #turn = 0;
  #timer = 0;

  constructor(asked: Asked) {
    this.#asked = asked;
    onLanguage(() => this.#translate());
    this.#form.addEventListener("submit", (event) => this.#submit(event));
    this.#query.addEventListener("input", () => this.#typed());
    this.#query.addEventListener("keydown", (event) => this.#key(event));
    this.#query.addEventListener("blur", () => setTimeout(() => this.#close(), WAIT_MS));
  }

  get crs(): string {
    return this.#crs.value;
  }

  set crs(name: string | undefined) {
    if (name && SYSTEMS.includes(name)) this.#crs.value = name;
  }

  #translate(): void {
    const chosen = this.#crs.value || "wgs84";
    this.#crs.replaceChildren(...SYSTEMS.map((name) => make("option", { value: name }, say(`crs_${name}`))));
    this.#crs.value = chosen;
    this.#query.placeholder = say("searchHint");
  }

  async #submit(event: Event): Promise<void> {
    event.preventDefault();
    clearTimeout(this.#timer);
    const text = this.#query.value.trim();
    if (!text) return;
    const coordinate = COORDINATE.exec(text);
    if (coordinate) {
      this.#close();
      this.#asked.onCoordinate(Number(coordinate[1]), Number(coordinate[2]), this.crs);
      return;
    }
    if (this.#active >= 0) {
      this.#take(this.#active);
      return;
    }
    const found = await this.#look(text);
    if (found) this.#take(0);
    else if (found === false) this.#asked.onProblem(new Problem({ type: "not-found", detail: say("nothingFound", { text }) }));
  }

  #typed(): void {
    clearTimeout(this.#timer);
    const text = this.#query.value.trim();
    if (!text || COORDINATE.test(text)) this.#close();
    else this.#timer = window.setTimeout(() => this.#look(text), WAIT_MS);
  }

  /** Look for a text and list what was found; whether there is one. Null where that is not known: the search failed,
   * which is told, or a later one overtook it. */
  async #look(text: string): Promise<boolean | null> {
    this.#turn += 1;
    const turn = this.#turn;
    try {
      const results = await this.#asked.find(text);
      if (turn !== this.#turn) return null;
      this.#results = results;
    } catch (error) {
      this.#results = [];
      this.#asked.onProblem(error);
      return null;
    }
    this.#active = -1;
    this.#list();
    return this.#results.length > 0;
  }

  #list(): void {
    this.#found.replaceChildren(
      ...this.#results.map((feature, i) =>
        make(
          "li",
          { role: "option", id: `found-${i}`, "aria-selected": String(i === this.#active), onmousedown: () => this.#take(i) },
          make("span", {}, feature.properties.name),
          make("span", { class: "soft" }, titleOf(feature.properties)),
          make("span", { class: "code" }, feature.properties.code),
        ),
      ),
    );
    this.#open(this.#results.length > 0);
  }

  #key(event: KeyboardEvent): void {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step && this.#results.length) {
      event.preventDefault();
      this.#active = (this.#active + step + this.#results.length + (this.#active < 0 && step < 0 ? 1 : 0)) % this.#results.length;
      this.#list();
      const item = byId(`found-${this.#active}`);
      this.#query.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Escape") {
      this.#close();
    }
  }

  #take(i: number): void {
    const feature = this.#results[i];
    if (!feature) return;
    this.#query.value = feature.properties.name;
    this.#close();
    this.#asked.onArea(feature);
  }

  #open(open: boolean): void {
    this.#found.hidden = !open;
    this.#query.setAttribute("aria-expanded", String(open));
  }

  #close(): void {
    this.#turn += 1; // what is still on its way comes too late
    this.#results = [];
    this.#active = -1;
    this.#query.removeAttribute("aria-activedescendant");
    this.#open(false);
  }
}
