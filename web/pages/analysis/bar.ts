// What all questions are asked of: a layer, all of it or one street or community, a day, a period.

import { html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { none, Piece } from "../../shared/piece.ts";
import { say, titleOf } from "../../shared/words.ts";
import type { Question } from "./answer.ts";
import type { Ground } from "./ground.ts";
import type { Key, View } from "./view.ts";

export type Changes = Partial<Record<Key, string | null>>;

/** `<g-bar .view .ground .question .today>`; what is chosen is told by the event `ask` with the changes as `detail`. */
@customElement("g-bar")
export class Bar extends Piece {
  @property({ attribute: false }) view: View | null = null;
  @property({ attribute: false }) ground: Ground | null = null;
  @property({ attribute: false }) question: Question | null = null;
  @property() today = "";

  protected override render(): TemplateResult {
    const { view, ground, question } = this;
    if (!view || !ground) return html`<div class="filters" aria-busy="true"></div>`;
    const heeds = (field: "period" | "since" | "by") => !question || question.heeds.includes(field);
    return html`<form class="filters" aria-label=${say("asked")} @submit=${(event: Event) => event.preventDefault()}>
      <label>${say("layer")}
        <select @change=${(event: Event) => this.#ask({ layer: valueOf(event), area: null, chosen: null, list: null, map: null })}>
          ${ground.layers.map((one) => html`<option value=${one.name} ?selected=${one.name === view.layer}>${titleOf(one)}</option>`)}
        </select>
      </label>
      <label>${say("ground")}
        <select class="ground" @change=${(event: Event) => this.#ask({ area: valueOf(event) || null, chosen: null, list: null, map: null })}>
          <option value="" ?selected=${!view.area}>${say("wholeGround")}</option>
          ${[...ground.chain].reverse().map(({ layer, areas }) =>
            areas.size > 1
              ? html`<optgroup label=${titleOf(layer)}>${[...areas.values()].map((area) => html`<option value=${area.code} ?selected=${area.code === view.area}>${area.name}</option>`)}</optgroup>`
              : none,
          )}
        </select>
      </label>
      ${this.#day("at", view.at, say("day"), null)}
      ${heeds("since") && question ? this.#day("since", view.since, say("since"), view.at) : none}
      ${heeds("period") && question
        ? html`${this.#day("first", view.first, say("first"), view.last)} ${this.#day("last", view.last, say("last"), null)}`
        : none}
      ${question?.parts && heeds("by")
        ? html`<label>${say("by")}
            <select @change=${(event: Event) => this.#ask({ by: valueOf(event) || null, list: null })}>
              <option value="" ?selected=${!view.by}>${say("by_area")}</option>
              ${question.parts.map((part) => html`<option value=${part} ?selected=${part === view.by}>${say(`by_${part}`)}</option>`)}
            </select>
          </label>`
        : none}
    </form>`;
  }

  #day(key: "at" | "since" | "first" | "last", value: string, title: string, until: string | null): TemplateResult {
    return html`<label>${title}
      <input type="date" required max=${until ?? none} .value=${value} @change=${(event: Event) => {
        const day = valueOf(event);
        // a date that is being typed is none yet
        if (day) this.#ask({ [key]: key === "at" && day === this.today ? null : day, list: null });
      }}>
    </label>`;
  }

  #ask(changes: Changes): void {
    this.dispatchEvent(new CustomEvent<Changes>("ask", { detail: changes }));
  }
}

function valueOf(event: Event): string {
  return (event.target as HTMLInputElement | HTMLSelectElement).value;
}
