// The places of a draft that are to be mended or looked at, one after the other.

import type { AreaNow } from "../figures.ts";

/** A place to look at: areas, or blocks that lie together. */
export interface Stop {
  kind: Kind;
  areas: string[];
  blocks: string[];
}

/** What publishing refuses comes first. */
export const KINDS = ["unassigned", "several-parts", "crossed-parents", "over-limit", "counts-differ"] as const;
export type Kind = (typeof KINDS)[number];

const LIMIT = 0.1; // the deviation from which the service calls an area over its limit

export interface Asked {
  areas: Iterable<AreaNow>;
  /** Numbers of the blocks that no area has. */
  unassigned: readonly number[];
  codeOf: (block: number) => string;
  neighbours: (block: number) => readonly number[];
  /** Whether each area has to lie inside one area above. */
  nested: boolean;
  /** Areas whose stated counts differ from their blocks, as the service told. */
  differing: readonly string[];
}

/** All places in the order in which they are stepped through. */
export function stopsOf({ areas, unassigned, codeOf, neighbours, nested, differing }: Asked): Stop[] {
  const all = [...areas];
  const some = (kind: Kind, holds: (area: AreaNow) => boolean): Stop[] =>
    all.filter(holds).map(({ code }) => ({ kind, areas: [code], blocks: [] }));
  const over = some("over-limit", ({ deviation }) => deviation !== null && deviation > LIMIT);
  const worst = new Map(all.map(({ code, deviation }) => [code, deviation ?? 0]));
  over.sort((one, other) => (worst.get(other.areas[0] as string) ?? 0) - (worst.get(one.areas[0] as string) ?? 0));
  return [
    ...clusters(unassigned, neighbours).map((blocks): Stop => ({ kind: "unassigned", areas: [], blocks: blocks.map(codeOf) })),
    ...some("several-parts", ({ parts }) => parts > 1),
    ...(nested ? some("crossed-parents", ({ parent_codes }) => parent_codes.length > 1) : []),
    ...over,
    ...differing.map((code): Stop => ({ kind: "counts-differ", areas: [code], blocks: [] })),
  ];
}

/** Blocks that lie together, the largest cluster first. */
export function clusters(blocks: readonly number[], neighbours: (block: number) => readonly number[]): number[][] {
  const left = new Set(blocks);
  const found: number[][] = [];
  for (const first of blocks) {
    if (!left.delete(first)) continue;
    const cluster = [first];
    for (const block of cluster) {
      for (const other of neighbours(block)) if (left.delete(other)) cluster.push(other);
    }
    found.push(cluster);
  }
  return found.sort((one, other) => other.length - one.length);
}

/** What a stop goes by, so that stepping goes on from it after the draft has changed. */
export function keyOf({ kind, areas, blocks }: Stop): string {
  return `${kind} ${areas[0] ?? blocks[0] ?? ""}`;
}

/** The stop after (or before) the one that somebody looks at; the first where that is gone. */
export function stepped(stops: readonly Stop[], current: string | null, by: 1 | -1): Stop | null {
  if (!stops.length) return null;
  const at = stops.findIndex((stop) => keyOf(stop) === current);
  const next = at < 0 ? (by > 0 ? 0 : stops.length - 1) : (at + by + stops.length) % stops.length;
  return stops[next] as Stop;
}
