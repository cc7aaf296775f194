import { expect, test, vi } from "vitest";
import { emptinessOf } from "../pages/analysis/emptiness.ts";
import { Ground, type GroundArea } from "../pages/analysis/ground.ts";
import { answerOf } from "../pages/analysis/questions/warning-buildings.ts";
import * as asking from "../shared/asking.ts";

const layer = (name: string, parent: string | null) => ({ name, parent, kind: "partition", title_zh: name, title_en: name, nesting: null, code_scheme: null, targets: null, staffing: null });
const area = (code: string, parents: string[], population: number): GroundArea => ({ code, name: code, parents, plan: "p", population, area_m2: 1e6, box: [0, 0, 1, 1] });
const by = (...areas: GroundArea[]) => new Map(areas.map((one) => [one.code, one]));
const [STREET, COMMUNITY, GRID] = [layer("street", null), layer("community", "street"), layer("grid", "community")];
const GROUND = new Ground(
  [STREET, COMMUNITY, GRID],
  GRID,
  by(area("a1", ["A"], 1000), area("a2", ["A"], 3000), area("b1", ["B"], 96_000), area("ab", ["A", "B"], 500)),
  [
    { layer: COMMUNITY, areas: by(area("A", ["S"], 4000), area("B", ["T"], 96_000)) },
    { layer: STREET, areas: by(area("S", [], 4000), area("T", [], 96_000)) },
  ],
);
const ofArea = (code: string | null, warning: number, buildings: number) => ({
  code, name: code, buildings, counts: { warning, general: 0, safe: buildings - warning, unclassified: 0 }, warning_share: null,
});
// what the service tells a manager of street S: the areas that lie wholly in it, and nothing else
const SUMMARY = {
  layer: "grid", at: "2026-11-30", versions: { v: 10 }, never_rated: 0, total: ofArea(null, 4, 10),
  areas: [ofArea("a1", 3, 6), ofArea("a2", 1, 4)],
};

test("figures of a street are divided by its own people, and other areas are not told as having none", () => {
  const answer = answerOf(SUMMARY, GROUND, "", "2026-11-30");
  expect(answer.rows.map(({ code }) => code)).toEqual(["a1", "a2"]);
  expect(answer.total).toMatchObject({ warning: 4, buildings: 10, warning_share: 0.4, per_1000: 1 });
});

test("what is narrowed down has its own total", () => {
  expect(answerOf(SUMMARY, GROUND, "a2", "2026-11-30").total).toMatchObject({ warning: 1, buildings: 4, per_1000: 1 / 3 });
});

test("nothing told to an account of some areas is beyond its ground; to one of all it is an answer", async () => {
  const roles: { area_code: string | null }[] = [{ area_code: "S" }];
  vi.spyOn(asking, "session").mockImplementation(async () => ({ roles }) as unknown as asking.Session);
  expect(await emptinessOf(GROUND, [])).toBe("beyond");
  expect(await emptinessOf(GROUND, [{ code: "a1", name: "a1", values: {} }])).toBeNull();
  roles.push({ area_code: null });
  expect(await emptinessOf(GROUND, [])).toBeNull();
});
