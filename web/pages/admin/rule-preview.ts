// What rules would change, computed by a job: how many buildings of each class, from which to which, and where.

import "../../shared/table.ts";
import { html, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { follow, service, told, type Schema } from "../../shared/asking.ts";
import { jobDone } from "../../shared/jobs.ts";
import { RISK_CLASSES } from "../../shared/map/palette.ts";
import { none, Piece } from "../../shared/piece.ts";
import { problem } from "../../shared/problems.ts";
import { bar } from "../../shared/progress.ts";
import type { Column } from "../../shared/table.ts";
import { number, say } from "../../shared/words.ts";

/** The report of such a job, as far as it is shown; see `RatingPreview` in docs/cli-json.md. */
interface Report {
  version: string;
  in_force: string | null;
  today: string;
  buildings: number;
  before: Record<string, number>;
  after: Record<string, number>;
  changed: number;
  changes: { before: string | null; after: string; buildings: number }[];
  areas: AreaChange[];
  first: { id: number; external_id: string; area: string | null; before: { risk_class: string | null }; after: { risk_class: string | null } }[];
}

interface AreaChange {
  code: string | null;
  name: string | null;
  changed: number;
  warnings_before: number;
  warnings_after: number;
}

@customElement("rule-preview")
export class RulePreview extends Piece {
  @property() version = "";
  @state() private job: Schema["JobInfo"] | null = null;
  @state() private report: Report | null = null;
  @state() private trouble: unknown = null;
  #asked = new AbortController();

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("version")) return;
    this.#asked.abort();
    this.job = this.report = this.trouble = null;
  }

  async #preview(): Promise<void> {
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    this.report = this.trouble = null;
    try {
      const begun = await told(service.POST("/v1/risk/previews", { body: { version: this.version, shown: 20 }, signal }));
      const done = await jobDone(begun, (now) => (this.job = now), signal);
      const address = done.results.find(({ name }) => name === "report.json")?.href;
      if (address) [this.report] = await follow<Report>(address, signal);
    } catch (error) {
      if (!signal.aborted) this.trouble = error;
    }
    if (!signal.aborted) this.job = null;
  }

  protected override render(): TemplateResult {
    return html`
      <div class="send"><button type="button" ?disabled=${this.job !== null} @click=${() => this.#preview()}>${say("previewRules")}</button>
        <span class="soft">${say("previewHint")}</span></div>
      ${this.job ? html`<div role="status">${bar(this.job.progress)}</div>` : none}
      ${this.trouble ? problem(this.trouble) : none}
      ${this.report ? this.#told(this.report) : none}
    `;
  }

  #told(report: Report): TemplateResult {
    const columns: Column<AreaChange>[] = [
      { key: "area", title: say("area"), value: ({ code }) => code, text: ({ code, name }) => html`${name ?? say("noArea")} <span class="soft code">${code ?? ""}</span>` },
      { key: "changed", title: say("changedHere"), value: ({ changed }) => changed },
      { key: "before", title: say("warningsBefore"), value: (one) => one.warnings_before },
      { key: "after", title: say("warningsAfter"), value: (one) => one.warnings_after },
      { key: "more", title: say("warningsMore"), value: (one) => one.warnings_after - one.warnings_before },
    ];
    return html`
      <div class="tallies" data-report role="status">
        <p class="tally"><strong>${number(report.changed)}</strong> ${say("changedOf", { all: number(report.buildings) })}</p>
        ${RISK_CLASSES.map((one) => html`<p class="tally"><strong>${number(report.after[one] ?? 0)}</strong> ${say(`class_${one}`)} ${signed((report.after[one] ?? 0) - (report.before[one] ?? 0))}</p>`)}
      </div>
      ${report.changes.length
        ? html`<ul class="lines">${report.changes.map((one) => html`<li>${say(`class_${one.before ?? "unclassified"}`)} → ${say(`class_${one.after}`)}: ${number(one.buildings)}</li>`)}</ul>`
        : html`<p class="note">${say("changesNothing")}</p>`}
      ${report.areas.length
        ? html`<details open><summary>${say("whereChanged", { count: number(report.areas.length) })}</summary>
            <div class="scrolls short"><g-table .columns=${columns} .rows=${report.areas} .keyOf=${(one: AreaChange) => one.code ?? ""} caption=${say("whereChanged", { count: number(report.areas.length) })}></g-table></div></details>`
        : none}
      ${report.first.length
        ? html`<details><summary>${say("firstChanged", { count: number(report.first.length) })}</summary>
            <ul class="lines">${report.first.map((one) => html`<li><a href=${`/analysis#building=${one.id}`}>${one.external_id}</a> <span class="soft">${one.area ?? ""}</span>
              ${say(`class_${one.before.risk_class ?? "unclassified"}`)} → ${say(`class_${one.after.risk_class ?? "unclassified"}`)}</li>`)}</ul></details>`
        : none}
    `;
  }
}

function signed(change: number): string {
  return change === 0 ? "±0" : `${change > 0 ? "+" : "−"}${number(Math.abs(change))}`;
}
