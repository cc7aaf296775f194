// Lines over months, drawn as a picture; the table beside it has the same numbers.

import { html, svg, type TemplateResult } from "lit";
import { say } from "../../shared/words.ts";
import { figureOf, type Answer, type Chart, type Line, type Row } from "./answer.ts";
import { opener } from "./telling.ts";
import { titled, written } from "./writing.ts";

const WIDTH = 760;
const HEIGHT = 250;
const MOST_BARS = 24;
const ROOM = { top: 14, right: 34, bottom: 30, left: 58 };
const COLOURS = ["#1f4e79", "#b8561b", "#5d5a53", "#2a7d6f"];
const DASHES = ["", "7 4", "2 4", "10 3 2 3"]; // told apart without colour too

/** Round ends of an axis from 0, and where its lines are. */
export function axis(most: number, isShare: boolean): number[] {
  if (isShare) return [0, 0.25, 0.5, 0.75, 1];
  if (most <= 0) return [0, 1];
  const raw = most / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max(1, ([1, 2, 2.5, 5, 10].find((one) => one * power >= raw) ?? 10) * power);
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, i) => i * step);
}

/** A chart as it is asked for. */
export function chart({ title, lines, bars }: Chart, answer: Answer, open: (key: string, code: string) => void): TemplateResult {
  return lines ? lineChart(say(title), answer.rows, lines, open) : barChart(say(title), answer, bars ?? "", open);
}

/** A bar for each row, the longest first, as far as they are seen at a glance. */
function barChart(title: string, { rows, list }: Answer, key: string, open: (key: string, code: string) => void): TemplateResult {
  const known = rows.map((row) => ({ row, value: figureOf(row, key) ?? 0 })).sort((a, b) => b.value - a.value);
  const most = Math.max(1, ...known.map(({ value }) => value));
  return html`<figure class="chart"><figcaption><h2>${title} · ${titled(key).title}</h2></figcaption>
    <ul class="bars">${known.slice(0, MOST_BARS).map(({ row, value }) => {
      const text = written(value, "count");
      const part = html`<svg class="part" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width=${(value / most) * 100} height="10" fill=${COLOURS[0] as string}></rect></svg>`;
      return html`<li><span>${row.name}</span>${part}${list(key, row.code) && value ? opener(text, `${row.name} ${text}`, () => open(key, row.code)) : text}</li>`;
    })}</ul>
  </figure>`;
}

/** A chart of lines; `open` is what a point leads to, told by a line's key and a row's code. */
function lineChart(title: string, rows: readonly Row[], lines: readonly Line[], open: (key: string, code: string) => void): TemplateResult {
  const isShare = lines[0]?.kind === "share";
  const ticks = axis(Math.max(0, ...lines.flatMap(({ values }) => values.filter((value) => value !== null))), isShare);
  const top = ticks[ticks.length - 1] as number;
  const x = (i: number) => ROOM.left + ((WIDTH - ROOM.left - ROOM.right) * (rows.length > 1 ? i / (rows.length - 1) : 0.5));
  const y = (value: number) => HEIGHT - ROOM.bottom - (HEIGHT - ROOM.top - ROOM.bottom) * (value / top);
  const each = Math.ceil(rows.length / 12);
  return html`<figure class="chart">
    <figcaption><h2>${title}</h2>${key(lines)}</figcaption>
    <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label=${`${title}. ${say("sameInTable")}`}>
      ${ticks.map((tick) => svg`<g class="tick"><path d=${`M${ROOM.left} ${y(tick)} H${WIDTH - ROOM.right}`}></path><text x=${ROOM.left - 8} y=${y(tick) + 4} text-anchor="end">${written(tick, isShare ? "share" : "count")}</text></g>`)}
      ${rows.map((row, i) => (i % each ? null : svg`<text class="month" x=${x(i)} y=${HEIGHT - 9} text-anchor="middle">${row.name}</text>`))}
      ${lines.map((line, n) => svg`<path class="line" d=${path(line.values, x, y)} stroke=${COLOURS[n] ?? "#22211e"} stroke-dasharray=${DASHES[n] ?? ""}></path>`)}
      ${lines.map((line, n) =>
        line.values.map((value, i) =>
          value === null
            ? null
            : svg`<circle class="point" cx=${x(i)} cy=${y(value)} r="4" fill=${COLOURS[n] ?? "#22211e"} @click=${() => open(line.key, (rows[i] as Row).code)}><title>${(rows[i] as Row).name} · ${titled(line.key).title} ${written(value, line.kind)}</title></circle>`,
        ),
      )}
    </svg>
  </figure>`;
}

function key(lines: readonly Line[]): TemplateResult {
  return html`<ul class="chart-key">${lines.map(
    (line, n) => html`<li><svg viewBox="0 0 28 10" width="28" height="10" aria-hidden="true"><path d="M0 5 H28" stroke=${COLOURS[n] ?? "#22211e"} stroke-width="2.5" stroke-dasharray=${DASHES[n] ?? ""}></path></svg>${titled(line.key).title}</li>`,
  )}</ul>`;
}

/** The way of a line; where a value is not known there is a gap. */
export function path(values: readonly (number | null)[], x: (i: number) => number, y: (value: number) => number): string {
  let isDown = false;
  return values
    .map((value, i) => {
      if (value === null) {
        isDown = false;
        return "";
      }
      const step = `${isDown ? "L" : "M"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
      isDown = true;
      return step;
    })
    .join("");
}
