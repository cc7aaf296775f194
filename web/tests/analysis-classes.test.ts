import { expect, test } from "vitest";
import { naturalBreaks, roundedBreaks } from "../pages/analysis/classes.ts";
import { classOf } from "../shared/map/palette.ts";

test("natural breaks part what lies together", () => {
  expect(naturalBreaks([0, 1, 2, 10, 11, 12, 50, 52], 3)).toEqual([3, 6]);
});

test("they have the least sum of squared deviations of all ways to part", () => {
  const values = [1, 2, 4, 7, 9, 15, 16, 30, 31, 33];
  const cost = (part: number[]) => {
    const mean = part.reduce((all, one) => all + one, 0) / part.length;
    return part.reduce((all, one) => all + (one - mean) ** 2, 0);
  };
  const all = (a: number, b: number) => cost(values.slice(0, a)) + cost(values.slice(a, b)) + cost(values.slice(b));
  let least = Infinity;
  for (let a = 1; a < 9; a++) for (let b = a + 1; b < 10; b++) least = Math.min(least, all(a, b));
  const [a, b] = naturalBreaks(values, 3) as [number, number];
  expect(all(a, b)).toBeCloseTo(least, 9);
});

test("equal values stand together, and few values make few classes", () => {
  expect(naturalBreaks([0, 0, 0, 1, 1, 1], 5)).toEqual([3]);
  expect(roundedBreaks([0, 0, 0, 1], 5)).toEqual([1]);
  expect(roundedBreaks([3, 3, 3], 5)).toEqual([]);
  expect(roundedBreaks([], 5)).toEqual([]);
});

test("limits are short numbers between the classes, whole ones for counts", () => {
  expect(roundedBreaks([0, 1, 2, 10, 11, 12, 50, 52], 3)).toEqual([6, 30]);
  const shares = [0.011, 0.012, 0.051, 0.055, 0.31, 0.33];
  const limits = roundedBreaks(shares, 3);
  expect(limits).toEqual([0.03, 0.2]);
  expect(shares.map((share) => classOf(share, limits))).toEqual([0, 0, 1, 1, 2, 2]);
});

test("whatever the values, limits rise and part them as the natural breaks do", () => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let round = 0; round < 60; round++) {
    const whole = round % 2 === 0;
    const values = Array.from({ length: 3 + Math.floor(random() * 60) }, () => (whole ? Math.floor(random() ** 3 * 400) : random() ** 4));
    const sorted = [...values].sort((a, b) => a - b);
    const limits = roundedBreaks(values, 5);
    const parts = naturalBreaks(sorted, 5);
    expect([...limits].sort((a, b) => a - b)).toEqual(limits);
    if (sorted[0] !== sorted[sorted.length - 1]) {
      expect(limits).toHaveLength(parts.length);
      expect(limits.map((limit) => sorted.findIndex((value) => value >= limit))).toEqual(parts);
    }
  }
});

test("a value at a limit belongs to the class above", () => {
  expect([4.9, 5, 10].map((value) => classOf(value, [5, 10]))).toEqual([0, 1, 2]);
});
