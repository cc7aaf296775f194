// Why a building has its class: points, reasons, every fact with what it gave; and the ratings before.

import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { service, told, type Schema } from "../../shared/asking.ts";
import { none, Piece } from "../../shared/piece.ts";
import { problem } from "../../shared/problems.ts";
import { moment, number, say } from "../../shared/words.ts";
import { riskBadge } from "./buildings.ts";
import { inLanguage } from "./writing.ts";

type Why = Schema["BuildingRisk"];
type History = Schema["RatingHistory"];
type Fact = Schema["FactAnswer"];

/** `<g-why .building .at>`: asks by itself; the building's name is told by the event `named`. */
@customElement("g-why")
export class WhyRated extends Piece {
  @property({ type: Number }) building = 0;
  /** The day that is asked about; null for now. */
  @property({ attribute: false }) at: string | null = null;
  @state() private why: Why | null = null;
  @state() private history: History | null = null;
  @state() private wrong: unknown = null;
  #asked: AbortController | null = null;

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("building") || changed.has("at")) void this.#ask();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asked?.abort();
  }

  async #ask(): Promise<void> {
    this.#asked?.abort();
    const { signal } = (this.#asked = new AbortController());
    [this.why, this.history, this.wrong] = [null, null, null];
    const path = { id: this.building };
    try {
      const [why, history] = await Promise.all([
        told(service.GET("/v1/buildings/{id}/risk", { params: { path, query: this.at ? { at: this.at } : {} }, signal })),
        told(service.GET("/v1/buildings/{id}/risk/history", { params: { path, query: { limit: 20 } }, signal })),
      ]);
      if (signal.aborted) return;
      [this.why, this.history] = [why, history];
      this.dispatchEvent(new CustomEvent("named", { detail: why.name ?? why.external_id }));
    } catch (error) {
      if (!signal.aborted) this.wrong = error;
    }
  }

  protected override render(): TemplateResult {
    if (this.wrong) return html`${problem(this.wrong)}`;
    if (!this.why) return html`<div class="skeleton" aria-hidden="true"><i></i><i></i><i></i><i></i><i></i><i></i></div>`;
    const { rating, external_id: code, at } = this.why;
    if (!rating) return html`<p class="soft">${code}</p><p class="nothing">${say("notRatedThen", { day: at })}</p>`;
    return html`
      <p class="soft">${code}</p>
      <p class="verdict">${riskBadge(rating.risk_class)} <strong>${say("pointsCount", { count: number(rating.points) })}</strong></p>
      <h3>${say("reasons")}</h3>
      <ul class="reasons">${rating.reasons.map(({ zh, en }) => html`<li>${inLanguage(zh, en)}</li>`)}</ul>
      ${rating.reasons.length ? none : html`<p class="soft">${say("noReasons")}</p>`}
      <h3>${say("facts")}</h3>
      <table class="figures facts-table">
        <caption class="unseen">${say("facts")}</caption>
        <thead><tr><th scope="col">${say("fact")}</th><th scope="col">${say("value")}</th><th scope="col" class="figure">${say("points")}</th></tr></thead>
        <tbody>${rating.facts.map((fact) => this.#fact(fact))}</tbody>
      </table>
      <p class="soft">
        ${say("ratedBy")} <a href=${`/admin/rules#version=${encodeURIComponent(rating.rules_version)}`}>${inLanguage(rating.rules_zh, rating.rules_en)} ${rating.rules_version}</a>${rating.rules_are_example ? ` (${say("example")})` : ""} · ${moment(rating.rated_at)}
      </p>
      ${this.#past()}
      <p><a href=${`/events#building=${this.building}`}>${say("eventsOfBuilding")}</a></p>
    `;
  }

  #fact(fact: Fact): TemplateResult {
    const said = inLanguage(fact.said_zh, fact.said_en) || fact.value;
    return html`<tr>
      <th scope="row" title=${fact.meaning}>${inLanguage(fact.title_zh, fact.title_en)}</th>
      <td>${fact.is_known ? said : html`<span class="soft">${fact.problem ?? say("unknown")}</span>`}</td>
      <td class="figure">${fact.triggers.length ? say("trigger") : fact.points ? `+${number(fact.points)}` : "–"}</td>
    </tr>`;
  }

  #past(): TemplateResult | typeof none {
    const ratings = this.history?.ratings ?? [];
    if (!ratings.length) return none;
    return html`<h3>${say("history")}</h3>
      <ol class="past">${ratings.map(
        (one) => html`<li><span class="soft">${moment(one.rated_at)}</span> ${riskBadge(one.risk_class)} ${say("pointsCount", { count: number(one.points) })} <span class="soft">${one.rules_version}</span></li>`,
      )}</ol>`;
  }
}
