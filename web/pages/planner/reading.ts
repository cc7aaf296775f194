// What is asked of the service about plans: their blocks, figures of those in force, what a draft began as.

import { everyPage, follow, service, told, type Schema } from "../../shared/asking.ts";
import { Blocks, type BlocksAnswer } from "./blocks.ts";
import { countedFigures, loadTerms, type AreaFigures } from "./figures.ts";

const PAGE = 1000;
const MOST_LOGGED = 100;

/** Ask for the blocks of a plan, all of them or what changed since a revision. */
export async function blocksOf(plan: string, since: number | null = null): Promise<BlocksAnswer> {
  const query = since === null ? "" : `?since=${since}`;
  return (await follow<BlocksAnswer>(`/v1/plans/${encodeURIComponent(plan)}/blocks${query}`))[0];
}

/** A published plan has no figures of a draft: they are sums of its blocks, under the names that areas had. */
export async function countedOf(info: Schema["PlanInfo"], layer: Schema["LayerInfo"], blocks: Blocks): Promise<Map<string, AreaFigures>> {
  const query = { geometry: false, limit: PAGE, ...(info.valid_from ? { at: info.valid_from } : {}) };
  const [names, above] = [new Map<string, string>(), new Map<string, string>()];
  for await (const page of everyPage(service.GET("/v1/layers/{layer}/areas", { params: { path: { layer: info.layer }, query } }))) {
    for (const { properties } of page.features) {
      const { code, name, parent_codes: parents } = properties as { code: string; name: string; parent_codes: string[] };
      names.set(code, name);
      if (parents[0] !== undefined) above.set(code, parents[0]);
    }
  }
  blocks.placeIn(above);
  return countedFigures(blocks, names, loadTerms(layer.targets));
}

/** What was done on a draft since a revision, the last first. */
export async function operationsSince(plan: string, since: number, now: number): Promise<Schema["LoggedOperation"][]> {
  if (now <= since) return [];
  const query = { limit: Math.min(MOST_LOGGED, now - since) };
  const log = await told(service.GET("/v1/plans/{plan}/operations", { params: { path: { plan }, query } }));
  return log.filter(({ revision }) => revision > since);
}

/** Where each block was in the plan that a draft began as, and how many people each area had. */
export async function beganAs(plan: string): Promise<{ areas: Map<string, string | null>; people: Map<string, number> }> {
  const before = new Blocks();
  before.take(await blocksOf(plan));
  const areas = new Map<string, string | null>();
  const people = new Map<string, number>();
  before.codes.forEach((code, block) => {
    const area = before.areaOf(block);
    areas.set(code, area);
    if (area !== null) people.set(area, (people.get(area) ?? 0) + (before.population[block] ?? 0));
  });
  return { areas, people };
}
