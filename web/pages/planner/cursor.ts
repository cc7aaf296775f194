// The cursor of blocks, for whoever works by keyboard: arrows lead to the block next to it in that direction.

import Feature from "ol/Feature.js";
import Polygon from "ol/geom/Polygon.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import type { Board } from "./board.ts";
import { NONE } from "./blocks.ts";
import { ARROWS, bringIntoView } from "./in-view.ts";

const STYLE = [new Style({ stroke: new Stroke({ color: "#ffffff", width: 6 }) }), new Style({ stroke: new Stroke({ color: "#22211e", width: 3, lineDash: [7, 5] }) })];

/** Event `move`. */
export class Cursor extends EventTarget {
  block = NONE;
  readonly #board: Board;
  readonly #source = new VectorSource();
  readonly layer = new VectorLayer({ source: this.#source, style: STYLE, zIndex: 5 });

  constructor(board: Board) {
    super();
    this.#board = board;
    board.map.ol.addLayer(this.layer);
    board.addEventListener("ground", () => this.#show());
  }

  /** Go where an arrow points; the answer is whether the key was one. */
  key(event: KeyboardEvent): boolean {
    const step = ARROWS[event.key];
    if (!step) return false;
    if (event.shiftKey) this.#pan(step);
    else this.put(this.block === NONE ? this.#inView() : this.#next(step));
    return true;
  }

  put(block: number): void {
    if (block === NONE) return;
    this.block = block;
    this.#show();
    this.#follow();
    this.dispatchEvent(new Event("move"));
  }

  hide(): void {
    this.block = NONE;
    this.#source.clear();
  }

  #next([dx, dy]: [number, number]): number {
    const { topology, places } = this.#board;
    const { middles } = places;
    const [x, y] = [middles[2 * this.block] as number, middles[2 * this.block + 1] as number];
    let [best, least] = [this.block, Infinity];
    const weigh = (block: number) => {
      const [ex, ey] = [(middles[2 * block] as number) - x, (middles[2 * block + 1] as number) - y];
      const [along, aside] = [ex * dx + ey * dy, Math.abs(ex * dy - ey * dx)];
      if (along <= 0 || along < 0.4 * aside) return;
      const cost = along + 2 * aside;
      if (cost < least) [best, least] = [block, cost];
    };
    topology.neighbours(this.block).forEach(weigh);
    if (best !== this.block) return best;
    const far = 80 * this.#board.resolution; // over water or a road that is no block
    for (const block of places.within(x + dx * far, y + dy * far, far)) if (block !== this.block) weigh(block);
    return best;
  }

  #inView(): number {
    const { places, map } = this.#board;
    const [x, y] = map.ol.getView().getCenter() as [number, number];
    const at = places.at(x, y);
    if (at !== NONE) return at;
    const { middles } = places;
    const off = (block: number) => Math.hypot((middles[2 * block] as number) - x, (middles[2 * block + 1] as number) - y);
    return this.#board.draft.blocks.alive.reduce((best, alive, block) => (alive && (best === NONE || off(block) < off(best)) ? block : best), NONE);
  }

  #pan([dx, dy]: [number, number]): void {
    const view = this.#board.map.ol.getView();
    const [x, y] = view.getCenter() as [number, number];
    const step = 120 * this.#board.resolution;
    view.setCenter([x + dx * step, y + dy * step]);
  }

  #show(): void {
    this.#source.clear();
    const { blocks } = this.#board.draft;
    if (this.block === NONE || !blocks.alive[this.block]) return this.hide();
    const rings = (blocks.drawn[this.block] ?? []).map((ring) => {
      const line = Array.from({ length: ring.length / 2 }, (_, i) => [ring[2 * i] as number, ring[2 * i + 1] as number]);
      return [...line, line[0] as number[]];
    });
    this.#source.addFeatures(rings.map((ring) => new Feature(new Polygon([ring]))));
  }

  #follow(): void {
    const { map, places } = this.#board;
    bringIntoView(map.ol, [places.middles[2 * this.block] as number, places.middles[2 * this.block + 1] as number]);
  }
}
