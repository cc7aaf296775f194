// Bringing data in: a file tried first, then brought in; what was rejected is taken along, mended and sent again.

import "./import-form.ts";
import { html, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { announce } from "../../shared/announcing.ts";
import { follow, service, told, type Schema } from "../../shared/asking.ts";
import { may } from "../../shared/head.ts";
import { jobDone } from "../../shared/jobs.ts";
import { none } from "../../shared/piece.ts";
import { Place } from "../../shared/place.ts";
import { problem } from "../../shared/problems.ts";
import { bar } from "../../shared/progress.ts";
import { say, shortMoment } from "../../shared/words.ts";
import { sendForm } from "./documents.ts";
import { fieldsOf, importsOf, type Description, type Field } from "./import-fields.ts";
import { importReport, type Report } from "./import-report.ts";
import { Subject } from "./subject.ts";

/** What each import takes; one that is not here is offered to everybody, and the service decides. */
const RIGHTS: Record<string, string> = {
  areas: "plans.draft",
  assignments: "plans.draft",
  events: "events.write",
  buildings: "buildings.write",
  staff: "staff.write",
  hazards: "hazards.record",
  categories: "registers.propose",
  departments: "registers.propose",
  devices: "registers.propose",
  exceptions: "registers.propose",
  "service-points": "registers.propose",
  care: "registers.propose",
};

interface Outcome {
  job: Schema["JobInfo"];
  report: Report | null;
  dry: boolean;
  /** Why it failed, and the lines that it told. */
  trouble: unknown;
  log: string[];
}

const place = new Place(["what"]);
const MOST_LINES = 200;

@customElement("admin-imports")
export class Imports extends Subject {
  @state() private description: Description | null = null;
  @state() private layers: Schema["LayerInfo"][] = [];
  @state() private drafts: string[] = [];
  @state() private asked = place.read();
  @state() private job: Schema["JobInfo"] | null = null;
  @state() private outcome: Outcome | null = null;
  @state() private former: Schema["JobInfo"][] = [];
  @state() private triedForm = false;

  protected override async load(): Promise<void> {
    const [[description], layers, jobs] = await Promise.all([
      follow<Description>("/openapi.json"),
      told(service.GET("/v1/layers")),
      told(service.GET("/v1/jobs", { params: { query: { limit: 100 } } })),
    ]);
    this.description = description;
    this.layers = layers;
    this.former = jobs.filter(({ kind }) => kind.startsWith("import_"));
    const details = may("plans.draft") ? await Promise.all(layers.map(({ name }) => told(service.GET("/v1/layers/{layer}", { params: { path: { layer: name } } })))) : [];
    this.drafts = details.flatMap(({ drafts }) => drafts);
  }

  get #ways(): string[] {
    return this.description ? importsOf(this.description).filter((what) => !RIGHTS[what] || may(RIGHTS[what])) : [];
  }

  protected override body(): TemplateResult {
    const what = this.asked.what && this.#ways.includes(this.asked.what) ? this.asked.what : (this.#ways[0] ?? "");
    const fields: Field[] = this.description ? fieldsOf(this.description, what) : [];
    return html`
      <h2 class="unseen">${say("subject_imports")}</h2>
      <div class="chips" role="group" aria-label=${say("whatToImport")}>
        ${this.#ways.map((one) => html`<button type="button" class="chip" aria-pressed=${one === what} ?disabled=${this.job !== null} @click=${() => this.#turnTo(one)}>${say(`import_${one}`)}</button>`)}
      </div>
      <div class="beside even">
        <section class="card" aria-labelledby="import-name">
          <h2 id="import-name">${say(`import_${what}`)}</h2>
          <p class="soft">${say(`importHint_${what}`)}</p>
          <import-form
            .what=${what}
            .fields=${fields}
            .layers=${this.layers}
            .drafts=${this.drafts}
            .busy=${this.job !== null}
            .tried=${this.triedForm}
            @edited=${() => (this.triedForm = false)}
            @send=${({ detail }: CustomEvent<{ form: FormData; dry: boolean }>) => this.#send(what, detail.form, detail.dry)}
          ></import-form>
        </section>
        <div class="sheet" aria-live="polite">
          ${this.job ? html`<section class="card"><h3>${say(this.job.state)}: ${this.job.title}</h3>${bar(this.job.progress)}
              <div><button type="button" class="small" @click=${() => this.#cancel()}>${say("cancel")}</button></div></section>` : none}
          ${this.outcome ? this.#told(this.outcome) : this.job ? none : this.#before()}
        </div>
      </div>
    `;
  }

  #turnTo(what: string): void {
    place.write({ what });
    this.asked = place.read();
    this.outcome = null;
    this.trouble = null;
    this.triedForm = false;
  }

  #told({ job, report, dry, trouble, log }: Outcome): TemplateResult {
    if (report) return importReport(report, job, dry);
    return html`${problem(trouble)}
      ${log.length ? html`<section class="card"><h3>${say("rejectedRows")}</h3><ul class="lines scrolls short">${log.slice(0, MOST_LINES).map((line) => html`<li>${line}</li>`)}</ul></section>` : none}`;
  }

  /** The imports before this one, so that their files are found again. */
  #before(): TemplateResult {
    if (!this.former.length) return html`<div class="nothing"><strong>${say("noImportYet")}</strong>${say("noImportHint")}</div>`;
    const grade = (job: Schema["JobInfo"]) => ({ done: "good", failed: "bad", running: "busy", waiting: "busy", cancelled: "" })[job.state];
    return html`<section class="card"><h3>${say("formerImports")}</h3>
      <ul class="lines">${this.former.slice(0, 12).map((job) => html`<li>
        <span class="status ${grade(job)}">${say(job.state)}</span>
        <a href=${`/jobs/${job.id}`}>${say(`import_${job.kind.replace("import_", "").replaceAll("_", "-")}`)} · ${job.title}</a>
        <span class="soft">${shortMoment(job.created)} ${job.account ?? ""}</span></li>`)}</ul></section>`;
  }

  async #send(what: string, form: FormData, dry: boolean): Promise<void> {
    if (dry) form.set("dry_run", "true");
    this.outcome = null;
    await this.attempt(async () => {
      const begun = await sendForm<Schema["JobInfo"]>(`/v1/imports/${what}`, form);
      this.outcome = await this.#wait(begun, dry);
      this.triedForm = dry && this.outcome.report !== null;
      if (!dry && this.outcome.report) announce(say("broughtIn"));
    });
    this.job = null;
  }

  async #wait(begun: Schema["JobInfo"], dry: boolean): Promise<Outcome> {
    try {
      const job = await jobDone(begun, (now) => (this.job = now));
      this.former = [job, ...this.former];
      const address = job.results.find(({ name }) => name === "report.json")?.href ?? "";
      const [report] = await follow<Report>(address);
      return { job, report, dry, trouble: null, log: [] };
    } catch (trouble) {
      const lines = await told(service.GET("/v1/jobs/{id}/log", { params: { path: { id: begun.id } } })).catch(() => []);
      return { job: begun, report: null, dry, trouble, log: lines.map(({ line }) => line).filter((line) => line.startsWith("Row ")) };
    }
  }

  async #cancel(): Promise<void> {
    const { job } = this;
    if (job) await this.attempt(async () => void (await told(service.DELETE("/v1/jobs/{id}", { params: { path: { id: job.id } } }))));
  }
}
