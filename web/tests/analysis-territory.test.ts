import { expect, test } from "vitest";
import table from "../../gisgov/governance/access/rights.yaml?raw";
import { Ground, type GroundArea } from "../pages/analysis/ground.ts";
import { answerOf } from "../pages/analysis/questions/warning-buildings.ts";
import { HOLDERS, territoryOf } from "../pages/analysis/territory.ts";

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
const manager = (street: string | null) => ({ role: "manager", layer: street && "street", area_code: street });
const ofArea = (code: string | null, warning: number, buildings: number) => ({
  code, name: code, buildings, counts: { warning, general: 0, safe: buildings - warning, unclassified: 0 }, warning_share: null,
});
// what the service tells a manager of street S: buildings that may be seen alone, all areas
const SUMMARY = {
  layer: "grid", at: "2026-11-30", versions: { v: 12 }, never_rated: 0, total: ofArea(null, 5, 12),
  areas: [ofArea("a1", 3, 6), ofArea("a2", 1, 4), ofArea("ab", 1, 2), ofArea("b1", 0, 0)],
};

test("a territory is the areas that lie wholly where a role with the right is held", () => {
  expect(territoryOf(GROUND, "buildings.read", [manager("S")])).toEqual(new Set(["a1", "a2"]));
  expect(territoryOf(GROUND, "buildings.read", [manager("S"), manager("T")])).toEqual(new Set(["a1", "a2", "b1"]));
  expect(territoryOf(GROUND, "buildings.read", [{ role: "officer", layer: "grid", area_code: "a2" }])).toEqual(new Set(["a2"]));
  expect(territoryOf(GROUND, "buildings.read", [manager("S"), manager(null)])).toBeNull();
});

test("a role without the right gives no ground, and a right that ends nowhere has all", () => {
  expect(territoryOf(GROUND, "buildings.read", [manager("S"), { role: "planner", layer: null, area_code: null }])).toEqual(new Set(["a1", "a2"]));
  expect(territoryOf(GROUND, "areas.read", [manager("S")])).toBeNull();
});

test("figures of a street are divided by its own people, and other areas are not told as having none", () => {
  const answer = answerOf(SUMMARY, GROUND, "", "2026-11-30", territoryOf(GROUND, "buildings.read", [manager("S")]));
  expect(answer.rows.map(({ code }) => code)).toEqual(["a1", "a2"]);
  expect(answer.total).toMatchObject({ warning: 4, buildings: 10, warning_share: 0.4, per_1000: 1 });
});

test("whoever may see everything has all areas and the total of the service", () => {
  const answer = answerOf(SUMMARY, GROUND, "", "2026-11-30", null);
  expect(answer.rows).toHaveLength(4);
  expect(answer.total).toMatchObject({ warning: 5, buildings: 12, per_1000: 5000 / 100_500 });
});

test("the roles of each right are those of the service", () => {
  for (const [right, roles] of Object.entries(HOLDERS)) {
    const said = new RegExp(`^  ${right.replace(".", "\\.")}:\\n(?:    .*\\n)*?    extent: territory\\n    roles: \\[(.*)\\]`, "m").exec(table)?.[1];
    expect(said?.split(", "), right).toEqual(roles);
  }
});
