// What the page keeps of an event: little, as there are thousands of them, and what is the same is kept once.

import type { Schema } from "../../shared/asking.ts";

export type Told = Schema["EventInfo"];
/** How the first limit that runs stands; `none` where none runs. */
export type Standing = "overdue" | "due-soon" | "running" | "none";
/** From the worst down. */
export const STANDINGS: readonly Standing[] = ["overdue", "due-soon", "running", "none"];

export interface Row {
  id: number;
  source: string;
  externalId: string;
  category: string | null;
  titleZh: string | null;
  titleEn: string | null;
  level: string | null;
  state: string;
  step: number;
  /** Moments in milliseconds. */
  occurred: number;
  received: number;
  due: number | null;
  warn: number | null;
  stage: string | null;
  description: string | null;
  lon: number | null;
  lat: number | null;
  /** Web Mercator, metres; NaN without a place. */
  x: number;
  y: number;
  deskKind: string | null;
  /** The desk's area, `layer:code`. */
  deskArea: string | null;
  department: string | null;
  /** Where it lies, `layer:code`, from the top layer down. */
  areas: readonly string[];
}

const RADIUS = 6378137; // of the sphere of Web Mercator
const RUNS = new Set(["running", "due-soon", "overdue"]);

const texts = new Map<string, string>();
const chains = new Map<string, readonly string[]>();
const names = new Map<string, string>();

/** The row of an event. */
export function rowOf(told: Told): Row {
  const limit = told.limits.find(({ state }) => RUNS.has(state)); // they come by what is due first
  const { lon, lat } = told.place;
  return {
    id: told.id,
    source: once(told.source),
    externalId: told.external_id,
    category: once(told.category?.code ?? null),
    titleZh: once(told.category?.title ?? told.category_text),
    titleEn: once(told.category?.title_en ?? told.category_text),
    level: once(told.level),
    state: once(told.state),
    step: told.step_number,
    occurred: Date.parse(told.occurred_at),
    received: Date.parse(told.received_at),
    due: limit ? Date.parse(limit.due_at) : null,
    warn: limit?.warn_at ? Date.parse(limit.warn_at) : null,
    stage: once(limit?.stage ?? null),
    description: told.description,
    lon,
    lat,
    x: lon === null ? NaN : (RADIUS * lon * Math.PI) / 180,
    y: lat === null ? NaN : RADIUS * Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)),
    deskKind: once(told.desk?.kind ?? null),
    deskArea: told.desk?.layer && told.desk.code ? named(told.desk.layer, told.desk.code, told.desk.name) : null,
    department: once(told.desk?.department ?? null),
    areas: chainOf(told),
  };
}

/** The name of an area that some event lies in or that it is on the desk of; its code where nobody told. */
export function areaName(key: string): string {
  return names.get(key) ?? key.slice(key.indexOf(":") + 1);
}

/** Remember what an area is called. */
export function named(layer: string, code: string, name: string | null): string {
  const key = once(`${layer}:${code}`);
  if (name) names.set(key, name);
  return key;
}

/** How the first limit of an event stands at a moment. */
export function standing({ due, warn }: Pick<Row, "due" | "warn">, now: number): Standing {
  if (due === null) return "none";
  if (due < now) return "overdue";
  return warn !== null && warn <= now ? "due-soon" : "running";
}

export type Order = "due" | "newest";

/** What is due first stands first, and what has no limit last; or what happened last. */
export const ORDERS: Record<Order, (one: Row, other: Row) => number> = {
  due: (one, other) => dueOf(one) - dueOf(other) || newest(one, other),
  newest,
};

const NEVER = 8.64e15; // the last moment that there is

function dueOf({ due }: Row): number {
  return due ?? NEVER;
}

function newest(one: Row, other: Row): number {
  return other.occurred - one.occurred || other.id - one.id;
}

function chainOf({ areas }: Told): readonly string[] {
  const found = areas.flatMap(({ layer, code, name }) => (code ? [named(layer, code, name)] : []));
  const key = found.join(" ");
  const known = chains.get(key);
  if (known) return known;
  chains.set(key, found);
  return found;
}

function once<T extends string | null>(text: T): T {
  if (text === null) return text;
  const known = texts.get(text);
  if (known !== undefined) return known as T;
  texts.set(text, text);
  return text;
}
