// How many people live outside the circles of the service points.

import { everyPage, service, told, type Schema } from "../../../shared/asking.ts";
import { current, metres, number, say } from "../../../shared/words.ts";
import { ratio, sum, type Figure, type Listing, type Question } from "../answer.ts";
import { nameOf, riskBadge, type Building } from "../buildings.ts";
import type { Ground } from "../ground.ts";
import { AT_ONCE, counted, rowsListing } from "../listings.ts";
import { areaRows, groundFacts, scopeName } from "../telling.ts";
import { written } from "../writing.ts";

const FIGURES: Figure[] = [
  { key: "outside", kind: "count", lists: true, scale: "sequence", bad: true },
  { key: "outside_share", kind: "share", lists: true, scale: "sequence" },
  { key: "people", kind: "count", lists: true },
];

export const question: Question = {
  name: "service-coverage",
  right: "patrols.read",
  heeds: [],
  drawing: "service",
  load: async (view, coming, signal) => {
    const query = view.isToday ? {} : { at: view.at };
    const asking = service.GET("/v1/layers/{layer}/service-coverage", { params: { path: { layer: view.layer }, query }, signal });
    const [found, ground] = await Promise.all([told(asking), coming]);
    const rows = areaRows(ground, view.area, found.areas, ({ people, outside, outside_share }) => ({ people, outside, outside_share }));
    const [people, outside] = view.area ? [sum(rows, "people"), sum(rows, "outside")] : [found.total.people, found.total.outside];
    const points = Object.values(found.points).reduce((all, count) => all + count, 0);
    return {
      figures: FIGURES,
      rows,
      total: { outside, outside_share: ratio(outside, people), people, points },
      headline: ["outside", "outside_share", "people", "points"],
      sortedBy: "outside",
      list: (key, code) => {
        if (key === "points") return pointsListing(query);
        if (key === "outside" || key === "outside_share") return outsideListing(ground, code || view.area, query);
        if (key !== "people") return null;
        const shown = rows.filter((row) => (!code || row.code === code) && Number(row.values[key]) > 0);
        return rowsListing(`${scopeName(ground, code || view.area)} · ${say(`f_${key}`)}`, shown, (row) => row.code, () => [
          { key: "area", title: say("area"), value: ({ name }) => name },
          { key: "code", title: say("code"), value: (row) => row.code },
          counted("outside", say("f_outside"), ({ values }) => values["outside"] as number),
          counted("people", say("f_people"), ({ values }) => values["people"] as number),
          { key: "share", title: say("f_outside_share"), value: ({ values }) => values["outside_share"] as number, text: ({ values }) => written(values["outside_share"], "share") },
        ]);
      },
      facts: () => [
        ...groundFacts(ground, view.at),
        [say("legendRadius"), metres(found.radius_m)],
        [say("legendPolicy"), found.policy_version + (found.is_example ? ` (${say("example")})` : "")],
        [say("legendPoints"), number(points)],
      ],
    };
  },
};

type At = { at?: string };
type Point = Schema["ServicePointInfo"];

function pointsListing(query: At): Listing<Point> {
  return {
    title: say("f_points"),
    keyOf: ({ code }) => code,
    atOnce: AT_ONCE,
    load: (signal) => everyPage(service.GET("/v1/service-points", { params: { query: { ...query, limit: AT_ONCE } }, signal }), signal),
    columns: () => [
      { key: "title", title: say("pointTitle"), value: ({ title }) => title },
      { key: "tier", title: say("pointTier"), value: (point) => (current() === "zh" ? point.tier_title_zh : point.tier_title_en) ?? point.tier },
      { key: "code", title: say("code"), value: ({ code }) => code },
    ],
  };
}

/** Where the people live who are counted as outside; of an area of whatever layer, or of all. */
function outsideListing(ground: Ground, code: string, at: At): Listing<Building> {
  const layer = (code && ground.find(code)?.layer) || ground.layer;
  const query = { ...at, ...(code ? { area: code } : {}), limit: AT_ONCE };
  const path = { layer: layer.name };
  return {
    title: `${scopeName(ground, code)} · ${say("f_outside")}`,
    note: say("outsideBuildings"),
    keyOf: ({ id }) => String(id),
    building: ({ id }) => id,
    atOnce: AT_ONCE,
    load: (signal) => everyPage(service.GET("/v1/layers/{layer}/service-coverage/buildings", { params: { path, query }, signal }), signal),
    columns: () => [
      { key: "name", title: say("building"), value: nameOf },
      counted("people", say("f_people"), ({ population }) => population),
      { key: "risk", title: say("riskClass"), value: ({ risk_points: points }) => points, text: ({ risk_class: risk }) => riskBadge(risk) },
    ],
  };
}
