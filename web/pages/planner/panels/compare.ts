// A draft held against another plan: what becomes of its areas, what changes hands, and both on the map.

import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { service, told, type Schema } from "../../../shared/asking.ts";
import { ChangedGround, groundBetween } from "../../../shared/map/changed-ground.ts";
import { none, Piece } from "../../../shared/piece.ts";
import { changesTable, numbered } from "../../../shared/plan-changes.ts";
import { problem } from "../../../shared/problems.ts";
import { ground, number, percent, say } from "../../../shared/words.ts";
import type { Board } from "../board.ts";
import type { Draft } from "../draft.ts";
import { Swipe } from "./swipe.ts";

type Plan = Schema["PlanInfo"];

const NEAREST = 16;

@customElement("planner-compare")
export class PlannerCompare extends Piece {
  @property({ attribute: false }) draft!: Draft;
  @property({ attribute: false }) board!: Board;
  @state() private plans: Plan[] | null = null;
  @state() private other = "";
  @state() private comparison: Schema["PlanComparison"] | null = null;
  @state() private chosen: string | null = null;
  @state() private swipe: Swipe | null = null;
  @state() private marks = true;
  @state() private busy = false;
  @state() private trouble: unknown = null;
  #revision = -1;
  #asking = new AbortController();
  #ground = new ChangedGround({ filled: false });
  #ended = () => {};

  override connectedCallback(): void {
    super.connectedCallback();
    const again = () => this.requestUpdate();
    this.draft.addEventListener("state", again);
    this.#ended = () => this.draft.removeEventListener("state", again);
    this.board.map.ol.addLayer(this.#ground.layer);
    void this.#choose();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#ended();
    this.#asking.abort();
    this.board.map.ol.removeLayer(this.#ground.layer);
    this.swipe?.end();
    this.swipe = null;
  }

  protected override render(): TemplateResult {
    if (this.plans?.length === 0) return html`<div class="nothing"><strong>${say("compareNone")}</strong>${say("compareNoneText")}</div>`;
    const isInForce = this.draft.layer.in_force.some(({ name }) => name === this.other);
    const isStale = this.comparison !== null && this.draft.revision !== this.#revision;
    return html`
      <div class="filters">
        <label>${say("compareWith")}
          <select id="compare-with" @change=${(event: Event) => this.#with((event.target as HTMLSelectElement).value)}>
            ${(this.plans ?? []).map(({ name }) => html`<option value=${name} ?selected=${name === this.other}>${name}</option>`)}
          </select>
        </label>
        <button type="button" id="swipe" aria-pressed=${this.swipe !== null} ?disabled=${!isInForce} title=${isInForce ? "" : say("compareSwipeOff")} @click=${this.#toggleSwipe}>${say("compareSwipe")}</button>
        <label class="tick"><input type="checkbox" .checked=${this.marks} @change=${this.#toggleMarks} />${say("compareShow")}</label>
      </div>
      ${this.swipe ? html`<p class="soft">${say("compareSwipeHint", { plan: this.other })}</p>` : none}
      ${isStale
        ? html`<div class="note">${say("compareStale")} <button type="button" class="small" @click=${() => this.#look()}>${say("compareAgain")}</button></div>`
        : none}
      ${this.trouble ? problem(this.trouble) : none}
      ${this.comparison && !this.busy ? this.#told(this.comparison) : this.trouble ? none : html`<div class="skeleton"><div></div><div></div><div></div><div></div></div>`}
    `;
  }

  #told(comparison: Schema["PlanComparison"]): TemplateResult {
    const { total, all_people: all, changes, fates, origins } = comparison;
    const counted = (counts: Record<string, number>, what: string) =>
      Object.entries(counts)
        .filter(([, count]) => count > 0)
        .map(([kind, count]) => `${say(`${what}_${kind}`)} ${number(count)}`)
        .join(say("listComma"));
    return html`
      <p id="moved">${changes.length ? say("compareMoved", { people: number(total.people), ground: ground(total.ground_m2), share: percent(all ? total.people / all : 0) }) : say("changesNone")}</p>
      <dl class="facts">
        <dt>${say("compareFates")}</dt><dd>${counted(fates, "fate")}</dd>
        <dt>${say("compareOrigins")}</dt><dd>${counted(origins, "origin")}</dd>
      </dl>
      ${changes.length ? changesTable(numbered(changes), this.chosen, (row) => this.#pick(String(row.number)), true) : none}
    `;
  }

  async #choose(): Promise<void> {
    const { info, basedOn, layer } = this.draft;
    try {
      const plans = await told(service.GET("/v1/plans", { params: { query: { layer: info.layer, limit: 1000 } } }));
      this.plans = plans.filter(({ name, scope_code }) => name !== info.name && scope_code === info.scope_code);
    } catch (error) {
      this.trouble = error;
      return;
    }
    const inForce = layer.in_force.map(({ name }) => name);
    const first = this.plans.find(({ name }) => inForce.includes(name)) ?? this.plans.find(({ name }) => name === basedOn) ?? this.plans[0];
    if (first) this.#with(first.name);
  }

  #with(other: string): void {
    this.other = other;
    this.swipe?.end();
    this.swipe = null;
    void this.#look();
  }

  async #look(): Promise<void> {
    this.#asking.abort();
    const { signal } = (this.#asking = new AbortController());
    [this.busy, this.trouble, this.chosen] = [true, null, null];
    const revision = this.draft.revision;
    try {
      const params = { path: { plan: this.other }, query: { with: this.draft.plan } };
      const [comparison, pieces] = await Promise.all([
        told(service.GET("/v1/plans/{plan}/comparison", { params, signal })),
        groundBetween(this.other, this.draft.plan, signal),
      ]);
      this.#revision = revision;
      this.comparison = comparison;
      this.#ground.show(pieces);
    } catch (error) {
      if (signal.aborted) return;
      this.trouble = error;
    }
    this.busy = false;
  }

  #pick(number: string): void {
    this.chosen = number;
    this.#ground.choose(number);
    const box = this.#ground.boxOf(number);
    if (box) this.board.map.fit(box, { nearest: NEAREST });
  }

  #toggleMarks = (): void => {
    this.marks = !this.marks;
    this.#ground.layer.setVisible(this.marks);
  };

  #toggleSwipe = async (): Promise<void> => {
    if (this.swipe) {
      this.swipe.end();
      this.swipe = null;
      return;
    }
    try {
      this.swipe = await Swipe.begin(this.board, this.draft.info.layer);
      this.swipe.focus();
    } catch (error) {
      this.trouble = error;
    }
  };
}
