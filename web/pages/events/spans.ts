// How long until, and how long since: as a person says it.

import { current, number, say } from "../../shared/words.ts";
import { standing, type Row } from "./rows.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A time in its largest units: 3 天, 5 小时, 12 分钟. */
export function span(milliseconds: number): string {
  const long = Math.abs(milliseconds);
  if (long >= 2 * DAY) return say("days", { count: number(Math.floor(long / DAY)) });
  if (long >= HOUR) return say("hours", { count: number(Math.floor(long / HOUR)) });
  return say("minutes", { count: number(Math.floor(long / MINUTE)) });
}

/** How an event's first limit stands: 超期 3 天, 剩 20 分钟; nothing where none runs. */
export function dueText(row: Pick<Row, "due" | "warn">, now: number): string {
  if (row.due === null) return "";
  return say(standing(row, now) === "overdue" ? "overdueBy" : "leftFor", { span: span(row.due - now) });
}

/** A moment for lists: without the year as long as it is this one. */
export function clock(at: number | string, now = Date.now()): string {
  const day = new Date(at);
  const year = day.getFullYear() === new Date(now).getFullYear() ? {} : ({ year: "numeric" } as const);
  const [tag, month] = current() === "zh" ? (["zh-CN", "numeric"] as const) : (["en-GB", "short"] as const);
  return day.toLocaleString(tag, { ...year, month, day: "numeric", hour: "2-digit", minute: "2-digit" });
}
