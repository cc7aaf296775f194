// The search box: a coordinate is asked about, any other text is looked for among codes and names.

import { make } from "../../shared/elements.ts";
import { onLanguage, say, titleOf } from "../../shared/words.ts";

const COORDINATE = /^\s*(-?\d+(?:\.\d+)?(?:e\d+)?)\s*[,，;\s]\s*(-?\d+(?:\.\d+)?(?:e\d+)?)\s*$/i;
const SYSTEMS = ["wgs84", "cgcs2000", "gcj02", "bd09"];
const WAIT_MS = 150;

export class Search {
  #form = document.getElementById("search");
  #query = document.getElementById("query");
  #found = document.getElementById("found");
  #crs = document.getElementById("crs");
  #results = [];
  #active = -1;
  #turn = 0;
  #timer = 0;

  /** @param find text → features; @param onCoordinate lon, lat, crs; @param onArea feature */
  constructor({ find, onCoordinate, onArea, onProblem }) {
    Object.assign(this, { find, onCoordinate, onArea, onProblem });
    onLanguage(() => this.#translate());
    this.#form.addEventListener("submit", (event) => this.#submit(event));
    this.#query.addEventListener("input", () => this.#typed());
    this.#query.addEventListener("keydown", (event) => this.#key(event));
    this.#query.addEventListener("blur", () => setTimeout(() => this.#close(), WAIT_MS));
  }

  get crs() {
    return this.#crs.value;
  }

  set crs(name) {
    if (SYSTEMS.includes(name)) this.#crs.value = name;
  }

  #translate() {
    const chosen = this.#crs.value || SYSTEMS[0];
    this.#crs.replaceChildren(...SYSTEMS.map((name) => make("option", { value: name }, say(`crs_${name}`))));
    this.#crs.value = chosen;
    this.#query.placeholder = say("searchHint");
  }

  async #submit(event) {
    event.preventDefault();
    clearTimeout(this.#timer);
    const text = this.#query.value.trim();
    if (!text) return;
    const coordinate = COORDINATE.exec(text);
    if (coordinate) {
      this.#close();
      this.onCoordinate(Number(coordinate[1]), Number(coordinate[2]), this.crs);
      return;
    }
    if (this.#active >= 0) {
      this.#take(this.#active);
      return;
    }
    const found = await this.#look(text);
    if (found) this.#take(0);
    else if (found === false) this.onProblem(Object.assign(new Error(say("nothingFound", { text })), { kind: "not-found" }));
  }

  #typed() {
    clearTimeout(this.#timer);
    const text = this.#query.value.trim();
    if (!text || COORDINATE.test(text)) this.#close();
    else this.#timer = setTimeout(() => this.#look(text), WAIT_MS);
  }

  /** Look for a text and list what was found; whether there is one. Null where that is not known: the search failed,
   * which is told, or a later one overtook it. */
  async #look(text) {
    this.#turn += 1;
    const turn = this.#turn;
    try {
      const results = await this.find(text);
      if (turn !== this.#turn) return null;
      this.#results = results;
    } catch (error) {
      this.#results = [];
      this.onProblem(error);
      return null;
    }
    this.#active = -1;
    this.#list();
    return this.#results.length > 0;
  }

  #list() {
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

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.#results.length) {
      event.preventDefault();
      this.#active = (this.#active + step + this.#results.length + (this.#active < 0 && step < 0 ? 1 : 0)) % this.#results.length;
      this.#list();
      const item = document.getElementById(`found-${this.#active}`);
      this.#query.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Escape") {
      this.#close();
    }
  }

  #take(i) {
    const feature = this.#results[i];
    this.#query.value = feature.properties.name;
    this.#close();
    this.onArea(feature);
  }

  #open(open) {
    this.#found.hidden = !open;
    this.#query.setAttribute("aria-expanded", String(open));
  }

  #close() {
    this.#turn += 1; // what is still on its way comes too late
    this.#results = [];
    this.#active = -1;
    this.#query.removeAttribute("aria-activedescendant");
    this.#open(false);
  }
}
