// How events look on the map: shape by level, colour and sign by deadline, so that neither alone has to tell.

import Circle from "ol/style/Circle.js";
import Fill from "ol/style/Fill.js";
import RegularShape from "ol/style/RegularShape.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import Text from "ol/style/Text.js";
import type { Cluster } from "./grid.ts";
import type { Standing } from "./rows.ts";

/** As events.css has them. */
export const COLOURS: Record<Standing, string> = {
  overdue: "#a3341f",
  "due-soon": "#d98a00",
  running: "#1f4e79",
  none: "#77736a",
};
const SIGNS: Record<Standing, string> = { overdue: "!", "due-soon": "…", running: "", none: "" };
const WHITE = "#ffffff";
export const FONT = '"Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif';

const styles = new Map<string, Style | Style[]>();

/** The style of a cluster; those that look alike share one. */
export function markOf(cluster: Cluster): Style | Style[] {
  const { rows, worst, overdue } = cluster;
  const key = rows.length > 1 ? `many ${worst} ${rows.length} ${overdue}` : `one ${worst} ${rows[0]?.level ?? "none"}`;
  let found = styles.get(key);
  if (!found) {
    if (styles.size > 2000) styles.clear();
    found = rows.length > 1 ? many(cluster) : one(worst, rows[0]?.level ?? null);
    styles.set(key, found);
  }
  return found;
}

function one(stands: Standing, level: string | null): Style {
  return new Style({ image: shape(stands, level), text: sign(SIGNS[stands], 12, level === "3" ? 2 : 0), zIndex: 10 });
}

function shape(stands: Standing, level: string | null): Circle | RegularShape {
  const fill = new Fill({ color: COLOURS[stands] });
  const stroke = new Stroke({ color: WHITE, width: 1.5 });
  if (level === "3") return new RegularShape({ points: 3, radius: 12, fill, stroke });
  if (level === "2") return new RegularShape({ points: 4, radius: 10.5, angle: Math.PI / 4, fill, stroke });
  return new Circle({ radius: 7.5, fill, stroke });
}

/** How large a cluster is drawn, pixels. */
export function radiusOf({ rows: { length } }: Cluster): number {
  return length > 1 ? 13 + Math.min(13, 3.2 * Math.log2(length)) : 10;
}

function many(cluster: Cluster): Style[] {
  const { rows: { length: count }, worst, overdue } = cluster;
  const radius = radiusOf(cluster);
  const body = new Style({
    image: new Circle({ radius, fill: new Fill({ color: COLOURS[worst] }), stroke: new Stroke({ color: WHITE, width: 2 }) }),
    text: sign(String(count), 13, overdue ? -5 : 0),
    zIndex: 5,
  });
  if (!overdue) return [body];
  const few = new Style({ text: sign(overdue < count ? `!${overdue}` : "!", 10.5, 8), zIndex: 6 }); // "!" alone: all of them
  return [body, few];
}

function sign(text: string, size: number, offsetY: number): Text {
  return new Text({ text, font: `700 ${size}px ${FONT}`, fill: new Fill({ color: WHITE }), offsetY });
}

/** The ring around the event that is open. */
export const CHOSEN = new Style({
  image: new Circle({ radius: 17, stroke: new Stroke({ color: "#22211e", width: 3 }) }),
});

/** The place of an event that is being reported. */
export const PLACE = [
  new Style({ image: new Circle({ radius: 11, stroke: new Stroke({ color: WHITE, width: 6 }) }) }),
  new Style({
    image: new Circle({ radius: 11, stroke: new Stroke({ color: "#1d6b3a", width: 3 }) }),
    text: new Text({ text: "+", font: `700 18px ${FONT}`, fill: new Fill({ color: "#1d6b3a" }), stroke: new Stroke({ color: WHITE, width: 3 }) }),
  }),
];
