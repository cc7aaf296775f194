// The basemap that the service passes on, if one is set: its keys and its address stay with the service.

import Control from "ol/control/Control.js";
import TileLayer from "ol/layer/Tile.js";
import type Map from "ol/Map.js";
import XYZ from "ol/source/XYZ.js";
import TileGrid from "ol/tilegrid/TileGrid.js";
import { serviceInfo, type Schema } from "../asking.ts";
import { make } from "../elements.ts";

type Told = NonNullable<Schema["ServiceInfo"]["basemap"]>;

const DEEPEST = 18;
const SIDE = 256;
// Tiles of the matrix `c` are counted from 180° W, 90° N in degrees of CGCS2000 (EPSG:4490). It lies less than a
// metre off WGS 84, which a basemap does not show: so they are placed as EPSG:4326, and drawn into the map's own.
const DEGREES = new TileGrid({
  extent: [-180, -90, 180, 90],
  origin: [-180, 90],
  tileSize: SIDE,
  resolutions: Array.from({ length: DEEPEST + 1 }, (_, zoom) => 360 / SIDE / 2 ** zoom),
  minZoom: 1,
});

/** The sheets of a basemap as layers, the lowest first. */
export function sheets({ urls, matrix }: Told): TileLayer[] {
  const lying = matrix === "c" ? { projection: "EPSG:4326", tileGrid: DEGREES } : { maxZoom: DEEPEST };
  return urls.map((url, at) => new TileLayer({ source: new XYZ({ url, ...lying }), opacity: 0.8, zIndex: at - urls.length }));
}

/** Lay a map on the basemap, once it is known whether there is one; the map is usable before. */
export async function layOnBasemap(map: Map): Promise<void> {
  const { basemap } = await serviceInfo();
  if (!basemap) return;
  for (const sheet of sheets(basemap)) map.addLayer(sheet);
  if (basemap.attribution) map.addControl(new Control({ element: make("p", { class: "whose" }, basemap.attribution) }));
}
