// Moving the border of two neighbours: a click takes hold of it, its vertices are dragged, Enter sends the line.

import { html } from "lit";
import type Feature from "ol/Feature.js";
import type LineString from "ol/geom/LineString.js";
import type { Coordinate } from "ol/coordinate.js";
import Modify from "ol/interaction/Modify.js";
import Snap from "ol/interaction/Snap.js";
import type MapBrowserEvent from "ol/MapBrowserEvent.js";
import { announce } from "../../../shared/announcing.ts";
import { say } from "../../../shared/words.ts";
import { chained, runsBetween } from "../lines.ts";
import { lonLatOf } from "../mercator.ts";
import { Sketch, SKETCH_STYLE } from "./sketch.ts";
import { Held, type Bench, type Tool } from "./tool.ts";

const REACH_PX = 14;

/** A border that somebody took hold of. */
interface Taken {
  areas: [string, string];
  feature: Feature<LineString>;
  was: Coordinate[];
}

export class Border implements Tool {
  readonly name = "border";
  readonly #bench: Bench;
  readonly #held: Held;
  readonly #sketch: Sketch;
  #taken: Taken | null = null;

  constructor(bench: Bench) {
    this.#bench = bench;
    this.#held = new Held(bench.board);
    this.#sketch = new Sketch(bench.board);
  }

  begin(): void {
    this.#sketch.begin();
  }

  end(): void {
    this.#giveUp();
    this.#sketch.end();
  }

  click({ coordinate }: MapBrowserEvent): void {
    if (this.#taken) return;
    const { board, refresh } = this.#bench;
    const { draft, topology } = board;
    const { blocks } = draft;
    const run = board.borderAt(coordinate, REACH_PX * board.resolution);
    if (!run) return announce(say("borderNone"));
    const [one, other] = [blocks.area[run.a] as number, blocks.area[run.b] as number];
    const areas: [string, string] = [blocks.areaCodes[one] as string, blocks.areaCodes[other] as string];
    const locked = areas.find((area) => draft.areas.get(area)?.locked);
    if (locked) return announce(say("lockedArea", { area: draft.nameOf(locked) }));
    const [x, y] = [run.line[0] as number, run.line[1] as number];
    const has = (line: number[]) => line.some((value, i) => i % 2 === 0 && value === x && line[i + 1] === y);
    const line = chained(runsBetween(topology, blocks, one, other)).find(has);
    if (!line) return;
    const feature = this.#sketch.show(line);
    const was = feature.getGeometry()?.getCoordinates() ?? [];
    this.#taken = { areas, feature, was };
    this.#sketch.layOn(areas);
    const modify = new Modify({ source: this.#sketch.lines, style: SKETCH_STYLE, pixelTolerance: REACH_PX });
    feature.getGeometry()?.on("change", () => this.#showChange());
    this.#held.put(modify, new Snap({ source: this.#sketch.edges, pixelTolerance: 10 }));
    board.selection.set(areas);
    refresh();
  }

  key(event: KeyboardEvent): boolean {
    if (!this.#taken) return false;
    if (event.key === "Enter") this.#send();
    else if (event.key === "Escape") this.#giveUp();
    else return false;
    return true;
  }

  bar() {
    const taken = this.#taken;
    if (!taken) return html`<p>${say("borderHow")}</p>`;
    const [one, other] = taken.areas.map((area) => this.#bench.board.draft.nameOf(area));
    return html`
      <p>${say("borderTaken", { one: one ?? "", other: other ?? "" })}</p>
      <button type="button" class="small primary" @click=${() => this.#send()}>${say("apply")} <kbd>↵</kbd></button>
      <button type="button" class="small" @click=${() => this.#giveUp()}>${say("cancel")} <kbd>Esc</kbd></button>
    `;
  }

  doing(): string | null {
    return this.#taken ? say("doingBorder", { area: this.#bench.board.draft.nameOf(this.#taken.areas[0]) }) : null;
  }

  #showChange(): void {
    const taken = this.#taken;
    const line = taken?.feature.getGeometry()?.getCoordinates();
    if (taken && line) this.#sketch.between(taken.was, line);
  }

  #send(): void {
    const taken = this.#taken;
    const line = taken?.feature.getGeometry()?.getCoordinates();
    if (!taken || !line) return;
    const isMoved = line.length !== taken.was.length || line.some(([x, y], i) => x !== taken.was[i]?.[0] || y !== taken.was[i]?.[1]);
    this.#giveUp();
    if (!isMoved) return announce(say("borderSame"));
    const { draft } = this.#bench.board;
    void draft.operate({ kind: "move-border", areas: taken.areas, line: line.map(lonLatOf) });
  }

  #giveUp(): void {
    this.#taken = null;
    this.#held.clear();
    this.#sketch.clear();
    this.#bench.refresh();
  }
}
