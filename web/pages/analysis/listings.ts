// Lists behind numbers: buildings, events, areas, or rows that are there already.

import { html } from "lit";
import { everyPage, service, type Schema } from "../../shared/asking.ts";
import type { Column } from "../../shared/table.ts";
import { current, number, say, shortMoment } from "../../shared/words.ts";
import type { Listing } from "./answer.ts";

type Event = Schema["EventInfo"];

/** How many rows of a list come at once. */
export const AT_ONCE = 200;

export interface EventsAsked {
  layer?: string;
  area?: string;
  state?: string;
  source?: string;
  level?: string;
  category?: string;
  limit_state?: string;
  place?: string;
  /** The last day is counted. */
  first?: string;
  last?: string;
}

/** The events that a figure counts, or is a rate of; told by the word of the count. */
const EVENTS_OF: Record<string, { word: string; asked: EventsAsked }> = {
  reported: { word: "f_reported", asked: {} },
  year_change: { word: "f_reported", asked: {} },
  timely_share: { word: "f_reported", asked: {} },
  closed: { word: "f_closed", asked: { state: "closed,revisited" } },
  median_hours: { word: "f_closed", asked: { state: "closed,revisited" } },
  disposal_rate: { word: "f_answered", asked: { state: "open,closed,revisited" } },
  open: { word: "f_open", asked: { state: "open" } },
  overdue: { word: "f_overdue", asked: { limit_state: "late" } },
  elsewhere: { word: "f_elsewhere", asked: { place: "outside,no-place" } },
  overdue_now: { word: "f_overdue_now", asked: { limit_state: "overdue" } },
};

/** The list behind a figure of events; null where it is of none. */
export function eventsBehind(key: string, scope: string, asked: EventsAsked, dayAfter: (day: string) => string): Listing<Event> | null {
  const events = EVENTS_OF[key];
  return events ? eventsListing(`${scope} · ${say(events.word)}`, { ...asked, ...events.asked }, dayAfter) : null;
}

/** Events, the latest first; each leads to its page. */
export function eventsListing(title: string, { first, last, ...filters }: EventsAsked, dayAfter: (day: string) => string): Listing<Event> {
  const until = last ? { to: dayAfter(last) } : {};
  const query = { ...filters, ...(first ? { from: first } : {}), ...until, limit: AT_ONCE };
  return {
    title,
    keyOf: ({ id }) => String(id),
    atOnce: AT_ONCE,
    load: (signal) => everyPage(service.GET("/v1/events", { params: { query: { ...query, of: "in" as const } }, signal }), signal),
    columns: () => [
      {
        key: "id",
        title: say("event"),
        value: ({ id }) => id,
        text: ({ id }) => html`<a href=${`/events#event=${id}`}>${id}</a>`,
      },
      { key: "occurred", title: say("occurred"), value: (event) => event.occurred_at, text: (event) => shortMoment(event.occurred_at) ?? "" },
      { key: "category", title: say("category"), value: categoryOf },
      { key: "state", title: say("state"), value: ({ state }) => say(`state_${state}`) },
      { key: "source", title: say("source"), value: ({ source }) => say(`source_${source}`) },
      { key: "desk", title: say("desk"), value: ({ desk }) => desk?.name ?? desk?.department_title ?? null },
    ],
  };
}

function categoryOf({ category, category_text: text }: Event): string {
  if (!category) return text ?? say("unclassifiedEvent");
  return (current() === "zh" ? category.title : category.title_en) || category.title || category.code;
}

/** Rows that are there already. */
export function rowsListing<Item>(title: string, items: readonly Item[], keyOf: (item: Item) => string, columns: () => Column<Item>[], note?: string): Listing<Item> {
  return {
    title,
    keyOf,
    columns,
    ...(note ? { note } : {}),
    load: async function* () {
      yield items;
    },
  };
}

/** A whole number in a column. */
export function counted<Item>(key: string, title: string, value: (item: Item) => number | null): Column<Item> {
  return { key, title, value, text: (item) => { const figure = value(item); return figure === null ? "–" : number(figure); } };
}
