import { expect, test } from "vitest";
import { Colours } from "../pages/planner/colours.ts";
import type { Draft } from "../pages/planner/draft.ts";
import type { Topology } from "../pages/planner/topology.ts";

/** One block for each area, each beside the next. */
function coloured(codes: string[]): Map<string, string> {
  const blocks = { areaCodes: codes, area: codes.map((_, area) => area) };
  const row = [...codes].sort().map((code) => codes.indexOf(code));
  const runs = row.slice(1).map((area, i) => ({ a: row[i], b: area }));
  const colours = new Colours({ blocks, areas: new Map() } as unknown as Draft);
  colours.giveOut({ runs } as unknown as Topology);
  return new Map(codes.map((code, area) => [code, colours.of(area)]));
}

const CODES = Array.from({ length: 40 }, (_, i) => `44990100100${String(1000 + i)}`);

test("no area has the colour of the one beside it", () => {
  const found = coloured(CODES);
  CODES.slice(1).forEach((code, i) => expect(found.get(code)).not.toBe(found.get(CODES[i] ?? "")));
});

test("in whatever order areas come, each has the same colour", () => {
  expect(coloured([...CODES].reverse())).toEqual(coloured(CODES));
});
