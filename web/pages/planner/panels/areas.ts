// The areas of a draft in a table: figures as of now, linked both ways to the map, live while somebody paints.

import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import "../../../shared/table.ts";
import type { Column, Table } from "../../../shared/table.ts";
import { none, Piece } from "../../../shared/piece.ts";
import { current, number, percent, say } from "../../../shared/words.ts";
import type { Board } from "../board.ts";
import type { AreaNow, Draft } from "../draft.ts";
import type { Selection } from "../selection.ts";
import { csvOf, save } from "./csv.ts";
import { loadBar } from "./loadbar.ts";
import { Steady } from "./steady.ts";
import { parentNames, parentText } from "./parents.ts";

interface Offered extends Column<AreaNow> {
  /** Shown by itself in a panel that is at least so wide. */
  from: number;
}

const EVERY_MS = 200; // figures change with each move of the brush; nobody reads faster than that
const KEPT = "gisgov.planner.columns";

@customElement("planner-areas")
export class PlannerAreas extends Piece {
  @property({ attribute: false }) draft!: Draft;
  @property({ attribute: false }) selection!: Selection;
  @property({ attribute: false }) board!: Board;
  @state() private text = "";
  @state() private parent = "";
  @state() private selectedOnly = false;
  @state() private above: ReadonlyMap<string, string> = new Map();
  @state() private wide = 0;
  @state() private chosenColumns: string[] | null = keptColumns();
  readonly #steady = new Steady();
  #waiting = 0;
  #ended: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    const later = () => {
      this.#waiting ||= window.setTimeout(() => {
        this.#waiting = 0;
        this.requestUpdate();
      }, EVERY_MS);
    };
    const chosen = () => {
      this.requestUpdate();
      if (this.selection.area) void this.querySelector<Table>("g-table")?.reveal(this.selection.area);
    };
    this.draft.addEventListener("areas", later);
    this.selection.addEventListener("change", chosen);
    const seen = new ResizeObserver(([entry]) => (this.wide = Math.round(entry?.contentRect.width ?? 0)));
    seen.observe(this);
    void parentNames(this.draft).then((names) => (this.above = names));
    this.#ended = [
      () => this.draft.removeEventListener("areas", later),
      () => this.selection.removeEventListener("change", chosen),
      () => seen.disconnect(),
      () => clearTimeout(this.#waiting),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#ended) end();
    this.#waiting = 0;
  }

  protected override render(): TemplateResult {
    const all = this.#steady.take(this.draft.areas);
    const rows = this.#filtered(all);
    const offered = this.#offered();
    const shown = offered.filter(({ key, from }) => (this.chosenColumns ? this.chosenColumns.includes(key) : this.wide >= from));
    const parents = [...new Set(all.flatMap(({ parent_codes }) => parent_codes))].sort();
    return html`
      <div class="filters">
        <input type="search" aria-label=${say("filterText")} placeholder=${say("filterText")} .value=${this.text} @input=${(event: InputEvent) => (this.text = (event.target as HTMLInputElement).value)} />
        ${parents.length > 1
          ? html`<select aria-label=${say("filterParent")} @change=${(event: Event) => (this.parent = (event.target as HTMLSelectElement).value)}>
              <option value="">${say("filterParent")}: ${say("filterAll")}</option>
              ${parents.map((code) => html`<option value=${code} ?selected=${code === this.parent}>${parentText(this.above, code)}</option>`)}
            </select>`
          : none}
        <button type="button" class="chip" aria-pressed=${this.selectedOnly} @click=${() => (this.selectedOnly = !this.selectedOnly)}>
          ${say("filterSelected")} <span class="count">${number(this.selection.areas.size)}</span>
        </button>
        <span class="gap"></span>
        ${this.#columnChoice(offered, shown)}
        <button type="button" class="small" @click=${() => this.#export(offered, rows)}>${say("exportCsv")}</button>
      </div>
      ${rows.length < all.length ? html`<p class="soft shown">${say("shownOf", { shown: number(rows.length), all: number(all.length) })}</p>` : none}
      <div class="scrolls">
        <g-table
          .columns=${shown}
          .rows=${rows}
          .keyOf=${(area: AreaNow) => area.code}
          .marked=${this.selection.areas}
          .stamp=${`${current()} ${this.above.size} ${shown.map(({ key }) => key).join(" ")}`}
          caption=${say("areaFigures")}
          sortedBy="name"
          @choose=${(event: CustomEvent<AreaNow>) => this.#choose(event.detail.code)}
        ></g-table>
      </div>
    `;
  }

  #filtered(all: AreaNow[]): AreaNow[] {
    const text = this.text.trim().toLowerCase();
    return all.filter(
      ({ code, name, parent_codes }) =>
        (!text || code.toLowerCase().includes(text) || name.toLowerCase().includes(text)) &&
        (!this.parent || parent_codes.includes(this.parent)) &&
        (!this.selectedOnly || this.selection.areas.has(code)),
    );
  }

  #choose(code: string): void {
    this.selection.set([code]);
    this.board.zoomTo({ areas: [code] });
  }

  #offered(): Offered[] {
    const loaded = [...this.draft.areas.values()].some(({ deviation }) => deviation !== null);
    const columns: (Offered | false)[] = [
      { key: "name", from: 0, title: say("col_name"), value: ({ name, code }) => name || code, text: (area) => this.#named(area) },
      { key: "code", from: 560, title: say("col_code"), value: ({ code }) => code, text: ({ code }) => html`<code>${code}</code>` },
      { key: "parent", from: 1000, title: say("col_parent"), value: ({ parent_codes }) => parent_codes.join(" "), text: ({ parent_codes }) => parent_codes.map((code) => this.above.get(code) ?? code).join(say("listComma")) },
      { key: "population", from: 0, title: say("col_population"), value: ({ population }) => population },
      { key: "change", from: 0, title: say("col_change"), hint: say("col_changeHint"), value: ({ change }) => change, text: ({ change }) => signed(change) },
      { key: "area_km2", from: 380, title: say("col_area"), value: ({ area_km2 }) => area_km2, text: ({ area_km2 }) => number(area_km2, 2) },
      loaded && { key: "deviation", from: 0, title: say("col_load"), hint: say("col_loadHint"), value: ({ deviation }) => deviation, text: ({ deviation }) => loadBar(deviation) },
      { key: "parts", from: 620, title: say("col_parts"), hint: say("col_partsHint"), value: ({ parts }) => parts },
      { key: "polsby_popper", from: 660, title: say("col_compactness"), hint: say("col_compactnessHint"), value: (area) => area.polsby_popper, text: (area) => (area.polsby_popper === null ? "–" : number(area.polsby_popper, 2)) },
      { key: "along_streets", from: 720, title: say("col_streets"), hint: say("col_streetsHint"), value: (area) => area.along_streets, text: (area) => (area.along_streets === null ? "–" : percent(area.along_streets, 0)) },
      { key: "blocks", from: 800, title: say("col_blocks"), value: ({ blocks }) => blocks },
      { key: "households", from: 880, title: say("col_households"), value: ({ households }) => households },
      { key: "locked", from: 960, title: say("col_locked"), value: ({ locked }) => say(locked ? "yes" : "no") },
    ];
    return columns.filter((column) => column !== false);
  }

  #named({ code, name, locked, parts, pending }: AreaNow): TemplateResult {
    return html`<span title=${code}>${name || (code.startsWith("*") ? say("areaUnnamed") : code)}</span>
      ${locked ? html`<span class="badge">${say("isLocked")}</span>` : none}
      ${parts > 1 && !pending ? html`<span class="badge warn">${say("inParts", { count: parts })}</span>` : none}
      ${pending ? html`<span class="pending" title=${say("isPending")} aria-hidden="true">…</span>` : none}`;
  }

  #columnChoice(offered: Offered[], shown: Offered[]): TemplateResult {
    const keys = new Set(shown.map(({ key }) => key));
    const take = (key: string, on: boolean) =>
      this.#keep(offered.map((column) => column.key).filter((one) => (one === key ? on : keys.has(one))));
    return html`<details class="menu columnchoice">
      <summary><span>${say("columns")}</span></summary>
      <div>
        ${offered.map(
          ({ key, title }) => html`<label class="tick"><input type="checkbox" .checked=${keys.has(key)} ?disabled=${key === "name"} @change=${(event: Event) => take(key, (event.target as HTMLInputElement).checked)} />${title}</label>`,
        )}
        <button type="button" @click=${() => this.#keep(null)}>${say("columnsByWidth")}</button>
      </div>
    </details>`;
  }

  #keep(columns: string[] | null): void {
    this.chosenColumns = columns;
    try {
      if (columns) localStorage.setItem(KEPT, columns.join(" "));
      else localStorage.removeItem(KEPT);
    } catch {
      // a browser that keeps nothing shows them all the same
    }
  }

  #export(offered: Offered[], rows: AreaNow[]): void {
    const header = ["code", ...offered.map(({ key }) => key).filter((key) => key !== "code")];
    const table = rows.map((area) => header.map((key) => valueOf(area, key)));
    save(`${this.draft.plan}-${this.draft.revision}.csv`, csvOf(header, table));
  }
}

function valueOf(area: AreaNow, key: string): string | number | null {
  if (key === "parent") return area.parent_codes.join(" ");
  const value = area[key as keyof AreaNow];
  return typeof value === "boolean" ? String(value) : (value as string | number | null);
}

/** A change with its sign. */
export function signed(change: number | null): string {
  if (change === null) return "–";
  return change === 0 ? "0" : `${change > 0 ? "+" : "−"}${number(Math.abs(change))}`;
}

function keptColumns(): string[] | null {
  try {
    return localStorage.getItem(KEPT)?.split(" ") ?? null;
  } catch {
    return null;
  }
}
