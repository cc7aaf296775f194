// How the draft stands: what waits to be sent, who else is here, what no area has, what lies under the pointer.

import { html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { none, Piece } from "../../shared/piece.ts";
import { ground, isSaid, number, say } from "../../shared/words.ts";
import { NONE } from "./blocks.ts";
import type { Draft } from "./draft.ts";

@customElement("planner-standing")
export class Standing extends Piece {
  @property({ attribute: false }) draft!: Draft;
  /** The block that is pointed at. */
  @state() block = NONE;

  override connectedCallback(): void {
    super.connectedCallback();
    this.draft.addEventListener("state", () => this.requestUpdate());
  }

  protected override render() {
    const { draft } = this;
    return html`
      <span class="block" aria-live="polite">${this.draft.blocks.alive[this.block] ? this.#told(this.block) : none}</span>
      <span class="gap"></span>
      ${draft.unassigned
        ? html`<span class="status bad unassigned">${say("unassignedCount", { count: number(draft.unassigned) })}</span>`
        : html`<span class="status good unassigned">${say("allAssigned")}</span>`}
      ${draft.readonly ? none : this.#sending()}
    `;
  }

  #told(block: number): string {
    const { blocks } = this.draft;
    const area = blocks.areaOf(block);
    return say("block", {
      code: blocks.codes[block] ?? "",
      people: number(blocks.population[block] ?? 0),
      ground: ground(blocks.areaM2[block] ?? 0),
      area: area === null ? say("noArea") : this.draft.areas.get(area)?.name || (area.startsWith("*") ? say("newArea") : area),
    });
  }

  #sending() {
    const { waiting, online, revision, others } = this.draft;
    const count = number(waiting);
    if (this.draft.clash) return html`<button type="button" class="small danger" @click=${() => this.draft.dispatchEvent(new Event("clash"))}>${say("clashOpen")}</button>`;
    const state = !online
      ? html`<span class="status warn sending">${say(waiting ? "offline" : "offlineIdle", { count })}</span>`
      : waiting
        ? html`<span class="status busy sending">${say("waiting", { count })}</span>`
        : html`<span class="status good sending">${say("revisionOf", { revision: number(revision) })} · ${say("saved")}</span>`;
    const here = others.map(({ account, doing }) => html`<li title=${doing ? this.#doing(doing) : none}><span class="badge running">${account}</span>${doing ? html` <span class="soft">${this.#doing(doing)}</span>` : none}</li>`);
    return html`${state}${others.length ? html`<ul class="others" aria-label=${say("here")}>${here}</ul>` : none}`;
  }

  /** What somebody does as a page of this kind sends it; whatever else was sent, as it is. */
  #doing(doing: string): string {
    const [what, area = ""] = doing.split(" ");
    return isSaid(`doing${what}`) ? say(`doing${what}`, { area: this.draft.nameOf(area) }) : doing;
  }
}
