// How figures are written, in both languages.

import { current, isSaid, number, percent, say } from "../../shared/words.ts";
import type { Answer, Kind } from "./answer.ts";

const NONE = "–";

/** A figure as text; what is not known is a dash. */
export function written(value: number | string | null | undefined, kind: Kind): string {
  if (value === null || value === undefined || value === "") return NONE;
  if (typeof value === "string") return value;
  if (kind === "share") return percent(value);
  if (kind === "off") return percent(value, 0, true);
  if (kind === "hours") return hours(value);
  return number(value, kind === "rate" ? 2 : 0);
}

/** Minutes, hours or days, whichever says it shortest. */
function hours(value: number): string {
  if (value < 1) return say("minutes", { count: number(value * 60) });
  return value < 48 ? say("hours", { count: number(value, 1) }) : say("days", { count: number(value / 24, 1) });
}

/** What the service says in both languages, in the one of the page. */
export function inLanguage(zh: string | null, en: string | null): string {
  return (current() === "zh" ? zh : en) ?? zh ?? en ?? "";
}

/** The title of a figure, and what it is. */
export function titled(key: string): { title: string; hint: string } {
  return { title: say(`f_${key}`), hint: isSaid(`h_${key}`) ? say(`h_${key}`) : say(`f_${key}`) };
}

/** How a figure of the whole is written: as its column is, else by what it is called. */
export function kindOf({ figures, kinds }: Answer, key: string): Kind {
  return figures.find((one) => one.key === key)?.kind ?? kinds?.[key] ?? (/(share|rate)$/.test(key) ? "share" : "count");
}
