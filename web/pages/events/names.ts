// Names of areas on the map: once for each area in view, though tiles cut it into pieces.

import Feature from "ol/Feature.js";
import Point from "ol/geom/Point.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import Text from "ol/style/Text.js";
import type Map from "ol/Map.js";
import type RenderFeature from "ol/render/Feature.js";
import type VectorTileLayer from "ol/layer/VectorTile.js";
import { FONT } from "./marks.ts";

/** By how many layers there are below: at which metres to a pixel names stand. */
const NAMED: readonly (readonly [from: number, to: number])[] = [[0, 7], [7, 26], [26, 70]];
const LEAST = 46; // pixels that a piece is wide at least, to be named

/** Name the areas of some layers, from the top down, each at its scales. */
export function nameAreas(map: Map, layers: readonly VectorTileLayer[]): void {
  const source = new VectorSource();
  map.addLayer(new VectorLayer({ source, style: named, declutter: true, zIndex: 15 }));
  let shown = "";
  map.on("rendercomplete", () => {
    const view = map.getView();
    const resolution = view.getResolution() ?? 1;
    const at = layers.findIndex((_, above) => isNamed(layers.length - 1 - above, resolution));
    const pieces = at < 0 ? [] : (layers[at] as VectorTileLayer).getFeaturesInExtent(view.calculateExtent());
    const key = `${at} ${pieces.length} ${view.calculateExtent().join()}`;
    if (key === shown) return; // drawing names is a rendering too
    shown = key;
    source.clear(true);
    source.addFeatures(largest(pieces as RenderFeature[], resolution * LEAST));
  });
}

function isNamed(below: number, resolution: number): boolean {
  const [from, to] = NAMED[below] ?? [0, 0];
  return resolution >= from && resolution < to;
}

/** A point inside the largest piece of each area, if that is wide enough. */
function largest(pieces: readonly RenderFeature[], least: number): Feature[] {
  const found = new globalThis.Map<string, { piece: RenderFeature; size: number }>();
  for (const piece of pieces) {
    const [west, south, east, north] = piece.getExtent() as [number, number, number, number];
    const code = String(piece.get("code"));
    const size = (east - west) * (north - south);
    if (east - west >= least && size > (found.get(code)?.size ?? 0)) found.set(code, { piece, size });
  }
  return [...found.values()].map(({ piece }) => new Feature({ geometry: new Point(insideOf(piece)), name: piece.get("name") }));
}

/** A point inside a piece; of one in several parts inside the widest. */
function insideOf(piece: RenderFeature): number[] {
  if (piece.getType() === "Polygon") return piece.getFlatInteriorPoint().slice(0, 2);
  const points = piece.getFlatInteriorPoints(); // x, y, width of each
  let widest = 0;
  for (let at = 0; at < points.length; at += 3) if ((points[at + 2] ?? 0) > (points[widest + 2] ?? 0)) widest = at;
  return points.slice(widest, widest + 2);
}

const INK = new Fill({ color: "#5d5a53" });
const HALO = new Stroke({ color: "#ffffff", width: 3 });

function named(feature: { get: (key: string) => unknown }): Style {
  return new Style({ text: new Text({ text: String(feature.get("name") ?? ""), font: `600 12px ${FONT}`, fill: INK, stroke: HALO }) });
}
