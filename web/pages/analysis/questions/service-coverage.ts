// How many people live outside the circles of the service points.

import { service, told } from "../../../shared/asking.ts";
import { isSaid, metres, number, say } from "../../../shared/words.ts";
import { ratio, sum, type Figure, type Listing, type Question } from "../answer.ts";
import { counted, rowsListing } from "../listings.ts";
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
        if (key === "points") return pointsListing(found.points);
        if (!["outside", "outside_share", "people"].includes(key)) return null;
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

/** The service points of each kind; which they are no route tells. */
function pointsListing(points: Record<string, number>): Listing<[string, number]> {
  return rowsListing(say("f_points"), Object.entries(points), ([kind]) => kind, () => [
    { key: "kind", title: say("kind"), value: ([kind]) => (isSaid(`point_${kind}`) ? say(`point_${kind}`) : kind) },
    counted("count", say("amount"), ([, count]) => count),
  ]);
}
