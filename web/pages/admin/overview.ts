// What is kept, and what of it waits for somebody: one card for each subject, each fetched by itself.

import { html, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { service, told, type Schema } from "../../shared/asking.ts";
import { may } from "../../shared/head.ts";
import { Piece } from "../../shared/piece.ts";
import { problem } from "../../shared/problems.ts";
import { ready } from "../../shared/ready.ts";
import { moment, number, say, titleOf } from "../../shared/words.ts";
import { skeleton } from "./subject.ts";
import { mayOpen, SUBJECTS, type SubjectWay } from "./subjects.ts";

const SOON_DAYS = 60; // before the last day of a calendar

type Grade = "good" | "busy" | "warn" | "bad" | "";
interface Line {
  text: () => string;
  grade: Grade;
}
interface Told {
  figure: () => string;
  label: string;
  lines: Line[];
}

const line = (text: () => string, grade: Grade = ""): Line => ({ text, grade });

const CARDS: Record<string, () => Promise<Told>> = {
  async layers() {
    const layers = await told(service.GET("/v1/layers"));
    const staffed = layers.filter(({ staffing }) => staffing);
    const vacancies = may("staff.read") ? await Promise.all(staffed.map(({ name }) => vacanciesOf(name))) : [];
    const lines = vacancies.map((one) =>
      one.missing
        ? line(() => say("vacant", { layer: titleOf(one), missing: number(one.missing), needed: number(one.needed) }), "warn")
        : line(() => say("filled", { layer: titleOf(one), needed: number(one.needed) }), "good"),
    );
    if (!layers.length) lines.push(line(() => say("noLayers"), "warn"));
    return { figure: () => number(layers.length), label: "layersThere", lines };
  },
  async register() {
    const asked = (permit: Schema["Permit"]) => told(service.GET("/v1/categories", { params: { query: { permit } } }));
    const [inForce, proposed, approved] = await Promise.all([asked("in-force"), asked("proposed"), asked("approved")]);
    const leaving = inForce.filter(({ retirement_proposed: leaves }) => leaves).length;
    const waiting = [
      proposed.length ? line(() => say("proposedItems", { count: number(proposed.length) }), "warn") : null,
      approved.length ? line(() => say("approvedItems", { count: number(approved.length) }), "warn") : null,
      leaving ? line(() => say("leavingItems", { count: number(leaving) }), "warn") : null,
    ].filter((one) => one !== null);
    return { figure: () => number(inForce.length), label: "itemsInForce", lines: waiting.length ? waiting : [line(() => say("noItemWaits"), "good")] };
  },
  async rules() {
    const rules = await told(service.GET("/v1/risk/rules"));
    const inForce = rules.find(({ state }) => state === "in-force");
    const proposed = rules.filter(({ state }) => state === "proposed").length;
    return {
      figure: () => inForce?.version ?? "–",
      label: inForce ? "rulesInForce" : "noRulesInForce",
      lines: [
        ...(inForce ? [] : [line(() => say("buildingsUnrated"), "warn")]),
        ...(inForce ? [line(() => say("ratedBy", { count: number(inForce.buildings) }), "good")] : []),
        ...(inForce?.is_example ? [line(() => say("stillExample"), "warn")] : []),
        ...(proposed ? [line(() => say("rulesProposed", { count: number(proposed) }), "warn")] : []),
      ],
    };
  },
  async policies() {
    const policies = (await told(service.GET("/v1/policies"))).filter(({ is_in_force: counts }) => counts);
    const examples = policies.filter(({ is_example: example }) => example).length;
    const text = () => say("policyExamples", { count: number(examples), all: number(policies.length) });
    return { figure: () => number(policies.length), label: "policiesInForce", lines: examples ? [line(text, "warn")] : [] };
  },
  async calendar() {
    const calendars = await told(service.GET("/v1/calendars"));
    const lines = calendars.map(({ name, last_day: last }) => {
      const soon = last === null || new Date(last).getTime() < Date.now() + SOON_DAYS * 86_400_000;
      return line(() => say(last ? "daysUntil" : "noDays", { name, day: last ?? "" }), soon ? "warn" : "good");
    });
    if (!calendars.length) lines.push(line(() => say("noCalendars"), "warn"));
    return { figure: () => number(calendars.length), label: "calendarsThere", lines };
  },
  async imports() {
    const jobs = (await told(service.GET("/v1/jobs", { params: { query: { limit: 100 } } }))).filter(({ kind }) => kind.startsWith("import_"));
    const [last] = jobs;
    const lines = last
      ? [line(() => say("lastImport", { title: last.title, when: moment(last.created) ?? "" }), last.state === "failed" ? "bad" : last.state === "done" ? "good" : "busy")]
      : [line(() => say("noImport"))];
    return { figure: () => number(jobs.length), label: "importsKept", lines };
  },
  async accounts() {
    const accounts = await told(service.GET("/v1/accounts"));
    const out = accounts.filter(({ disabled }) => disabled).length;
    const roleless = accounts.filter(({ roles }) => roles.length === 0).length;
    return {
      figure: () => number(accounts.length),
      label: "accountsThere",
      lines: [
        ...(out ? [line(() => say("accountsOut", { count: number(out) }))] : []),
        ...(roleless ? [line(() => say("accountsRoleless", { count: number(roleless) }), "warn")] : []),
      ],
    };
  },
  async jobs() {
    const jobs = await told(service.GET("/v1/jobs", { params: { query: { limit: 200 } } }));
    const count = (state: Schema["JobState"]) => jobs.filter((job) => job.state === state).length;
    const [failed, open] = [count("failed"), count("running") + count("waiting")];
    return {
      figure: () => number(open),
      label: "jobsOpen",
      lines: [failed ? line(() => say("jobsFailed", { count: number(failed) }), "bad") : line(() => say("noJobFailed"), "good")],
    };
  },
  async audit() {
    const found = await told(service.GET("/v1/audit/verification"));
    const text = () => (found.intact ? say("auditIntact") : say("auditBroken", { count: number(found.findings.length) }));
    return { figure: () => number(found.entries), label: "auditEntries", lines: [line(text, found.intact ? "good" : "bad")] };
  },
};

async function vacanciesOf(layer: string): Promise<Schema["Vacancies"]> {
  return (await told(service.GET("/v1/layers/{layer}/vacancies", { params: { path: { layer } } }))) as Schema["Vacancies"];
}

@customElement("admin-overview")
export class Overview extends Piece {
  @state() private cards: Record<string, Told | unknown> = {};

  override connectedCallback(): void {
    super.connectedCallback();
    const fetched = this.#ways.map(async ({ name }) => {
      const told = await CARDS[name]?.().catch((error: unknown) => ({ error }));
      this.cards = { ...this.cards, [name]: told };
    });
    void Promise.race(fetched).then(ready);
  }

  get #ways(): SubjectWay[] {
    return SUBJECTS.filter((subject) => subject.name in CARDS && mayOpen(subject));
  }

  protected override render(): TemplateResult {
    return html`<h2 class="unseen">${say("subject_overview")}</h2>
      <div class="cards">
        ${this.#ways.map(
          ({ name, href }) => html`<a class="card" href=${href} data-card=${name}>
            <h3>${say(`subject_${name}`)}</h3>
            ${this.#inside(name)}
          </a>`,
        )}
      </div>`;
  }

  #inside(name: string): TemplateResult {
    const told = this.cards[name] as (Told & { error?: unknown }) | undefined;
    if (!told) return skeleton();
    if (told.error) return html`${problem(told.error)}`;
    return html`<p class="tally"><strong>${told.figure()}</strong> ${say(told.label)}</p>
      ${told.lines.map(({ text, grade }) => html`<p class="status ${grade}">${text()}</p>`)}`;
  }
}
