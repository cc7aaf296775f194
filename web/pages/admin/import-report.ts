// What an import did or would do: how many rows became what, and those that were rejected, by reason.

import "../../shared/table.ts";
import { html, type TemplateResult } from "lit";
import { until } from "lit/directives/until.js";
import type { Schema } from "../../shared/asking.ts";
import { none } from "../../shared/piece.ts";
import { inChinese } from "../../shared/service-texts.ts";
import type { Column } from "../../shared/table.ts";
import { current, isSaid, number, say } from "../../shared/words.ts";

interface RowProblem {
  row: number;
  code: string | null;
  kind: string;
  message: string;
}

/** What the reports of all imports have, and some of what only some have. */
export interface Report {
  rows_read: number;
  rejected: number;
  problems: RowProblem[];
  crs?: string | null;
  plan?: string;
  rejects_path: string | null;
  orphans_path?: string | null;
  /** Which column holds what: a list of points, a table of others. */
  fields?: { holds: string; column: string }[] | Record<string, string>;
  [figure: string]: unknown;
}

const FIGURES = ["inserted", "updated", "unchanged", "imported", "merged", "areas", "moved", "unnamed", "replaced", "retirement_proposed", "without_place"];

/** The report of a job, with the files to take along. */
export function importReport(report: Report, job: Schema["JobInfo"], dry: boolean): TemplateResult {
  const figures = FIGURES.filter((name) => typeof report[name] === "number");
  const kinds = new Map<string, RowProblem[]>();
  for (const one of report.problems) kinds.set(one.kind, [...(kinds.get(one.kind) ?? []), one]);
  return html`<section class="card" data-report aria-labelledby="report-name">
    <h3 id="report-name">${say(dry ? "triedReport" : "doneReport", { file: job.title })}</h3>
    <div class="tallies" role="status">
      ${tally("rows_read", report.rows_read)}
      ${figures.map((name) => tally(name, report[name] as number))}
      ${tally("rejected", report.rejected, report.rejected > 0)}
    </div>
    ${report.crs || report.plan ? html`<p class="soft">${report.crs ? say("readIn", { crs: report.crs }) : ""} ${report.plan ? say("intoPlan", { plan: report.plan }) : ""}</p>` : none}
    ${columnsRead(report)}
    ${report.problems.length ? problems(report.problems, kinds) : html`<p class="status good">${say("noRejects")}</p>`}
    ${files(job, report)}
  </section>`;
}

/** The columns as they were understood: whoever sees a wrong one names it in the form. */
function columnsRead({ fields }: Report): TemplateResult | typeof none {
  const read = Array.isArray(fields) ? fields.map(({ holds, column }): [string, string] => [holds, column]) : Object.entries(fields ?? {});
  if (!read.length) return none;
  return html`<details><summary>${say("columnsRead", { count: number(read.length) })}</summary>
    <dl class="facts">${read.map(([holds, column]) => html`<dt>${isSaid(`in_${holds}_field`) ? say(`in_${holds}_field`) : holds}</dt><dd>${column}</dd>`)}</dl></details>`;
}

function tally(name: string, count: number, bad = false): TemplateResult {
  return html`<p class="tally ${bad ? "bad" : ""}"><strong>${number(count)}</strong> ${say(`report_${name}`)}</p>`;
}

function problems(found: RowProblem[], kinds: Map<string, RowProblem[]>): TemplateResult {
  const columns: Column<RowProblem>[] = [
    { key: "row", title: say("row"), value: ({ row }) => row },
    { key: "code", title: say("idOfRow"), value: ({ code }) => code },
    { key: "kind", title: say("why"), value: ({ kind }) => reason(kind) },
    { key: "message", title: say("whatIsWrong"), value: ({ message }) => message, text: ({ message }) => inWords(message) },
  ];
  return html`
    <ul class="chips" aria-label=${say("rejectsByReason")}>${[...kinds].map(([kind, ones]) => html`<li class="badge failed">${reason(kind)} ${number(ones.length)}</li>`)}</ul>
    <div class="scrolls short"><g-table .columns=${columns} .rows=${found} .keyOf=${(one: RowProblem) => `${one.row} ${one.kind} ${one.message}`} caption=${say("rejectedRows")}></g-table></div>
  `;
}

function inWords(message: string): TemplateResult {
  return html`${current() === "zh" ? until(inChinese(message), message) : message}`;
}

function reason(kind: string): string {
  return isSaid(`why_${kind}`) ? say(`why_${kind}`) : kind;
}

function files(job: Schema["JobInfo"], report: Report): TemplateResult {
  const shown = job.results.filter(({ name }) => name !== "report.json");
  if (!shown.length) return html``;
  const word = (name: string) => (name === report.rejects_path ? "takeRejects" : name === report.orphans_path ? "takeOrphans" : "takeFile");
  return html`<p class="send">
    ${shown.map(({ name, href }) => html`<a class="door" href=${href} download=${name}>${say(word(name), { name })}</a>`)}
    ${report.rejects_path ? html`<span class="soft">${say("mendHint")}</span>` : none}
  </p>`;
}
