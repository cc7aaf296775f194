import { describe, expect, test } from "vitest";
import type { AreaNow } from "../pages/planner/figures.ts";
import { csvOf } from "../pages/planner/panels/csv.ts";
import { countByRule, meant, redivisionBody, rowsOf } from "../pages/planner/panels/division.ts";
import { Steady } from "../pages/planner/panels/steady.ts";
import { suggestedName } from "../pages/planner/branching.ts";

function area(code: string, parent: string, load = 1, locked = false): AreaNow {
  return {
    ...{ code, name: code, parent_codes: [parent], locked, blocks: 1, population: 0, households: 0, area_km2: 0, load },
    ...{ deviation: 0, polsby_popper: 1, parts: 1, along_streets: null, pending: false, change: null },
  };
}

const ALL = [area("11", "1", 2.4), area("12", "1", 1.3), area("13", "1", 1, true), area("21", "2")];
const WISH = { areas: [] as string[], parent: null as string | null, count: 4, movement: 1, alternatives: 3, seed: 5 };

describe("what is asked of a re-division", () => {
  test("areas that were not chosen stay, and are counted in the number of the area above", () => {
    const body = redivisionBody({ ...WISH, areas: ["11", "12"] }, ALL, true);
    expect(body).toEqual({ parents: ["1"], locked: ["13"], count: { 1: 5 }, movement: 1, alternatives: 3, seed: 5, keep: "none" });
  });

  test("of a whole area above its locked areas stay, and others are not named", () => {
    const body = redivisionBody({ ...WISH, parent: "1" }, ALL, true);
    expect(body).toMatchObject({ parents: ["1"], locked: ["13"], count: { 1: 4 } });
  });

  test("where nothing nests, all other areas stay", () => {
    const body = redivisionBody({ ...WISH, areas: ["11"] }, ALL, false);
    expect(body).toMatchObject({ parents: [], locked: ["12", "13", "21"], total: 7 });
  });

  test("the rule counts areas by their load", () => {
    expect(countByRule(meant({ areas: ["11", "12"], parent: null }, ALL))).toBe(4);
    expect(countByRule([])).toBe(1);
  });
});

test("the best of each row of figures is marked, none where all are alike", () => {
  const figures = { areas: 3, several_parts: 0, within_band: 2, within_limit: 3, mean_deviation: 0.1, largest_deviation: 0.2, mean_polsby_popper: 0.5 };
  const more = { least_polsby_popper: 0.3, cut_km: 1, inner_cut_km: 1, along_streets: null, kept_areas: 1, moved_population: 50, moved_blocks: 2, moved_share: 0.1 };
  const rows = rowsOf([{ ...figures, ...more }, { ...figures, ...more, mean_deviation: 0.05, moved_population: 80 }]);
  const best = new Map(rows.map((row) => [row.key, row.best]));
  expect(best.get("mean")).toEqual([false, true]);
  expect(best.get("moved")).toEqual([true, false]);
  expect(best.get("within")).toEqual([false, false]);
  expect(best.has("streets")).toBe(false);
});

describe("names of drafts", () => {
  test("a plan of a year is followed by the next year that is free", () => {
    expect(suggestedName("subgrid-2026", ["subgrid-2026", "subgrid-2027"])).toBe("subgrid-2028");
  });

  test("any other by a number", () => {
    expect(suggestedName("try", ["try", "try-2"])).toBe("try-3");
    expect(suggestedName("方案-2", ["方案-3"])).toBe("方案-4");
  });
});

test("a table keeps its codes and is no formula to a spreadsheet", () => {
  const text = csvOf(["code", "name", "people"], [["449901001001001", '=1+"1"', 12], ["A", "兰园,社区", null]]);
  expect(text).toBe('\ufeffcode,name,people\r\n\t449901001001001,"\t=1+""1""",12\r\nA,"兰园,社区",\r\n');
});

test("areas whose figures did not change are the same objects again", () => {
  const steady = new Steady();
  const [one, other] = [area("11", "1"), area("12", "1")];
  steady.take(new Map([["11", one], ["12", other]]));
  const [again, changed] = steady.take(new Map([["11", { ...one, parent_codes: ["1"] }], ["12", { ...other, population: 5 }]]));
  expect(again).toBe(one);
  expect(changed).not.toBe(other);
  expect(changed?.population).toBe(5);
});
