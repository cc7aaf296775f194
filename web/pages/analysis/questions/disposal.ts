// What became of events: closed, overdue, in time, how long they took; by area, by source or by category; last year beside.

import { service, told, type Schema } from "../../../shared/asking.ts";
import { current, number, say } from "../../../shared/words.ts";
import { ratio, sum, type Answer, type Figure, type Question, type Row, type Values } from "../answer.ts";
import type { Ground } from "../ground.ts";
import { eventsBehind } from "../listings.ts";
import { areaRows, groundFacts, scopeName } from "../telling.ts";
import { dayAfter, type View } from "../view.ts";

type Statistics = Schema["EventStatistics"];
type Told = Schema["EventFigures"];

const FIGURES: Figure[] = [
  { key: "reported", kind: "count", lists: true, scale: "sequence" },
  { key: "disposal_rate", kind: "share", lists: true, scale: "sequence", good: true },
  { key: "overdue", kind: "count", lists: true, scale: "sequence", bad: true },
  { key: "timely_share", kind: "share", lists: true, scale: "sequence", good: true },
  { key: "median_hours", kind: "hours", lists: true, scale: "sequence" },
  { key: "open", kind: "count", lists: true, scale: "sequence", bad: true },
  { key: "overdue_now", kind: "count", lists: true, scale: "sequence", bad: true },
  { key: "year_change", kind: "off", lists: true, scale: "off" },
];

const REST = "-"; // the part of what is in no other

export const question: Question = {
  name: "disposal",
  right: "events.read",
  heeds: ["period", "by"],
  parts: ["source", "category", "level"],
  drawing: "events",
  load: async (view, coming, signal) => {
    const asked = { at: view.at, first: view.first, last: view.last };
    const path = { layer: view.layer };
    const by = view.by as "source" | "category" | "level" | "";
    const query = { ...asked, compare_year: true, ...(by ? { by } : {}) };
    const asking = service.GET("/v1/layers/{layer}/event-statistics", { params: { path, query }, signal });
    const [found, ground] = await Promise.all([told(asking), coming]);
    return answerOf(found as Statistics, view, ground); // it may be a table for spreadsheets too, if that is asked for
  },
};

export function answerOf(found: Statistics, view: View, ground: Ground): Answer {
  const plain = found.rows.filter(({ part }) => part === null);
  const areas = areaRows(ground, view.area, plain, ({ figures, former }) => valuesOf(figures, former));
  const whole = plain.find(({ place }) => place === "all");
  const total = view.area || !whole ? totalOf(areas) : valuesOf(whole.figures, whole.former);
  const reported = (...places: string[]): number => plain.filter(({ place }) => places.includes(place)).reduce((all, { figures }) => all + figures.reported, 0);
  const [nowhere, beyond] = view.area ? [0, 0] : [reported("outside", "no-place"), reported("beyond")];
  if (nowhere) total["elsewhere"] = nowhere;
  const rows = view.by ? partRows(found, view, ground) : areas;
  return {
    figures: FIGURES,
    rows,
    total,
    headline: ["reported", "closed", "disposal_rate", "overdue", "timely_share", "open", "overdue_now", "median_hours", "year_change", ...(nowhere ? ["elsewhere"] : [])],
    sortedBy: view.by ? "reported" : "overdue_now",
    ...(view.by ? { charts: [{ title: "chartParts", bars: "reported" }] } : {}),
    list: (key, code) => listing(key, code, view, ground),
    facts: () => [
      ...groundFacts(ground, view.at),
      [say("legendPeriod"), `${found.first} – ${found.last}`],
      ...(found.former_first ? ([[say("legendFormer"), `${found.former_first} – ${found.former_last}`]] as [string, string][]) : []),
      [say("legendEvents"), number(Number(total["reported"] ?? 0))],
    ],
    notes: () => (beyond ? [say("eventsBeyond", { count: number(beyond) })] : []),
  };
}

function valuesOf(figures: Told, former: Told | null): Values {
  const answered = figures.reported - figures.rejected - figures.merged;
  return {
    reported: figures.reported,
    closed: figures.closed,
    open: figures.open,
    rejected: figures.rejected,
    merged: figures.merged,
    overdue: figures.overdue,
    overdue_now: figures.overdue_now,
    disposal_rate: ratio(figures.closed, answered),
    timely_share: ratio(figures.reported - figures.overdue, figures.reported),
    median_hours: figures.median_hours,
    former: former?.reported ?? 0,
    year_change: former?.reported ? figures.reported / former.reported - 1 : null,
  };
}

/** Of some areas together: medians do not add up. */
function totalOf(rows: Row[]): Values {
  const add = (key: string): number => sum(rows, key);
  const [reported, former] = [add("reported"), add("former")];
  return {
    reported,
    closed: add("closed"),
    open: add("open"),
    overdue: add("overdue"),
    overdue_now: add("overdue_now"),
    disposal_rate: ratio(add("closed"), reported - add("rejected") - add("merged")),
    timely_share: ratio(reported - add("overdue"), reported),
    median_hours: null,
    year_change: former ? reported / former - 1 : null,
  };
}

/** Rows of the parts instead of the areas, of all of them or of those that are asked about. */
function partRows(found: Statistics, view: View, ground: Ground): Row[] {
  const inside = view.area ? ground.within(view.area) : null;
  const parts = new Map<string, { title: string; rows: Row[] }>();
  for (const { place, code, part, figures, former } of found.rows) {
    if (!part || (inside ? !code || !inside.has(code) : place !== "all")) continue;
    const title = current() === "zh" ? part.title_zh : part.title_en;
    const key = part.key ?? "";
    const kept = parts.get(key) ?? { title, rows: [] };
    kept.rows.push({ code: key, name: title, values: valuesOf(figures, former) });
    parts.set(key, kept);
  }
  return [...parts].map(([code, { title, rows }]) => ({ code: code || REST, name: title, values: rows.length === 1 ? (rows[0] as Row).values : totalOf(rows) }));
}

function listing(key: string, code: string, view: View, ground: Ground) {
  if (code === REST) return null; // no list can be asked for what has no source, level or item
  if (key === "elsewhere") return eventsBehind(key, scopeName(ground, ""), { layer: view.layer, first: view.first, last: view.last }, dayAfter);
  const part = view.by && code ? { [view.by]: code } : {};
  const area = view.by ? view.area : code || view.area;
  const found = area ? ground.find(area) : null;
  const place = found ? { layer: found.layer.name, area } : {};
  return eventsBehind(key, scopeName(ground, area), { ...part, ...place, first: view.first, last: view.last }, dayAfter);
}
