// What is asked of a re-division, and which of its alternatives is better by which figure.

import type { Schema } from "../../../shared/asking.ts";
import type { AreaNow } from "../figures.ts";

/** Which ground: areas by their codes, or all of one area above. */
export interface Ground {
  areas: string[];
  parent: string | null;
}

export interface Wish extends Ground {
  count: number;
  movement: number;
  alternatives: number;
  seed: number;
}

/** The areas that a wish is about, as they are now. */
export function meant({ areas, parent }: Ground, all: Iterable<AreaNow>): AreaNow[] {
  const named = new Set(areas);
  return [...all].filter(({ code, parent_codes }) => (parent === null ? named.has(code) : parent_codes.includes(parent)));
}

/** How many areas their load makes, at least one. */
export function countByRule(some: readonly AreaNow[]): number {
  return Math.max(1, Math.round(some.reduce((sum, { load }) => sum + (load ?? 0), 0)));
}

/** The body of a re-division as a job: what is not meant in the same areas above stays as it is, as locked areas do. */
export function redivisionBody(wish: Wish, all: readonly AreaNow[], nested: boolean) {
  const some = meant(wish, all);
  const codes = new Set(some.map(({ code }) => code));
  const parents = nested ? [...new Set(some.flatMap(({ parent_codes }) => parent_codes))] : [];
  const beside = all.filter((area) => !codes.has(area.code) && (parents.length === 0 || area.parent_codes.some((code) => parents.includes(code))));
  const locked = [...some.filter((area) => area.locked), ...beside].map(({ code }) => code);
  const inAll = wish.count + beside.length; // the count is of all that the areas above have
  const counted = parents.length === 1 ? { count: { [parents[0] as string]: inAll } } : parents.length === 0 ? { total: inAll } : {};
  return { parents, locked, ...counted, movement: wish.movement, alternatives: wish.alternatives, seed: wish.seed, keep: "none" as const };
}

/** A row of the table of figures: its value in each alternative, and whether more or less of it is better. */
export interface Row {
  key: string;
  values: (number | null)[];
  /** Which alternatives are the best in it; none where all are alike. */
  best: boolean[];
}

type Figures = Schema["DivisionFigures"];

const ROWS: [key: string, value: (figures: Figures) => number | null, better: 1 | -1 | 0][] = [
  ["areas", ({ areas }) => areas, 0],
  ["within", ({ within_limit }) => within_limit, 1],
  ["mean", ({ mean_deviation }) => mean_deviation, -1],
  ["largest", ({ largest_deviation }) => largest_deviation, -1],
  ["compact", ({ mean_polsby_popper }) => mean_polsby_popper, 1],
  ["streets", ({ along_streets }) => along_streets, 1],
  ["moved", ({ moved_population }) => moved_population, -1],
  ["kept", ({ kept_areas }) => kept_areas, 1],
  ["parts", ({ several_parts }) => several_parts, -1],
];

export function rowsOf(all: readonly Figures[]): Row[] {
  return ROWS.map(([key, value, better]) => {
    const values = all.map(value);
    const known = values.filter((one) => one !== null);
    const best = better === 1 ? Math.max(...known) : Math.min(...known);
    const tells = better !== 0 && new Set(known).size > 1;
    return { key, values, best: values.map((one) => tells && one === best) };
  }).filter(({ values }) => values.some((one) => one !== null));
}
