// What was published: what it did, and the annex to print, which a job makes.

import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { service, told, type Schema } from "../../shared/asking.ts";
import { jobDone } from "../../shared/jobs.ts";
import { none, Piece } from "../../shared/piece.ts";
import { problem } from "../../shared/problems.ts";
import { bar } from "../../shared/progress.ts";
import { current, isSaid, moment, number, say } from "../../shared/words.ts";
import { plannerAddress } from "./links.ts";

/** `<publication-done .plan .publication>`: `publication` where it was just done, else the plan alone is shown. */
@customElement("publication-done")
export class PublicationDone extends Piece {
  @property({ attribute: false }) plan!: Schema["PlanDetail"];
  @property({ attribute: false }) publication: Schema["PlanPublication"] | null = null;
  @state() private job: Schema["JobInfo"] | null = null;
  @state() private trouble: unknown = null;

  protected override render(): TemplateResult {
    const { plan } = this.plan;
    const done = this.publication;
    const began = plan.took_effect_at !== null;
    const faults = done ? Object.entries(done.defects).filter(([, count]) => count > 0) : [];
    const rows: [string, unknown][] = [
      [say("inForce"), `${plan.valid_from ?? ""} – ${plan.valid_to ?? say("openEnd")}`],
      [say("decision"), plan.decision],
      [say("decidedOn"), plan.decided_on],
      [say("author"), plan.author],
      [say("replaced"), done?.replaced],
      [say("tallyNew"), done?.effect.codes_given.length ? codes(done.effect.codes_given) : null],
      [say("tallyEnds"), done?.effect.codes_retired.length ? codes(done.effect.codes_retired) : null],
      [say("certificate"), done ? say(done.certified ? "certified" : "notCertified") : null],
      [say("acceptedBecause"), done?.accepted_because],
      [say("warnings"), faults.length ? faults.map(([kind, count]) => `${isSaid(`kind_${kind}`) ? say(`kind_${kind}`) : kind} ${number(count)}`).join(say("comma")) : null],
      [say("tallyEvents"), done?.effect.rerouted ? say("eventsText", { events: number(done.effect.rerouted.events), handed: number(done.effect.rerouted.handed_over) }) : null],
      ["", say(began ? "tookEffect" : "takesEffect")],
      [say("digest"), this.plan.content_sha256 ? html`<code>${this.plan.content_sha256}</code>` : null],
    ];
    return html`
      <div class="note good" id="done" role="status">
        <strong>${plan.status === "published" && !began ? say("doneFuture", { day: plan.valid_from ?? "" }) : plan.status === "retired" ? say("status_retired") : say("doneTitle")}</strong>
        ${say("doneText", { plan: plan.name })} ${this.plan.published_at ? html`<span class="soft">${moment(this.plan.published_at)}</span>` : none}
      </div>
      <dl class="facts">${rows.filter(([, value]) => value).map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`)}</dl>
      <section class="card" aria-labelledby="annex-title">
        <h2 id="annex-title">${say("annexTitle")}</h2>
        <p class="soft">${say("annexText")}</p>
        ${this.#annex()} ${this.trouble ? problem(this.trouble) : none}
      </section>
      <p class="send noprint"><a href=${plannerAddress(plan.name)}>${say("seeOnMap")}</a></p>
    `;
  }

  #annex(): TemplateResult {
    const file = this.job?.state === "done" ? this.job.results.find(({ name }) => name.endsWith(".pdf")) : null;
    if (file) return html`<p><a class="door" id="annex" href=${file.href} download>${say("annexOpen")}</a> <span class="soft">${number(file.bytes / 1024)} KB</span></p>`;
    if (this.job && this.job.state !== "failed") return html`<p aria-live="polite">${say("annexMaking")} <a href="/jobs">${say("annexJobs")}</a></p>${bar(this.job.progress)}`;
    return html`<div class="send noprint"><button type="button" class="primary" id="make-annex" @click=${this.#make}>${say("annexMake")}</button></div>`;
  }

  #make = async (): Promise<void> => {
    this.trouble = null;
    const body = { what: "annex", format: "pdf", plan: this.plan.plan.name, language: current() } as const;
    try {
      const job = await told(service.POST("/v1/exports", { body }));
      this.job = await jobDone(job, (now) => (this.job = now));
    } catch (error) {
      this.job = null;
      this.trouble = error;
    }
  };
}

function codes(list: readonly string[]): TemplateResult {
  return html`<code>${list.slice(0, 40).join(" ")}</code>${list.length > 40 ? ` … ${number(list.length)}` : ""}`;
}
