// The map of a draft: what is drawn of it, kept as the draft changes.

import type Interaction from "ol/interaction/Interaction.js";
import DoubleClickZoom from "ol/interaction/DoubleClickZoom.js";
import DragPan from "ol/interaction/DragPan.js";
import DragZoom from "ol/interaction/DragZoom.js";
import KeyboardPan from "ol/interaction/KeyboardPan.js";
import type { Coordinate } from "ol/coordinate.js";
import { transformExtent } from "ol/proj.js";
import { LONLAT, MERCATOR, type Box, type DistrictMap } from "../../shared/map/map.ts";
import { NONE } from "./blocks.ts";
import { Colours, type ColouredBy } from "./colours.ts";
import type { Changed, Draft, News } from "./draft.ts";
import type { Scene } from "./drawing.ts";
import { Ground } from "./ground.ts";
import { labelsOf } from "./labels.ts";
import { grow, Places, type Extent } from "./places.ts";
import type { Selection } from "./selection.ts";
import { Topology, type Run } from "./topology.ts";

const SETTLE_MS = 160;
const FRESH_MS = 12_000;

/** Events: `ground` (blocks were cut or put together: topology and places are others). */
export class Board extends EventTarget {
  readonly map: DistrictMap;
  readonly draft: Draft;
  readonly selection: Selection;
  readonly ground: Ground;
  readonly #scene: Scene;
  #settling = 0;
  #fresh = 0;
  #areasSeen = "";

  constructor(map: DistrictMap, draft: Draft, selection: Selection) {
    super();
    [this.map, this.draft, this.selection] = [map, draft, selection];
    const topology = new Topology(draft.blocks);
    const places = new Places(draft.blocks);
    const colours = new Colours(draft);
    colours.giveOut(topology);
    this.#scene = { draft, selection, colours, topology, places, labels: labelsOf(draft, places), fresh: new Set(), opacity: 0.85 };
    this.ground = new Ground(this.#scene);
    map.ol.getLayers().push(this.ground);
    freeTheMouse(map);
    map.setHome(this.extentOf(draft.blocks.codes.map((_, block) => block)));
    draft.addEventListener("blocks", (event) => this.#changed((event as CustomEvent<Changed>).detail));
    draft.addEventListener("areas", () => this.#figured());
    draft.addEventListener("news", (event) => this.#highlight((event as CustomEvent<News>).detail.blocks));
    selection.addEventListener("change", () => this.ground.redraw());
  }

  get topology(): Topology {
    return this.#scene.topology;
  }

  get places(): Places {
    return this.#scene.places;
  }

  get colouredBy(): ColouredBy {
    return this.#scene.colours.by;
  }

  set colouredBy(by: ColouredBy) {
    this.#scene.colours.by = by;
    this.ground.redraw();
  }

  /** The fill of an area. */
  colourOf(area: string): string {
    return this.#scene.colours.of(this.draft.blocks.numberOf(area));
  }

  /** The block at a place of the map (Web Mercator); NONE outside. */
  blockAt([x, y]: Coordinate): number {
    return this.places.at(x as number, y as number);
  }

  /** The border between two areas nearest to a place, no farther than some metres of the map. */
  borderAt([x, y]: Coordinate, reach: number): Run | null {
    const { blocks } = this.draft;
    const [px, py] = [x as number, y as number];
    let [best, distance]: [Run | null, number] = [null, reach];
    for (const block of this.places.near(px - reach, py - reach, px + reach, py + reach)) {
      for (const at of this.topology.along[block] ?? []) {
        const run = this.topology.runs[at] as Run;
        if (run.b === NONE) continue;
        const [one, other] = [blocks.area[run.a] as number, blocks.area[run.b] as number];
        if (one === other || one === NONE || other === NONE) continue;
        const off = distanceTo(run.drawn, px, py);
        if (off <= distance) [best, distance] = [run, off];
      }
    }
    return best;
  }

  /** The box of blocks in degrees. */
  extentOf(some: readonly number[]): Box {
    const extent: Extent = [Infinity, Infinity, -Infinity, -Infinity];
    for (const block of some) if (this.draft.blocks.alive[block]) grow(extent, this.draft.blocks.boxes[block] as Float64Array);
    return transformExtent(extent, MERCATOR, LONLAT) as Box;
  }

  /** Bring areas or blocks into view, by their codes. */
  zoomTo({ areas = [], blocks = [] }: { areas?: Iterable<string>; blocks?: Iterable<string> }): void {
    const { blocks: all } = this.draft;
    const some = [...[...areas].flatMap((area) => all.in(area)), ...[...blocks].map((code) => all.at.get(code) ?? NONE)].filter((block) => block !== NONE && all.alive[block]);
    if (!some.length) return;
    const [west, south, east, north] = this.extentOf(some);
    const [dx, dy] = [0.25 * (east - west), 0.25 * (north - south)];
    this.map.fit([west - dx, south - dy, east + dx, north + dy], { nearest: 18 });
  }

  /** The element that the map is drawn in. */
  get viewport(): HTMLElement {
    return this.map.ol.getViewport() as HTMLElement;
  }

  /** Metres of the map to a pixel. */
  get resolution(): number {
    return this.map.ol.getView().getResolution() ?? 1;
  }

  #changed({ blocks, shapes }: Changed): void {
    if (shapes) {
      this.#scene.topology = new Topology(this.draft.blocks);
      this.#scene.places = new Places(this.draft.blocks);
      this.dispatchEvent(new Event("ground"));
      this.ground.redraw();
    } else {
      this.#scene.colours.giveOut(this.topology);
      this.ground.repaint(blocks);
    }
    this.#settle();
  }

  #figured(): void {
    // only what is drawn of areas makes them be drawn anew
    const areas = [...this.draft.areas.values()].map(({ code, name, locked }) => `${code} ${name} ${locked}`).join();
    if (areas === this.#areasSeen && this.colouredBy === "areas") return;
    this.#areasSeen = areas;
    this.#settle();
  }

  /** Let names and colours follow when a stroke has come to rest. */
  #settle(): void {
    clearTimeout(this.#settling);
    this.#settling = window.setTimeout(() => {
      if (this.draft.isPainting) return this.#settle();
      this.#scene.colours.giveOut(this.topology);
      this.#scene.labels = labelsOf(this.draft, this.places);
      this.ground.redraw();
    }, SETTLE_MS);
  }

  #highlight(blocks: number[]): void {
    this.#scene.fresh = new Set(blocks);
    this.ground.redraw();
    clearTimeout(this.#fresh);
    this.#fresh = window.setTimeout(() => {
      this.#scene.fresh = new Set();
      this.ground.redraw();
    }, FRESH_MS);
  }
}

/** Dragging with Shift is the tools', arrows move the cursor of blocks; the middle button moves the map with any tool. */
function freeTheMouse({ ol }: DistrictMap): void {
  const given = [DragZoom, DoubleClickZoom, KeyboardPan] as (new () => Interaction)[];
  for (const interaction of [...ol.getInteractions().getArray()]) {
    if (given.some((kind) => interaction instanceof kind)) ol.removeInteraction(interaction);
  }
  ol.addInteraction(new DragPan({ condition: ({ originalEvent }) => (originalEvent as PointerEvent).button === 1 }));
}

function distanceTo(line: Float64Array, x: number, y: number): number {
  let best = Infinity;
  for (let i = 2; i < line.length; i += 2) {
    const [x0, y0] = [line[i - 2] as number, line[i - 1] as number];
    const [dx, dy] = [(line[i] as number) - x0, (line[i + 1] as number) - y0];
    const along = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1)));
    best = Math.min(best, Math.hypot(x0 + along * dx - x, y0 + along * dy - y));
  }
  return best;
}
