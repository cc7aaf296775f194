// The crosshair, for whoever draws by keyboard: arrows move it over the map, and it keeps to edges and vertices of
// blocks as the pointer does.

import Feature from "ol/Feature.js";
import LineString from "ol/geom/LineString.js";
import Point from "ol/geom/Point.js";
import type Snap from "ol/interaction/Snap.js";
import type { Coordinate } from "ol/coordinate.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import RegularShape from "ol/style/RegularShape.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import { say } from "../../../shared/words.ts";
import { NONE } from "../blocks.ts";
import type { Board } from "../board.ts";
import { ARROWS, bringIntoView } from "../in-view.ts";

const STEP_PX = 5;
const LARGE_STEP_PX = 50; // with Shift
const ON_BORDER_PX = 4;
const CROSS = [["#ffffff", 6] as const, ["#22211e", 2.5] as const].map(
  ([color, width]) => new Style({ image: new RegularShape({ points: 4, radius: 15, radius2: 0, stroke: new Stroke({ color, width }) }) }),
);
const LEAD = new Style({ stroke: new Stroke({ color: "#c2410c", width: 2, lineDash: [6, 5] }) });

/** Whether a key sets a point. */
export function isSetting({ key }: KeyboardEvent): boolean {
  return key === " " || key === "Enter";
}

export class Crosshair {
  /** Where it stands; null while it is not shown. */
  place: Coordinate | null = null;
  /** What lays it on edges and vertices. */
  snap: Snap | null = null;
  readonly #board: Board;
  readonly #source = new VectorSource();
  readonly #layer = new VectorLayer({ source: this.#source, zIndex: 9 });
  #led: Coordinate = [0, 0]; // to where the arrows led: small steps leave an edge that it is laid on
  #last: Coordinate | null = null;

  constructor(board: Board) {
    this.#board = board;
  }

  begin(): void {
    this.#board.map.ol.addLayer(this.#layer);
  }

  end(): void {
    this.hide();
    this.#board.map.ol.removeLayer(this.#layer);
  }

  /** Go where an arrow points, or appear; the answer is whether the key was an arrow. */
  key({ key, shiftKey }: KeyboardEvent): boolean {
    const arrow = ARROWS[key];
    if (!arrow) return false;
    if (!this.place) this.appear();
    else {
      const step = (shiftKey ? LARGE_STEP_PX : STEP_PX) * this.#board.resolution;
      this.put([(this.#led[0] as number) + step * arrow[0], (this.#led[1] as number) + step * arrow[1]]);
    }
    return true;
  }

  /** Show it in the middle of the map, or in the area that is chosen if that is elsewhere. */
  appear(): void {
    const { map, selection, draft, places } = this.#board;
    const middle = map.ol.getView().getCenter() as Coordinate;
    const { area } = selection;
    const under = this.#board.blockAt(middle);
    const isThere = area === null || (under !== NONE && draft.blocks.areaOf(under) === area);
    const block = isThere ? undefined : draft.blocks.in(area)[0];
    this.put(block === undefined ? middle : [places.middles[2 * block] as number, places.middles[2 * block + 1] as number]);
  }

  put(place: Coordinate): void {
    const { ol } = this.#board.map;
    bringIntoView(ol, place);
    this.#led = place;
    const pixel = ol.getPixelFromCoordinate(place);
    this.place = (pixel && this.snap?.snapTo(pixel, place, ol)?.vertex) || place;
    this.#show();
  }

  hide(): void {
    this.place = null;
    this.#source.clear();
  }

  /** Show a line from the last point that was set; null while there is none. */
  leadFrom(last: Coordinate | null): void {
    this.#last = last;
    if (this.place) this.#show();
  }

  /** Where it stands, in words. */
  told(): string {
    const { place } = this;
    if (!place) return "";
    const { draft, resolution } = this.#board;
    const { blocks } = draft;
    const run = this.#board.borderAt(place, ON_BORDER_PX * resolution);
    if (run) return say("crossBorder", { one: draft.nameOf(blocks.areaOf(run.a) ?? ""), other: draft.nameOf(blocks.areaOf(run.b) ?? "") });
    const block = this.#board.blockAt(place);
    if (block === NONE) return say("crossOutside");
    const [area, code] = [blocks.areaOf(block), blocks.codes[block] ?? ""];
    const where = say("crossIn", { area: area === null ? say("noArea") : draft.nameOf(area), code });
    return place === this.#led ? where : say("crossEdge", { where });
  }

  #show(): void {
    this.#source.clear();
    const { place } = this;
    if (!place) return;
    const cross = new Feature(new Point(place));
    cross.setStyle(CROSS);
    this.#source.addFeature(cross);
    if (!this.#last) return;
    const lead = new Feature(new LineString([this.#last, place]));
    lead.setStyle(LEAD);
    this.#source.addFeature(lead);
  }
}
