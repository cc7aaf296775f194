// What the list is filtered by: deadlines as buttons, the rest as lists to tick, each word with how many there are.

import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { none, Piece } from "../../shared/piece.ts";
import { number, say } from "../../shared/words.ts";
import { EVERYTHING, FACETS, PAST, splitArea, toggled, UNKNOWN, type Counts, type Facet, type Filter } from "./filter.ts";
import { allStates, areaTitle, items, itemTitle, layerRank, levelTitle, sourceTitle, stateTitle } from "./register.ts";
import type { Order, Standing } from "./rows.ts";

const TICKED: readonly Facet[] = ["state", "level", "source", "category", "area"];
const SEARCHED = new Set<Facet>(["category", "area"]);
const MOST = 120; // words of a kind at once; more are searched for
const DEADLINES: readonly (Standing | "")[] = ["", "overdue", "due-soon"];
const BIDE = 200; // milliseconds without a key before the list follows what is typed

/** `<event-facets .filter .counts .order>`; `filter` and `order` with what is wanted from now on as `detail`. */
@customElement("event-facets")
export class EventFacets extends Piece {
  @property({ attribute: false }) filter: Filter = EVERYTHING;
  @property({ attribute: false }) counts: Counts | null = null;
  @property({ attribute: false }) order: Order = "due";
  @state() private sought: Partial<Record<Facet, string>> = {};
  @state() private titles = new Map<string, string>();
  @state() private opened: Facet | null = null;
  #typing = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("click", this.#outside);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("click", this.#outside);
  }

  protected override render(): TemplateResult {
    return html`
      <div class="deadlines joined" role="group" aria-label=${say("facet_due")}>
        ${DEADLINES.map((word) => this.#deadline(word))}
      </div>
      <div class="seek">
        <input
          id="seek"
          type="search"
          aria-label=${say("seek")}
          placeholder=${say("seek")}
          .value=${live(this.filter.q)}
          @input=${(event: Event) => this.#type((event.target as HTMLInputElement).value)}
        />
        <label class="order">
          <span class="unseen">${say("order")}</span>
          <select @change=${(event: Event) => this.#tell("order", (event.target as HTMLSelectElement).value)}>
            ${(["due", "newest"] as const).map((one) => html`<option value=${one} ?selected=${one === this.order}>${say(`order_${one}`)}</option>`)}
          </select>
        </label>
      </div>
      <div class="facets">${TICKED.map((facet) => this.#facet(facet))}</div>
      ${this.#chips()}
    `;
  }

  #deadline(word: Standing | ""): TemplateResult {
    const counts = this.counts?.due ?? new Map<string, number>();
    const count = word ? (counts.get(word) ?? 0) : [...counts.values()].reduce((sum, one) => sum + one, 0);
    const wanted = this.filter.due;
    const pressed = word ? wanted.has(word) : wanted.size === 0;
    const next = { ...this.filter, due: new Set(word ? [word] : []) };
    return html`<button type="button" class="tool ${word}" aria-pressed=${pressed} @click=${() => this.#tell("filter", next)}>
      ${say(word ? `due_${word}` : "all")} <span class="count">${number(count)}</span>
    </button>`;
  }

  #facet(facet: Facet): TemplateResult {
    const wanted = this.filter[facet];
    return html`
      <details class="facet" data-facet=${facet} @toggle=${(event: Event) => this.#toggle(event, facet)} @keydown=${this.#escape}>
        <summary>${say(`facet_${facet}`)}${wanted.size ? html` <span class="count">${wanted.size}</span>` : none}</summary>
        <fieldset class="words">
          <legend class="unseen">${say(`facet_${facet}`)}</legend>
          ${SEARCHED.has(facet) ? this.#search(facet) : none} ${this.opened === facet ? this.#words(facet) : none}
        </fieldset>
      </details>
    `;
  }

  #search(facet: Facet): TemplateResult {
    return html`<input
      type="search"
      aria-label=${say(`seek_${facet}`)}
      placeholder=${say(`seek_${facet}`)}
      .value=${live(this.sought[facet] ?? "")}
      @input=${(event: Event) => (this.sought = { ...this.sought, [facet]: (event.target as HTMLInputElement).value })}
    />`;
  }

  #words(facet: Facet): TemplateResult {
    const sought = (this.sought[facet] ?? "").trim().toLowerCase();
    const counts = this.counts?.[facet] ?? new Map<string, number>();
    const all = this.#all(facet, counts);
    const found = sought ? all.filter((word) => `${word} ${this.#title(facet, word)}`.toLowerCase().includes(sought)) : all;
    return html`
      <div class="ticks">
        ${found.slice(0, MOST).map((word) => {
          const isPast = facet === "state" && PAST.has(word);
          return html`<label class="tick">
            <input type="checkbox" .checked=${live(this.filter[facet].has(word))} @change=${() => this.#tell("filter", toggled(this.filter, facet, word))} />
            <span>${this.#title(facet, word)}</span>
            <span class="count">${isPast && !this.filter.state.has(word) ? "" : number(counts.get(word) ?? 0)}</span>
          </label>`;
        })}
        ${found.length ? none : html`<p class="soft">${say("nothingHere")}</p>`}
        ${found.length > MOST ? html`<p class="soft">${say("seekMore", { count: number(found.length - MOST) })}</p>` : none}
      </div>
    `;
  }

  /** The words of a kind: those that are wanted first, then what there is most of. */
  #all(facet: Facet, counts: ReadonlyMap<string, number>): string[] {
    const wanted = this.filter[facet];
    if (facet === "state") return [...allStates()];
    if (facet === "level") return ["3", "2", "1", ...(counts.has(UNKNOWN) ? [UNKNOWN] : [])];
    const words = [...new Set([...wanted, ...counts.keys()])];
    const rank = (word: string) => (word === UNKNOWN ? 99 : facet === "area" ? layerRank(splitArea(word)[0]) : 0);
    const first = (word: string) => Number(!wanted.has(word));
    return words.sort((one, other) => first(one) - first(other) || rank(one) - rank(other) || (counts.get(other) ?? 0) - (counts.get(one) ?? 0));
  }

  #title(facet: Facet, word: string): string {
    if (facet === "state") return stateTitle(word);
    if (facet === "level") return levelTitle(word);
    if (facet === "source") return sourceTitle(word);
    if (facet === "area") return areaTitle(word);
    if (facet === "due") return say(`due_${word}`);
    return word === UNKNOWN ? say("unclassified") : (this.titles.get(word) ?? word);
  }

  #chips(): TemplateResult | typeof none {
    const chosen = FACETS.flatMap((facet) => (facet === "due" ? [] : [...this.filter[facet]].map((word) => ({ facet, word }))));
    if (!chosen.length) return none;
    if (this.filter.category.size) this.#readItems();
    return html`<div class="chips">
      ${chosen.map(({ facet, word }) => {
        const title = this.#title(facet, word);
        return html`<button type="button" class="chip" aria-label=${say("without", { title })} @click=${() => this.#tell("filter", toggled(this.filter, facet, word))}>
          ${title} ✕
        </button>`;
      })}
      <button type="button" class="chip" @click=${() => this.#tell("filter", { ...EVERYTHING })}>${say("clear")}</button>
    </div>`;
  }

  #toggle(event: Event, facet: Facet): void {
    const opened = event.target as HTMLDetailsElement;
    if (!opened.open) {
      if (this.opened === facet) this.opened = null;
      return;
    }
    this.opened = facet; // words are many, and events many a second: those in sight alone are counted on
    for (const other of this.querySelectorAll<HTMLDetailsElement>("details[open]")) if (other !== opened) other.open = false;
    if (facet === "category") this.#readItems();
  }

  #readItems(): void {
    if (this.titles.size) return;
    void items().then((all) => {
      this.titles = new Map(all.map((one) => [one.code, itemTitle(one)]));
    });
  }

  #type(q: string): void {
    clearTimeout(this.#typing);
    this.#typing = window.setTimeout(() => this.#tell("filter", { ...this.filter, q }), BIDE);
  }

  #tell(kind: "filter" | "order", detail: Filter | string): void {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }

  #outside = ({ target }: Event): void => {
    for (const opened of this.querySelectorAll<HTMLDetailsElement>("details[open]")) {
      if (!opened.contains(target as Node)) opened.open = false;
    }
  };

  #escape = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    const opened = event.currentTarget as HTMLDetailsElement;
    opened.open = false;
    opened.querySelector("summary")?.focus();
  };
}
