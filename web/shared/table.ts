// A table of figures: sorted by any column, one row chosen, rows by thousands a few at a time.

import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import { none, Piece } from "./piece.ts";
import { number, say } from "./words.ts";

export interface Column<Row> {
  key: string;
  title: string;
  /** What is sorted by and, without `text`, shown. */
  value: (row: Row) => string | number | null;
  text?: (row: Row) => string | TemplateResult;
  /** What the heading is explained by. */
  hint?: string;
}

const AT_ONCE = 200;
const ORDER = new Intl.Collator("zh-CN", { numeric: true }); // one for all: making one takes longer than a thousand comparisons

/**
 * `<g-table .columns .rows .keyOf caption>`; a chosen row is told by the event `choose` with the row as `detail`,
 * another order by `order`. A row is chosen by Enter too.
 */
@customElement("g-table")
export class Table<Row = unknown> extends Piece {
  @property({ attribute: false }) columns: Column<Row>[] = [];
  @property({ attribute: false }) rows: readonly Row[] = [];
  @property({ attribute: false }) keyOf: (row: Row) => string = String;
  @property() caption = "";
  @property() chosen: string | null = null;
  /** Rows that are marked besides, by their keys: where several are chosen elsewhere. */
  @property({ attribute: false }) marked: ReadonlySet<string> | null = null;
  /**
   * For tables that change many times a second: a row is drawn anew only where it is another object, or this is
   * another value (columns, language, whatever their texts look at). Without it all rows are.
   */
  @property() stamp = "";
  @property() sortedBy = "";
  @property({ type: Boolean }) descending = false;
  @state() private shown = AT_ONCE;

  /** The rows in the order that they stand in. */
  get ordered(): Row[] {
    const column = this.columns.find(({ key }) => key === this.sortedBy);
    if (!column) return [...this.rows];
    const sign = this.descending ? -1 : 1;
    const valued = this.rows.map((row): [Row, string | number | null] => [row, column.value(row)]);
    valued.sort(([, a], [, b]) => {
      if (a === null || b === null) return Number(a === null) - Number(b === null); // what is not known stands last
      return sign * (typeof a === "number" && typeof b === "number" ? a - b : ORDER.compare(String(a), String(b)));
    });
    return valued.map(([row]) => row);
  }

  protected override render(): TemplateResult {
    const rows = this.ordered;
    const few = rows.slice(0, this.shown);
    const figures = this.columns.map((column) => this.#isFigure(column)); // asks all rows: once for the whole table
    return html`
      <table class="figures">
        ${this.caption ? html`<caption class="unseen">${this.caption}</caption>` : none}
        <thead>
          <tr>${this.columns.map((column, i) => this.#heading(column, figures[i] === true))}</tr>
        </thead>
        <tbody>${few.map((row) => this.#row(row, figures))}</tbody>
      </table>
      ${rows.length === 0 ? html`<p class="soft empty">${say("nothingHere")}</p>` : none}
      ${rows.length > few.length
        ? html`<button type="button" class="more" @click=${() => (this.shown += AT_ONCE * 5)}>
            ${say("moreRows", { count: number(rows.length - few.length) })}
          </button>`
        : none}
    `;
  }

  #heading(column: Column<Row>, isFigure: boolean): TemplateResult {
    const sorted = this.sortedBy === column.key ? (this.descending ? "descending" : "ascending") : "none";
    return html`<th scope="col" aria-sort=${sorted} class=${isFigure ? "figure" : ""}>
      <button type="button" title=${column.hint ?? column.title} @click=${() => this.#sort(column)}>${column.title}</button>
    </th>`;
  }

  #row(row: Row, figures: boolean[]): TemplateResult {
    const key = this.keyOf(row);
    return html`<tr
      data-key=${key}
      tabindex="0"
      aria-current=${key === this.chosen || this.marked?.has(key) ? "true" : "false"}
      @click=${() => this.#choose(row)}
      @keydown=${(event: KeyboardEvent) => event.key === "Enter" && event.target === event.currentTarget && this.#choose(row)}
    >${this.stamp ? guard([row, this.stamp], () => this.#cells(row, figures)) : this.#cells(row, figures)}</tr>`;
  }

  #cells(row: Row, figures: boolean[]): TemplateResult[] {
    return this.columns.map((column, i) => html`<td class=${figures[i] ? "figure" : ""}>${this.#text(column, row)}</td>`);
  }

  #text(column: Column<Row>, row: Row): string | TemplateResult {
    if (column.text) return column.text(row);
    const value = column.value(row);
    if (value === null) return "–";
    return typeof value === "number" ? number(value, 2) : value;
  }

  #isFigure(column: Column<Row>): boolean {
    return this.rows.length > 0 && typeof this.rows.map((row) => column.value(row)).find((value) => value !== null) === "number";
  }

  #sort(column: Column<Row>): void {
    this.descending = this.sortedBy === column.key ? !this.descending : this.#isFigure(column); // the most first
    this.sortedBy = column.key;
    this.dispatchEvent(new CustomEvent("order"));
  }

  #choose(row: Row): void {
    this.dispatchEvent(new CustomEvent<Row>("choose", { detail: row }));
  }

  /** Bring a row into view, however far down it stands. */
  async reveal(key: string): Promise<void> {
    const at = this.ordered.findIndex((row) => this.keyOf(row) === key);
    if (at >= this.shown) this.shown = at + AT_ONCE;
    await this.updateComplete;
    this.querySelector(`tr[data-key="${CSS.escape(key)}"]`)?.scrollIntoView({ block: "nearest" });
  }
}
