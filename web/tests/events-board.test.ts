import { expect, test } from "vitest";
import { grave, lapsed } from "../pages/events/alarm.ts";
import { Board } from "../pages/events/board.ts";
import { latest } from "../pages/events/latest.ts";
import { metresTo } from "../pages/events/nearness.ts";
import { rowOf, type Row, type Told } from "../pages/events/rows.ts";

function told(id: number, changed: Partial<Told> = {}): Told {
  const due_at = new Date(Date.parse("2026-05-10T12:00:00Z") + id * 1000).toISOString();
  return {
    ...{ id, source: "hotline", external_id: `h-${id}`, category: null, category_text: null, level: "2", state: "reported", step_number: 1 },
    ...{ occurred_at: "2026-05-10T08:00:00Z", received_at: "2026-05-10T08:00:00Z", changed_at: "2026-05-10T08:00:00Z", closed_at: null },
    ...{ description: null, place: { lon: 114, lat: 22.5, problem: null, building_id: null, device_id: null }, desk: null, areas: [] },
    ...{ merged_into: null, duplicates: 0, dispute_grade: null, next_steps: [] },
    limits: [{ stage: "case", started_at: "2026-05-10T08:00:00Z", warn_at: null, due_at, state: "running" }],
    ...changed,
  };
}

function board(most?: number): { board: Board; soon: () => void; arrivals: number[] } {
  const waiting: (() => void)[] = [];
  const made = new Board({ ...(most && { most }), later: (act) => void waiting.push(act) });
  const arrivals: number[] = [];
  made.addEventListener("arrival", (event) => arrivals.push(...(event as CustomEvent<Row[]>).detail.map(({ id }) => id)));
  return { board: made, soon: () => waiting.splice(0).forEach((act) => act()), arrivals };
}

test("what was told while a list was loaded is newer than the list", () => {
  const { board: held } = board();
  held.load([told(1), told(2)]);
  held.beginLoad();
  held.put(told(1, { state: "accepted", step_number: 2 }));
  held.put(told(3));
  held.drop(4);
  held.load([told(1), told(4)]);
  held.endLoad(new Set([1, 4]));
  expect([...held.rows.keys()].sort()).toEqual([1, 3]);
  expect(held.rows.get(1)?.state).toBe("accepted");
});

test("an older step never takes the place of a newer one, and what is over goes", () => {
  const { board: held } = board();
  held.put(told(1, { state: "handling", step_number: 5 }));
  held.put(told(1, { state: "accepted", step_number: 2 }));
  expect(held.rows.get(1)?.state).toBe("handling");
  held.put(told(1, { state: "closed", step_number: 6 }));
  expect(held.rows.size).toBe(0);
});

test("only what is new since the page follows arrives, told of once for many", () => {
  const { board: held, soon, arrivals } = board();
  held.beginLoad();
  held.put(told(4)); // that it is not known yet does not make it new
  held.load([told(5)]);
  held.endLoad(new Set([4, 5]));
  held.put(told(5, { step_number: 2 }));
  held.take(told(8)); // somebody asked for it: nobody has to be told
  held.put(told(6));
  held.put(told(7));
  held.put(told(6, { step_number: 2 }));
  soon();
  expect(arrivals).toEqual([6, 7]);
  expect(held.fresh).toEqual([7, 6]);
});

test("of too many events those that are due last are left out, and counted", () => {
  const { board: held, soon } = board(1000);
  held.endLoad(new Set());
  for (let id = 1; id <= 2600; id++) {
    held.put(told(id));
    soon();
  }
  expect(held.rows.size).toBeLessThanOrEqual(1500);
  expect(held.rows.has(1)).toBe(true);
  expect(held.leftOut + held.rows.size).toBe(2600);
  expect(held.fresh).toHaveLength(50);
  const all = Array.from({ length: 2600 }, (_, i) => told(i + 1));
  held.beginLoad();
  held.load(all);
  held.endLoad(new Set(all.map(({ id }) => id)));
  soon();
  expect(held.leftOut + held.rows.size).toBe(2600); // not twice, after a break
});

test("of questions that come faster than answers one is under way, and the last is answered", async () => {
  const asked: number[] = [];
  const answers: (number | null)[] = [];
  const open: (() => void)[] = [];
  const ask = latest(
    (question: number) => {
      asked.push(question);
      return new Promise<number>((resolve, reject) => open.push(() => (question === 1 ? reject(new Error("gone")) : resolve(question))));
    },
    (answer) => answers.push(answer),
  );
  [1, 2, 3, 4].forEach(ask);
  expect(asked).toEqual([1]);
  open.shift()?.();
  await new Promise((resolve) => setTimeout(resolve));
  expect(asked).toEqual([1, 4]);
  open.shift()?.();
  await new Promise((resolve) => setTimeout(resolve));
  expect(answers).toEqual([null, 4]);
});

test("an alarm is for the level that is wished and above, and for what has just become overdue", () => {
  const rows = ["1", "2", "3", null].map((level, at) => rowOf(told(at + 1, { level })));
  expect(grave(rows, { level: "2" }).map(({ id }) => id)).toEqual([2, 3, 4]);
  const noon = Date.parse("2026-05-10T12:00:00Z");
  expect(lapsed(rows, noon + 1500, noon + 3500).map(({ id }) => id)).toEqual([2, 3]);
});

test("how far a place is from an area is measured to its nearest border", () => {
  const square = [[[[114, 22], [114.01, 22], [114.01, 22.01], [114, 22.01], [114, 22]]]];
  expect(metresTo(square, 114.005, 21.999)).toBeCloseTo(111.32, 1);
  expect(metresTo(square, 113.999, 22.005)).toBeCloseTo(111.32 * Math.cos((22.005 * Math.PI) / 180), 1);
  expect(metresTo(square, 114.01, 22.01)).toBeCloseTo(0, 6);
});
