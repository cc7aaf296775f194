// What a question answers with: figures of rows (areas, or months), a measure for the map, and the list behind each number.

import type { TemplateResult } from "lit";
import type { Child } from "../../shared/elements.ts";
import type { Column } from "../../shared/table.ts";
import type { Ground } from "./ground.ts";
import type { View } from "./view.ts";

/** How a figure is written: `share` from 0 to 1, `off` a share with its sign, `rate` with two decimals. */
export type Kind = "count" | "share" | "off" | "rate" | "hours" | "text";
export type Values = Record<string, number | string | null>;

/** One figure of each row: a column of the table; its title and what it means are words `f_KEY`, `h_KEY`. */
export interface Figure {
  key: string;
  kind: Kind;
  /** Whether there is a list behind it. */
  lists?: boolean;
  /** Whether the map can be coloured by it: from few to many, or by how far it is off. */
  scale?: "sequence" | "off" | "both";
  /** Of one that is off: what is near enough, and what is far; 10 % and 30 % without. */
  bands?: readonly [near: number, far: number];
  /** Whether a bar is drawn: of a load, against 1. */
  bars?: boolean;
  /** Whether more of it is worse, and told as such where it stands alone. */
  bad?: boolean;
  /** Whether more of it is better: the map is darkest where there is least. */
  good?: boolean;
}

export interface Row {
  code: string;
  name: string;
  values: Values;
}

/** The list behind a number: rows that come page by page. */
export interface Listing<Item = any> { // each listing has rows of its own kind, which only its columns read
  title: string;
  columns: () => Column<Item>[];
  keyOf: (item: Item) => string;
  load: (signal: AbortSignal) => AsyncGenerator<readonly Item[]>;
  /** Rows of a full page; without it all come at once. */
  atOnce?: number;
  /** A building that a row leads to; its "why" is shown in the same place. */
  building?: (item: Item) => number | null;
  /** What there is to say besides. */
  note?: string;
}

/** Opens the list behind a figure of a row; without a code that of all. */
export type Open = (key: string, code: string) => void;

export interface Line {
  key: string;
  /** One value for each row. */
  values: (number | null)[];
  kind: Kind;
}

/** A building that is drawn by itself, in a colour of `maps/palette.py`'s changes. */
export interface Marked {
  id: number;
  lon: number;
  lat: number;
  change: string;
}

export interface Chart {
  /** A word. */
  title: string;
  lines?: Line[];
  /** The figure that bars are of. */
  bars?: string;
}

export interface Answer {
  figures: Figure[];
  rows: Row[];
  /** The figures of all that is asked about. */
  total: Values;
  /** Keys of the figures that stand above the table. */
  headline: string[];
  /** How those of them are written that are no column: counts and shares tell themselves. */
  kinds?: Record<string, Kind>;
  /** The key that the table is sorted by at first, the most first unless `rising`. */
  sortedBy: string;
  rising?: boolean;
  /** The list behind a figure of a row; `code` is empty for all of them. Null where there is none. */
  list: (key: string, code: string) => Listing | null;
  /** What the legend states: date, plan, rules, totals. */
  facts: () => [string, Child][];
  /** Said above the table. */
  notes?: () => string[];
  /** Buildings drawn one by one over the areas: asked for when the figures stand. */
  marked?: () => Promise<Marked[]>;
  /** Said below the figures of the whole. */
  aside?: (open: Open) => TemplateResult;
  /** The same with figures that take longer: asked for when these stand. */
  fuller?: () => Promise<Answer>;
  /** Instead of a map: lines over the rows, or a bar for each. */
  charts?: Chart[];
}

/** What `POST /v1/drawings` calls the maps that it draws. */
export type Drawing = "risk" | "risk-change" | "loads" | "events" | "vacancies" | "service";

export interface Question {
  name: string;
  /** The right that it takes; a page without it says so. */
  right: string;
  /** Which fields of the bar it heeds besides layer, area and day. */
  heeds: readonly ("period" | "since" | "by")[];
  /** Whether buildings are drawn over the areas. */
  buildings?: "classes";
  /** The map of it that the service draws as a file. */
  drawing?: Drawing;
  /** The address of its figures as a workbook, where there is no map of it to draw. */
  workbook?: (view: View, language: string) => string;
  /** Choices of the field `by`. */
  parts?: readonly string[];
  /** Both the areas and the figures are on their way at once. */
  load: (view: View, ground: Promise<Ground>, signal: AbortSignal) => Promise<Answer>;
}

/** The sum of a figure over rows; what is not known counts for nothing. */
export function sum(rows: readonly Row[], key: string): number {
  return rows.reduce((all, { values }) => all + (typeof values[key] === "number" ? (values[key] as number) : 0), 0);
}

/** One number to another; null where there is nothing to divide by. */
export function ratio(part: number | null, whole: number | null): number | null {
  return part === null || !whole ? null : part / whole;
}

/** A figure of a row as a number; null where it is none. */
export function figureOf(row: { values: Values }, key: string): number | null {
  const value = row.values[key];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
