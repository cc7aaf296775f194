// The map: one layer of areas, the outlines of the layer above it, names, a hover card, and a mark for "here".

import Feature from "ol/Feature.js";
import type MapBrowserEvent from "ol/MapBrowserEvent.js";
import GeoJSON from "ol/format/GeoJSON.js";
import { MultiPolygon, Point, type Geometry, type Polygon } from "ol/geom.js";
import VectorLayer from "ol/layer/Vector.js";
import { fromLonLat, toLonLat, transformExtent } from "ol/proj.js";
import VectorSource from "ol/source/Vector.js";
import { Circle, Fill, Stroke, Style, Text } from "ol/style.js";
import type { AreaFeature, AreaRecord } from "../../shared/areas.ts";
import { facts, make } from "../../shared/elements.ts";
import { DistrictMap, LONLAT, MERCATOR, type Box } from "../../shared/map/map.ts";
import { ground, number, say } from "../../shared/words.ts";
import { fillsOf } from "./colours.ts";

const FAMILY = getComputedStyle(document.documentElement).getPropertyValue("--font");
const INK = "#22211e";
const HALO = new Stroke({ color: "rgba(255, 255, 255, 0.9)", width: 3 });
const PLAIN = new Stroke({ color: "#7b766b", width: 1 });
const ABOVE = new Stroke({ color: "rgba(34, 33, 30, 0.75)", width: 2 });
const HOVERED = new Style({ stroke: new Stroke({ color: INK, width: 2.5 }), fill: new Fill({ color: "rgba(255, 255, 255, 0.35)" }) });
const CHOSEN = new Style({ stroke: new Stroke({ color: "#1f4e79", width: 4 }), fill: new Fill({ color: "rgba(255, 210, 77, 0.6)" }) });
const HERE = new Style({
  image: new Circle({ radius: 8, fill: new Fill({ color: "#a3341f" }), stroke: new Stroke({ color: "#fff", width: 3 }) }),
});
const READER = new GeoJSON({ featureProjection: MERCATOR });
const OPACITY = 0.75;
const FAINT = 0.35; // over a basemap

type Shape = Feature<Geometry>;

export class AreaMap {
  readonly #map: DistrictMap;
  readonly #areas = new VectorSource<Shape>();
  readonly #above = new VectorSource<Shape>();
  readonly #hovered = new VectorSource<Shape>();
  readonly #chosen = new VectorSource<Shape>();
  readonly #here = new VectorSource<Shape>();
  readonly #card = make("div", { class: "overmap card", hidden: true });
  #fills = new Map<string, string>();
  #code: string | null = null;
  #home: Box | null = null;

  /** @param onAsk called with lon, lat when someone asks about a place */
  constructor(element: HTMLElement, { faint, onAsk, onMove }: { faint: boolean; onAsk: (lon: number, lat: number) => void; onMove: () => void }) {
    this.#map = new DistrictMap(element);
    const layers = [
      new VectorLayer({ source: this.#areas, style: (shape) => this.#styleOf(shape as Shape, faint), declutter: true, zIndex: 1 }),
      new VectorLayer({ source: this.#hovered, style: HOVERED, zIndex: 2 }),
      new VectorLayer({ source: this.#above, style: (shape) => named(shape as Shape, ABOVE, "700 15px"), declutter: true, zIndex: 3 }),
      new VectorLayer({ source: this.#chosen, style: CHOSEN, zIndex: 4 }),
      new VectorLayer({ source: this.#here, style: HERE, zIndex: 5 }),
    ];
    for (const layer of layers) this.#map.ol.addLayer(layer);
    element.append(this.#card);
    this.#map.ol.on("click", ({ coordinate }) => onAsk(...(toLonLat(coordinate) as [number, number])));
    this.#map.ol.on("moveend", onMove);
    this.#map.ol.on("pointermove", (event) => this.#hover(event));
    element.addEventListener("pointerleave", () => this.#leave());
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== element) return;
      onAsk(...(toLonLat(this.#map.ol.getView().getCenter() ?? [0, 0]) as [number, number]));
    });
  }

  /** Show features of a layer, filled by their parents, under the outlines of the layer above. */
  show(features: AreaFeature[], above: AreaFeature[]): void {
    const byParent = features.some((feature) => feature.properties.parent_codes.length);
    const groupOf = ({ properties: { parent_codes: parents, code } }: AreaFeature) => (byParent ? (parents[0] ?? "") : code);
    this.#fills = fillsOf(features, groupOf);
    this.#leave();
    put(this.#areas, features.map((feature) => shapeOf(feature, groupOf(feature))));
    put(this.#above, above.map((feature) => shapeOf(feature, "")));
    this.choose(this.#code);
  }

  /** When what is shown now stands on the screen. */
  drawn(): Promise<void> {
    return new Promise((resolve) => {
      this.#map.ol.once("rendercomplete", () => resolve());
      this.#map.ol.render();
    });
  }

  #styleOf(shape: Shape, faint: boolean): Style[] {
    const fill = this.#fills.get(shape.get("group") as string) ?? "#ffffff";
    const alpha = Math.round(255 * (faint ? FAINT : OPACITY)).toString(16);
    return named(shape, PLAIN, "13px", new Fill({ color: fill + alpha }));
  }

  #hover({ dragging, coordinate, pixel }: MapBrowserEvent): void {
    const [shape] = dragging ? [] : this.#areas.getFeaturesAtCoordinate(coordinate);
    if (!shape) return this.#leave();
    const area = shape.get("area") as AreaRecord;
    if (!this.#hovered.hasFeature(shape)) {
      put(this.#hovered, area.code === this.#code ? [] : [shape]);
      this.#card.replaceChildren(...card(area));
    }
    this.#card.hidden = false;
    const [x = 0, y = 0] = pixel;
    const [width = 0, height = 0] = this.#map.ol.getSize() ?? [];
    const { offsetWidth: wide, offsetHeight: high } = this.#card;
    const left = x + 16 + wide > width ? x - 16 - wide : x + 16;
    this.#card.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, Math.min(y + 12, height - high - 4))}px)`;
  }

  #leave(): void {
    this.#hovered.clear();
    this.#card.hidden = true;
  }

  /** Mark one area of the layer that is shown. */
  choose(code: string | null): void {
    this.#code = code;
    const shape = this.#areas.getFeatures().find((one) => (one.get("area") as AreaRecord).code === code);
    put(this.#chosen, shape ? [shape] : []);
  }

  /** Put the mark at a place, and bring it into view where it is not: outside, together with the whole map. */
  mark(lon: number, lat: number, inside: boolean): void {
    put(this.#here, [new Feature(new Point(fromLonLat([lon, lat])))]);
    const [west, south, east, north] = padded(this.#map.box, -0.05);
    if (west < lon && lon < east && south < lat && lat < north) return;
    if (inside || !this.#home) {
      this.#map.show(lon, lat);
    } else {
      const [w, s, e, n] = this.#home; // so that it shows how far outside the place is
      this.fit([Math.min(w, lon), Math.min(s, lat), Math.max(e, lon), Math.max(n, lat)]);
    }
  }

  unmark(): void {
    this.#here.clear();
  }

  /** Fit a box into the view, with some of what is around it. */
  fit(box: Box, around = 0): void {
    this.#map.fit(padded(box, around), { nearest: 20 });
  }

  /** What "the whole map" means, and show it. */
  setHome(box: Box): void {
    this.#home = box;
    this.#map.setHome(box);
  }

  /** The box in view, a little widened. */
  view(): Box {
    const [west, south, east, north] = padded(this.#map.box, 0.2);
    return [Math.max(-180, west), Math.max(-90, south), Math.min(180, east), Math.min(90, north)];
  }
}

function put(source: VectorSource<Shape>, shapes: Shape[]): void {
  source.clear(true);
  source.addFeatures(shapes);
}

function shapeOf(feature: AreaFeature, group: string): Shape {
  const shape = new Feature({ geometry: READER.readGeometry(feature.geometry) as Geometry, area: feature.properties, group });
  shape.setId(feature.id);
  return shape;
}

/** The style of an area with its name, where there is room for it inside the area's largest part. */
function named(shape: Shape, stroke: Stroke, font: string, fill?: Fill): Style[] {
  const text = new Text({
    text: (shape.get("area") as AreaRecord).name,
    font: `${font} ${FAMILY}`,
    fill: new Fill({ color: INK }),
    stroke: HALO,
  });
  const ground = shape.getGeometry() as Geometry;
  return [new Style({ stroke, ...(fill && { fill }) }), new Style({ geometry: largest(ground), text })];
}

function largest(ground: Geometry): Geometry {
  if (!(ground instanceof MultiPolygon)) return ground;
  const size = (part: Polygon) => part.getArea();
  return ground.getPolygons().reduce((best, part) => (size(part) > size(best) ? part : best));
}

function padded([west, south, east, north]: Box, by: number): Box {
  // in the map's own measure: the same share above and below
  const [left, bottom, right, top] = transformExtent([west, south, east, north], LONLAT, MERCATOR) as Box;
  const [x, y] = [(right - left) * by, (top - bottom) * by];
  return transformExtent([left - x, bottom - y, right + x, top + y], MERCATOR, LONLAT) as Box;
}

/** What the hover card of an area says. */
function card(area: AreaRecord): HTMLElement[] {
  const [first, ...others] = area.staff;
  const more = others.length ? ` +${others.length}` : "";
  const staff = first ? `${first.role} ${first.holder || say("vacant")}${more}` : null;
  return [
    make("h3", {}, area.name),
    facts(
      [
        [say("code"), area.code],
        [say("area"), ground(area.area_m2)],
        [say("population"), area.population === null ? null : number(area.population)],
        [say("staff"), staff],
      ],
      "",
    ),
  ];
}
