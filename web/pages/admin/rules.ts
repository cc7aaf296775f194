// Risk rules: the versions on record, what one says and says otherwise, what it would change, and putting it in force.

import "../../shared/table.ts";
import "./rule-preview.ts";
import { html, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { announce } from "../../shared/announcing.ts";
import { service, told, type Schema } from "../../shared/asking.ts";
import { askFor } from "../../shared/dialog.ts";
import { make } from "../../shared/elements.ts";
import { jobDone } from "../../shared/jobs.ts";
import { none } from "../../shared/piece.ts";
import { Place } from "../../shared/place.ts";
import { problem } from "../../shared/problems.ts";
import { bar } from "../../shared/progress.ts";
import type { Column } from "../../shared/table.ts";
import { moment, number, say, titleOf } from "../../shared/words.ts";
import { documentView } from "./document-view.ts";
import { DOCUMENTS_AND_WORKBOOKS, sendDocument } from "./documents.ts";
import { Subject } from "./subject.ts";

type Rules = Schema["RulesInfo"];

const place = new Place(["version", "with"]);
const GRADES: Record<Rules["state"], string> = { "in-force": "done", proposed: "warn", former: "" };

@customElement("admin-rules")
export class RiskRules extends Subject {
  @state() private versions: Rules[] = [];
  @state() private chosen: Schema["RulesDetail"] | null = null;
  @state() private compared: Schema["RulesCompared"] | null = null;
  @state() private adopting: Schema["JobInfo"] | null = null;

  protected override async load(): Promise<void> {
    this.versions = await told(service.GET("/v1/risk/rules"));
    const asked = place.read().version ?? this.versions.find(({ state }) => state === "in-force")?.version ?? this.versions[0]?.version;
    if (asked) await this.#show(asked, place.read().with);
  }

  async #show(version: string, other?: string): Promise<void> {
    const [detail, compared] = await Promise.all([
      told(service.GET("/v1/risk/rules/{version}", { params: { path: { version } } })),
      other ? told(service.GET("/v1/risk/rules/{version}/comparison", { params: { path: { version: other }, query: { with: version } } })) : null,
    ]);
    this.chosen = detail;
    this.compared = compared;
  }

  #open(version: string, other?: string): void {
    place.write({ version, with: other });
    void this.attempt(() => this.#show(version, other));
  }

  protected override body(): TemplateResult {
    const columns: Column<Rules>[] = [
      { key: "version", title: say("version"), value: ({ version }) => version, text: ({ version }) => html`<span class="code">${version}</span>` },
      { key: "state", title: say("state"), value: ({ state }) => state, text: ({ state }) => html`<span class="badge ${GRADES[state]}">${say(`rules_${state}`)}</span>` },
      { key: "title", title: say("title_"), value: titleOf },
      { key: "proposed", title: say("proposedBy"), value: ({ proposed_at: at }) => at, text: (one) => `${moment(one.proposed_at)} ${one.proposed_by ?? ""}` },
      { key: "adopted", title: say("adoptedBy"), value: ({ adopted_at: at }) => at, text: (one) => (one.adopted_at ? `${moment(one.adopted_at)} ${one.adopted_by ?? ""}` : "–") },
      { key: "buildings", title: say("buildingsRated"), value: ({ buildings }) => buildings },
    ];
    return html`
      <h2>${say("subject_rules")}</h2>
      ${this.#proposing()}
      ${this.versions.length
        ? html`<div class="scrolls"><g-table
            .columns=${columns}
            .rows=${this.versions}
            .keyOf=${({ version }: Rules) => version}
            .chosen=${this.chosen?.rules.version ?? null}
            caption=${say("subject_rules")}
            @choose=${({ detail }: CustomEvent<Rules>) => this.#open(detail.version)}
          ></g-table></div>`
        : html`<div class="nothing"><strong>${say("noRules")}</strong>${say("noRulesHint")}</div>`}
      ${this.chosen ? this.#detail(this.chosen) : none}
    `;
  }

  #proposing(): TemplateResult {
    return html`<form class="filters" @submit=${(event: Event) => this.#propose(event)}>
      <label>${say("rulesFile")}<input type="file" name="file" required accept=${DOCUMENTS_AND_WORKBOOKS} /></label>
      <button type="submit">${say("proposeRules")}</button>
      <span class="soft">${say("proposeHint")}</span>
    </form>`;
  }

  async #propose(event: Event): Promise<void> {
    event.preventDefault();
    const field = (event.target as HTMLFormElement).elements.namedItem("file") as HTMLInputElement;
    const file = field.files?.[0];
    if (!file) return;
    await this.attempt(async () => {
      const { rules, is_new: isNew } = await sendDocument<Schema["RulesProposed"]>("/v1/risk/rules", file);
      field.value = "";
      announce(say(isNew ? "rulesKept" : "rulesKnown", { version: rules.version }));
      const other = this.versions.find(({ state }) => state === "in-force")?.version;
      place.write({ version: rules.version, with: other === rules.version ? undefined : other });
      await this.load();
    });
  }

  #detail({ rules, definition }: Schema["RulesDetail"]): TemplateResult {
    const others = this.versions.filter(({ version }) => version !== rules.version);
    return html`<section class="card" aria-labelledby="rules-name">
      <div class="send">
        <h2 id="rules-name">${titleOf(rules)} <span class="code">${rules.version}</span></h2>
        <span class="badge ${GRADES[rules.state]}">${say(`rules_${rules.state}`)}</span>
        ${rules.is_example ? html`<span class="badge warn">${say("example")}</span>` : none}
        <span class="grow"></span>
        ${rules.state === "in-force" ? none : html`<button type="button" class="primary" ?disabled=${this.adopting !== null} @click=${() => this.#adopt(rules)}>${say("adoptRules")}</button>`}
      </div>
      ${this.adopting ? html`<div role="status"><p>${say("adopting")}</p>${bar(this.adopting.progress)}</div>` : none}
      <p class="soft">${rules.source}</p>
      ${rules.reason ? html`<p>${say("reason")}: ${rules.reason}</p>` : none}
      <rule-preview .version=${rules.version}></rule-preview>
      ${others.length
        ? html`<div class="filters"><label>${say("compareWith")}
            <select @change=${(event: Event) => this.#open(rules.version, (event.target as HTMLSelectElement).value || undefined)}>
              <option value="">–</option>
              ${others.map(({ version }) => html`<option value=${version} ?selected=${version === this.compared?.before}>${version}</option>`)}
            </select></label></div>`
        : none}
      ${this.compared ? differencesOf(this.compared.differences, this.compared.before, this.compared.after) : none}
      <details ?open=${!this.compared}><summary>${say("whatItSays")}</summary>${documentView(definition)}</details>
    </section>`;
  }

  async #adopt({ version }: Rules): Promise<void> {
    const reason = make("textarea", { id: "reason", rows: 3, maxlength: 2000, required: true });
    let job: Schema["JobInfo"] | null = null;
    const goesOn = await askFor({
      title: say("adoptTitle", { version }),
      content: [make("p", {}, say("adoptHint")), make("div", { class: "entry" }, make("label", { for: "reason" }, say("adoptReason")), reason)],
      action: say("adoptRules"),
      trouble: problem,
      act: async () => {
        job = await told(service.POST("/v1/risk/rules/{version}/adoption", { params: { path: { version } }, body: { reason: reason.value.trim() } }));
      },
    });
    if (!goesOn || !job) return;
    const begun: Schema["JobInfo"] = job;
    await this.attempt(async () => {
      await jobDone(begun, (now) => (this.adopting = now));
      announce(say("adopted", { version }));
      await this.load();
    });
    this.adopting = null;
  }
}

/** What one version says otherwise than another, as a table. */
export function differencesOf(found: readonly Schema["RuleDifference"][], before: string, after: string): TemplateResult {
  if (!found.length) return html`<p class="note">${say("noDifference", { before, after })}</p>`;
  return html`<div class="scrolls"><table class="plain">
    <caption>${say("differences", { before, after, count: number(found.length) })}</caption>
    <thead><tr><th scope="col">${say("part")}</th><th scope="col">${say("name")}</th><th scope="col">${before}</th><th scope="col">${after}</th></tr></thead>
    <tbody>
      ${found.map((one) => html`<tr><td>${say(`part_${one.part}`)}</td><td class="code">${one.name}${one.key ? ` · ${one.key}` : ""}</td><td>${one.before ?? "–"}</td><td>${one.after ?? "–"}</td></tr>`)}
    </tbody>
  </table></div>`;
}
