// The map of a question: areas coloured by a figure, borders of the layer above, buildings by their class, names and numbers.

import Feature from "ol/Feature.js";
import type { FeatureLike } from "ol/Feature.js";
import Point from "ol/geom/Point.js";
import VectorLayer from "ol/layer/Vector.js";
import type VectorTileLayer from "ol/layer/VectorTile.js";
import { fromLonLat } from "ol/proj.js";
import VectorSource from "ol/source/Vector.js";
import { Fill, Stroke, Style, Text } from "ol/style.js";
import { DistrictMap } from "../../shared/map/map.ts";
import type { RiskClass } from "../../shared/map/palette.ts";
import { tileLayer, type Tiles } from "../../shared/map/tiles.ts";
import { figureOf, type Marked, type Row } from "./answer.ts";
import { buildingStyles, changeStyles } from "./building-styles.ts";
import { NO_FIGURE, type Colouring } from "./colouring.ts";
import type { Ground, GroundArea } from "./ground.ts";
import { written } from "./writing.ts";

const INK = "#22211e";
const PALE = "rgba(255,255,255,0.55)";
const WIDE_ENOUGH = 54; // pixels of an area that a number fits into
const FOR_NAMES = 104;
const LEGEND_PX = 284;
const MOST_WAIT_MS = 8_000;
const HATCH_PX = 8;

export interface Shown {
  ground: Ground;
  narrowed: string;
  at: string | null;
  rows: ReadonlyMap<string, Row>;
  colouring: Colouring | null;
  buildings: boolean;
  hidden: ReadonlySet<RiskClass>;
  chosen: string | null;
  marked: (() => Promise<Marked[]>) | null;
  /** Areas of which nothing is told; hatched. */
  beyond: ReadonlySet<string>;
}

/** What was pointed at: an area, or a building in it. */
export interface Pointed {
  area: string | null;
  building: number | null;
}

export class Stage {
  readonly map: DistrictMap;
  #shown: Shown | null = null;
  #areas: Tiles | null = null;
  #parents: Tiles | null = null;
  #buildings: Tiles | null = null;
  #drawn = ""; // what the layers of areas are of
  #fitted = "";
  #marking: Shown["marked"] = null;
  #before = ""; // the view that the screen goes back to
  #asksBuildings = false;
  #printing = false;
  readonly #styles = buildingStyles();
  readonly #fills = new Map<string, Style>();
  readonly #names = new VectorSource();
  readonly #labels = new VectorLayer({ source: this.#names, declutter: true, zIndex: 30, style: (feature, resolution) => this.#labelled(feature, resolution) });
  readonly #signs = changeStyles();
  readonly #marks = new VectorSource();
  readonly #marked = new VectorLayer({ source: this.#marks, zIndex: 22, style: (feature) => this.#signs[String(feature.get("change"))] });
  readonly #beyond = new Style({ fill: new Fill({ color: hatching() }), stroke: new Stroke({ color: "rgba(93,90,83,0.3)", width: 0.8 }) });
  readonly #chosen = new Style({ stroke: new Stroke({ color: "#0b4f8a", width: 3.5 }), zIndex: 5 });

  constructor(readonly target: HTMLElement) {
    const legend = target.clientWidth > 700 ? LEGEND_PX : 24; // nothing to see lies under it
    this.map = new DistrictMap(target, { around: [24, 24, 40, legend] });
    this.map.ol.addLayer(this.#marked);
    this.map.ol.addLayer(this.#labels);
  }

  /** Draw a question's answer; what is there already stays. */
  async show(shown: Shown): Promise<void> {
    this.#shown = shown;
    this.#fit(shown); // first: no tile is asked for that is not seen
    const drawn = `${shown.ground.layer.name} ${shown.at ?? ""}`;
    if (drawn !== this.#drawn) {
      this.#drawn = drawn;
      await this.#makeAreas(shown);
    } else if (shown.at === null) {
      void this.#areas?.refresh();
    }
    if (this.#shown !== shown) return; // something else is asked for by now
    if (shown.buildings) await this.#showBuildings();
    if (this.#shown !== shown) return;
    this.#name(shown);
    this.redraw();
    this.map.ol.once("rendercomplete", () => performance.mark("gisgov:map")); // measured: figures stand earlier
    this.map.ol.render();
    if (shown.marked !== this.#marking) await this.#mark(shown);
  }

  /** Draw anew what is there, in other colours. */
  redraw(): void {
    for (const tiles of [this.#areas, this.#parents, this.#buildings]) tiles?.layer.changed();
    this.#labels.changed();
  }

  /** Draw for paper, or for the screen again. */
  print(printing: boolean): void {
    this.#printing = printing;
    if (printing) this.#before = this.map.view;
    this.map.ol.updateSize();
    if (printing && this.#shown) this.#home(this.#shown);
    else if (this.#before) this.map.view = this.#before;
    this.redraw();
    this.map.ol.renderSync();
  }

  /** Wait until all that is asked for is drawn; not for ever. */
  drawn(): Promise<void> {
    return new Promise((resolve) => {
      const late = setTimeout(resolve, MOST_WAIT_MS);
      this.map.ol.once("rendercomplete", () => {
        clearTimeout(late);
        resolve();
      });
      this.map.ol.render();
    });
  }

  /** Bring an area into view, if it is not in it. */
  reveal(area: GroundArea): void {
    const [west, south, east, north] = this.map.box;
    const [w, s, e, n] = area.box;
    if (w < west || s < south || e > east || n > north) this.map.fit(area.box, { nearest: 14.5, duration: 200 });
  }

  /** What lies at a pixel. */
  at(pixel: number[]): Pointed {
    const found: Pointed = { area: null, building: null };
    this.map.ol.forEachFeatureAtPixel(
      pixel,
      (feature, layer) => {
        if (layer === this.#marked) found.building ??= Number(feature.getId());
        if (layer === this.#buildings?.layer && feature.get("stands_for") === undefined) found.building ??= Number(feature.getId()) || null;
        if (layer === this.#areas?.layer) found.area ??= String(feature.get("code"));
      },
      { hitTolerance: 2, layerFilter: (layer) => [this.#marked, this.#buildings?.layer, this.#areas?.layer].includes(layer as VectorTileLayer) },
    );
    return found;
  }

  async #makeAreas({ ground, at }: Shown): Promise<void> {
    const day = at ? { at } : {};
    const parent = ground.chain[0]?.layer.name;
    const [areas, parents] = await Promise.all([
      tileLayer(ground.layer.name, { ...day, style: (feature) => this.#filled(feature) }),
      parent ? tileLayer(parent, { ...day, style: new Style({ stroke: new Stroke({ color: "rgba(34,33,30,0.75)", width: 1.6 }) }) }) : null,
    ]);
    for (const old of [this.#areas, this.#parents]) if (old) this.map.ol.removeLayer(old.layer);
    [this.#areas, this.#parents] = [areas, parents];
    this.#put(areas.layer, 10);
    if (parents) this.#put(parents.layer, 12);
  }

  async #showBuildings(): Promise<void> {
    if (this.#buildings) return this.#buildings.refresh();
    if (this.#asksBuildings) return;
    this.#asksBuildings = true;
    this.#buildings = await tileLayer("buildings", {
      style: (feature, resolution) => this.#styles(feature, resolution, this.#shown?.hidden ?? new Set(), this.#printing),
    });
    this.#put(this.#buildings.layer, 20);
  }

  #put(layer: VectorTileLayer, zIndex: number): void {
    layer.setZIndex(zIndex);
    this.map.ol.addLayer(layer);
  }

  #filled(feature: FeatureLike): Style | Style[] {
    const shown = this.#shown;
    const code = String(feature.get("code"));
    if (shown?.beyond.has(code)) return this.#beyond;
    const row = shown?.rows.get(code);
    const colour = !shown?.rows.size ? PALE : row ? (shown.colouring?.colourOf(row) ?? NO_FIGURE) : PALE;
    const key = `${colour}${shown?.buildings ? "!" : ""}`;
    let style = this.#fills.get(key);
    if (!style) {
      style = new Style({ fill: new Fill({ color: shown?.buildings && colour.startsWith("#") ? `${colour}b3` : colour }), stroke: new Stroke({ color: "rgba(93,90,83,0.55)", width: 0.8 }) });
      this.#fills.set(key, style);
    }
    return code === shown?.chosen ? [style, this.#chosen] : style;
  }

  /** A point for each area, which its name and number are written at. */
  #name({ ground, rows }: Shown): void {
    this.#names.clear(true);
    const points = [...rows.values()].flatMap((row) => {
      const area = ground.areas.get(row.code);
      if (!area) return [];
      const [west, south, east, north] = area.box;
      const feature = new Feature(new Point(fromLonLat([(west + east) / 2, (south + north) / 2])));
      feature.set("row", row, true);
      feature.set("width", fromLonLat([east, south])[0]! - fromLonLat([west, south])[0]!, true);
      return [feature];
    });
    this.#names.addFeatures(points);
  }

  async #mark({ marked }: Shown): Promise<void> {
    this.#marking = marked;
    this.#marks.clear();
    const buildings = (await marked?.()) ?? [];
    if (this.#marking !== marked) return;
    this.#marks.addFeatures(
      buildings.map(({ id, lon, lat, change }) => {
        const feature = new Feature({ geometry: new Point(fromLonLat([lon, lat])), change });
        feature.setId(id);
        return feature;
      }),
    );
  }

  #labelled(feature: FeatureLike, resolution: number): Style | undefined {
    const shown = this.#shown;
    const row = feature.get("row") as Row;
    const pixels = (feature.get("width") as number) / resolution;
    const figure = shown?.colouring?.figure;
    if (!figure || (pixels < (shown.buildings ? FOR_NAMES : WIDE_ENOUGH) && row.code !== shown.chosen)) return undefined;
    const value = written(figureOf(row, figure.key), figure.kind);
    const text = pixels > FOR_NAMES || row.code === shown.chosen ? `${row.name}\n${value}` : value;
    return new Style({
      text: new Text({
        text,
        font: `600 12px ${FONT}`,
        fill: new Fill({ color: INK }),
        stroke: new Stroke({ color: "rgba(255,255,255,0.92)", width: 3.5 }),
        overflow: true,
      }),
      zIndex: row.code === shown.chosen ? 1 : 0,
    });
  }

  #fit(shown: Shown): void {
    const { ground, narrowed, at } = shown;
    const wanted = `${ground.layer.name} ${narrowed} ${at ?? ""}`;
    if (wanted === this.#fitted) return;
    const first = !this.#fitted;
    this.#fitted = wanted;
    this.#home(shown);
    if (first && this.wanted) this.map.view = this.wanted;
  }

  #home({ ground, narrowed, rows, beyond }: Shown): void {
    const box = beyond.size ? ground.boxOf(rows.keys()) : ground.box(narrowed);
    if (box) this.map.setHome(box);
  }

  /** The view that the address asks for, once; else all that is asked about is brought into view. */
  wanted: string | null = null;
}

const FONT = '"Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';

/** Thin lines at 45° over paper white: nothing is told of the ground under them. */
function hatching(): CanvasPattern | string {
  const tile = document.createElement("canvas");
  tile.width = tile.height = HATCH_PX;
  const pen = tile.getContext("2d");
  if (!pen) return PALE;
  pen.fillStyle = PALE;
  pen.fillRect(0, 0, HATCH_PX, HATCH_PX);
  pen.strokeStyle = "rgba(93,90,83,0.35)";
  pen.beginPath();
  // three, so that they meet those of the next tile
  for (const from of [-HATCH_PX, 0, HATCH_PX]) {
    pen.moveTo(from - 1, HATCH_PX + 1);
    pen.lineTo(from + HATCH_PX + 1, -1);
  }
  pen.stroke();
  return pen.createPattern(tile, "repeat") ?? PALE;
}
