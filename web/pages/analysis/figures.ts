// The figures of an answer: those of the whole above, those of each row in a table, every number a way to its list.

import { html, type TemplateResult } from "lit";
import type { Column } from "../../shared/table.ts";
import { none } from "../../shared/piece.ts";
import { say } from "../../shared/words.ts";
import { figureOf, type Answer, type Figure, type Open, type Row } from "./answer.ts";
import { opener } from "./telling.ts";
import { kindOf, titled, written } from "./writing.ts";

/** The figures of the whole. */
export function headline(answer: Answer, open: Open): TemplateResult {
  return html`<ul class="tallies">${answer.headline.filter((key) => (answer.total[key] ?? null) !== null).map((key) => {
    const figure = answer.figures.find((one) => one.key === key);
    const { title, hint } = titled(key);
    const text = written(answer.total[key], kindOf(answer, key));
    const leads = answer.list(key, "") !== null;
    const bad = figure?.bad && Number(answer.total[key]) > 0;
    return html`<li class=${bad ? "tally bad" : "tally"} title=${hint}><strong>${leads ? opener(text, `${title} ${text}`, () => open(key, "")) : text}</strong> ${title}</li>`;
  })}</ul>`;
}

/** What the map can be coloured by, one of it chosen. */
export function measureChips(figures: readonly Figure[], chosen: Figure, choose: (key: string) => void): TemplateResult {
  return html`<div class="chips" role="group" aria-label=${say("colouredBy")}><span class="soft">${say("colouredBy")}</span>
    ${figures.map(({ key }) => html`<button type="button" class="chip" aria-pressed=${key === chosen.key ? "true" : "false"} @click=${() => choose(key)}>${say(`f_${key}`)}</button>`)}
  </div>`;
}

/** The columns of the table: what the row is, then its figures. */
export function columnsOf(answer: Answer, first: string, open: Open): Column<Row>[] {
  return [
    { key: "name", title: first, value: ({ name }) => name },
    // what is known of no row has no column
    ...answer.figures.filter(({ key }) => answer.rows.some(({ values }) => values[key] !== null && values[key] !== "")).map((figure): Column<Row> => {
      const { title, hint } = titled(figure.key);
      return {
        key: figure.key,
        title,
        hint,
        value: ({ values }) => values[figure.key] ?? null,
        text: (row) => cell(answer, figure, row, `${row.name} ${title}`, open),
      };
    }),
  ];
}

function cell(answer: Answer, figure: Figure, row: Row, label: string, open: Open): string | TemplateResult {
  const value = row.values[figure.key];
  const text = written(value, figure.kind);
  const leads = figure.lists && value !== null && value !== undefined && (value !== 0 || figure.kind !== "count") && answer.list(figure.key, row.code);
  const shown = leads ? opener(text, `${label} ${text}`, () => open(figure.key, row.code)) : text;
  return figure.bars ? html`${shown} ${loadBar(figureOf(row, figure.key))}` : shown;
}

const MOST = 2; // twice the target fills a bar

/** A load against its target, which is the line in the middle. */
function loadBar(load: number | null): TemplateResult | typeof none {
  if (load === null) return none;
  const width = Math.min(load, MOST) * (100 / MOST);
  return html`<svg class="loadbar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="room" width="100" height="10"></rect><rect class=${load > 1.1 ? "over" : load < 0.9 ? "under" : "even"} width=${width} height="10"></rect><path d="M50 0 V10"></path></svg>`;
}
