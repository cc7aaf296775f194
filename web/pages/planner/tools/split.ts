// Dividing an area: by a line across it, or into parts of about equal load.

import { html } from "lit";
import { live } from "lit/directives/live.js";
import Draw from "ol/interaction/Draw.js";
import Snap from "ol/interaction/Snap.js";
import type Feature from "ol/Feature.js";
import type LineString from "ol/geom/LineString.js";
import type { Coordinate } from "ol/coordinate.js";
import type MapBrowserEvent from "ol/MapBrowserEvent.js";
import { announce } from "../../../shared/announcing.ts";
import { none } from "../../../shared/piece.ts";
import { number, say } from "../../../shared/words.ts";
import { NONE } from "../blocks.ts";
import { lonLatOf } from "../mercator.ts";
import { same } from "./border-line.ts";
import { Crosshair, isSetting } from "./crosshair.ts";
import { Sketch, SKETCH_STYLE } from "./sketch.ts";
import { Held, type Bench, type Tool } from "./tool.ts";

const MOST_PARTS = 20;

export class Split implements Tool {
  readonly name = "split";
  parts = 2;
  readonly #bench: Bench;
  readonly #held: Held;
  readonly #sketch: Sketch;
  readonly #crosshair: Crosshair;
  readonly #chosen = () => this.#prepare();
  #draw: Draw | null = null;
  #line: Feature<LineString> | null = null; // that is being drawn

  constructor(bench: Bench) {
    this.#bench = bench;
    this.#held = new Held(bench.board);
    this.#sketch = new Sketch(bench.board);
    this.#crosshair = new Crosshair(bench.board);
  }

  begin(): void {
    this.#bench.cursor.hide();
    this.#sketch.begin();
    this.#crosshair.begin();
    this.#bench.board.selection.addEventListener("change", this.#chosen);
    this.#prepare();
  }

  end(): void {
    this.#bench.board.selection.removeEventListener("change", this.#chosen);
    this.#held.clear();
    this.#draw = this.#line = null;
    this.#crosshair.end();
    this.#sketch.end();
  }

  /** Without an area that is chosen, a click chooses it. */
  click({ coordinate }: MapBrowserEvent): void {
    if (!this.#bench.board.selection.area) this.#choose(coordinate);
  }

  key(event: KeyboardEvent): boolean {
    const crosshair = this.#crosshair;
    const isDone = crosshair.key(event) || (isSetting(event) && this.#point(event.key)) || (event.key === "Escape" && this.#giveUp());
    if (!isDone && (event.key !== "Backspace" || !this.#draw)) return false;
    if (event.key === "Backspace") this.#draw?.removeLastPoint();
    crosshair.leadFrom(this.#points().at(-1) ?? null);
    this.#bench.refresh();
    return true;
  }

  bar() {
    const { draft, selection } = this.#bench.board;
    const area = selection.area;
    const { place } = this.#crosshair;
    const count = this.#points().length;
    const where = place && (count ? say("crossPoints", { where: this.#crosshair.told(), count: number(count) }) : this.#crosshair.told());
    const told = html`<output class="where">${where ?? none}</output>`;
    if (!area) return html`<p>${say("splitChoose")}</p>${told}`;
    return html`
      <p>${place ? say("splitKeys") : say("splitHow", { area: draft.nameOf(area) })}</p>
      ${told}
      <span class="joined">
        <input type="number" min="2" max=${MOST_PARTS} .value=${live(String(this.parts))} aria-label=${say("partsCount")} @change=${(event: Event) => this.#count(event)} />
        <button type="button" class="small" @click=${() => this.#intoParts(area)}>${say("splitParts")}</button>
      </span>
    `;
  }

  doing(): string | null {
    const { area } = this.#bench.board.selection;
    return area ? `Split ${area}` : null;
  }

  #count(event: Event): void {
    const asked = Math.round(Number((event.target as HTMLInputElement).value));
    this.parts = Number.isFinite(asked) ? Math.max(2, Math.min(MOST_PARTS, asked)) : 2;
    this.#bench.refresh();
  }

  #choose(place: Coordinate): void {
    const { board } = this.#bench;
    const block = board.blockAt(place);
    const area = block === NONE ? null : board.draft.blocks.areaOf(block);
    if (area !== null) board.selection.set([area]);
  }

  /** Set a point where the crosshair stands, by the last one that was set end the line; the answer is whether the key was one. */
  #point(key: string): boolean {
    const [draw, { place }, points] = [this.#draw, this.#crosshair, this.#points()];
    if (!place) {
      if (key === " ") this.#crosshair.appear();
      else draw?.finishDrawing();
      return key === " " || draw !== null;
    }
    if (!draw) this.#choose(place);
    else if (!same(points.at(-1), place)) draw.appendCoordinates([place]);
    else if (points.length > 1) draw.finishDrawing();
    else announce(say("pointsTwo"));
    return true;
  }

  /** The points that were set of the line; what follows the pointer is none. */
  #points(): Coordinate[] {
    return this.#line?.getGeometry()?.getCoordinates().slice(0, -1) ?? [];
  }

  /** Give up the line, else the crosshair; the answer is whether there was either. */
  #giveUp(): boolean {
    const isThere = this.#line !== null || this.#crosshair.place !== null;
    if (this.#line) this.#draw?.abortDrawing();
    else this.#crosshair.hide();
    return isThere;
  }

  #prepare(): void {
    this.#held.clear();
    this.#sketch.clear();
    this.#draw = this.#line = this.#crosshair.snap = null;
    this.#crosshair.leadFrom(null);
    const { draft, selection } = this.#bench.board;
    const area = selection.area;
    this.#bench.refresh();
    if (!area) return;
    if (draft.areas.get(area)?.locked) return announce(say("lockedArea", { area: draft.nameOf(area) }));
    this.#sketch.layOn([area]);
    this.#draw = new Draw({ type: "LineString", style: SKETCH_STYLE, stopClick: true });
    this.#draw.on("drawstart", ({ feature }) => (this.#line = feature as Feature<LineString>));
    this.#draw.on("drawabort", () => (this.#line = null));
    this.#draw.on("drawend", ({ feature }) => {
      this.#line = null;
      const line = (feature.getGeometry() as LineString).getCoordinates().map(lonLatOf);
      if (line.length > 1) void this.#cut(area, line, feature as Feature<LineString>);
    });
    const snap = new Snap({ source: this.#sketch.edges, pixelTolerance: 10 });
    this.#crosshair.snap = snap;
    this.#held.put(this.#draw, snap);
  }

  /** Cut an area along a line; one that is refused, since it ends too soon, is led on from there. */
  async #cut(area: string, line: [number, number][], drawn: Feature<LineString>): Promise<void> {
    const { draft } = this.#bench.board;
    const [draw, { revision }] = [this.#draw, draft];
    await draft.operate({ kind: "split", area, line, seed: 0 });
    if (draft.revision !== revision || this.#draw !== draw || this.#line) return;
    draw?.extend(drawn);
    this.#crosshair.leadFrom(this.#points().at(-1) ?? null);
    this.#bench.refresh();
  }

  #intoParts(area: string): void {
    void this.#bench.board.draft.operate({ kind: "split", area, parts: this.parts, seed: 0 });
  }
}
