// A working calendar laid out as a year: what each day is.

import type { Schema } from "../../shared/asking.ts";

export type DayKind = "working" | "free" | "holiday" | "swapped";

export interface Day {
  /** As 2026-10-01. */
  date: string;
  day: number;
  kind: DayKind;
  title: string | null;
}

export interface Month {
  /** 1 to 12. */
  month: number;
  /** How many empty places stand before its first day in a week from Monday. */
  before: number;
  days: Day[];
}

const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
/** In the order of the week. */
export const WEEK = [...WEEKDAYS.slice(1), "sunday"];

/** The months of a year. A day off that stands in the calendar is a holiday, also where its weekday is free. */
export function monthsOf(calendar: Schema["CalendarDetail"], year: number): Month[] {
  const { hours } = calendar.calendar;
  const special = new Map(calendar.days.map((one) => [one.day, one]));
  return Array.from({ length: 12 }, (_, index) => {
    const first = new Date(Date.UTC(year, index, 1));
    const count = new Date(Date.UTC(year, index + 1, 0)).getUTCDate();
    const days = Array.from({ length: count }, (_, before): Day => {
      const at = new Date(Date.UTC(year, index, before + 1));
      const date = at.toISOString().slice(0, 10);
      const differs = special.get(date);
      const usual: DayKind = hours[WEEKDAYS[at.getUTCDay()] ?? ""]?.length ? "working" : "free";
      const kind = differs ? (differs.is_working ? (usual === "working" ? "working" : "swapped") : "holiday") : usual;
      return { date, day: before + 1, kind, title: differs?.title ?? null };
    });
    return { month: index + 1, before: (first.getUTCDay() + 6) % 7, days };
  });
}

/** How many days of a year are worked. */
export function workingDays(months: readonly Month[]): number {
  return months.flatMap(({ days }) => days).filter(({ kind }) => kind === "working" || kind === "swapped").length;
}
