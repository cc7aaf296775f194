// The list of events: thousands of rows of which those in sight alone are made, walked through with the arrow keys.

import { html, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { Piece } from "../../shared/piece.ts";
import { say } from "../../shared/words.ts";
import { levelTitle, sourceTitle, stateTitle, subjectOf, whereOf } from "./register.ts";
import { standing, type Row } from "./rows.ts";
import { clock, dueText } from "./spans.ts";

const HEIGHT = 62; // of a row, pixels: as events.css has it
const SPARE = 8; // rows above and below those in sight
const PAPER = 500; // rows that are printed

/** `<event-list .rows .chosen .fresh .now>`; `choose` with the id as `detail` opens an event. */
@customElement("event-list")
export class EventList extends Piece {
  @property({ attribute: false }) rows: readonly Row[] = [];
  @property({ attribute: false }) chosen: number | null = null;
  @property({ attribute: false }) fresh: ReadonlySet<number> = new Set();
  @property({ attribute: false }) now = 0;
  @state() private active: number | null = null;
  @state() private from = 0;
  @state() private to = 40;
  @query(".rows") private box!: HTMLElement;
  @query(".space") private space!: HTMLElement;
  @query(".window") private frame!: HTMLElement;

  #watch = new ResizeObserver(() => this.#look());
  #printing = (event: Event) => this.#print(event.type === "beforeprint");

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("beforeprint", this.#printing);
    addEventListener("afterprint", this.#printing);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("beforeprint", this.#printing);
    removeEventListener("afterprint", this.#printing);
    this.#watch.disconnect();
  }

  protected override firstUpdated(): void {
    this.#watch.observe(this.box);
  }

  protected override render(): TemplateResult {
    const shown = this.rows.slice(this.from, this.to);
    const active = shown.some(({ id }) => id === this.active) ? `event-${this.active}` : "";
    return html`
      <div
        class="rows"
        role="listbox"
        tabindex="0"
        aria-label=${say("list")}
        aria-activedescendant=${active}
        @scroll=${() => this.#look()}
        @keydown=${(event: KeyboardEvent) => this.#key(event)}
        @focus=${() => (this.active ??= this.chosen ?? this.rows[0]?.id ?? null)}
      >
        <div class="space" role="presentation">
          <div class="window" role="presentation">
            ${repeat(shown, ({ id }) => id, (row, at) => this.#row(row, this.from + at))}
          </div>
        </div>
      </div>
    `;
  }

  protected override updated(): void {
    this.space.style.height = `${this.rows.length * HEIGHT}px`;
    this.frame.style.transform = `translateY(${this.from * HEIGHT}px)`;
    if (this.from && this.from >= this.rows.length) this.#look();
  }

  #row(row: Row, at: number): TemplateResult {
    const stands = standing(row, this.now);
    const classes = ["row", stands, this.fresh.has(row.id) ? "fresh" : "", row.id === this.active ? "active" : ""].join(" ");
    return html`
      <div
        id="event-${row.id}"
        class=${classes}
        role="option"
        aria-selected=${row.id === this.chosen}
        aria-setsize=${this.rows.length}
        aria-posinset=${at + 1}
        @click=${() => this.#open(row.id)}
      >
        <span class="sign level-${row.level ?? "none"}" title=${levelTitle(row.level)}><span class="unseen">${levelTitle(row.level)}</span></span>
        <span class="what">${this.fresh.has(row.id) ? html`<b class="new">${say("new")}</b>` : ""}${subjectOf(row)}</span>
        <span class="due">${dueText(row, this.now)}</span>
        <span class="where">${stateTitle(row.state)} · ${whereOf(row)}</span>
        <span class="when">${sourceTitle(row.source)} ${clock(row.occurred, this.now)}</span>
      </div>
    `;
  }

  /** Bring an event into view, if it is on the list. */
  reveal(id: number): void {
    const at = this.rows.findIndex((row) => row.id === id);
    if (at < 0) return;
    this.active = id;
    const [top, height] = [at * HEIGHT, this.box.clientHeight];
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (top + HEIGHT > this.box.scrollTop + height) this.box.scrollTop = top + HEIGHT - height;
    this.#look();
  }

  takeFocus(): void {
    this.box.focus();
  }

  #open(id: number): void {
    this.active = id;
    this.dispatchEvent(new CustomEvent<number>("choose", { detail: id }));
  }

  #look(): void {
    const first = Math.floor(this.box.scrollTop / HEIGHT);
    const many = Math.ceil(this.box.clientHeight / HEIGHT);
    this.from = Math.max(0, Math.min(first, this.rows.length - 1) - SPARE);
    this.to = first + many + SPARE;
  }

  #print(begins: boolean): void {
    if (!begins) return this.#look();
    [this.from, this.to] = [0, PAPER];
    this.performUpdate();
  }

  #key(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(this.box.clientHeight / HEIGHT) - 1);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -this.rows.length,
      End: this.rows.length,
    };
    const step = steps[event.key];
    if (event.key === "Enter" || event.key === " ") {
      if (this.active !== null) this.#open(this.active);
    } else if (step !== undefined && this.rows.length) {
      const at = this.rows.findIndex(({ id }) => id === this.active);
      const next = at < 0 ? 0 : Math.max(0, Math.min(this.rows.length - 1, at + step));
      this.reveal((this.rows[next] as Row).id);
    } else return;
    event.preventDefault();
  }
}
