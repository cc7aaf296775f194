// How far a load is off its target, as a bar from the middle line, and as a figure.

import { html, type TemplateResult } from "lit";
import { deviationColour } from "../../../shared/map/palette.ts";
import { percent } from "../../../shared/words.ts";

const HALF = 30; // pixels to each side
const MOST = 0.25; // a bar that is farther off ends there, with an arrow
const LIMIT = 0.1;
const LIMIT_PX = (LIMIT / MOST) * HALF;

export function loadBar(deviation: number | null): TemplateResult | string {
  if (deviation === null) return "–";
  const length = Math.min(1, Math.abs(deviation) / MOST) * HALF;
  const arrow = deviation < 0 ? `M${5 - HALF} 2l-4 5 4 5` : `M${HALF - 5} 2l4 5-4 5`;
  return html`<span class="load">
    <svg viewBox="-30 0 60 14" width="60" height="14" aria-hidden="true">
      <rect x=${-LIMIT_PX} y="1" width=${2 * LIMIT_PX} height="12" fill="#f0ede4"></rect>
      <rect x=${deviation < 0 ? -length : 0} y="3" width=${Math.max(1, length)} height="8" fill=${deviationColour(deviation)} stroke="#22211e" stroke-width="0.5"></rect>
      <line x1="0" y1="0" x2="0" y2="14" stroke="#22211e"></line>
      <path d=${Math.abs(deviation) > MOST ? arrow : ""} fill="none" stroke="#22211e"></path>
    </svg>
    <span class="off">${percent(deviation, 0, true)}</span>
  </span>`;
}
