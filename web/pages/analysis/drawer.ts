// The list behind a number, over the panel: rows come as they are needed; a building's row leads to why it has its class.

import "../../shared/table.ts";
import "./why.ts";
import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { none, Piece } from "../../shared/piece.ts";
import { problem } from "../../shared/problems.ts";
import { number, say } from "../../shared/words.ts";
import type { Listing } from "./answer.ts";

/**
 * `<g-behind .listing .building .at>`: told by events: `close`; `building` with an id (or null: back to the list);
 * `place` with the lon/lat of a row that was chosen and has one.
 */
@customElement("g-behind")
export class Behind extends Piece {
  @property({ attribute: false }) listing: Listing | null = null;
  /** Which list it is: another one is loaded anew. */
  @property() listed = "";
  @property({ attribute: false }) building: number | null = null;
  @property({ attribute: false }) at: string | null = null;
  @state() private rows: unknown[] = [];
  @state() private isWhole = false;
  @state() private isAsking = false;
  @state() private wrong: unknown = null;
  @state() private named = "";
  #asked: AbortController | null = null;
  #pages: AsyncGenerator<readonly unknown[]> | null = null;

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("building")) this.named = "";
    if (changed.has("listed")) this.#begin();
  }

  protected override updated(changed: Map<string, unknown>): void {
    // whoever opened it by the keyboard goes on in it
    if (changed.has("listed") || changed.has("building")) this.querySelector<HTMLElement>("h2")?.focus();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asked?.abort();
  }

  #begin(): void {
    this.#asked?.abort();
    this.#asked = new AbortController();
    [this.rows, this.isWhole, this.wrong] = [[], false, null];
    this.#pages = this.listing?.load(this.#asked.signal) ?? null;
    void this.#more();
  }

  async #more(): Promise<void> {
    const [pages, asked] = [this.#pages, this.#asked];
    if (!pages || !asked) return;
    this.isAsking = true;
    try {
      const { value, done } = await pages.next();
      if (asked.signal.aborted) return;
      if (done) this.isWhole = true;
      else {
        this.rows = [...this.rows, ...value];
        if (value.length < (this.listing?.atOnce ?? Infinity)) this.isWhole = true; // a page that is not full is the last
      }
    } catch (error) {
      if (!asked.signal.aborted) this.wrong = error;
    }
    if (!asked.signal.aborted) this.isAsking = false;
  }

  protected override render(): TemplateResult {
    const title = this.building !== null ? this.named || say("building") : (this.listing?.title ?? "");
    return html`<aside class="drawer" aria-labelledby="behind-title" @keydown=${(event: KeyboardEvent) => event.key === "Escape" && this.#close()}>
      <header>
        ${this.building !== null && this.listing ? html`<button type="button" class="small" @click=${() => this.#tell("building", null)}>${say("backToList")}</button>` : none}
        <h2 id="behind-title" tabindex="-1">${title}</h2>
        <button type="button" class="close" aria-label=${say("close")} @click=${() => this.#close()}>×</button>
      </header>
      <div class="inside">${this.building !== null ? this.#why() : this.#list()}</div>
    </aside>`;
  }

  #why(): TemplateResult {
    return html`<g-why .building=${this.building ?? 0} .at=${this.at} @named=${(event: CustomEvent<string>) => (this.named = event.detail)}></g-why>`;
  }

  #list(): TemplateResult {
    const { listing } = this;
    if (!listing) return html``;
    return html`
      ${listing.note ? html`<p class="soft">${listing.note}</p>` : none}
      ${this.wrong ? problem(this.wrong) : none}
      ${this.rows.length || (this.isWhole && !this.wrong)
        ? html`<p class="soft" role="status">${say(this.isWhole ? "rowsAll" : "rowsSoFar", { count: number(this.rows.length) })}</p>
            <g-table .columns=${listing.columns()} .rows=${this.rows} .keyOf=${listing.keyOf} caption=${listing.title} @choose=${(event: CustomEvent) => this.#choose(event.detail)}></g-table>`
        : this.isAsking
          ? html`<div class="skeleton" aria-hidden="true"><i></i><i></i><i></i><i></i><i></i></div>`
          : none}
      ${!this.isWhole && this.rows.length
        ? html`<button type="button" ?disabled=${this.isAsking} @click=${() => this.#more()}>${say("moreOfList")}</button>`
        : none}
    `;
  }

  #choose(row: { lon?: number | null; lat?: number | null }): void {
    const id = this.listing?.building?.(row) ?? null;
    if (typeof row.lon === "number" && typeof row.lat === "number") this.#tell("place", [row.lon, row.lat]);
    if (id !== null) this.#tell("building", id);
  }

  #tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #close(): void {
    this.#tell("close", null);
  }
}
