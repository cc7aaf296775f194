import { expect, test } from "vitest";
import { begunFarFrom, loosened, movedStretch, strayed, withStretch } from "../pages/planner/tools/border-line.ts";

const line = Array.from({ length: 11 }, (_, i) => [i, 0]); // a vertex at each step from 0 to 10

test("a line gives way around the vertex that is held, and keeps its ends", () => {
  expect(loosened(line, [5.2, 1], 3).map(([x]) => x)).toEqual([0, 1, 2, 5, 8, 9, 10]);
  expect(loosened(line, [0, 1], 3).map(([x]) => x)).toEqual([0, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(loosened(line, [5, 1], 100).map(([x]) => x)).toEqual([0, 5, 10]);
});

test("only the stretch that moved is sent, from and to vertices that stayed", () => {
  expect(movedStretch(line, line)).toBeNull();
  const is = loosened(line, [5, 0], 3).map(([x = 0]) => (x === 5 ? [5, 4] : [x, 0]));
  expect(movedStretch(line, is)).toEqual([[2, 0], [5, 4], [8, 0]]);
  expect(movedStretch(line, line.filter((_, i) => i !== 5))).toEqual([[4, 0], [6, 0]]);
  expect(movedStretch(line, [...line.slice(0, 5), [4.5, 2], ...line.slice(5)])).toEqual([[4, 0], [4.5, 2], [5, 0]]);
});

test("a border around an area begins where it is not moved", () => {
  const ring = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]];
  expect(begunFarFrom(ring, [0, 0])).toEqual([[4, 4], [0, 4], [0, 0], [4, 0], [4, 4]]);
  expect(begunFarFrom(line, [0, 0])).toEqual(line);
});

test("a line that leaves its ground is found between its vertices too", () => {
  expect(strayed([[0, 0], [10, 0]], 1, () => true)).toBeNull();
  expect(strayed([[0, 0], [10, 0]], 1, ([x = 0]) => x < 6 || x > 7)).toEqual([6, 0]);
});

test("a new stretch begins and ends on the line, whichever way its points go", () => {
  const is = [[0, 0], [1, 0], [2, 0], [2.5, 0], [2.5, 1], [5, 3], [8, 0], [9, 0], [10, 0]];
  expect(withStretch(line, [[2.5, 1], [5, 3], [8, 0]])).toEqual(is);
  expect(withStretch(line, [[8, 0], [5, 3], [2.5, 1]])).toEqual(is);
  expect(movedStretch(line, is)).toEqual([[2, 0], [2.5, 0], [2.5, 1], [5, 3], [8, 0]]);
  expect(withStretch(line, [[-3, 0], [5, 3], [10, 0.001]])).toEqual([[0, 0], [-3, 0], [5, 3], [10, 0.001]]);
});
