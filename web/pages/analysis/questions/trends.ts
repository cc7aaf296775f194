// How things went, month by month, on one fixed set of areas: those of the day that is asked about.

import { service, told, type Schema } from "../../../shared/asking.ts";
import { say } from "../../../shared/words.ts";
import { ratio, sum, type Figure, type Question, type Row, type Values } from "../answer.ts";
import { eventsListing, type EventsAsked } from "../listings.ts";
import { groundFacts, scopeName } from "../telling.ts";
import { dayAfter, daysOfMonth } from "../view.ts";

const FIGURES: Figure[] = [
  { key: "reported", kind: "count", lists: true },
  { key: "closed", kind: "count", lists: true },
  { key: "overdue", kind: "count" },
  { key: "open", kind: "count", lists: true, bad: true },
  { key: "disposal_rate", kind: "share" },
  { key: "timely_share", kind: "share" },
];

const STATES: Record<string, EventsAsked> = { reported: {}, closed: { state: "closed,revisited" }, open: { state: "open" } };

export const question: Question = {
  name: "trends",
  right: "events.read",
  heeds: ["period"],
  workbook: ({ layer, at, first, last }, language) =>
    `/v1/layers/${encodeURIComponent(layer)}/event-statistics?${new URLSearchParams({ at, first, last, by: "month", format: "xlsx", language })}`,
  load: async (view, coming, signal) => {
    const query = { at: view.at, first: view.first, last: view.last, by: "month" as const };
    const asked = service.GET("/v1/layers/{layer}/event-statistics", { params: { path: { layer: view.layer }, query }, signal });
    const [answer, ground] = await Promise.all([told(asked), coming]);
    const found = answer as Schema["EventStatistics"]; // it may be a table for spreadsheets too, if that is asked for
    const inside = view.area ? ground.within(view.area) : null;
    const months = new Map<string, Values>();
    for (const { place, code, part, figures } of found.rows) {
      if (!part?.key || (inside ? !code || !inside.has(code) : place !== "all")) continue;
      months.set(part.key, added(months.get(part.key), figures));
    }
    const rows: Row[] = monthsOf(view.first, view.last).map((month) => ({ code: month, name: month, values: rated(months.get(month) ?? added(undefined, null)) }));
    const total = rated(Object.fromEntries(["reported", "closed", "overdue", "open", "answered"].map((key) => [key, sum(rows, key)])));
    const line = (key: string, kind: Figure["kind"]) => ({ key, kind, values: rows.map(({ values }) => values[key] as number | null) });
    return {
      figures: FIGURES,
      rows,
      total,
      headline: ["reported", "closed", "overdue", "disposal_rate", "timely_share"],
      sortedBy: "name",
      rising: true,
      charts: [
        { title: "chartEvents", lines: [line("reported", "count"), line("closed", "count"), line("overdue", "count")] },
        { title: "chartShares", lines: [line("disposal_rate", "share"), line("timely_share", "share")] },
      ],
      list: (key, month) => {
        const filters = STATES[key];
        if (!filters) return null;
        const place = ground.find(view.area);
        const days = month ? daysOfMonth(month) : { first: view.first, last: view.last };
        const first = days.first < view.first ? view.first : days.first;
        const last = days.last > view.last ? view.last : days.last;
        const title = `${scopeName(ground, view.area)} · ${month} ${say(`f_${key}`)}`;
        return eventsListing(title, { ...filters, first, last, ...(place ? { layer: place.layer.name, area: view.area } : {}) }, dayAfter);
      },
      facts: () => [...groundFacts(ground, view.at), [say("legendPeriod"), `${view.first} – ${view.last}`], [say("legendFixed"), say("fixedAreas", { count: inside?.size ?? ground.areas.size })]],
    };
  },
};

/** The months from one day to another, `2025-01` …, also those in which nothing happened. */
export function monthsOf(first: string, last: string): string[] {
  const months: string[] = [];
  const end = last.slice(0, 7);
  for (let [year, month] = first.split("-").map(Number) as [number, number]; months.length < 600; ) {
    const name = `${year}-${String(month).padStart(2, "0")}`;
    if (name > end) break;
    months.push(name);
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
  }
  return months;
}

function added(before: Values | undefined, figures: Schema["EventFigures"] | null): Values {
  const add = (key: string, more: number): number => Number(before?.[key] ?? 0) + more;
  return {
    reported: add("reported", figures?.reported ?? 0),
    closed: add("closed", figures?.closed ?? 0),
    overdue: add("overdue", figures?.overdue ?? 0),
    open: add("open", figures?.open ?? 0),
    answered: add("answered", figures ? figures.reported - figures.rejected - figures.merged : 0),
  };
}

function rated(values: Values): Values {
  const [reported, overdue] = [Number(values["reported"]), Number(values["overdue"])];
  return { ...values, disposal_rate: ratio(values["closed"] as number, values["answered"] as number), timely_share: ratio(reported - overdue, reported) };
}
