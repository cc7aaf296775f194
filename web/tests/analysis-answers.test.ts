import { expect, test } from "vitest";
import { axis, path } from "../pages/analysis/charts.ts";
import { Ground } from "../pages/analysis/ground.ts";
import { answerOf } from "../pages/analysis/questions/disposal.ts";
import { viewOf } from "../pages/analysis/view.ts";

const LAYER = { name: "grid", parent: null, kind: "partition", title_zh: "网格", title_en: "Grid", nesting: null, code_scheme: null, targets: null, staffing: null };
const areas = new Map(
  ["a", "b"].map((code) => [code, { code, name: `网格 ${code}`, parents: [], plan: "p", population: 1000, area_m2: 1e6, box: [0, 0, 1, 1] as [number, number, number, number] }]),
);
const GROUND = new Ground([LAYER], LAYER, areas, []);
const NONE = { reported: 0, open: 0, closed: 0, rejected: 0, merged: 0, disposal_rate: null, overdue: 0, overdue_now: 0, median_hours: null, median_working_hours: null, solved: 0, solved_share: null, escalated: 0, escalated_share: null, per_1000_people: 0, per_km2: 0 };
const row = (place: string, code: string | null, figures: object, former: object | null, part: { key: string | null; title_zh: string; title_en: string } | null = null) => ({
  place, code, name: code, plan: "p", part, figures: { ...NONE, ...figures }, former: former && { ...NONE, ...former }, change: null,
});
const PART = { key: "patrol", title_zh: "网格巡查", title_en: "Grid patrol" };
const found = (by: string | null) => ({
  layer: "grid", at: "2026-11-30", first: "2025-01-01", last: "2025-12-31", former_first: "2024-01-01", former_last: "2024-12-31", by, calendar: "c", plans: ["p"],
  rows: [
    row("area", "a", { reported: 100, closed: 80, open: 10, rejected: 6, merged: 4, overdue: 20, overdue_now: 5, median_hours: 3 }, { reported: 50 }),
    row("area", "a", { reported: 60 }, null, PART),
    row("area", "b", { reported: 10, closed: 10 }, { reported: 0 }),
    row("no-place", null, { reported: 5 }, { reported: 5 }),
    row("all", null, { reported: 115, closed: 90, rejected: 6, merged: 4, overdue: 20, median_hours: 2 }, { reported: 55 }),
    row("all", null, { reported: 63 }, null, PART),
  ],
});
const view = (asked: object) => viewOf(asked, { layer: "grid", today: "2026-11-30", lastEvent: "2025-12-31" });

test("rates are computed from counts, of an area, of the whole, and of some areas", () => {
  const answer = answerOf(found(null), view({}), GROUND);
  expect(answer.rows.map(({ code, values }) => [code, values["disposal_rate"], values["timely_share"], values["year_change"]])).toEqual([
    ["a", 80 / 90, 0.8, 1],
    ["b", 1, 1, null],
  ]);
  expect(answer.total).toMatchObject({ reported: 115, disposal_rate: 90 / 105, median_hours: 2 });
  const narrowed = answerOf(found(null), view({ area: "a" }), GROUND);
  expect(narrowed.rows.map(({ code }) => code)).toEqual(["a"]);
  expect(narrowed.total).toMatchObject({ reported: 100, disposal_rate: 80 / 90, timely_share: 0.8, median_hours: null });
});

test("by a part the rows are the parts of what is asked about", () => {
  expect(answerOf(found("source"), view({ by: "source" }), GROUND).rows.map(({ code, values }) => [code, values["reported"]])).toEqual([["patrol", 63]]);
  expect(answerOf(found("source"), view({ by: "source", area: "a" }), GROUND).rows.map(({ values }) => values["reported"])).toEqual([60]);
});

test("each count has the list behind it, and a rate that of what it is a share of", () => {
  const { list } = answerOf(found(null), view({}), GROUND);
  expect(list("reported", "a")).not.toBeNull();
  expect(list("overdue_now", "")).not.toBeNull();
  expect(list("overdue", "a")?.title).toBe("网格 a · f_overdue");
  expect(list("disposal_rate", "a")?.title).toBe("网格 a · f_answered");
  expect(list("no figure", "a")).toBeNull();
});

test("events in no area are told beside the whole, with their list; of one area there are none", () => {
  const answer = answerOf(found(null), view({}), GROUND);
  expect([answer.total["elsewhere"], answer.headline.at(-1)]).toEqual([5, "elsewhere"]);
  expect(answer.list("elsewhere", "")?.title).toContain("f_elsewhere");
  expect(answerOf(found(null), view({ area: "a" }), GROUND).headline).not.toContain("elsewhere");
});

test("the lines of a chart have round ends", () => {
  expect(axis(4_666, false)).toEqual([0, 2000, 4000, 6000]);
  expect(axis(3, false)).toEqual([0, 1, 2, 3]);
  expect(axis(0, false)).toEqual([0, 1]);
  expect(axis(0.9, true)).toEqual([0, 0.25, 0.5, 0.75, 1]);
});

test("a line is broken where nothing is known", () => {
  expect(path([1, 2, null, 3], (i) => i, (value) => value)).toBe("M0.0 1.0L1.0 2.0M3.0 3.0");
});
