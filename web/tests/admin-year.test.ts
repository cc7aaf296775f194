import { expect, test } from "vitest";
import type { Schema } from "../shared/asking.ts";
import { monthsOf, workingDays } from "../pages/admin/year.ts";

const office = ["09:00-17:00"];
const calendar: Schema["CalendarDetail"] = {
  calendar: {
    name: "office",
    timezone: "Asia/Shanghai",
    source: "",
    is_example: true,
    hours: { monday: office, tuesday: office, wednesday: office, thursday: office, friday: office, swapped: office },
    days: 4,
    first_day: "2026-10-01",
    last_day: "2026-10-10",
  },
  days: [
    { day: "2026-10-01", is_working: false, title: "国庆节" },
    { day: "2026-10-03", is_working: false, title: null },
    { day: "2026-10-08", is_working: true, title: null },
    { day: "2026-10-10", is_working: true, title: "调班" },
  ],
};

test("days are what their weekday says, but for those that differ", () => {
  const october = monthsOf(calendar, 2026)[9];
  expect(october?.before).toBe(3); // the first is a Thursday
  expect(october?.days.length).toBe(31);
  const kind = (day: number) => october?.days[day - 1]?.kind;
  expect([1, 2, 3, 4, 5, 8, 10].map(kind)).toEqual(["holiday", "working", "holiday", "free", "working", "working", "swapped"]);
  expect(october?.days[0]?.title).toBe("国庆节");
});

test("worked days are counted: the weekdays, less holidays, and those worked instead", () => {
  expect(workingDays(monthsOf({ ...calendar, days: [] }, 2026))).toBe(261);
  expect(workingDays(monthsOf(calendar, 2026))).toBe(261);
  expect(monthsOf(calendar, 2028)[1]?.days.length).toBe(29);
});
