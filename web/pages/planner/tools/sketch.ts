// What is drawn by hand on the map: a line that is being made or moved, laid on the vertices and edges of blocks.

import Feature from "ol/Feature.js";
import LineString from "ol/geom/LineString.js";
import Polygon from "ol/geom/Polygon.js";
import type { Coordinate } from "ol/coordinate.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import CircleStyle from "ol/style/Circle.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import { mercatorX, mercatorY } from "../mercator.ts";
import type { Board } from "../board.ts";

const HANDS = "rgba(11, 87, 164, 0.28)"; // ground that changes hands
const LINE = [new Style({ stroke: new Stroke({ color: "#ffffff", width: 6 }) }), new Style({ stroke: new Stroke({ color: "#c2410c", width: 3 }) })];
const WRONG = [LINE[0] as Style, new Style({ stroke: new Stroke({ color: "#b91c1c", width: 3, lineDash: [4, 5] }) })];
const POINT = new Style({ image: new CircleStyle({ radius: 5, fill: new Fill({ color: "#ffffff" }), stroke: new Stroke({ color: "#c2410c", width: 2.5 }) }) });
const GROUND = new Style({ fill: new Fill({ color: HANDS }) });

export const SKETCH_STYLE = [...LINE, POINT];

export class Sketch {
  readonly lines = new VectorSource<Feature<LineString>>();
  /** The edges that a line is laid on: of the blocks of these areas, which nobody sees twice. */
  readonly edges = new VectorSource<Feature<LineString>>();
  readonly #ground = new VectorSource();
  readonly #board: Board;
  readonly #layers = [new VectorLayer({ source: this.#ground, style: GROUND, zIndex: 6 }), new VectorLayer({ source: this.lines, style: LINE, zIndex: 7 })];

  constructor(board: Board) {
    this.#board = board;
  }

  begin(): void {
    for (const layer of this.#layers) this.#board.map.ol.addLayer(layer);
  }

  end(): void {
    this.clear();
    for (const layer of this.#layers) this.#board.map.ol.removeLayer(layer);
  }

  clear(): void {
    for (const source of [this.lines, this.edges, this.#ground]) source.clear();
  }

  /** Lay lines on the edges of the blocks of areas. */
  layOn(areas: readonly string[]): void {
    const { draft, topology } = this.#board;
    const runs = new Set(areas.flatMap((area) => draft.blocks.in(area)).flatMap((block) => topology.along[block] ?? []));
    this.edges.clear();
    this.edges.addFeatures([...runs].map((at) => new Feature(new LineString(pairs(topology.runs[at]?.drawn ?? [])))));
  }

  /** Show a line of 1e-7° to be moved. */
  show(line: readonly number[]): Feature<LineString> {
    const drawn = pairs(line).map(([x, y]) => [mercatorX(x as number), mercatorY(y as number)]);
    const feature = new Feature(new LineString(drawn));
    this.lines.clear();
    this.lines.addFeature(feature);
    return feature;
  }

  /** Show that the line cannot be as it is. */
  warn(isWrong: boolean): void {
    for (const line of this.lines.getFeatures()) line.setStyle(isWrong ? WRONG : undefined);
  }

  /** Show the ground that lies between a line and what it was. */
  between(was: Coordinate[], is: Coordinate[]): void {
    this.#ground.clear();
    this.#ground.addFeature(new Feature(new Polygon([[...was, ...[...is].reverse(), was[0] as Coordinate]])));
  }
}

function pairs(line: ArrayLike<number>): Coordinate[] {
  return Array.from({ length: line.length / 2 }, (_, i) => [line[2 * i] as number, line[2 * i + 1] as number]);
}
