import { expect, test } from "vitest";
import { differences } from "../pages/admin/differences.ts";

test("only what differs is told, in the order of the later document", () => {
  const before = { version: "1", limits: { warn: 0.2, gone: true }, roles: ["a", "b"] };
  const after = { version: "2", limits: { warn: 0.2 }, roles: ["a", "c"] };
  expect(differences(before, after)).toEqual([
    { place: "version", before: "1", after: "2" },
    { place: "roles", before: "a, b", after: "a, c" },
    { place: "limits.gone", before: "true", after: null },
  ]);
});

test("members of lists are known by their names, wherever they stand", () => {
  const before = { limits: [{ stage: "notice", amount: 10 }, { stage: "dispatch", amount: 2 }] };
  const after = { limits: [{ stage: "dispatch", amount: 3 }, { stage: "notice", amount: 10 }] };
  expect(differences(before, after)).toEqual([{ place: "limits.dispatch.amount", before: "2", after: "3" }]);
});

test("members of one name are told apart by their numbers", () => {
  const rows = (amount: number) => ({ limits: [{ stage: "handling", amount: 1 }, { stage: "handling", amount }] });
  expect(differences(rows(5), rows(7))).toEqual([{ place: "limits.handling (2).amount", before: "5", after: "7" }]);
});

test("equal documents do not differ", () => {
  expect(differences({ a: [{ b: null }] }, { a: [{ b: null }] })).toEqual([]);
});
