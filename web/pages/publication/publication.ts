// Publish a plan: what it will do, whether anything forbids it, on what terms, and what was done.

import "../../shared/keys.ts";
import "./done.ts";
import "./terms.ts";
import { html, render, type TemplateResult } from "lit";
import { Problem, service, session, told, type Schema } from "../../shared/asking.ts";
import { byId } from "../../shared/elements.ts";
import { openHead } from "../../shared/head.ts";
import { none } from "../../shared/piece.ts";
import { Place } from "../../shared/place.ts";
import { changesTable, changeWords, numbered } from "../../shared/plan-changes.ts";
import { problem } from "../../shared/problems.ts";
import { bar, stages } from "../../shared/progress.ts";
import { ready } from "../../shared/ready.ts";
import { begin, number, onLanguage, say, titleOf } from "../../shared/words.ts";
import { GroundMap } from "./ground-map.ts";
import { aheadOf, impactOf, planOf, previewWithLists, type Ahead, type Impact, type Plan } from "./impact.ts";
import { plannerAddress } from "./links.ts";
import { paper } from "./paper.ts";
import { areasSection, codesSection, section, tallies } from "./sections.ts";
import { BLANK, type Decision } from "./terms.ts";
import { verdict } from "./verdict.ts";
import { belowSection, eventsSection, postsSection, workSection } from "./work-sections.ts";
import { words } from "./words.ts";

const place = new Place(["plan", "from"]);

let drafts: Plan[] | null = null; // to choose from, where the address names none
let ahead: Ahead | null = null; // what is known before the publication was tried out
let impact: Impact | null = null;
let published: { plan: Schema["PlanDetail"]; publication: Schema["PlanPublication"] | null } | null = null;
let earlier: Plan[] = [];
let decision: Decision = { ...BLANK };
let chosen: string | null = null;
let files: Schema["JobInfo"]["results"] = [];
let listing: Schema["JobInfo"] | null = null; // the job that makes the whole lists
let previewing: Schema["JobInfo"] | null = null;
let allowed = false;
let loading = false;
let publishing = false;
let notice = "";
let trouble: unknown = null; // the page cannot be shown
let refusal: unknown = null; // the publication was refused
let map: GroundMap | null = null;
let asking = new AbortController();

async function open(): Promise<void> {
  begin(stages, changeWords, words);
  void openHead();
  onLanguage(show);
  place.onChange(() => void load());
  addEventListener("beforeprint", show); // what was written into the form since
  await load();
}

async function load(): Promise<void> {
  const { plan, from } = place.read();
  [ahead, impact, published, drafts, trouble, refusal, chosen, files, map] = [null, null, null, null, null, null, null, [], null];
  decision = { ...BLANK, valid_from: from ?? "" };
  if (!plan) return choose();
  await look(plan);
}

async function choose(): Promise<void> {
  try {
    drafts = (await told(service.GET("/v1/plans", { params: { query: { limit: 1000 } } }))).filter(({ status }) => status === "draft");
  } catch (error) {
    trouble = error;
  }
  show();
  ready();
}

/** Work out what publishing will do; what was written into the form stays. */
async function look(name: string): Promise<void> {
  asking.abort();
  const mine = (asking = new AbortController());
  [loading, previewing, trouble] = [true, null, null];
  show();
  try {
    const plan = await planOf(name, mine.signal);
    if (plan.plan.status !== "draft") published = { plan, publication: null };
    else await preview(name, mine.signal);
  } catch (error) {
    if (mine.signal.aborted) return;
    trouble = error;
  }
  if (mine.signal.aborted) return;
  [loading, previewing] = [false, null];
  show();
  ready();
}

async function preview(name: string, signal: AbortSignal): Promise<void> {
  const { valid_from, ...others } = decision;
  const terms = { ...others, ...(valid_from ? { valid_from } : {}) };
  const onProgress = (job: Schema["JobInfo"]) => {
    previewing = job;
    show();
  };
  const [first, who, plans] = await Promise.all([aheadOf(name, signal), session(), told(service.GET("/v1/plans", { params: { query: { limit: 1000 } }, signal }))]);
  [ahead, allowed] = [first, who.rights.includes("plans.publish")];
  earlier = plans.filter(({ layer, scope_code, status }) => layer === first.plan.layer && scope_code === first.plan.scope_code && status === "published");
  show();
  ready();
  const found = await impactOf(first, terms, { onProgress, signal });
  if (found.ground !== first.ground) map = null;
  [ahead, impact, files] = [found, found, found.files];
  decision = { ...decision, valid_from: decision.valid_from || found.preview.effective };
}

async function publish(asked: Decision): Promise<void> {
  if (!impact) return;
  decision = asked;
  [publishing, refusal, notice] = [true, null, ""];
  show();
  const name = impact.plan.name;
  try {
    // as it was previewed, or not at all
    const params = { path: { plan: name }, header: { "If-Match": `"${impact.plan.revision}"` } };
    const publication = await told(service.POST("/v1/plans/{plan}/publication", { params, body: asked }));
    published = { plan: await planOf(name), publication };
  } catch (error) {
    if (error instanceof Problem && error.kind === "draft-changed") {
      await look(name);
      notice = say("changedMeanwhile");
    } else {
      refusal = error;
      if (error instanceof Problem && error.kind === "plan-published") await look(name);
    }
  }
  publishing = false;
  show();
  if (published) byId("content").focus();
}

async function makeLists(): Promise<void> {
  if (!impact) return;
  const { plan, preview } = impact;
  try {
    files = await previewWithLists(plan, preview.effective, (job) => {
      listing = job;
      show();
    });
  } catch (error) {
    refusal = error;
  }
  listing = null;
  show();
}

function show(): void {
  render(content(), byId("content"));
  const target = document.getElementById("ground-map");
  if (!target || !ahead?.ground) {
    map = null;
    return;
  }
  if (!map) {
    target.replaceChildren();
    map = new GroundMap(target, ahead.plan.layer, decision.valid_from, (number) => pick(number));
    map.show(ahead.ground);
  }
}

function pick(number: string): void {
  chosen = number;
  map?.choose(number);
  show();
}

function content(): TemplateResult {
  if (trouble) return html`<div class="reading">${problem(trouble)}<p><a href="/planner/publication">${say("chooseDraft")}</a></p></div>`;
  if (published) return html`<div class="reading"><publication-done .plan=${published.plan} .publication=${published.publication}></publication-done></div>`;
  if (drafts) return chooser(drafts);
  if (!ahead) return waiting();
  return report(ahead, impact);
}

function chooser(found: Plan[]): TemplateResult {
  if (!found.length) {
    return html`<div class="nothing"><strong>${say("noDrafts")}</strong>${say("noDraftsHow")}<a class="door" href="/planner">${say("toPlannerPage")}</a></div>`;
  }
  const open = (event: Event, name: string) => {
    event.preventDefault();
    place.write({ plan: name, from: null }, { step: true });
    void load();
  };
  return html`<div class="reading">
    <h2>${say("chooseDraft")}</h2>
    <div class="cards">
      ${found.map(
        (plan) => html`<a class="card" href=${`#plan=${encodeURIComponent(plan.name)}`} @click=${(event: Event) => open(event, plan.name)}>
          <h3>${plan.name}</h3>
          <span class="soft">${say("layer")} ${plan.layer} · ${say("areasCount")} ${number(plan.areas)} · ${say("revision")} ${plan.revision}</span>
        </a>`,
      )}
    </div>
  </div>`;
}

function waiting(): TemplateResult {
  return html`<div class="reading" aria-busy="true">
    <div class="skeleton"><div></div><div></div><div></div><div></div><div></div><div></div></div>
  </div>`;
}

function trying(): TemplateResult {
  return html`<div class="note" role="status">
    ${say(previewing ? "previewingMany" : "previewing")}${previewing ? bar(previewing.progress) : html`<progress aria-label=${say("progress")}></progress>`}
  </div>`;
}

function report(first: Ahead, found: Impact | null): TemplateResult {
  const { comparison } = first;
  const rows = numbered(comparison?.changes ?? []);
  const untold = comparison !== null && comparison.total.buildings === null;
  return html`
    ${topline(first, found)}
    <div class="columns">
      <div class="report" aria-busy=${loading}>
        ${loading ? trying() : none} ${found ? verdict(found) : none}
        ${tallies(first, found)} ${untold ? html`<p class="soft">${say("notToldNote")}</p>` : none}
        ${section(
          "changes",
          say("changesTitle"),
          rows.length
            ? html`<div class="map" id="ground-map" tabindex="0" role="application" aria-label=${say("changesMap")}></div>
                <p class="soft">${say("changesLegend")}</p>
                ${changesTable(rows, chosen, (row) => pick(String(row.number)))}`
            : html`<p class="soft">${say(comparison ? "changesNone" : "nothingBefore")}</p>`,
          rows.length,
        )}
        ${areasSection(first)}
        ${found ? html`${codesSection(found)} ${eventsSection(found, lists())} ${postsSection(found)} ${belowSection(found)} ${workSection(found)}` : none}
      </div>
      <aside class="decide card noprint" aria-label=${say("decideTitle")}>
        ${notice ? html`<div class="caution" role="alert">${notice}</div>` : none}
        <publication-terms
          .preview=${found?.preview ?? null}
          .earlier=${earlier}
          .decision=${decision}
          .allowed=${allowed}
          .busy=${publishing}
          .trouble=${refusal}
          @written=${(event: CustomEvent<Decision>) => (decision = event.detail)}
          @terms=${(event: CustomEvent<Decision>) => changeTerms(event.detail)}
          @publish=${(event: CustomEvent<Decision>) => void publish(event.detail)}
        ></publication-terms>
      </aside>
    </div>
    ${paper(decision)}
  `;
}

function topline({ plan, layer }: Ahead, found: Impact | null): TemplateResult {
  const told = [
    titleOf(layer),
    `${say("scope")} ${plan.scope_code || say("wholeGround")}`,
    `${say("areasCount")} ${number(plan.areas)}`,
    found?.preview.effect?.replaced ? `${say("follows")} ${found.preview.effect.replaced}` : `${say("basedOn")} ${plan.based_on ?? say("nothingBefore")}`,
    ...(found ? [`${say("firstDay")} ${found.preview.effective}`] : []),
  ];
  return html`<div class="topline">
    <div>
      <h2 class="name">${plan.name}</h2>
      <p class="soft">${told.join(" · ")}</p>
    </div>
    <span class="send noprint">
      <a class="door" href=${plannerAddress(plan.name)}>${say("backToPlanner")}</a>
      <button type="button" @click=${() => print()}>${say("print")}</button>
    </span>
  </div>`;
}

function changeTerms(asked: Decision): void {
  decision = asked;
  [notice, refusal, impact] = ["", null, null]; // what was told holds for the terms before
  place.write({ from: asked.valid_from });
  if (ahead) void look(ahead.plan.name);
}

function lists(): TemplateResult {
  if (listing) return html`<div class="noprint">${bar(listing.progress)}</div>`;
  const tables = files.filter(({ name }) => name.endsWith(".csv"));
  if (!tables.length) return html`<p class="noprint"><button type="button" class="small" @click=${makeLists}>${say("allLists")}</button></p>`;
  return html`<p class="send noprint">
    ${say("listsReady")} ${tables.map(({ name, href }) => html`<a href=${href} download=${name}>${say(`list_${name.replace(".csv", "")}`)}</a>`)}
  </p>`;
}

void open();
