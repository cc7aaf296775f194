import { describe, expect, test } from "vitest";
import type { AreaNow } from "../pages/planner/figures.ts";
import { clusters, keyOf, stepped, stopsOf } from "../pages/planner/panels/stepping.ts";

const CHAIN: Record<number, number[]> = { 1: [2], 2: [1, 3], 3: [2], 7: [8], 8: [7] };
const neighbours = (block: number) => CHAIN[block] ?? [];

function area(code: string, figures: Partial<AreaNow> = {}): AreaNow {
  return {
    ...{ code, name: code, parent_codes: ["1"], locked: false, blocks: 1, population: 0, households: 0, area_km2: 0, load: 1 },
    ...{ deviation: 0, polsby_popper: 1, parts: 1, along_streets: null, pending: false, change: null },
    ...figures,
  };
}

const ASKED = { areas: [] as AreaNow[], unassigned: [] as number[], codeOf: (block: number) => `b${block}`, neighbours, nested: true, differing: [] as string[] };

describe("places to be mended", () => {
  test("blocks in no area are one place where they touch, the largest first", () => {
    expect(clusters([7, 3, 1, 2], neighbours)).toEqual([[3, 2, 1], [7]]);
  });

  test("what forbids publishing comes before what is warned of, the heaviest load first", () => {
    const areas = [area("light", { deviation: 0.11 }), area("torn", { parts: 2 }), area("heavy", { deviation: 0.4 }), area("fine", { deviation: 0.1 })];
    const stops = stopsOf({ ...ASKED, areas, unassigned: [7, 8], differing: ["odd"] });
    expect(stops.map(keyOf)).toEqual(["unassigned b7", "several-parts torn", "over-limit heavy", "over-limit light", "counts-differ odd"]);
  });

  test("an area in two areas above is a place where the layer nests alone", () => {
    const areas = [area("both", { parent_codes: ["1", "2"] })];
    expect(stopsOf({ ...ASKED, areas }).map(({ kind }) => kind)).toEqual(["crossed-parents"]);
    expect(stopsOf({ ...ASKED, areas, nested: false })).toEqual([]);
  });

  test("stepping goes round, and begins anew where the place was mended", () => {
    const stops = stopsOf({ ...ASKED, areas: [area("a", { parts: 2 }), area("b", { parts: 3 })] });
    expect(stepped(stops, null, 1)?.areas).toEqual(["a"]);
    expect(stepped(stops, "several-parts b", 1)?.areas).toEqual(["a"]);
    expect(stepped(stops, "several-parts a", -1)?.areas).toEqual(["b"]);
    expect(stepped(stops, "unassigned gone", 1)?.areas).toEqual(["a"]);
    expect(stepped([], null, 1)).toBeNull();
  });
});
