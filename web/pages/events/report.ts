// A new event: its place by the map, a building's code or an address, who would answer for it, and what happened.

import { html, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { service, told, type Schema } from "../../shared/asking.ts";
import { none, Piece } from "../../shared/piece.ts";
import { problem } from "../../shared/problems.ts";
import { metres, number, onLanguage, say } from "../../shared/words.ts";
import { itemInput, levelSelect } from "./fields.ts";
import { layerTitle, sourceTitle } from "./register.ts";

type Building = Schema["BuildingInfo"];
type Resolution = Schema["Resolution"];

const SOURCES = ["hotline", "patrol", "petition", "opinion", "camera", "qr-code", "other"];
const SCANNED = "qr-code";

/** `<event-report>`: `place` with [lon, lat] or null, `centre` asks for the middle of the map, `reported` with the id, `close`. */
@customElement("event-report")
export class EventReport extends Piece {
  @state() private place: readonly [number, number] | null = null;
  @state() private building: Building | null = null;
  @state() private found: Building[] | null = null;
  @state() private owner: Resolution | null = null;
  @state() private wrong: HTMLElement | null = null;
  @state() private hint = "";
  @state() private isBusy = false;
  @query("#scan") private scan!: HTMLInputElement;
  @query("form") private form!: HTMLFormElement;
  #item: Awaited<ReturnType<typeof itemInput>> | null = null;
  #level = levelSelect(null, "");
  #readLevel = () => {};
  #isBegun = false; // and not sent yet
  #ownId = ""; // kept until it is sent: whoever sends again, as the answer was lost, makes no second event

  override connectedCallback(): void {
    super.connectedCallback();
    this.#readLevel = onLanguage(() => {
      const kept = this.#level.value;
      this.#level = levelSelect(kept || null, say("levelOfItem"));
      this.#level.id = "level";
    });
  }

  /** Begin a new event, or go on with the one that was not sent yet. */
  begin(): void {
    if (this.#isBegun) return void this.dispatchEvent(new CustomEvent("place", { detail: this.place }));
    this.#isBegun = true;
    this.#ownId = ownId();
    this.form.reset();
    this.place = this.building = this.found = this.owner = this.wrong = null;
    this.hint = "";
    this.dispatchEvent(new CustomEvent("place", { detail: null }));
    itemInput(null).then(
      (item) => {
        this.#item = item;
        this.requestUpdate();
      },
      (error: unknown) => (this.wrong = problem(error)),
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#readLevel();
  }

  /** The field that scanners type into takes the focus. */
  takeScan(): void {
    this.scan.focus();
    this.scan.select();
  }

  /** The event is at a place; a building that was named is so no more. */
  setPlace(lon: number, lat: number, building: Building | null = null): void {
    this.place = [lon, lat];
    this.building = building;
    this.found = null;
    this.hint = "";
    this.owner = null;
    this.dispatchEvent(new CustomEvent("place", { detail: this.place }));
    const asked = this.place;
    void told(service.GET("/v1/resolve", { params: { query: { lon, lat } } })).then(
      (owner) => {
        if (this.place === asked) this.owner = owner;
      },
      (error: unknown) => (this.wrong = problem(error)),
    );
  }

  protected override render(): TemplateResult {
    return html`
      <header>
        <h2 tabindex="-1">${say("newEvent")}</h2>
        <button type="button" class="close" aria-label=${say("close")} title=${say("close")} @click=${() => this.#tell("close")}>×</button>
      </header>
      <div class="inside">
        <form class="sheet" @submit=${(event: Event) => void this.#send(event)}>
          ${this.#where()} ${this.#what()}
          ${this.wrong ?? none}
          <div class="send"><button type="submit" class="primary" ?disabled=${this.isBusy}>${say("reportIt")}</button></div>
        </form>
      </div>
    `;
  }

  #where(): TemplateResult {
    return html`<fieldset class="part">
      <legend>${say("place")}</legend>
      <div class="entry">
        <label for="scan">${say("scan")} <kbd>B</kbd></label>
        <input id="scan" type="search" autocomplete="off" placeholder=${say("scanHint")} @keydown=${(event: KeyboardEvent) => this.#scanKey(event)} />
      </div>
      ${this.found ? this.#buildings(this.found) : none}
      <p class="soft">${this.hint || say(this.place ? "placeAgain" : "placeByMap")}</p>
      ${this.place ? none : html`<button type="button" class="small" @click=${() => this.#tell("centre")}>${say("centreOfMap")}</button>`}
      ${this.place ? this.#placeText(this.place) : none}
    </fieldset>`;
  }

  #buildings(found: readonly Building[]): TemplateResult {
    return html`<ul class="found" aria-label=${say("buildings")}>
      ${found.map((one) => html`<li><button type="button" class="quiet" @click=${() => this.#take(one)}>${one.name || one.code} <span class="soft">${one.address ?? ""} ${one.code}</span></button></li>`)}
    </ul>`;
  }

  #placeText([lon, lat]: readonly [number, number]): TemplateResult {
    const owner = this.owner;
    const last = owner?.chain.at(-1);
    return html`
      ${this.building ? html`<p><strong>${this.building.name || this.building.code}</strong> <span class="soft code">${this.building.code}</span> ${this.building.address ?? ""}</p>` : none}
      <p class="code">${lon.toFixed(6)}, ${lat.toFixed(6)}</p>
      ${owner
        ? html`<div class="owner" role="status">
            ${last
              ? html`<p>${say("ownedBy")} <strong>${owner.chain.slice(1).map(({ name }) => name).join(" › ")}</strong></p>
                  <p class="soft">${layerTitle(last.layer)} ${last.code} · ${say("toBorder", { distance: metres(last.border_m) })}${last.on_border ? ` · ${say("onBorder")}` : ""}</p>
                  <p class="soft">${last.staff.map(({ role, holder }) => `${role} ${holder ?? ""}`).join("，")}</p>`
              : html`<p class="caution">${say("outsideHint")}</p>`}
          </div>`
        : html`<div class="skeleton" aria-hidden="true"><i></i><i></i></div>`}
    `;
  }

  #what(): TemplateResult {
    return html`<fieldset class="part">
      <legend>${say("whatHappened")}</legend>
      ${this.#item ? this.#item.content : none}
      <div class="entry"><label for="level">${say("facet_level")}</label>${this.#level}</div>
      <div class="entry">
        <label for="description">${say("description")}</label>
        <textarea id="description" name="description" rows="3" maxlength="2000"></textarea>
        <p class="soft">${say("noPersons")}</p>
      </div>
      <div class="entry">
        <label for="source">${say("facet_source")}</label>
        <select id="source" name="source">${SOURCES.map((source) => html`<option value=${source}>${sourceTitle(source)}</option>`)}</select>
      </div>
      <div class="entry">
        <label for="external">${say("externalId")}</label>
        <input id="external" name="external" maxlength="200" autocomplete="off" placeholder=${say("externalHint")} />
      </div>
      <label class="tick"><input type="checkbox" name="corrected" /><span>${say("corrected")}</span></label>
    </fieldset>`;
  }

  #scanKey(event: KeyboardEvent): void {
    if (event.key !== "Enter") return;
    event.preventDefault(); // a scanner ends with Enter, which must not send the form
    void this.#look(this.scan.value.trim());
  }

  /** What was scanned or typed: a building by its code takes the place at once, others are to be chosen from. */
  async #look(q: string): Promise<void> {
    if (!q) return;
    this.wrong = null;
    try {
      const found = await told(service.GET("/v1/buildings", { params: { query: { q, limit: 12 } } }));
      const named = found.filter(({ code }) => code === q);
      const only = named.length === 1 ? named[0] : found.length === 1 ? found[0] : undefined;
      if (only) return this.#take(only, only.code === q);
      this.found = found.length ? found : null;
      this.hint = say(found.length ? "chooseBuilding" : "noBuilding", { q, count: number(found.length) });
    } catch (error) {
      this.wrong = problem(error);
    }
  }

  #take(building: Building, isScanned = false): void {
    const { lon, lat } = building;
    if (lon === null || lat === null) {
      this.hint = say("buildingNowhere", { name: building.name || building.code });
      return;
    }
    if (isScanned) (this.form.elements.namedItem("source") as HTMLSelectElement).value = SCANNED;
    this.setPlace(lon, lat, building);
    this.scan.value = "";
    this.dispatchEvent(new CustomEvent("near", { detail: [lon, lat] }));
    this.querySelector<HTMLElement>("input[list]")?.focus();
  }

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    this.wrong = null;
    if (!this.place) {
      this.hint = say("placeMissing");
      this.takeScan();
      return;
    }
    this.isBusy = true;
    try {
      const given = new FormData(this.form);
      const [lon, lat] = this.place;
      const building = this.building;
      const text = (name: string) => String(given.get(name) ?? "").trim();
      const done = await told(
        service.POST("/v1/events", {
          body: {
            source: text("source"),
            external_id: text("external") || this.#ownId,
            category: this.#item?.read() ?? null,
            level: this.#level.value || null,
            description: text("description") || null,
            corrected: given.has("corrected"),
            attributes: {},
            crs: "wgs84",
            ...(building ? { building: building.code, building_source: building.source } : { lon, lat }),
          },
        }),
      );
      this.#isBegun = false;
      this.dispatchEvent(new CustomEvent<number>("reported", { detail: done.items[0]?.event_id ?? 0 }));
    } catch (error) {
      this.wrong = problem(error);
    } finally {
      this.isBusy = false;
    }
  }

  #tell(kind: "close" | "centre"): void {
    this.dispatchEvent(new CustomEvent(kind));
  }
}

/** What an event is called that came by this page: the moment and some chance, so that no two are one. */
function ownId(): string {
  const moment = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const chance = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  return `desk-${moment}-${chance.toString(36)}`;
}
