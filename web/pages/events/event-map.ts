// The map of the page: events as clusters of a grid over the areas, what is open, and the place of a new event.

import Feature from "ol/Feature.js";
import Point from "ol/geom/Point.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import { fromLonLat } from "ol/proj.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import type { FeatureLike } from "ol/Feature.js";
import { DistrictMap } from "../../shared/map/map.ts";
import { tileLayer, type Tiles } from "../../shared/map/tiles.ts";
import { boxOf, clustered, type Cluster } from "./grid.ts";
import { CHOSEN, markOf, PLACE, radiusOf } from "./marks.ts";
import { nameAreas } from "./names.ts";
import { standing, STANDINGS, type Row } from "./rows.ts";

const CELL = 58; // pixels of a cell of the grid, far out
const NEAR_CELL = 14; // near, where only what lies on each other is put together
const NEAR = 1.2; // metres to a pixel, from which on it is near
const REACH = 4; // pixels around a mark that are still of it
const AROUND = 0.4; // of the view, beyond its sides, so that panning shows no empty ground

interface Clicks {
  event: (row: Row) => void;
  ground: (lon: number, lat: number) => void;
  hover: (lon: number, lat: number) => void;
  leave: () => void;
  /** Whether a place is looked for: then what lies there is not opened. */
  isPlacing: () => boolean;
  /** What lies under the pointer, for a line of text. */
  over: (cluster: Cluster | null) => void;
}

export class EventMap {
  readonly district: DistrictMap;
  /** Whether it shows what it should to begin with: from then on the address tells what it shows. */
  isHome = false;
  #rows: readonly Row[] = [];
  #now = 0;
  #clusters: Cluster[] = [];
  #source = new VectorSource();
  #chosen = new VectorSource();
  #place = new VectorSource();
  #tiles: Tiles[] = [];

  constructor(target: HTMLElement, clicks: Clicks) {
    this.district = new DistrictMap(target);
    const { ol } = this.district;
    ol.addLayer(new VectorLayer({ source: this.#source, style: (feature) => markOf(feature.get("cluster") as Cluster), zIndex: 20, updateWhileInteracting: false }));
    ol.addLayer(new VectorLayer({ source: this.#chosen, style: CHOSEN, zIndex: 30 }));
    ol.addLayer(new VectorLayer({ source: this.#place, style: PLACE, zIndex: 31 }));
    ol.on("moveend", () => this.#draw());
    ol.on("singleclick", ({ pixel }) => {
      const cluster = clicks.isPlacing() ? null : this.#at(pixel);
      if (cluster) this.#open(cluster, clicks);
      else clicks.ground(...this.district.at(pixel));
    });
    ol.on("pointermove", ({ pixel, dragging }) => {
      if (dragging) return;
      const cluster = this.#at(pixel);
      target.style.cursor = cluster ? "pointer" : "";
      clicks.over(cluster);
      clicks.hover(...this.district.at(pixel));
    });
    target.addEventListener("pointerleave", () => clicks.leave());
  }

  /** Show the borders and names of some layers, from the top down. */
  async showAreas(layers: readonly string[]): Promise<void> {
    const drawn = layers.map((layer, at) => tileLayer(layer, { style: borders(layers.length - 1 - at) }));
    this.#tiles = await Promise.all(drawn);
    this.#tiles.forEach(({ layer }, at) => {
      layer.setZIndex(layers.length - at); // the larger areas' borders over those of the smaller
      this.district.ol.addLayer(layer);
    });
    nameAreas(this.district.ol, this.#tiles.map(({ layer }) => layer));
    const bounds = this.#tiles[0]?.description.bounds;
    if (bounds) this.district.setHome(bounds as [number, number, number, number]);
  }

  /** Ask whether the areas are others by now. */
  refreshAreas(): void {
    for (const tiles of this.#tiles) void tiles.refresh().catch(() => undefined);
  }

  show(rows: readonly Row[], now: number): void {
    this.#rows = rows;
    this.#now = now;
    this.#draw();
  }

  choose(row: Row | null): void {
    put(this.#chosen, row && row.lon !== null && row.lat !== null ? [row.lon, row.lat] : null);
  }

  setPlace(place: readonly [number, number] | null): void {
    put(this.#place, place);
  }

  #draw(): void {
    const view = this.district.ol.getView();
    const resolution = view.getResolution();
    if (!resolution || !this.district.ol.getSize()) return;
    const [west, south, east, north] = view.calculateExtent() as [number, number, number, number];
    const [wide, high] = [(east - west) * AROUND, (north - south) * AROUND];
    const extent = [west - wide, south - high, east + wide, north + high];
    const cell = resolution * (resolution > NEAR ? CELL : NEAR_CELL);
    this.#clusters = clustered(this.#rows, extent, cell, this.#now);
    this.#source.clear(true);
    this.#source.addFeatures(this.#clusters.map((cluster) => new Feature({ geometry: new Point([cluster.x, cluster.y]), cluster })));
  }

  /** The cluster under a pixel, the nearest of several: found by where they are, without reading the canvas. */
  #at(pixel: readonly number[]): Cluster | null {
    const resolution = this.district.ol.getView().getResolution() ?? 1;
    const [x, y] = this.district.ol.getCoordinateFromPixel([...pixel]) as [number, number];
    let [found, nearest]: [Cluster | null, number] = [null, Infinity];
    for (const cluster of this.#clusters) {
      const away = Math.hypot(cluster.x - x, cluster.y - y) / resolution;
      if (away < nearest && away <= radiusOf(cluster) + REACH) [found, nearest] = [cluster, away];
    }
    return found;
  }

  /** One event is opened; of several the map comes nearer, or where it cannot, the most urgent is opened. */
  #open({ rows }: Cluster, clicks: Clicks): void {
    clicks.over(null);
    const view = this.district.ol.getView();
    const extent = [...boxOf(rows)];
    const isOne = rows.length === 1 || Math.max(extent[2]! - extent[0]!, extent[3]! - extent[1]!) < 2;
    if (!isOne && (view.getZoom() ?? 0) < 20) {
      view.fit(extent, { padding: [70, 70, 70, 70], maxZoom: 20, duration: 200 });
      return;
    }
    const worst = (row: Row) => STANDINGS.indexOf(standing(row, this.#now));
    const first = [...rows].sort((one, other) => worst(one) - worst(other) || (one.due ?? 0) - (other.due ?? 0))[0];
    if (first) clicks.event(first);
  }
}

function put(source: VectorSource, place: readonly [number, number] | null): void {
  source.clear(true);
  if (place) source.addFeature(new Feature(new Point(fromLonLat([...place]))));
}

const WIDTHS = [0.9, 1.5, 2.2, 2.6]; // of borders, by how many layers there are below
const TOO_FINE = 14; // metres to a pixel from which on the smallest areas are not drawn

/** Borders of a layer with some layers below it. */
function borders(below: number): (feature: FeatureLike, resolution: number) => Style | undefined {
  const stroke = new Stroke({ color: below ? "#7d7667" : "#b9b2a2", width: WIDTHS[below] ?? 2.6 });
  const fill = new Fill({ color: "rgba(255, 255, 255, 0.55)" }); // of the smallest alone: they cover the ground
  const style = below ? new Style({ stroke }) : new Style({ stroke, fill });
  return (_, resolution) => (!below && resolution > TOO_FINE ? undefined : style);
}
