import { expect, test } from "vitest";
import { clustered } from "../pages/events/grid.ts";
import { fits, parsed, queryOf, sift, toggled, written, EVERYTHING } from "../pages/events/filter.ts";
import { ORDERS, rowOf, standing, type Told } from "../pages/events/rows.ts";

const NOON = Date.parse("2026-05-10T12:00:00Z");

/** An event as the service tells it: due at noon, warned of at eleven, unless it says otherwise. */
export function told(id: number, changed: Partial<Told> = {}): Told {
  return {
    id,
    source: "hotline",
    external_id: `h-${id}`,
    category: { code: "A001", title: "暴露垃圾", title_en: "Refuse", version: 1 },
    category_text: "暴露垃圾",
    level: "2",
    state: "reported",
    step_number: 1,
    occurred_at: "2026-05-10T08:00:00Z",
    received_at: "2026-05-10T08:00:00Z",
    changed_at: "2026-05-10T08:00:00Z",
    closed_at: null,
    description: "路口有垃圾",
    place: { lon: 114.01, lat: 22.505, problem: null, building_id: null, device_id: null },
    desk: { kind: "area", layer: "grid", code: "1002", name: "北区", department: null, department_title: null },
    areas: [
      { layer: "street", plan: "s", code: "1", name: "河街道", orphan_reason: null },
      { layer: "grid", plan: "g", code: "1002", name: "北区", orphan_reason: null },
    ],
    merged_into: null,
    duplicates: 0,
    dispute_grade: null,
    limits: [
      { stage: "notice", started_at: "2026-05-10T08:00:00Z", warn_at: null, due_at: "2026-05-10T08:10:00Z", state: "missed" },
      { stage: "acceptance", started_at: "2026-05-10T08:00:00Z", warn_at: "2026-05-10T11:00:00Z", due_at: "2026-05-10T12:00:00Z", state: "running" },
    ],
    next_steps: [],
    ...changed,
  };
}

const nowhere = { lon: null, lat: null, problem: "no-coordinate", building_id: null, device_id: null };

test("the first limit that runs says how an event stands, by the clock alone", () => {
  const row = rowOf(told(1));
  expect(row.stage).toBe("acceptance");
  expect(standing(row, NOON - 2 * 3_600_000)).toBe("running");
  expect(standing(row, NOON - 3_600_000)).toBe("due-soon");
  expect(standing(row, NOON + 1)).toBe("overdue");
  expect(standing(rowOf(told(2, { limits: [] })), NOON)).toBe("none");
});

test("what is due first stands first, what has no limit last, the newest of these first", () => {
  const later = { ...told(3).limits[1]!, due_at: "2026-05-10T13:00:00Z" };
  const rows = [
    rowOf(told(1, { limits: [] })),
    rowOf(told(2, { limits: [], occurred_at: "2026-05-10T09:00:00Z" })),
    rowOf(told(3, { limits: [later] })),
    rowOf(told(4)),
  ];
  expect(rows.sort(ORDERS.due).map(({ id }) => id)).toEqual([4, 3, 2, 1]);
});

test("counts tell what there would be if another word of the kind were asked for", () => {
  const rows = [
    rowOf(told(1)),
    rowOf(told(2, { level: "3" })),
    rowOf(told(3, { level: "3", source: "patrol" })),
    rowOf(told(4, { state: "closed" })),
  ];
  const { wanted, counts } = sift(rows, toggled(EVERYTHING, "level", "3"), NOON);
  expect(wanted.map(({ id }) => id)).toEqual([2, 3]);
  expect(Object.fromEntries(counts.level)).toEqual({ "2": 1, "3": 2 });
  expect(Object.fromEntries(counts.source)).toEqual({ hotline: 1, patrol: 1 });
  expect(counts.state.get("closed")).toBeUndefined(); // its level is another
  expect(counts.area.get("grid:1002")).toBe(2);
});

test("what is over is wanted only where its state is", () => {
  const row = rowOf(told(1, { state: "closed" }));
  expect(fits(row, EVERYTHING, NOON)).toBe(false);
  expect(fits(row, toggled(EVERYTHING, "state", "closed"), NOON)).toBe(true);
});

test("words are looked for in numbers, descriptions and names of areas", () => {
  const row = rowOf(told(7));
  for (const q of ["7", "H-7", "垃圾", "北区"]) expect(fits(row, { ...EVERYTHING, q }, NOON)).toBe(true);
  expect(fits(row, { ...EVERYTHING, q: "南区" }, NOON)).toBe(false);
});

test("a filter is the same after the address kept it, and what is no deadline is left out", () => {
  const filter = parsed({ state: "closed,accepted", area: "grid:1002", due: "overdue,never", q: "水" });
  expect([...filter.due]).toEqual(["overdue"]);
  expect(parsed(written(filter))).toEqual(filter);
  expect(queryOf(filter)).toEqual({ state: "closed", layer: "grid", area: "1002", of: "in" });
});

test("events in one cell are one mark that tells the worst of them; those without a place are on none", () => {
  const rows = [
    rowOf(told(1)),
    rowOf(told(2, { limits: [], place: { ...nowhere, lon: 114.0101, lat: 22.505, problem: null } })),
    rowOf(told(3, { place: { ...nowhere, lon: 114.2, lat: 22.505, problem: null } })),
    rowOf(told(4, { place: nowhere })),
  ];
  const all = clustered(rows, [-2e7, -2e7, 2e7, 2e7], 10_000, NOON + 1);
  expect(all.map((one) => one.rows.length).sort()).toEqual([1, 2]);
  const pair = all.find((one) => one.rows.length === 2)!;
  expect([pair.worst, pair.overdue]).toEqual(["overdue", 1]);
  expect(pair.x).toBeCloseTo((rows[0]!.x + rows[1]!.x) / 2, 6);
  expect(clustered(rows, [-2e7, -2e7, rows[0]!.x + 1, 2e7], 1, NOON)).toHaveLength(1);
});
