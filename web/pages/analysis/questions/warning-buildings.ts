// Where are the buildings of the warning class: how many, what part of all, how many for every 1,000 people.

import { service, told, type Schema } from "../../../shared/asking.ts";
import { number, say } from "../../../shared/words.ts";
import { figureOf, ratio, sum, type Answer, type Figure, type Question, type Row, type Values } from "../answer.ts";
import { buildingsListing } from "../buildings.ts";
import type { Ground } from "../ground.ts";
import { areaRows, groundFacts, rulesLine } from "../telling.ts";

const CLASSES = ["warning", "general", "safe", "unclassified"] as const;

/** What a rate is of: a share of all buildings (those with most points, which are the warning ones, come first). */
const COUNTED: Record<string, string> = { warning_share: "buildings", per_1000: "warning" };

const FIGURES: Figure[] = [
  { key: "warning", kind: "count", lists: true, scale: "sequence", bad: true },
  { key: "warning_share", kind: "share", lists: true, scale: "sequence" },
  { key: "per_1000", kind: "rate", lists: true, scale: "sequence" },
  { key: "general", kind: "count", lists: true, scale: "sequence" },
  { key: "buildings", kind: "count", lists: true },
];

export const question: Question = {
  name: "warning-buildings",
  right: "buildings.read",
  heeds: [],
  buildings: "classes",
  drawing: "risk",
  load: async (view, coming, signal) => {
    const query = { layer: view.layer, ...(view.isToday ? {} : { at: view.at }) };
    const [summary, ground] = await Promise.all([told(service.GET("/v1/risk/summary", { params: { query }, signal })), coming]);
    const answer = answerOf(summary, ground, view.area, view.at);
    if (view.isToday) return answer;
    return { ...answer, notes: () => [...(answer.notes?.() ?? []), say("buildingsOfNow", { day: view.at })] };
  },
};

export function answerOf(summary: Schema["RiskSummary"], ground: Ground, narrowed: string, at: string): Answer {
  const rows = areaRows(ground, narrowed, summary.areas, valuesOf);
  // people of the areas that are told: those of others' ground are no more than its buildings are
  const total = narrowed ? totalOf(rows, peopleOf(rows)) : valuesOf(summary.total, peopleOf(rows));
  return {
    figures: FIGURES,
    rows,
    total,
    headline: ["warning", "warning_share", "per_1000", "buildings"],
    sortedBy: "warning",
    list: (key, code) => {
      const area = code || narrowed;
      const counted = COUNTED[key] ?? key;
      const risk = (CLASSES as readonly string[]).includes(counted) ? counted : undefined;
      if (!risk && counted !== "buildings") return null;
      const name = area ? (ground.find(area)?.area.name ?? area) : "";
      return buildingsListing(`${name} ${say(`f_${counted}`)}`.trim(), {
        ...(area ? { layer: ground.find(area)?.layer.name ?? ground.layer.name, area } : {}),
        ...(risk ? { risk_class: risk } : {}),
        ...(at ? { at } : {}),
      });
    },
    facts: () => [...groundFacts(ground, at), ...rulesLine(summary.versions, summary.never_rated), [say("legendBuildings"), number(figureOf({ values: total }, "buildings") ?? 0)]],
    notes: () => (summary.never_rated ? [say("neverRated", { count: number(summary.never_rated) })] : []),
  };
}

function valuesOf(area: Schema["AreaRisk"], people: number | null): Values {
  const warning = area.counts["warning"] ?? 0;
  return {
    buildings: area.buildings,
    warning,
    general: area.counts["general"] ?? 0,
    safe: area.counts["safe"] ?? 0,
    unclassified: area.counts["unclassified"] ?? 0,
    warning_share: ratio(warning, area.buildings),
    per_1000: people ? (warning * 1000) / people : null,
    people,
  };
}

function totalOf(rows: Row[], people: number | null): Values {
  const [warning, buildings] = [sum(rows, "warning"), sum(rows, "buildings")];
  const classes = Object.fromEntries(CLASSES.map((risk) => [risk, sum(rows, risk)]));
  return { ...classes, buildings, warning_share: ratio(warning, buildings), per_1000: people ? (warning * 1000) / people : null };
}

function peopleOf(rows: Row[]): number | null {
  return sum(rows, "people") || null;
}
