// The panels beside the map: totals always in sight, and one of areas, problems, comparison and history.

import "./areas.ts";
import "./compare.ts";
import "./history.ts";
import "./panels.css";
import "./problems.ts";
import "./rebase.ts";
import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { none, Piece } from "../../../shared/piece.ts";
import { number, say } from "../../../shared/words.ts";
import type { Board } from "../board.ts";
import type { Draft } from "../draft.ts";
import type { Selection } from "../selection.ts";
import { askForPlan } from "./plans.ts";
import { stopsOfDraft, type PlannerProblems } from "./problems.ts";
import { redivide } from "./redivide.ts";
import { isPanel, PANELS, where, type PanelName } from "../where.ts";

const EVERY_MS = 200;

/** `<planner-panel .draft .selection .board>`: `open(name)` shows a panel, `next()` steps to the next problem. */
@customElement("planner-panel")
export class PlannerPanel extends Piece {
  @property({ attribute: false }) draft!: Draft;
  @property({ attribute: false }) selection!: Selection;
  @property({ attribute: false }) board!: Board;
  @state() private shown: PanelName = "areas";
  @state() private problem = "";
  #stops = 0;
  #waiting = 0;
  #ended: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    const { panel, problem } = where.read();
    this.shown = isPanel(panel) ? panel : "areas";
    this.problem = problem ?? "";
    const later = () => {
      this.#waiting ||= window.setTimeout(() => {
        this.#waiting = 0;
        this.requestUpdate();
      }, EVERY_MS);
    };
    this.draft.addEventListener("areas", later);
    this.draft.addEventListener("state", later);
    this.#ended = [
      () => this.draft.removeEventListener("areas", later),
      () => this.draft.removeEventListener("state", later),
      () => clearTimeout(this.#waiting),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#ended) end();
    this.#waiting = 0;
  }

  protected override firstUpdated(): void {
    if (this.problem) void this.next(); // a link from the page of publication leads to the place itself
  }

  /** Show a panel, or the dialog of that name. */
  open(name: string): void {
    if (name === "redivide") void redivide(this.draft, this.selection);
    else if (name === "plans") askForPlan(this.draft.plan);
    else if (isPanel(name)) this.#show(name);
  }

  /** Step to the next place that is to be mended, and show it. */
  async next(by: 1 | -1 = 1): Promise<void> {
    this.#show("problems");
    await this.updateComplete;
    const problems = this.querySelector<PlannerProblems>("planner-problems");
    await problems?.updateComplete;
    problems?.step(by);
  }

  protected override render(): TemplateResult {
    this.#stops = stopsOfDraft(this.draft, this.board).length;
    return html`
      ${this.#totals()}
      <planner-rebase .draft=${this.draft}></planner-rebase>
      <div class="tabs" role="tablist" aria-label=${say("panelTabs")} @keydown=${this.#arrows}>${PANELS.map((name) => this.#tab(name))}</div>
      <div class="inside" role="tabpanel" aria-labelledby=${`tab-${this.shown}`} id="panel-inside">${this.#inside()}</div>
    `;
  }

  #totals(): TemplateResult {
    const { areas, unassigned } = this.draft;
    let [people, ground] = [0, 0];
    for (const { population, area_km2 } of areas.values()) [people, ground] = [people + population, ground + area_km2];
    const tally = (label: string, value: string, bad = false) => html`<div class="tally ${bad ? "bad" : ""}"><strong>${value}</strong>${label}</div>`;
    return html`<div class="totals">
      <div class="tallies">
        ${tally(say("allAreas"), number(areas.size))} ${tally(say("allPeople"), number(people))}
        ${tally(say("allGround"), `${number(ground, 1)}\u00a0km²`)} ${tally(say("noAreaBlocks"), number(unassigned), unassigned > 0)}
      </div>
      ${this.draft.info.status === "draft"
        ? html`<a class="door small" href=${`/planner/publication#plan=${encodeURIComponent(this.draft.plan)}`}>${say("publishThis")}</a>`
        : none}
    </div>`;
  }

  #tab(name: PanelName): TemplateResult {
    const isShown = name === this.shown;
    const count = name === "problems" ? this.#stops : 0;
    return html`<button type="button" role="tab" id=${`tab-${name}`} aria-selected=${isShown} aria-controls="panel-inside" tabindex=${isShown ? 0 : -1} @click=${() => this.#show(name)}>
      ${say(`panel_${name}`)} ${count ? html`<span class="badge ${this.draft.unassigned ? "failed" : "warn"}">${number(count)}</span>` : none}
    </button>`;
  }

  #inside(): TemplateResult {
    const { draft, selection, board } = this;
    switch (this.shown) {
      case "areas":
        return html`<planner-areas .draft=${draft} .selection=${selection} .board=${board}></planner-areas>`;
      case "problems":
        return html`<planner-problems .draft=${draft} .selection=${selection} .board=${board} .only=${this.problem}></planner-problems>`;
      case "compare":
        return html`<planner-compare .draft=${draft} .board=${board}></planner-compare>`;
      case "history":
        return html`<planner-history .draft=${draft}></planner-history>`;
    }
  }

  #show(name: PanelName): void {
    if (name !== "problems") this.problem = "";
    this.shown = name;
    where.write({ panel: name === "areas" ? null : name, problem: this.problem || null });
  }

  #arrows = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const next = PANELS[(PANELS.indexOf(this.shown) + by + PANELS.length) % PANELS.length] as PanelName;
    this.#show(next);
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(`#tab-${next}`)?.focus());
  };
}
