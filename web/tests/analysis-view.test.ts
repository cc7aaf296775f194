import { expect, test } from "vitest";
import { Ground, lowest, type GroundArea } from "../pages/analysis/ground.ts";
import { monthsOf } from "../pages/analysis/questions/trends.ts";
import { dayAfter, daysOfMonth, monthsBefore, viewOf } from "../pages/analysis/view.ts";

const KNOWN = { layer: "grid", today: "2026-11-30", lastEvent: "2025-12-31" };

test("a period ends with the last event, and is a year long", () => {
  const view = viewOf({}, KNOWN);
  expect([view.first, view.last]).toEqual(["2025-01-01", "2025-12-31"]);
  expect(viewOf({}, { ...KNOWN, lastEvent: "2027-01-01" }).last).toBe("2026-11-30");
  expect(viewOf({}, { ...KNOWN, lastEvent: null }).first).toBe("2025-12-01");
});

test("what the address says counts, and a chosen day is not today", () => {
  const view = viewOf({ layer: "street", area: "4", at: "2026-03-01", first: "2026-01-01", last: "2026-02-28", since: "2026-02-01" }, KNOWN);
  expect(view).toMatchObject({ layer: "street", area: "4", at: "2026-03-01", isToday: false, first: "2026-01-01", last: "2026-02-28", since: "2026-02-01" });
});

test("months and days go over the ends of months and years", () => {
  expect(monthsBefore("2026-05-31", 3)).toBe("2026-02-28");
  expect(monthsBefore("2024-02-29", 12)).toBe("2023-02-28");
  expect(dayAfter("2025-12-31")).toBe("2026-01-01");
  expect(daysOfMonth("2024-02")).toEqual({ first: "2024-02-01", last: "2024-02-29" });
  expect(monthsOf("2025-11-15", "2026-02-01")).toEqual(["2025-11", "2025-12", "2026-01", "2026-02"]);
});

const layer = (name: string, parent: string | null, kind = "partition") => ({ name, parent, kind, title_zh: name, title_en: name, nesting: "nested", code_scheme: null, targets: null, staffing: null });
const area = (code: string, parents: string[], box: [number, number, number, number] = [0, 0, 1, 1]): [string, GroundArea] => [code, { code, name: code, parents, plan: "p", population: 1, area_m2: 1, box }];

const STREETS = new Map([area("A", []), area("B", [])]);
const COMMUNITIES = new Map([area("A1", ["A"]), area("A2", ["A"]), area("B1", ["B"])]);
const GRIDS = new Map([area("A11", ["A1"], [0, 0, 2, 2]), area("A21", ["A2"]), area("X", ["A2", "B1"], [5, 5, 6, 7]), area("B11", ["B1"])]);
const LAYERS = [layer("street", null), layer("community", "street"), layer("grid", "community"), layer("school", "grid", "overlay")];
const GROUND = new Ground(LAYERS, LAYERS[2]!, GRIDS, [{ layer: LAYERS[1]!, areas: COMMUNITIES }, { layer: LAYERS[0]!, areas: STREETS }]);

test("questions begin with the lowest layer that covers the ground", () => {
  expect(lowest(LAYERS)).toBe("grid");
});

test("an area of a layer above holds what lies below it, through layers that span", () => {
  expect([...GROUND.within("A")].sort()).toEqual(["A11", "A21", "X"]);
  expect([...GROUND.within("B1")].sort()).toEqual(["B11", "X"]);
  expect([...GROUND.within("A11")]).toEqual(["A11"]);
  expect(GROUND.within("").size).toBe(4);
});

test("the box of the whole is around all areas", () => {
  expect(GROUND.box("")).toEqual([0, 0, 6, 7]);
  expect(GROUND.box("X")).toEqual([5, 5, 6, 7]);
  expect(GROUND.find("B1")?.layer.name).toBe("community");
});
