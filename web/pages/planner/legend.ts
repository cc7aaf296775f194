// What the colours and lines of the map mean, and the switch between them.

import "../../shared/map/legend.ts";
import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { LegendGroup } from "../../shared/map/legend.ts";
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
    for (const news of ["state", "areas"]) this.board.draft.addEventListener(news, () => this.requestUpdate());
  }

  protected override render() {
    const by = this.board.colouredBy;
    const way = (one: ColouredBy, title: string) => html`<button type="button" class="small" aria-pressed=${by === one} @click=${() => this.#colour(one)}>${title}</button>`;
    return html`<details ?open=${innerWidth > NARROW}>
      <summary>${say("legendAreas")}</summary>
      ${this.board.draft.layer.layer.targets
        ? html`<div class="by"><span id="coloured-by">${say("colouredBy")}</span> <span class="joined" role="group" aria-labelledby="coloured-by">${way("areas", say("byAreas"))}${way("load", say("byLoad"))}</span></div>`
        : none}
      <g-legend .groups=${this.#groups()} .facts=${this.#facts()}></g-legend>
    </details>`;
  }

  #groups(): LegendGroup[] {
    const shades = [...DEVIATION].map((colour, i) => ({ key: `load${i}`, colour, label: say(`load${i}`) })).reverse();
    const signs: LegendGroup = {
      keys: [
        { key: "above", shape: "thick", colour: "#5b2a6e", label: say("legendAbove") },
        { key: "border", shape: "line", colour: "#2b2a27", label: say("legendBorder") },
        { key: "unassigned", shape: "stripes", colour: "#a3341f", label: say("legendUnassigned") },
        { key: "locked", shape: "dots", colour: "#6b6a67", label: say("legendLocked") },
      ],
    };
    return this.board.colouredBy === "load" ? [{ title: say("legendLoad"), keys: shades }, signs] : [signs];
  }

  /** The plan, how it stands, and what it divides. */
  #facts(): [string, string][] {
    const { plan, layer, areas } = this.board.draft;
    const people = [...areas.values()].reduce((all, { population }) => all + (population ?? 0), 0);
    return [
      [say("legendPlan"), plan],
      [titleOf(layer.layer), this.#standing()],
      [say("legendTotals"), say("legendCounts", { areas: number(areas.size), people: number(people) })],
    ];
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
