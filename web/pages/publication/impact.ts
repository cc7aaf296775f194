// What publishing a draft will do, gathered from what the service tells: the preview, what changes hands on the
// ground, and the posts that will be vacant.

import { follow, Problem, service, told, type Schema } from "../../shared/asking.ts";
import { jobDone } from "../../shared/jobs.ts";
import { groundBetween, type Ground } from "../../shared/map/changed-ground.ts";
import { current } from "../../shared/words.ts";

export type Preview = Schema["PlanPreview"];
export type Plan = Schema["PlanInfo"];

/** On what terms a plan is to be put into force. */
export interface Terms {
  valid_from: string;
  valid_to: string | null;
  corrects: string | null;
  reason: string | null;
  accept_defects: string | null;
  keep_codes: boolean;
  over_newer: boolean;
}

/** What is known of a draft at once, before it was tried out. */
export interface Ahead {
  plan: Plan;
  layer: Schema["LayerInfo"];
  /** Held against the plan that it follows; null for the first of its layer and scope. */
  comparison: Schema["PlanComparison"] | null;
  ground: Ground | null;
}

export interface Impact extends Ahead {
  preview: Preview;
  /** As they are today; null for who may not see posts, and for a layer without a formula. */
  vacancies: Schema["Vacancies"] | null;
  /** The lists of a preview that was made as a job. */
  files: Schema["JobInfo"]["results"];
}

const MANY_AREAS = 600; // a preview of more takes longer than anybody waits for an answer

/** Ask for what changes on the ground, which is told in a moment. */
export async function aheadOf(name: string, signal: AbortSignal): Promise<Ahead> {
  const [{ plan }, layers] = await Promise.all([planOf(name, signal), told(service.GET("/v1/layers", { signal }))]);
  const layer = layers.find((one) => one.name === plan.layer) as Schema["LayerInfo"];
  return { plan, layer, ...(await heldAgainst(plan.based_on ?? null, name, signal)) };
}

/** Try the publication out on its terms: all that the page shows. */
export async function impactOf(
  ahead: Ahead,
  terms: Partial<Terms>,
  { onProgress, signal }: { onProgress: (job: Schema["JobInfo"]) => void; signal: AbortSignal },
): Promise<Impact> {
  const { plan, layer } = ahead;
  const [[preview, files], vacancies] = await Promise.all([
    previewOf(plan, terms, onProgress, signal),
    layer.staffing ? vacanciesOf(plan.layer, signal) : null,
  ]);
  const former = preview.effect?.lineage_of ?? plan.based_on ?? null;
  const held = former === (ahead.comparison?.former ?? null) ? {} : await heldAgainst(former, plan.name, signal);
  return { ...ahead, ...held, preview, vacancies, files };
}

async function heldAgainst(former: string | null, plan: string, signal: AbortSignal): Promise<Pick<Ahead, "comparison" | "ground">> {
  if (former === null) return { comparison: null, ground: null };
  const [comparison, ground] = await Promise.all([comparisonOf(former, plan, signal), groundBetween(former, plan, signal)]);
  return { comparison, ground };
}

/** The plan itself. */
export function planOf(name: string, signal?: AbortSignal): Promise<Schema["PlanDetail"]> {
  return told(service.GET("/v1/plans/{plan}", { params: { path: { plan: name } }, signal: signal ?? null }));
}

async function previewOf(
  plan: Plan,
  terms: Partial<Terms>,
  onProgress: (job: Schema["JobInfo"]) => void,
  signal: AbortSignal,
): Promise<[Preview, Schema["JobInfo"]["results"]]> {
  const { valid_from: effective, valid_to, corrects, accept_defects, keep_codes, over_newer } = terms;
  const path = { plan: plan.name };
  const isSpecial = Boolean(valid_to || corrects || accept_defects || keep_codes || over_newer);
  if (plan.areas <= MANY_AREAS && !isSpecial) {
    const query = effective ? { effective } : {};
    return [await told(service.GET("/v1/plans/{plan}/preview", { params: { path, query }, signal })), []];
  }
  const body = { effective, valid_to, corrects, accept_defects, keep_codes: keep_codes ?? false, over_newer: over_newer ?? false };
  const job = await told(service.POST("/v1/plans/{plan}/previews", { params: { path }, body, signal }));
  return previewMade(await jobDone(job, onProgress, signal), signal);
}

/** The whole preview with its lists as files, which a job makes. */
export async function previewWithLists(
  plan: Plan,
  effective: string,
  onProgress: (job: Schema["JobInfo"]) => void,
): Promise<Schema["JobInfo"]["results"]> {
  const body = { effective, keep_codes: false, over_newer: false };
  const job = await told(service.POST("/v1/plans/{plan}/previews", { params: { path: { plan: plan.name } }, body }));
  return (await jobDone(job, onProgress)).results;
}

async function previewMade(job: Schema["JobInfo"], signal: AbortSignal): Promise<[Preview, Schema["JobInfo"]["results"]]> {
  const whole = job.results.find(({ name }) => name === "preview.json");
  if (!whole) throw new Problem({ type: "/problems/not-found", detail: "preview.json" });
  const [preview] = await follow<Preview>(whole.href, signal);
  return [preview, job.results];
}

function comparisonOf(former: string, plan: string, signal: AbortSignal): Promise<Schema["PlanComparison"]> {
  const params = { path: { plan: former }, query: { with: plan } };
  return told(service.GET("/v1/plans/{plan}/comparison", { params, signal }));
}

async function vacanciesOf(layer: string, signal: AbortSignal): Promise<Schema["Vacancies"] | null> {
  try {
    const asked = service.GET("/v1/layers/{layer}/vacancies", { params: { path: { layer }, query: { format: "json" } }, signal, parseAs: "json" });
    return (await asked).data as Schema["Vacancies"];
  } catch (error) {
    if (error instanceof Problem && ["not-allowed", "conflict", "not-found"].includes(error.kind)) return null;
    throw error;
  }
}

/** An area that will have fewer posts than its formula asks for. */
export interface Vacant {
  code: string;
  name: string;
  /** Whether the area is new, so that nobody serves it yet. */
  isNew: boolean;
  roles: [role: string, missing: number][];
  missing: number;
}

/** The posts that will be vacant: those of new areas, and those that are vacant today where areas go on. */
export function vacantThen({ preview, vacancies }: Pick<Impact, "preview" | "vacancies">): Vacant[] {
  if (!vacancies || !preview.effect) return [];
  const { codes_given: given, codes_retired: retired } = preview.effect;
  const names = new Map(preview.workload.map(({ code, name }) => [code, name]));
  const perArea = vacancies.roles
    .map(({ role, least }): [string, number] => [role, vacancies.areas ? Math.round(least / vacancies.areas) : 0])
    .filter(([, least]) => least > 0);
  const all = perArea.reduce((sum, [, least]) => sum + least, 0);
  return [
    ...given.map((code) => ({ code, name: names.get(code) ?? "", isNew: true, roles: perArea, missing: all })),
    ...vacancies.found
      .filter(({ code, missing }) => missing > 0 && !retired.includes(code))
      .map(({ code, name, missing, roles }) => ({
        code,
        name,
        isNew: false,
        missing,
        roles: roles.filter((one) => one.missing > 0).map(({ role, missing }): [string, number] => [role, missing]),
      })),
  ];
}

/** Ways of open events from one code to another: those that keep their code stay on their desk. */
export function handedOver(preview: Preview): Schema["Reroute"][] {
  return (preview.rerouted?.ways ?? []).filter(({ from_code, to_code }) => from_code !== to_code);
}

/** What speaks against it, sorted by what somebody can do about it. */
export interface Against {
  /** The draft is mended in the planner. */
  problems: Schema["DraftProblem"][];
  /** Faults of the coverage, counted by kind. */
  faults: [kind: string, count: number][];
  /** All else, as the service says it. */
  others: Schema["Refusal"][];
  /** Whether a stated reason lets it be published all the same. */
  acceptable: boolean;
}

export function against({ problems, refusals, defects }: Preview): Against {
  const refused = problems.filter((one) => one.refused);
  const said = refused.map((one) => one.sentence_en);
  const defective = refusals.filter(({ slug }) => slug === "defects-found");
  const ownFaults = defective.filter(({ sentence }) => !said.some((one) => sentence.endsWith(one)));
  return {
    problems: refusals.length ? refused : [],
    faults: ownFaults.length ? Object.entries(defects).filter(([kind, count]) => count > 0 && kind !== "vertex-mismatch") : [],
    others: refusals.filter(({ slug }) => slug !== "defects-found"),
    acceptable: defective.length > 0 && !refused.some(({ kind }) => kind === "unassigned"),
  };
}

/** A sentence that the service says in both languages, in the one of the moment. */
export function sentenceOf(one: { sentence_zh: string; sentence_en: string }): string {
  return current() === "zh" ? one.sentence_zh : one.sentence_en;
}
