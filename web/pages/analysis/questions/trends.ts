// How things went, month by month, on one fixed set of areas: those of the day that is asked about.

import { may } from "../../../shared/head.ts";
import { service, told, type Schema } from "../../../shared/asking.ts";
import { say } from "../../../shared/words.ts";
import { ratio, sum, type Answer, type Figure, type Question, type Row, type Values } from "../answer.ts";
import { buildingsListing } from "../buildings.ts";
import { eventsBehind } from "../listings.ts";
import { groundFacts, scopeName } from "../telling.ts";
import { dayAfter, daysOfMonth, type View } from "../view.ts";

const FIGURES: Figure[] = [
  { key: "reported", kind: "count", lists: true },
  { key: "closed", kind: "count", lists: true },
  { key: "overdue", kind: "count", lists: true },
  { key: "open", kind: "count", lists: true, bad: true },
  { key: "disposal_rate", kind: "share", lists: true },
  { key: "timely_share", kind: "share", lists: true },
];
const WARNING: Figure = { key: "warning", kind: "count", lists: true, bad: true };

const MOST_MONTHS = 36; // each of them is a question of its own
const AT_ONCE = 2;

export const question: Question = {
  name: "trends",
  right: "events.read",
  heeds: ["period"],
  workbook: ({ layer, at, first, last }, language) =>
    `/v1/layers/${encodeURIComponent(layer)}/event-statistics?${new URLSearchParams({ at, first, last, by: "month", format: "xlsx", language })}`,
  load: async (view, coming, signal) => {
    const query = { at: view.at, first: view.first, last: view.last, by: "month" as const };
    const asked = service.GET("/v1/layers/{layer}/event-statistics", { params: { path: { layer: view.layer }, query }, signal });
    const [statistics, ground] = await Promise.all([told(asked), coming]);
    const found = statistics as Schema["EventStatistics"]; // it may be a table for spreadsheets too, if that is asked for
    const inside = view.area ? ground.within(view.area) : null;
    const months = new Map<string, Values>();
    for (const { place, code, part, figures } of found.rows) {
      if (!part?.key || (inside ? !code || !inside.has(code) : place !== "all")) continue;
      months.set(part.key, added(months.get(part.key), figures));
    }
    const rows: Row[] = monthsOf(view.first, view.last).map((month) => ({ code: month, name: month, values: rated(months.get(month) ?? added(undefined, null)) }));
    const total = rated(Object.fromEntries(["reported", "closed", "overdue", "open", "answered"].map((key) => [key, sum(rows, key)])));
    const line = (key: string, kind: Figure["kind"]) => ({ key, kind, values: rows.map(({ values }) => values[key] as number | null) });
    const answer: Answer = {
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
        const place = ground.find(view.area);
        const days = month ? daysOfMonth(month) : { first: view.first, last: view.last };
        const first = days.first < view.first ? view.first : days.first;
        const last = days.last > view.last ? view.last : days.last;
        const within = place ? { layer: place.layer.name, area: view.area } : {};
        if (key === "warning") return month ? buildingsListing(`${scopeName(ground, view.area)} · ${last} · ${say("f_warning")}`, { ...within, risk_class: "warning", at: last }) : null;
        return eventsBehind(key, [scopeName(ground, view.area), month].filter(Boolean).join(" · "), { first, last, ...within }, dayAfter);
      },
      facts: () => [...groundFacts(ground, view.at), [say("legendPeriod"), `${view.first} – ${view.last}`], [say("legendFixed"), say("fixedAreas", { count: inside?.size ?? ground.areas.size })]],
    };
    return may("buildings.read") ? { ...answer, fuller: async () => withWarnings(answer, await warningsOf(view, inside, signal)) } : answer;
  },
};

/** How many warning buildings there were at the end of each month (of the last one: of the period), on the areas of the day that is asked about; months before the first rating have none. */
async function warningsOf(view: View, inside: Set<string> | null, signal: AbortSignal): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  const months = monthsOf(view.first, view.last).slice(-MOST_MONTHS);
  const ask = async (): Promise<void> => {
    for (let month = months.pop(); month; month = months.pop()) {
      const { last } = daysOfMonth(month);
      const at = last > view.last ? view.last : last;
      const summary = await told(service.GET("/v1/risk/summary", { params: { query: { layer: view.layer, at, areas_at: view.at } }, signal }));
      const areas = inside ? summary.areas.filter(({ code }) => code && inside.has(code)) : [summary.total];
      if (!summary.total.buildings || summary.never_rated < summary.total.buildings) found.set(month, areas.reduce((all, { counts }) => all + (counts["warning"] ?? 0), 0));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  return found;
}

function withWarnings(answer: Answer, found: Map<string, number>): Answer {
  const rows = answer.rows.map((row) => ({ ...row, values: { ...row.values, warning: found.get(row.code) ?? null } }));
  const lines = [{ key: "warning", kind: "count" as const, values: rows.map(({ values }) => values.warning) }];
  const now = rows.at(-1)?.values.warning ?? null;
  return {
    ...answer,
    figures: [...FIGURES, WARNING],
    rows,
    total: { ...answer.total, warning: now },
    charts: [...(answer.charts ?? []), ...(found.size ? [{ title: "chartWarnings", lines }] : [])],
    notes: () => (found.size ? [] : [say("noRatingsThen")]),
  };
}

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
