// The overview: a card for each question, with its first figures and the areas that stand out.

import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { may } from "../../shared/head.ts";
import { none, Piece } from "../../shared/piece.ts";
import { Problem } from "../../shared/asking.ts";
import { isSaid, say } from "../../shared/words.ts";
import { figureOf, type Answer, type Question } from "./answer.ts";
import type { Ground } from "./ground.ts";
import { NAMES, questionOf } from "./questions.ts";
import { ready } from "../../shared/ready.ts";
import type { View } from "./view.ts";
import { kindOf, titled, written } from "./writing.ts";

const FIGURES = 3;
const STANDING_OUT = 3;
type Told = Answer | "not-allowed" | { wrong: string };

/** `<g-overview .view .ground>` */
@customElement("g-overview")
export class Overview extends Piece {
  @property({ attribute: false }) view: View | null = null;
  @property({ attribute: false }) ground: Promise<Ground> | null = null;
  @state() private answers: Record<string, Told> = {};
  #asked: AbortController | null = null;

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("view") || changed.has("ground")) this.#ask();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asked?.abort();
  }

  #ask(): void {
    const { view, ground } = this;
    if (!view || !ground) return;
    this.#asked?.abort();
    const { signal } = (this.#asked = new AbortController());
    this.answers = {};
    for (const name of NAMES) {
      void answerOf(name, view, ground, signal).then((told) => {
        if (signal.aborted) return;
        this.answers = { ...this.answers, [name]: told };
        ready();
      });
    }
  }

  protected override render(): TemplateResult {
    return html`<div class="reading"><div class="cards">${NAMES.map((name) => this.#card(name))}</div></div>`;
  }

  #card(name: string): TemplateResult {
    const told = this.answers[name];
    return html`<a class="card" href=${`/analysis/${name}${location.hash}`} data-question=${name}>
      <h2>${say(`q_${name}`)}</h2>
      <p class="soft">${say(`w_${name}`)}</p>
      ${told === undefined
        ? html`<div class="skeleton" aria-hidden="true"><i></i><i></i><i></i></div>`
        : told === "not-allowed"
          ? html`<p class="soft">${say("not-allowed")}</p>`
          : "wrong" in told
            ? html`<p class="status warn">${told.wrong}</p>`
            : figures(told)}
    </a>`;
  }
}

async function answerOf(name: string, view: View, ground: Promise<Ground>, signal: AbortSignal): Promise<Told> {
  try {
    const question: Question = await questionOf(name);
    if (!may(question.right)) return "not-allowed";
    return await question.load(view, ground, signal);
  } catch (error) {
    if (!(error instanceof Problem)) return { wrong: say("problem") };
    return error.kind === "not-allowed" ? "not-allowed" : { wrong: say(isSaid(error.kind) ? error.kind : "problem") };
  }
}

function figures(answer: Answer): TemplateResult {
  const shown = answer.headline.slice(0, FIGURES);
  return html`<ul class="tallies">${shown.map((key) => {
      const figure = answer.figures.find((one) => one.key === key);
      return html`<li class=${figure?.bad && Number(answer.total[key]) > 0 ? "tally bad" : "tally"}><strong>${written(answer.total[key], kindOf(answer, key))}</strong> ${titled(key).title}</li>`;
    })}</ul>
    ${standingOut(answer)}`;
}

/** The rows that have most of what the question is sorted by. */
function standingOut(answer: Answer): TemplateResult | typeof none {
  const figure = answer.figures.find(({ key }) => key === answer.sortedBy);
  if (!figure || answer.rising) return none;
  const most = answer.rows
    .filter((row) => (figureOf(row, figure.key) ?? 0) > 0)
    .sort((a, b) => (figureOf(b, figure.key) ?? 0) - (figureOf(a, figure.key) ?? 0))
    .slice(0, STANDING_OUT);
  if (!most.length) return none;
  return html`<p class="soft most-of">${say("mostOf", { what: titled(figure.key).title })}</p><ol class="most">${most.map((row) => html`<li><span>${row.name}</span> <span>${written(row.values[figure.key], figure.kind)}</span></li>`)}</ol>`;
}
