// Dividing an area: by a line across it, or into parts of about equal load.

import { html } from "lit";
import { live } from "lit/directives/live.js";
import Draw from "ol/interaction/Draw.js";
import Snap from "ol/interaction/Snap.js";
import type LineString from "ol/geom/LineString.js";
import type MapBrowserEvent from "ol/MapBrowserEvent.js";
import { announce } from "../../../shared/announcing.ts";
import { say } from "../../../shared/words.ts";
import { NONE } from "../blocks.ts";
import { lonLatOf } from "../mercator.ts";
import { Sketch, SKETCH_STYLE } from "./sketch.ts";
import { Held, type Bench, type Tool } from "./tool.ts";

const MOST_PARTS = 20;

export class Split implements Tool {
  readonly name = "split";
  parts = 2;
  readonly #bench: Bench;
  readonly #held: Held;
  readonly #sketch: Sketch;
  readonly #chosen = () => this.#prepare();
  #draw: Draw | null = null;

  constructor(bench: Bench) {
    this.#bench = bench;
    this.#held = new Held(bench.board);
    this.#sketch = new Sketch(bench.board);
  }

  begin(): void {
    this.#sketch.begin();
    this.#bench.board.selection.addEventListener("change", this.#chosen);
    this.#prepare();
  }

  end(): void {
    this.#bench.board.selection.removeEventListener("change", this.#chosen);
    this.#held.clear();
    this.#draw = null;
    this.#sketch.end();
  }

  /** Without an area that is chosen, a click chooses it. */
  click({ coordinate }: MapBrowserEvent): void {
    const { board } = this.#bench;
    if (board.selection.area) return;
    const block = board.blockAt(coordinate);
    const area = block === NONE ? null : board.draft.blocks.areaOf(block);
    if (area !== null) board.selection.set([area]);
  }

  key(event: KeyboardEvent): boolean {
    if (event.key === "Escape" && this.#draw) {
      this.#draw.abortDrawing();
      return true;
    }
    if (event.key === "Enter" && this.#draw) {
      this.#draw.finishDrawing();
      return true;
    }
    if (event.key !== "Backspace" || !this.#draw) return false;
    this.#draw.removeLastPoint();
    return true;
  }

  bar() {
    const { draft, selection } = this.#bench.board;
    const area = selection.area;
    if (!area) return html`<p>${say("splitChoose")}</p>`;
    return html`
      <p>${say("splitHow", { area: draft.nameOf(area) })}</p>
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

  #prepare(): void {
    this.#held.clear();
    this.#sketch.clear();
    this.#draw = null;
    const { draft, selection } = this.#bench.board;
    const area = selection.area;
    this.#bench.refresh();
    if (!area) return;
    if (draft.areas.get(area)?.locked) return announce(say("lockedArea", { area: draft.nameOf(area) }));
    this.#sketch.layOn([area]);
    this.#draw = new Draw({ type: "LineString", style: SKETCH_STYLE, stopClick: true });
    this.#draw.on("drawend", ({ feature }) => {
      const line = (feature.getGeometry() as LineString).getCoordinates().map(lonLatOf);
      if (line.length > 1) void draft.operate({ kind: "split", area, line, seed: 0 });
    });
    this.#held.put(this.#draw, new Snap({ source: this.#sketch.edges, pixelTolerance: 10 }));
  }

  #intoParts(area: string): void {
    void this.#bench.board.draft.operate({ kind: "split", area, parts: this.parts, seed: 0 });
  }
}
