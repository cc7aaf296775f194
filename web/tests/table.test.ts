import { expect, test } from "vitest";
import { Table, type Column } from "../shared/table.ts";

interface Grid {
  name: string;
  people: number | null;
}

const COLUMNS: Column<Grid>[] = [
  { key: "name", title: "名称", value: ({ name }) => name },
  { key: "people", title: "人口", value: ({ people }) => people },
];
const ROWS: Grid[] = [
  { name: "朝阳 10", people: 900 },
  { name: "朝阳 2", people: null },
  { name: "安园 1", people: 12_000 },
];

function ordered(sortedBy: string, descending: boolean): string[] {
  const table = new Table<Grid>();
  Object.assign(table, { columns: COLUMNS, rows: ROWS, sortedBy, descending });
  return table.ordered.map(({ name }) => name);
}

test("figures are sorted as figures, and what is not known stands last either way", () => {
  expect(ordered("people", false)).toEqual(["朝阳 10", "安园 1", "朝阳 2"]);
  expect(ordered("people", true)).toEqual(["安园 1", "朝阳 10", "朝阳 2"]);
});

test("names are sorted as Chinese has them", () => {
  expect(ordered("name", false)[0]).toBe("安园 1");
  expect(ordered("name", true)[2]).toBe("安园 1");
});

test("numbers in names count as numbers", () => {
  expect(ordered("name", false).slice(1)).toEqual(["朝阳 2", "朝阳 10"]);
});

test("without a column to sort by the rows stay as they came", () => {
  expect(ordered("", false)).toEqual(ROWS.map(({ name }) => name));
});
