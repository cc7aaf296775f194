// The legend of a map: what colours mean, and what the figures rest on: day, plan, rules, totals. The one there is.

import { html, svg, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Child } from "../elements.ts";
import { none, Piece } from "../piece.ts";

export interface LegendKey {
  key: string;
  label: string;
  colour?: string;
  /** How many are of it. */
  count?: string;
  /** Hatched at 45°, so that it is told apart where there is no colour. */
  hatched?: boolean;
  shape?: keyof typeof FORMS;
  /** Instead of a shape: the class of a sign that the page's own style draws, as in its list. */
  sign?: string;
}

export interface LegendGroup {
  title?: string;
  keys: LegendKey[];
  /** What the classes were made by, what is not shown. */
  notes?: string[];
  /** Keys that are hidden; given, each key is a button that hides it and shows it again. */
  hidden?: ReadonlySet<string>;
}

/** `<g-legend .groups .facts>`; a key that is pressed is told by the event `toggle` with its name as `detail`. */
@customElement("g-legend")
export class Legend extends Piece {
  @property({ attribute: false }) groups: LegendGroup[] = [];
  @property({ attribute: false }) facts: [string, Child][] = [];

  protected override render(): TemplateResult {
    return html`
      ${this.groups.map((group) => this.#group(group))}
      ${this.facts.length ? html`<dl class="facts">${this.facts.map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`)}</dl>` : none}
    `;
  }

  #group({ title, keys, notes, hidden }: LegendGroup): TemplateResult {
    return html`
      ${title ? html`<h3>${title}</h3>` : none}
      <ul class="legend">${keys.map((key) => html`<li>${hidden ? this.#button(key, !hidden.has(key.key)) : this.#key(key)}</li>`)}</ul>
      ${(notes ?? []).map((note) => html`<p class="soft">${note}</p>`)}
    `;
  }

  #button(key: LegendKey, shown: boolean): TemplateResult {
    const told = () => this.dispatchEvent(new CustomEvent("toggle", { detail: key.key }));
    return html`<button type="button" class="key" aria-pressed=${shown ? "true" : "false"} @click=${told}>${this.#key(key)}</button>`;
  }

  #key({ colour = "", label, count, hatched, shape = "square", sign }: LegendKey): TemplateResult {
    const drawn = sign ? html`<span class="sign ${sign}" aria-hidden="true"></span>` : swatch(colour, shape, hatched);
    return html`${drawn}<span class="label">${label}</span>${count === undefined ? none : html`<span class="count">${count}</span>`}`;
  }
}

/** The sign of a class; a picture, so that it is printed as it is. Lines of `.hatch` are for paper. */
function swatch(colour: string, shape: keyof typeof FORMS, hatched = false): TemplateResult {
  const lines = hatched ? svg`<path class="hatch" d="M2 8 L8 1 M4 12 L14 1 M10 12 L16 5" stroke="#fff" stroke-width="1.4" fill="none"></path>` : none;
  return html`<svg class="sign" viewBox="0 0 18 13" width="18" height="13" aria-hidden="true">${FORMS[shape](colour)}${lines}</svg>`;
}

const FORMS = {
  square: (colour: string) => svg`<rect x="0.5" y="0.5" width="17" height="12" fill=${colour} stroke="#22211e" stroke-opacity="0.5"></rect>`,
  circle: (colour: string) => svg`<circle cx="9" cy="6.5" r="5.5" fill=${colour} stroke="#22211e" stroke-opacity="0.5"></circle>`,
  line: (colour: string) => svg`<path d="M0 6.5 H18" stroke=${colour} stroke-width="2"></path>`,
  thick: (colour: string) => svg`<path d="M0 6.5 H18" stroke=${colour} stroke-width="4"></path>`,
  stripes: (colour: string) => framed(svg`<path d="M1 9 L9 1 M1 12.5 L13 1 M6 12.5 L17 1.5 M12 12.5 L17 7.5" stroke=${colour} stroke-width="1.5"></path>`),
  dots: (colour: string) => framed(svg`${[4, 9, 14].map((x) => [4, 9].map((y) => svg`<circle cx=${x} cy=${y} r="1.1" fill=${colour}></circle>`))}`),
  up: (colour: string) => svg`<path d="M9 0.5 L15.5 12 H2.5 Z" fill=${colour}></path>`,
  down: (colour: string) => svg`<path d="M9 12.5 L15.5 1 H2.5 Z" fill=${colour}></path>`,
};

function framed(inside: TemplateResult): TemplateResult {
  return svg`<rect x="0.5" y="0.5" width="17" height="12" fill="#fff" stroke="#22211e" stroke-opacity="0.5"></rect>${inside}`;
}
