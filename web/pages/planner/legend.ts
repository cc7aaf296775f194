// What the colours and lines of the map mean, and the switch between them.

import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { DEVIATION } from "../../shared/map/palette.ts";
import { none, Piece } from "../../shared/piece.ts";
import { number, say, titleOf } from "../../shared/words.ts";
import type { Board } from "./board.ts";
import type { ColouredBy } from "./colours.ts";

const NARROW = 820; // as in the style sheets: on a phone the map has the room

/** Event `by`: the other colours were asked for. */
@customElement("planner-legend")
export class Legend extends Piece {
  @property({ attribute: false }) board!: Board;

  override connectedCallback(): void {
    super.connectedCallback();
    this.board.draft.addEventListener("state", () => this.requestUpdate());
  }

  protected override render() {
    const by = this.board.colouredBy;
    const way = (one: ColouredBy, title: string) => html`<button type="button" class="small" aria-pressed=${by === one} @click=${() => this.#colour(one)}>${title}</button>`;
    const shades = [...DEVIATION].map((color, i) => html`<li><span class="swatch" .style=${`background: ${color}`}></span>${say(`load${i}`)}</li>`).reverse();
    return html`<details ?open=${innerWidth > NARROW}>
      <summary>${say("legendAreas")}</summary>
      <p class="what"><b>${this.board.draft.plan}</b> <span>${titleOf(this.board.draft.layer.layer)} · ${this.#standing()}</span></p>
      ${this.board.draft.layer.layer.targets
        ? html`<div class="by"><span id="coloured-by">${say("colouredBy")}</span> <span class="joined" role="group" aria-labelledby="coloured-by">${way("areas", say("byAreas"))}${way("load", say("byLoad"))}</span></div>`
        : none}
      <ul class="legend">
        ${by === "load" ? shades : none}
        <li><span class="swatch line above"></span>${say("legendAbove")}</li>
        <li><span class="swatch line border"></span>${say("legendBorder")}</li>
        <li><span class="swatch hatched"></span>${say("legendUnassigned")}</li>
        <li><span class="swatch dotted"></span>${say("legendLocked")}</li>
      </ul>
    </details>`;
  }

  /** Of a draft the revision that is drawn, of a plan the days that it holds. */
  #standing(): string {
    const { info, revision } = this.board.draft;
    if (info.status === "draft") return say("legendDraft", { revision: number(revision) });
    return say(info.valid_to ? "legendFromTo" : "legendFrom", { from: info.valid_from ?? "", to: info.valid_to ?? "" });
  }

  #colour(by: ColouredBy): void {
    this.board.colouredBy = by;
    this.requestUpdate();
    this.dispatchEvent(new Event("by"));
  }
}
