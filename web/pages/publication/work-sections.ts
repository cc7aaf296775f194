// What a publication means for those who work in the areas: open events, posts, areas below, workload.

import { html, type TemplateResult } from "lit";
import "../../shared/table.ts";
import { none } from "../../shared/piece.ts";
import { areaText } from "../../shared/plan-changes.ts";
import { isSaid, number, say } from "../../shared/words.ts";
import type { Schema } from "../../shared/asking.ts";
import type { Column } from "../../shared/table.ts";
import { handedOver, vacantThen, type Impact, type Vacant } from "./impact.ts";
import { section } from "./sections.ts";

type Way = Schema["Reroute"];
type Event = Schema["ReroutedEvent"];
type Post = Schema["LeftPost"];
type Below = Schema["AffectedArea"];
type Workload = Schema["AreaWorkload"];

export function eventsSection({ preview }: Impact, lists: unknown): TemplateResult {
  const rerouted = preview.rerouted;
  if (!rerouted) return section("events", say("eventsTitle"), html`<p class="soft">${say("notToldNote")}</p>`);
  const names = namesOf(preview.workload);
  const ways = handedOver(preview);
  const events = preview.events.filter(({ from_code, to_code }) => from_code !== to_code);
  const columns: Column<Way>[] = [
    { key: "from", title: say("changeFrom"), value: (way) => way.from_code, text: (way) => areaText(way.from_code, names.get(way.from_code ?? "")) },
    { key: "to", title: say("changeTo"), value: (way) => way.to_code, text: (way) => areaText(way.to_code, names.get(way.to_code ?? "")) },
    { key: "events", title: say("eventsCount"), value: (way) => way.events },
  ];
  const eventColumns: Column<Event>[] = [
    { key: "id", title: say("event"), value: (event) => event.external_id, text: (event) => html`<code>${event.external_id}</code>` },
    { key: "source", title: say("source"), value: (event) => (isSaid(`source_${event.source}`) ? say(`source_${event.source}`) : event.source) },
    { key: "from", title: say("changeFrom"), value: (event) => event.from_code, text: (event) => areaText(event.from_code) },
    { key: "to", title: say("changeTo"), value: (event) => event.to_code, text: (event) => areaText(event.to_code) },
  ];
  return section(
    "events",
    say("eventsTitle"),
    html`<p>${say("eventsText", { events: number(rerouted.events), handed: number(rerouted.handed_over) })}</p>
      ${ways.length
        ? html`<div class="wide"><g-table .columns=${columns} .rows=${ways} .keyOf=${(way: Way) => `${way.from_plan} ${way.from_code} ${way.to_code}`} caption=${say("eventsTitle")} sortedBy="events" descending></g-table></div>`
        : html`<p class="soft">${say("eventsNone")}</p>`}
      ${events.length
        ? html`<details class="noprint"><summary>${say("eventsList", { count: number(events.length) })}</summary>
            <div class="wide"><g-table .columns=${eventColumns} .rows=${events} .keyOf=${(event: Event) => `${event.source} ${event.external_id}`} caption=${say("eventsTitle")}></g-table></div>
          </details>`
        : none}
      ${lists}`,
    rerouted.handed_over,
  );
}

export function postsSection(impact: Impact): TemplateResult {
  const { preview, vacancies } = impact;
  const vacant = vacantThen(impact);
  const columns: Column<Post>[] = [
    { key: "area", title: say("code"), value: (post) => post.area_code, text: (post) => html`<code>${post.area_code}</code>` },
    { key: "role", title: say("role"), value: (post) => post.role },
    { key: "holder", title: say("holder"), value: (post) => post.holder },
    { key: "from", title: say("heldFrom"), value: (post) => post.valid_from },
    { key: "to", title: say("heldTo"), value: (post) => post.valid_to },
  ];
  const vacantColumns: Column<Vacant>[] = [
    { key: "code", title: say("code"), value: (area) => area.code, text: (area) => areaText(area.code, area.name) },
    { key: "role", title: say("role"), value: ({ roles }) => roles.map(([role, missing]) => `${role} ${number(missing)}`).join(say("comma")) },
    { key: "missing", title: say("missing"), value: (area) => area.missing },
    { key: "why", title: say("reasonOf"), value: (area) => say(area.isNew ? "vacantNew" : "vacantNow") },
  ];
  return html`
    ${section(
      "posts",
      say("postsTitle"),
      preview.posts.length
        ? html`<p>${say("postsText")}</p>
            <div class="wide"><g-table .columns=${columns} .rows=${preview.posts} .keyOf=${(post: Post) => String(post.id)} caption=${say("postsTitle")} sortedBy="area"></g-table></div>`
        : html`<p class="soft">${say("postsNone")}</p>`,
      preview.posts.length,
    )}
    ${section(
      "vacant",
      say("vacantTitle"),
      vacancies === null
        ? html`<p class="soft">${say("vacantUnknown")}</p>`
        : vacant.length
          ? html`<p>${say("vacantText", { formula: vacancies.formula })}</p>
              <div class="wide"><g-table .columns=${vacantColumns} .rows=${vacant} .keyOf=${(area: Vacant) => area.code} caption=${say("vacantTitle")}></g-table></div>`
          : html`<p class="soft">${say("vacantNone")}</p>`,
      vacancies === null ? null : vacant.length,
    )}
  `;
}

export function belowSection({ preview }: Impact): TemplateResult {
  if (!preview.below.length) return html``;
  const codes = (list: readonly string[]) => (list.length ? html`<code>${list.join(" ")}</code>` : "–");
  const columns: Column<Below>[] = [
    { key: "layer", title: say("layer"), value: (area) => area.layer },
    { key: "code", title: say("code"), value: (area) => area.code, text: (area) => areaText(area.code, area.name) },
    { key: "ended", title: say("endedParents"), value: (area) => area.ended_parents.join(" "), text: (area) => codes(area.ended_parents) },
    { key: "crossed", title: say("crossed"), value: (area) => area.crossed.join(" "), text: (area) => codes(area.crossed) },
  ];
  return section(
    "below",
    say("belowTitle"),
    html`<p>${say("belowText")}</p>
      <div class="wide"><g-table .columns=${columns} .rows=${preview.below} .keyOf=${(area: Below) => `${area.layer} ${area.code}`} caption=${say("belowTitle")}></g-table></div>`,
    preview.below.length,
  );
}

const MEASURES = ["events_per_year", "visits_per_year", "population"] as const;
const TITLES = { events_per_year: "eventsYear", visits_per_year: "visitsYear", population: "changePeople" } as const;

export function workSection({ preview }: Impact): TemplateResult {
  const changed = preview.workload.filter((area) => MEASURES.some((name) => area.before?.[name] !== area.after?.[name]));
  const told = MEASURES.filter((name) => preview.workload.some(({ before, after }) => (before ?? after)?.[name] !== null));
  const text = (value: number | null | undefined) => (value === null || value === undefined ? "–" : number(value));
  const columns: Column<Workload>[] = [
    { key: "code", title: say("code"), value: (area) => area.code, text: (area) => areaText(area.code, area.name) },
    ...told.map((name): Column<Workload> => ({
      key: name,
      title: say(TITLES[name]),
      value: ({ before, after }) => (after?.[name] ?? 0) - (before?.[name] ?? 0),
      text: ({ before, after }) => {
        const change = (after?.[name] ?? 0) - (before?.[name] ?? 0);
        const signed = change === 0 ? "" : `${change > 0 ? "+" : "−"}${number(Math.abs(change))}`;
        return html`<span class="turn">${text(before?.[name])} → ${text(after?.[name])}</span> <b class="change">${signed}</b>`;
      },
    })),
  ];
  return section(
    "work",
    say("workTitle"),
    changed.length
      ? html`<p>${say("workText")}</p>
          <div class="wide"><g-table .columns=${columns} .rows=${changed} .keyOf=${(area: Workload) => area.code} caption=${say("workTitle")}></g-table></div>`
      : html`<p class="soft">${say("workNone")}</p>`,
    changed.length,
  );
}

function namesOf(workload: readonly Workload[]): Map<string, string> {
  return new Map(workload.map(({ code, name }) => [code, name]));
}
