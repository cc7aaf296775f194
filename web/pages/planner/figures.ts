// Figures of areas as of now: what the service told last, and for areas whose blocks changed since, sums of blocks.

import type { Schema } from "../../shared/asking.ts";
import { NONE, type Blocks } from "./blocks.ts";

export type AreaFigures = Schema["AreaFigures"];

export interface AreaNow extends AreaFigures {
  /** Whether blocks changed that the service did not count yet: parts and compactness are those of before. */
  pending: boolean;
  /** People more or fewer than in the plan that the draft began as; null for an area that is new, or none is known. */
  change: number | null;
}

interface Sums {
  blocks: number;
  population: number;
  households: number;
  area_m2: number;
}

type Attribute = Exclude<keyof Sums, "blocks">;

const OF_TERM: Record<string, [attribute: Attribute, unit: number]> = {
  population: ["population", 1],
  households: ["households", 1],
  area_km2: ["area_m2", 1e6],
};

/** What the load of a layer is made of: people and ground by their targets, and further terms. */
export function loadTerms(targets: Schema["Targets"] | null): Schema["LoadTerm"][] {
  if (!targets) return [];
  const { population, area_km2, weight_population, weight_area } = targets;
  return [
    ...(population ? [{ attribute: "population", weight: weight_population, target: population }] : []),
    ...(area_km2 ? [{ attribute: "area_km2", weight: weight_area, target: area_km2 }] : []),
    ...targets.terms,
  ];
}

/**
 * Work out the figures of all areas.
 * @param told what the service said last, by code
 * @param terms what the load of the layer is made of; of what blocks do not carry, areas keep what they had
 * @param base people of each area in the plan that the draft began as
 */
export function figuresNow(
  told: ReadonlyMap<string, AreaFigures>,
  blocks: Blocks,
  terms: readonly Schema["LoadTerm"][],
  base: ReadonlyMap<string, number> | null,
): Map<string, AreaNow> {
  const [now, before, touched] = sumsOf(blocks);
  const found = new Map<string, AreaNow>();
  for (const [code, figures] of told) {
    const at = blocks.numberOf(code);
    const pending = touched.has(at);
    const sums = now[at];
    if (pending && !sums) continue; // nothing is left of it
    const change = base?.get(code);
    const shown = pending && sums ? moved(figures, sums, before[at], terms) : figures;
    found.set(code, { ...shown, pending, change: change === undefined ? null : shown.population - change });
  }
  for (const at of touched) {
    const [code, sums] = [blocks.areaCodes[at], now[at]];
    if (code !== undefined && sums && !told.has(code)) found.set(code, { ...moved(unmeasured(code), sums, undefined, terms), pending: true, change: null });
  }
  return found;
}

/** Figures of areas that nobody measured: sums of their blocks, under the names that are known. */
export function countedFigures(blocks: Blocks, names: ReadonlyMap<string, string>, terms: readonly Schema["LoadTerm"][]): Map<string, AreaFigures> {
  const found = new Map<string, AreaFigures>();
  sumsOf(blocks)[0].forEach((sums, at) => {
    const code = blocks.areaCodes[at] as string;
    const parents = new Set(blocks.in(code).map((block) => blocks.parentOf(block)));
    const parent_codes = [...parents].filter((parent): parent is string => parent !== null);
    found.set(code, { ...moved(unmeasured(code), sums, undefined, terms), name: names.get(code) ?? "", parent_codes });
  });
  return found;
}

function sumsOf(blocks: Blocks): [now: Sums[], before: Sums[], touched: Set<number>] {
  const [now, before]: [Sums[], Sums[]] = [[], []];
  const touched = new Set<number>();
  const add = (to: Sums[], area: number, block: number) => {
    if (area === NONE) return;
    const sums = (to[area] ??= { blocks: 0, population: 0, households: 0, area_m2: 0 });
    sums.blocks += 1;
    sums.population += blocks.population[block] ?? 0;
    sums.households += blocks.households[block] ?? 0;
    sums.area_m2 += blocks.areaM2[block] ?? 0;
  };
  for (let block = 0; block < blocks.length; block++) {
    if (!blocks.alive[block]) continue;
    const [shown, settled] = [blocks.area[block] as number, blocks.settled[block] as number];
    add(now, shown, block);
    add(before, settled, block);
    if (shown !== settled) touched.add(shown).add(settled);
  }
  touched.delete(NONE);
  return [now, before, touched];
}

function moved(figures: AreaFigures, now: Sums, before: Sums | undefined, terms: readonly Schema["LoadTerm"][]): AreaFigures {
  let load = figures.load;
  for (const { attribute, weight, target } of terms) {
    const of = OF_TERM[attribute];
    if (of && load !== null) load += (weight * (now[of[0]] - (before?.[of[0]] ?? 0))) / of[1] / target;
  }
  return {
    ...figures,
    blocks: now.blocks,
    population: now.population,
    households: now.households,
    area_km2: now.area_m2 / 1e6,
    load,
    deviation: load === null ? null : load - 1,
  };
}

function unmeasured(code: string): AreaFigures {
  const counted = { blocks: 0, population: 0, households: 0, area_km2: 0 };
  return { code, name: "", parent_codes: [], locked: false, ...counted, load: 0, deviation: null, polsby_popper: null, parts: 1, along_streets: null };
}
