// What changed since a day: buildings that became worse or better, by area, with their classes before and after.

import { html, type TemplateResult } from "lit";
import { service, told, type Schema } from "../../../shared/asking.ts";
import { number, say } from "../../../shared/words.ts";
import { type Figure, type Listing, type Marked, type Open, type Question } from "../answer.ts";
import { nameOf, riskBadge } from "../buildings.ts";
import type { Ground } from "../ground.ts";
import { areaRows, groundFacts, opener, scopeName } from "../telling.ts";
import type { View } from "../view.ts";
import { inLanguage } from "../writing.ts";

type Changes = Schema["ClassChanges"];
type Changed = Changes["buildings"][number];

const FIGURES: Figure[] = [
  { key: "worse", kind: "count", lists: true, scale: "sequence", bad: true },
  { key: "better", kind: "count", lists: true, scale: "sequence" },
  { key: "balance", kind: "count", lists: true },
  { key: "new", kind: "count", lists: true },
];
const KINDS = ["worse", "better", "new"];
const AT_ONCE = 200;
const MOST_MARKED = 1_000; // as many as one answer has: each takes the service as long as all of them

export const question: Question = {
  name: "changes",
  right: "buildings.read",
  heeds: ["since"],
  drawing: "risk-change",
  load: async (view, coming, signal) => {
    const ground = await coming;
    const query = asked(view, ground, view.area);
    const found = await told(service.GET("/v1/risk/changes", { params: { query: { ...query, limit: 1 } }, signal }));
    const rows = areaRows(ground, view.area, found.areas, ({ counts, balance }) => ({ ...counts, balance }));
    const { counts } = found;
    const list = (kind: string, code: string): Listing<Changed> | null => {
      const [, before, after] = /^(\w+)>(\w+)$/.exec(kind) ?? [];
      if (before && after) {
        const title = `${scopeName(ground, view.area)} · ${say(`risk_${before}`)} → ${say(`risk_${after}`)}`;
        return listing(title, { ...asked(view, ground, view.area), former_class: before, risk_class: after });
      }
      const direction = kind === "balance" ? "worse,better" : kind;
      return [...KINDS, "balance"].includes(kind) ? listing(`${scopeName(ground, code || view.area)} · ${say(`f_${kind}`)}`, { ...asked(view, ground, code || view.area), direction }) : null;
    };
    return {
      figures: FIGURES,
      rows,
      total: { ...counts, balance: (counts["worse"] ?? 0) - (counts["better"] ?? 0) },
      headline: ["worse", "better", "balance", "new"],
      sortedBy: "worse",
      list,
      marked: async () => ((counts["worse"] ?? 0) + (counts["better"] ?? 0) ? markedOf(query, signal) : []),
      aside: (open) => movesTable(found.moves, open),
      facts: () => [...groundFacts(ground, found.until), [say("legendSince"), found.since]],
      notes: () => ((counts["worse"] ?? 0) + (counts["better"] ?? 0) > MOST_MARKED ? [say("notAllMarked", { count: number(MOST_MARKED) })] : []),
    };
  },
};

interface Query {
  since: string;
  until: string;
  layer: string;
  area_layer?: string;
  area?: string;
}

function asked(view: View, ground: Ground, code: string): Query {
  const place = code ? { area_layer: ground.find(code)?.layer.name ?? view.layer, area: code } : {};
  return { since: view.since, until: view.at, layer: view.layer, ...place };
}

/** The buildings that became worse or better, to be drawn one by one: in one question, the worst of them first. */
async function markedOf(query: Query, signal: AbortSignal): Promise<Marked[]> {
  const asked = { ...query, direction: "worse,better", limit: MOST_MARKED };
  const { buildings } = await told(service.GET("/v1/risk/changes", { params: { query: asked }, signal }));
  return buildings.flatMap(({ building: { id, lon, lat }, change }) => (lon === null || lat === null ? [] : [{ id, lon, lat, change }]));
}

type ListQuery = Query & { direction?: string; former_class?: string; risk_class?: string };

async function* pages(query: ListQuery, limit: number, signal: AbortSignal): AsyncGenerator<readonly Changed[]> {
  for (let after: string | null = null; ; ) {
    const page: Changes = await told(service.GET("/v1/risk/changes", { params: { query: { ...query, limit, ...(after ? { after } : {}) } }, signal }));
    yield page.buildings;
    after = page.after;
    if (after === null) return;
  }
}

function listing(title: string, query: ListQuery): Listing<Changed> {
  return {
    title,
    keyOf: ({ building }) => String(building.id),
    building: ({ building }) => building.id,
    atOnce: AT_ONCE,
    load: (signal) => pages(query, AT_ONCE, signal),
    columns: () => [
      { key: "name", title: say("building"), value: ({ building }) => nameOf(building) },
      { key: "before", title: say("before"), value: ({ former_points: points }) => points, text: (one) => (one.former_class ? riskBadge(one.former_class) : say("risk_unclassified")) },
      { key: "after", title: say("afterwards"), value: ({ building }) => building.risk_points, text: ({ building }) => riskBadge(building.risk_class) },
      {
        key: "points",
        title: say("points"),
        value: ({ building }) => building.risk_points,
        text: ({ building, former_points: before }) => `${before === null ? "–" : number(before)} → ${building.risk_points === null ? "–" : number(building.risk_points)}`,
      },
      { key: "reasons", title: say("reasons"), value: (one) => reasonsOf(one) || null },
    ],
  };
}

function reasonsOf({ reasons }: Changed): string {
  return reasons.map((one) => inLanguage(one.zh, one.en)).join(say("semicolon"));
}

/** From which class to which. */
function movesTable(moves: Changes["moves"], open: Open): TemplateResult {
  const moved = moves.filter(({ before, after }) => before !== after).sort((a, b) => b.buildings - a.buildings);
  if (!moved.length) return html`<p class="soft">${say("nothingMoved")}</p>`;
  return html`<table class="figures moves"><caption class="unseen">${say("moves")}</caption>
    <thead><tr><th scope="col">${say("before")}</th><th scope="col">${say("afterwards")}</th><th scope="col" class="figure">${say("f_buildings")}</th></tr></thead>
    <tbody>${moved.map(({ before, after, buildings }) => html`<tr><td>${riskBadge(before)}</td><td>${riskBadge(after)}</td><td class="figure">${opener(number(buildings), `${say(`risk_${before}`)} → ${say(`risk_${after}`)} ${number(buildings)}`, () => open(`${before}>${after}`, ""))}</td></tr>`)}</tbody>
  </table>`;
}
