// What a page of analysis is asked to show, as its address has it: areas, days, a measure, what is opened.

import { Place } from "../../shared/place.ts";

export const KEYS = [
  "layer", "area", "at", "first", "last", "since", "by", "measure", "map", "chosen", "list", "building", "hide",
] as const;
export type Key = (typeof KEYS)[number];
export type Asked = Partial<Record<Key | "lang", string>>;

/** What a question is asked of: all that is not said in the address stands on its default. */
export interface View {
  layer: string;
  /** Code of the area that the question is narrowed to, of any layer above; empty for all. */
  area: string;
  /** The day whose areas count. */
  at: string;
  /** Whether that day was chosen: else it is today, and moves on. */
  isToday: boolean;
  first: string;
  last: string;
  since: string;
  by: string;
}

export const place = new Place<Key>(KEYS);

/** The day some months before another, at the latest the last of its month. */
export function monthsBefore(day: string, months: number): string {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 - months, Math.min(date, last))).toISOString().slice(0, 10);
}

/** The day after. */
export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

/** The whole year up to a day: from the day after the same day of the year before. */
export function yearUpTo(day: string): { first: string; last: string } {
  return { first: dayAfter(monthsBefore(day, 12)), last: day };
}

/** The first and the last day of a month, `2025-02`. */
export function daysOfMonth(month: string): { first: string; last: string } {
  const [year, number] = month.split("-").map(Number) as [number, number];
  return { first: `${month}-01`, last: new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10) };
}

/** What is asked, filled up with what stands there unasked. */
export function viewOf(asked: Asked, known: { layer: string; today: string; lastEvent: string | null }): View {
  const at = asked.at ?? known.today;
  const end = known.lastEvent && known.lastEvent < at ? known.lastEvent : at;
  const period = yearUpTo(asked.last ?? end);
  return {
    layer: asked.layer ?? known.layer,
    area: asked.area ?? "",
    at,
    isToday: !asked.at,
    first: asked.first ?? period.first,
    last: period.last,
    since: asked.since ?? monthsBefore(at, 3),
    by: asked.by ?? "",
  };
}
