import { expect, test } from "vitest";
import { Blocks, NONE, type BlocksAnswer } from "../pages/planner/blocks.ts";
import { countedFigures, figuresNow } from "../pages/planner/figures.ts";
import { bordersOf, chained, runsBetween } from "../pages/planner/lines.ts";
import { lonLatOf, mercatorX, mercatorY } from "../pages/planner/mercator.ts";
import { Places } from "../pages/planner/places.ts";
import { contested, isSame, renamed, without, type Stroke } from "../pages/planner/strokes.ts";
import { Topology } from "../pages/planner/topology.ts";

const STEP = 1000; // 1e-7°, the side of a block

/** Blocks from a drawing: each letter one block of that area, `.` one of none; codes count up row by row from 00. */
function drawn(map: string): BlocksAnswer {
  const rows = map.trim().split("\n").map((row) => row.trim());
  const area_codes = [...new Set(rows.join("").replaceAll(".", ""))].sort();
  const cells = rows.flatMap((row, y) => [...row].map((area, x) => ({ code: `${y}${x}`, area: area_codes.indexOf(area), x: x * STEP, y: -y * STEP })));
  return {
    revision: 1,
    whole: true,
    origin: [113.1, 22.5],
    scale: 1e-7,
    codes: cells.map(({ code }) => code),
    area: cells.map(({ area }) => area),
    area_codes,
    parent: cells.map(() => 0),
    parent_codes: ["P"],
    population: cells.map((_, i) => 10 + i),
    households: cells.map(() => 3),
    area_m2: cells.map(() => 100),
    shapes: cells.map(({ x, y }) => [[[x, y, STEP, 0, 0, STEP, -STEP, 0, 0, -STEP]]]),
    gone: [],
  };
}

function read(map: string): Blocks {
  const blocks = new Blocks();
  blocks.take(drawn(map));
  return blocks;
}

const area = (code: string, population: number) => ({
  code,
  name: `${code} grid`,
  parent_codes: ["P"],
  locked: false,
  blocks: 2,
  population,
  households: 6,
  area_km2: 0.0002,
  load: 1.2,
  deviation: 0.2,
  polsby_popper: 0.7,
  parts: 1,
  along_streets: null,
});

test("vertices are the whole numbers that the service has, the closing one left out", () => {
  const ring = read("AB").rings[1]?.[0];
  const [west, south] = [1131000000, 225000000];
  expect([...(ring ?? [])]).toEqual([west + STEP, south, west + 2 * STEP, south, west + 2 * STEP, south + STEP, west + STEP, south + STEP]);
  expect(lonLatOf([mercatorX(west + 1), mercatorY(south - 1)])).toEqual([113.1000001, 22.4999999]);
});

test("what changed since is taken in: blocks in another area, cut, gone; numbers stay those of their blocks", () => {
  const blocks = read("AAB");
  const answer = drawn("AAB");
  const keep = [1, 2];
  const only = <T>(values: T[]) => keep.map((i) => values[i] as T);
  const taken = blocks.take({
    ...answer,
    whole: false,
    codes: ["01", "02-1"],
    area: [1, 1],
    shapes: only(answer.shapes),
    population: only(answer.population),
    gone: ["02"],
  });
  expect(taken).toEqual({ blocks: [2, 1, 3], shapes: true });
  expect([0, 1, 2, 3].map((block) => blocks.areaOf(block))).toEqual(["A", "B", null, "B"]);
  expect(blocks.alive).toEqual([true, true, false, true]);
  expect(blocks.take({ ...drawn("AAB"), whole: false, codes: ["00"], area: [0] })).toEqual({ blocks: [], shapes: false });
});

test("borders are the runs whose two sides differ, each once, and follow what changes hands", () => {
  const blocks = read(`
    AAB
    AAB`);
  const topology = new Topology(blocks);
  expect(topology.neighbours(1).sort()).toEqual([0, 2, 4]);
  const outer = topology.runs.filter(({ b }) => b === NONE).reduce((sum, { line }) => sum + line.length / 2 - 1, 0);
  expect(outer).toBe(10); // edges around 3 × 2 blocks
  const border = () => chained(runsBetween(topology, blocks, 0, 1)).map((line) => line.length / 2);
  expect(border()).toEqual([3]); // from north to south in one line
  blocks.area[1] = 1;
  expect(border()).toEqual([4]); // around the block that changed hands
});

test("a block that is written the other way round borders on its neighbours all the same", () => {
  const answer = drawn("AB");
  answer.shapes[1] = [[[STEP, 0, 0, STEP, STEP, 0, 0, -STEP, -STEP, 0]]];
  const blocks = new Blocks();
  blocks.take(answer);
  const topology = new Topology(blocks);
  expect(topology.neighbours(0)).toEqual([1]);
  expect(chained(runsBetween(topology, blocks, 0, 1))).toHaveLength(1);
  expect(topology.runs.filter(({ b }) => b === NONE)).toHaveLength(2);
});

test("a hole has a border of its own that closes", () => {
  const blocks = read(`
    AAA
    ABA
    AAA`);
  const lines = chained(runsBetween(new Topology(blocks), blocks, 0, 1));
  expect(lines).toHaveLength(1);
  const line = lines[0] as number[];
  expect(line.slice(0, 2)).toEqual(line.slice(-2));
  expect(line).toHaveLength(10);
});

test("an area has a border with each neighbour, and one more where another area comes between", () => {
  const blocks = read(`
    AAA
    CBC
    .C.`);
  const topology = new Topology(blocks);
  const borders = (one: string) => bordersOf(topology, blocks, blocks.numberOf(one)).map(({ other, line }) => `${blocks.areaCodes[other]} ${line.length / 2}`);
  expect(borders("A").sort()).toEqual(["B 2", "C 2", "C 2"]);
  expect(borders("B").sort()).toEqual(["A 2", "C 4"]);
});

test("places answer which block holds a point, and which a brush covers", () => {
  const blocks = read(`
    AB
    CD`);
  const places = new Places(blocks);
  const [x, y] = [places.middles[6] as number, places.middles[7] as number];
  expect(places.at(x, y)).toBe(3);
  expect(places.at(x + 1e4, y)).toBe(NONE);
  expect(places.within(x, y, 1)).toEqual([3]);
  expect(places.within(x, y, 13).sort()).toEqual([1, 2, 3]); // a side is 11 m here
  expect(places.inside(...places.extent).sort()).toEqual([0, 1, 2, 3]);
});

test("figures of areas whose blocks changed are sums at once, the others what the service said", () => {
  const blocks = read("AABC");
  const told = new Map([area("A", 21), area("B", 500), area("C", 13)].map((one) => [one.code, one]));
  const terms = [{ attribute: "population", weight: 0.5, target: 100 }];
  const now = () => figuresNow(told, blocks, terms, new Map([["A", 20]]));
  expect(now().get("B")).toMatchObject({ population: 500, pending: false, change: null });
  expect(now().get("A")).toMatchObject({ population: 21, change: 1 });

  blocks.area[1] = blocks.numberOf("B");
  expect(now().get("A")).toMatchObject({ population: 10, blocks: 1, households: 3, pending: true, change: -10 });
  expect(now().get("B")).toMatchObject({ population: 23, blocks: 2, load: 1.2 + (0.5 * 11) / 100 });
  expect(now().get("C")).toMatchObject({ population: 13, pending: false });

  blocks.area[0] = blocks.numberOf("*7");
  expect(now().has("A")).toBe(false);
  expect(now().get("*7")).toMatchObject({ population: 10, pending: true, load: 0.05 });
});

test("a published plan's figures are sums of its blocks", () => {
  const figures = countedFigures(read("AAB"), new Map([["A", "north"]]), []);
  expect(figures.get("A")).toMatchObject({ name: "north", population: 21, blocks: 2, parent_codes: ["P"] });
});

const assigned = (id: number, blocks: string[], to: string | null, before: Stroke["before"]): Stroke => ({
  id,
  operation: { kind: "assign", blocks, area: to },
  before,
  revision: 1,
});

test("only blocks that others put elsewhere than both is asked about", () => {
  const blocks = read("AABBC"); // as the service has it by now
  const strokes = [
    assigned(1, ["00", "02", "03"], "B", { "00": "A", "02": "A", "03": "C" }), // 02: they put it there too
    assigned(2, ["04"], "B", { "04": "A" }),
    assigned(3, ["04"], "A", { "04": "B" }), // on top of one's own stroke
  ];
  expect(contested(strokes, blocks)).toEqual([{ stroke: 2, block: "04", mine: "B", theirs: "C" }]);
  expect(without(strokes[0] as Stroke, new Set(["00", "02"]))?.operation).toMatchObject({ blocks: ["03"] });
  expect(without(strokes[1] as Stroke, new Set(["04"]))).toBeNull();
});

test("strokes into an area that was new follow it to its code", () => {
  const stroke = renamed(assigned(2, ["00"], "*1", { "00": "*1", "01": null }), "*1", "A9");
  expect(stroke).toMatchObject({ operation: { area: "A9" }, before: { "00": "A9", "01": null } });
});

test("an operation is known in the log by what was asked", () => {
  const { operation } = assigned(1, ["00"], "B", {});
  const logged = { revision: 2, kind: "assign", account: "li", at: "", undoes: null, blocks: 1, areas: [] };
  expect(isSame(operation, { ...logged, parameters: { kind: "assign", blocks: ["00"], area: "B" } })).toBe(true);
  expect(isSame(operation, { ...logged, parameters: { kind: "assign", blocks: ["01"], area: "B" } })).toBe(false);
});
