// Moving the border of two neighbours: a click takes hold of it, its vertices are dragged or a new stretch of it
// is set point by point, Enter sends the line.

import { html } from "lit";
import type Feature from "ol/Feature.js";
import type LineString from "ol/geom/LineString.js";
import type { Coordinate } from "ol/coordinate.js";
import Modify from "ol/interaction/Modify.js";
import Snap from "ol/interaction/Snap.js";
import type MapBrowserEvent from "ol/MapBrowserEvent.js";
import { announce } from "../../../shared/announcing.ts";
import { none } from "../../../shared/piece.ts";
import { number, say } from "../../../shared/words.ts";
import { NONE } from "../blocks.ts";
import { bordersOf, chained, runsBetween } from "../lines.ts";
import { lonLatOf } from "../mercator.ts";
import { begunFarFrom, loosened, movedStretch, same, strayed, withStretch } from "./border-line.ts";
import { Crosshair, isSetting } from "./crosshair.ts";
import { Sketch, SKETCH_STYLE } from "./sketch.ts";
import { Held, type Bench, type Tool } from "./tool.ts";

const REACH_PX = 14;
const GRIP_PX = 60; // of the line to each side of the hand that gives way
const LOOK_PX = 6; // how closely a line is looked at for ground of others
const BESIDE_M = 1; // as near as this the service lays a line on borders

/** A border that somebody took hold of. */
interface Taken {
  areas: [string, string];
  feature: Feature<LineString>;
  was: Coordinate[];
  /** An area that the line would cut into besides the two; empty for what is no area's, null where it stays within. */
  into: string | null;
  /** What of a new stretch was set by the crosshair, and what the line was before. */
  points: Coordinate[];
  before: Coordinate[];
}

export class Border implements Tool {
  readonly name = "border";
  readonly #bench: Bench;
  readonly #held: Held;
  readonly #sketch: Sketch;
  readonly #crosshair: Crosshair;
  #step: string | null = null; // which border the crosshair was led to by Tab, in words
  #at = -1; // and its number
  #taken: Taken | null = null;

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
  }

  end(): void {
    this.#giveUp();
    this.#leaveStep();
    this.#crosshair.end();
    this.#sketch.end();
  }

  click({ coordinate }: MapBrowserEvent): void {
    if (!this.#taken) this.#takeAt(coordinate);
  }

  #takeAt(coordinate: Coordinate): void {
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
    const geometry = feature.getGeometry() as LineString;
    const was = begunFarFrom(geometry.getCoordinates(), coordinate);
    geometry.setCoordinates(was);
    this.#taken = { areas, feature, was, into: null, points: [], before: was };
    this.#sketch.layOn(areas);
    geometry.on("change", () => this.#changed());
    const snap = new Snap({ source: this.#sketch.edges, pixelTolerance: 10 });
    this.#crosshair.snap = snap;
    this.#held.put(this.#modify(geometry), snap);
    board.selection.set(areas);
    refresh();
  }

  key(event: KeyboardEvent): boolean {
    const crosshair = this.#crosshair;
    const taken = this.#taken;
    if (crosshair.key(event)) {
      if (!taken) this.#leaveStep();
    } else if (taken && event.key === "Escape") this.#giveUp();
    else if (taken && event.key === "Backspace") this.#stretch(taken, taken.points.slice(0, -1));
    else if (taken && event.key === "Enter" && (!crosshair.place || this.#isDragged(taken))) this.#send();
    else if (isSetting(event)) this.#point();
    else if (event.key === "Tab" && !taken) return this.#toBorder(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape" && crosshair.place) {
      crosshair.hide();
      this.#leaveStep();
    } else return false;
    this.#bench.refresh();
    return true;
  }

  bar() {
    const taken = this.#taken;
    const { place } = this.#crosshair;
    const told = html`<output class="where">${place ? this.#told() : none}</output>`;
    if (!taken) return html`<p>${say(place ? "borderKeys" : "borderHow")}</p>${told}`;
    const [one, other] = taken.areas.map((area) => this.#bench.board.draft.nameOf(area));
    const { into } = taken;
    return html`
      ${into === null ? html`<p>${place ? say("borderStretch") : say("borderTaken", { one: one ?? "", other: other ?? "" })}</p>` : html`<p class="caution">${this.#strayedWords(into)}</p>`}
      ${told}
      <button type="button" class="small primary" ?disabled=${into !== null} @click=${() => this.#send()}>${say("apply")} <kbd>↵</kbd></button>
      <button type="button" class="small" @click=${() => this.#giveUp()}>${say("cancel")} <kbd>Esc</kbd></button>
    `;
  }

  doing(): string | null {
    return this.#taken ? `Border ${this.#taken.areas[0]}` : null;
  }

  #told(): string {
    if (this.#step) return this.#step;
    const [where, count] = [this.#crosshair.told(), this.#taken?.points.length ?? 0];
    return count ? say("crossPoints", { where, count: number(count) }) : where;
  }

  /** Lead the crosshair to the next border of the chosen areas; behind the last one the key leads out of the map. */
  #toBorder(by: 1 | -1): boolean {
    const { board, refresh } = this.#bench;
    const { blocks } = board.draft;
    const chosen = [...board.selection.areas].map((area) => blocks.numberOf(area));
    const borders = chosen.flatMap((one, i) => {
      const listed = chosen.slice(0, i); // with those it has been named already
      return bordersOf(board.topology, blocks, one).filter(({ other }) => !listed.includes(other)).map((border) => ({ one, ...border }));
    });
    const at = by > 0 ? this.#at + 1 : (this.#at < 0 ? borders.length : this.#at) - 1;
    const border = borders[at];
    this.#leaveStep();
    if (!border) {
      refresh();
      return false;
    }
    const middle = this.#sketch.show(border.line).getGeometry()?.getCoordinateAt(0.5) as Coordinate;
    this.#crosshair.put(middle);
    const name = (area: number) => board.draft.nameOf(blocks.areaCodes[area] ?? "");
    this.#step = say("borderOf", { at: number(at + 1), count: number(borders.length), one: name(border.one), other: name(border.other) });
    this.#at = at;
    refresh();
    return true;
  }

  #leaveStep(): void {
    if (this.#step) this.#sketch.clear();
    [this.#step, this.#at] = [null, -1];
  }

  /** Take hold of the border where the crosshair stands, or set a point of the new stretch; the last one again sends it. */
  #point(): void {
    const [taken, { place }] = [this.#taken, this.#crosshair];
    if (!place) this.#crosshair.appear();
    else if (!taken) {
      this.#leaveStep();
      this.#takeAt(place);
    } else if (!same(taken.points.at(-1), place)) this.#stretch(taken, [...taken.points, place]);
    else if (taken.points.length > 1) this.#send();
    else announce(say("pointsTwo"));
  }

  /** Let the line go through points; with less than two it is as it was. */
  #stretch(taken: Taken, points: Coordinate[]): void {
    const geometry = taken.feature.getGeometry() as LineString;
    if (!taken.points.length) taken.before = geometry.getCoordinates();
    taken.points = points;
    geometry.setCoordinates(points.length > 1 ? withStretch(taken.before, points) : taken.before);
    this.#crosshair.leadFrom(points.at(-1) ?? null);
    this.#look();
  }

  /** Whether the line was moved by the pointer. */
  #isDragged({ points, was, feature }: Taken): boolean {
    return !points.length && movedStretch(was, feature.getGeometry()?.getCoordinates() ?? []) !== null;
  }

  /** Dragging lets the line give way around the hand; letting go of what did not move leaves it as it was. */
  #modify(geometry: LineString): Modify {
    let [before, loose]: [Coordinate[], Coordinate[]] = [[], []];
    const modify = new Modify({
      source: this.#sketch.lines,
      style: SKETCH_STYLE,
      pixelTolerance: REACH_PX,
      condition: ({ coordinate, originalEvent }) => {
        if ((originalEvent as PointerEvent).button !== 0) return false;
        const { resolution } = this.#bench.board;
        const near = geometry.getClosestPoint(coordinate) as [number, number];
        before = loose = geometry.getCoordinates();
        if (Math.hypot(near[0] - (coordinate[0] as number), near[1] - (coordinate[1] as number)) > REACH_PX * resolution) return false;
        loose = loosened(before, coordinate, GRIP_PX * resolution);
        if (loose.length < before.length) geometry.setCoordinates(loose);
        return true;
      },
    });
    modify.on("modifyend", () => {
      const now = geometry.getCoordinates();
      if (now.length === loose.length && now.every((place, i) => same(place, loose[i]))) geometry.setCoordinates(before);
      this.#look();
    });
    return modify;
  }

  /** Its ends are on the borders of others: they stay where they are. */
  #changed(): void {
    const taken = this.#taken;
    const geometry = taken?.feature.getGeometry();
    if (!taken || !geometry) return;
    const line = geometry.getCoordinates();
    const [first, last] = [taken.was[0] as Coordinate, taken.was.at(-1) as Coordinate];
    if (same(line[0], first) && same(line.at(-1), last)) return this.#sketch.between(taken.was, line);
    geometry.setCoordinates([first, ...line.slice(1, -1), last]); // tells of a change again
  }

  /** Look whether the line cuts into ground besides that of the two areas. */
  #look(): void {
    const taken = this.#taken;
    if (!taken) return;
    const { board, refresh } = this.#bench;
    const { blocks } = board.draft;
    const areaAt = (place: Coordinate): string | null => {
      const block = board.blockAt(place);
      return block === NONE ? null : blocks.areaOf(block);
    };
    const isTheirs = (place: Coordinate) => taken.areas.includes(areaAt(place) ?? "");
    const around = ([x, y]: Coordinate) => [[-1, 0], [1, 0], [0, -1], [0, 1]].map(([dx, dy]) => [(x as number) + BESIDE_M * (dx as number), (y as number) + BESIDE_M * (dy as number)]);
    const moved = movedStretch(taken.was, taken.feature.getGeometry()?.getCoordinates() ?? []);
    const off = moved && strayed(moved, LOOK_PX * board.resolution, (place) => isTheirs(place) || around(place).some(isTheirs));
    taken.into = off ? (areaAt(off) ?? "") : null;
    this.#sketch.warn(taken.into !== null);
    if (taken.into !== null) announce(this.#strayedWords(taken.into));
    refresh();
  }

  #strayedWords(into: string): string {
    return into ? say("borderStrays", { area: this.#bench.board.draft.nameOf(into) }) : say("borderLeaves");
  }

  #send(): void {
    const taken = this.#taken;
    if (!taken) return;
    if (taken.into !== null) return announce(this.#strayedWords(taken.into));
    const moved = movedStretch(taken.was, taken.feature.getGeometry()?.getCoordinates() ?? []);
    this.#giveUp();
    if (!moved) return announce(say("borderSame"));
    void this.#bench.board.draft.operate({ kind: "move-border", areas: taken.areas, line: moved.map(lonLatOf) });
  }

  #giveUp(): void {
    this.#taken = this.#crosshair.snap = null;
    this.#crosshair.leadFrom(null);
    this.#held.clear();
    this.#sketch.clear();
    this.#bench.refresh();
  }
}
