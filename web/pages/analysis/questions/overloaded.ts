// Which areas carry more than their target: load against target, by the terms that the layer measures itself with.

import { service, told, type Schema } from "../../../shared/asking.ts";
import type { Column } from "../../../shared/table.ts";
import { number, say } from "../../../shared/words.ts";
import { ratio, type Answer, type Figure, type Listing, type Question, type Row } from "../answer.ts";
import { buildingsListing } from "../buildings.ts";
import type { Ground } from "../ground.ts";
import { eventsListing, rowsListing } from "../listings.ts";
import { postsListing } from "../posts.ts";
import { groundFacts, scopeName } from "../telling.ts";
import { dayAfter, type View } from "../view.ts";
import { inLanguage, written } from "../writing.ts";

type Loads = Schema["LayerLoads"];
interface Term {
  attribute: string;
  amount: number | null;
  /** Null where it is not counted in the load. */
  term: Loads["terms"][number] | null;
  part: number | null;
}

const OFF = 0.1; // from there on an area is over or under its target

const FIGURES: Figure[] = [
  { key: "load", kind: "rate", lists: true, bars: true },
  { key: "deviation", kind: "off", lists: true, scale: "off", bands: [0.05, OFF] },
  { key: "population", kind: "count", lists: true, scale: "sequence" },
  { key: "area_km2", kind: "rate", lists: true, scale: "sequence" },
  { key: "events", kind: "count", lists: true, scale: "sequence" },
  { key: "warning", kind: "count", lists: true, scale: "sequence", bad: true },
  { key: "posts_filled", kind: "share", lists: true, scale: "sequence", good: true },
];

/** What the load of an area is made of, and is told of it besides. */
const MADE_OF = ["load", "deviation", "population", "area_km2"];

export const question: Question = {
  name: "overloaded",
  right: "patrols.read",
  heeds: [],
  drawing: "loads",
  load: async (view, coming, signal) => {
    const query = view.isToday ? {} : { at: view.at };
    const asking = service.GET("/v1/layers/{layer}/loads", { params: { path: { layer: view.layer }, query }, signal });
    const [found, ground] = await Promise.all([told(asking), coming]);
    return answerOf(found as Loads, view, ground); // it may be a table for spreadsheets too, if that is asked for
  },
};

export function answerOf(found: Loads, view: View, ground: Ground): Answer {
  const inside = ground.within(view.area);
  const rows: Row[] = found.areas
    .filter(({ code }) => inside.has(code))
    .map(({ code, name, counts, load, deviation, filled_share }) => ({
      code,
      name,
      values: {
        load,
        deviation,
        population: counts.population ?? null,
        area_km2: counts.area_km2 ?? null,
        events: counts.events ?? null,
        warning: counts.warning_buildings ?? null,
        posts_filled: filled_share,
      },
    }));
  const off = (row: Row): number => Number(row.values["deviation"] ?? 0);
  const over = rows.filter((row) => off(row) > OFF);
  const under = rows.filter((row) => off(row) < -OFF);
  const loads = rows.map(({ values }) => values["load"]).filter((load) => typeof load === "number");
  return {
    figures: FIGURES,
    rows,
    total: {
      over: over.length,
      under: under.length,
      areas: rows.length,
      greatest: loads.length ? Math.max(...loads) : null,
      mean: ratio(loads.reduce((all, load) => all + load, 0), loads.length),
    },
    headline: ["over", "under", "areas", "greatest", "mean"],
    kinds: { greatest: "rate", mean: "rate" },
    sortedBy: "load",
    list: (key, code) => {
      if (key === "over" || key === "under") return areasListing(key, key === "over" ? over : under);
      if (["areas", "greatest", "mean"].includes(key)) return areasListing("areas", rows);
      const lying = code ? ground.find(code) : null;
      if (!lying) return null;
      const place = { layer: lying.layer.name, area: code };
      const title = `${scopeName(ground, code)} · ${say(`f_${key}`)}`;
      if (key === "events") return eventsListing(title, { ...place, first: found.events_since, last: view.at }, dayAfter);
      if (key === "warning") return buildingsListing(title, { ...place, risk_class: "warning" }); // the classes of now, as they are counted;
      if (key === "posts_filled") return postsListing(ground, code, view.isToday ? null : view.at);
      const area = MADE_OF.includes(key) ? found.areas.find((one) => one.code === code) : null;
      return area ? makeUp(area, found) : null;
    },
    facts: () => [
      ...groundFacts(ground, found.at),
      [say("legendTarget"), found.terms.map(({ title_zh, title_en, target, weight }) => `${inLanguage(title_zh, title_en)} ${number(target, 2)} (${number(weight, 2)})`).join(say("semicolon")) || "–"],
      [say("legendEventsSince"), found.events_since],
    ],
    notes: () => (found.terms.length ? [] : [say("noTarget")]),
  };
}

/** What the load of an area is made of: each term with its amount, target, weight, and what it adds. */
function makeUp({ name, counts, shares, load }: Loads["areas"][number], { terms }: Loads): Listing<Term> {
  const items: Term[] = Object.entries(counts).map(([attribute, amount]) => {
    const term = terms.find((one) => one.attribute === attribute);
    return { attribute, amount, term: term ?? null, part: shares[attribute] ?? null };
  });
  items.sort((a, b) => (b.part ?? -1) - (a.part ?? -1));
  const rate = (key: string, value: (item: Term) => number | null): Column<Term> => ({ key, title: say(key), value, text: (item) => written(value(item), "rate") });
  const title = `${name} · ${say("f_load")} ${written(load, "rate")}`;
  const columns = (): Column<Term>[] => [
    { key: "term", title: say("term"), value: ({ attribute, term }) => (term ? inLanguage(term.title_zh, term.title_en) : say(`load_${attribute}`)) },
    rate("amount", ({ amount }) => amount),
    rate("target", ({ term }) => term?.target ?? null),
    rate("weight", ({ term }) => term?.weight ?? null),
    rate("part", ({ part }) => part),
  ];
  return rowsListing(title, items, ({ attribute }) => attribute, columns, items.some(({ term }) => !term) ? say("notCounted") : undefined);
}

function areasListing(key: string, rows: Row[]): Listing<Row> {
  return rowsListing(say(`f_${key}`), rows, ({ code }) => code, () => [
    { key: "area", title: say("area"), value: ({ name }) => name },
    { key: "code", title: say("code"), value: ({ code }) => code },
    { key: "load", title: say("f_load"), value: ({ values }) => values["load"] as number, text: ({ values }) => written(values["load"], "rate") },
    { key: "deviation", title: say("f_deviation"), value: ({ values }) => values["deviation"] as number, text: ({ values }) => written(values["deviation"], "off") },
  ]);
}
