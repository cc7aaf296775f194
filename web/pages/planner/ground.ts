// The layer of a draft on the map: one canvas, somewhat larger than the window, drawn whole when the view comes to
// rest, pushed along while it moves, and box by box where blocks change hands.

import Layer from "ol/layer/Layer.js";
import type { FrameState } from "ol/Map.js";
import ViewHint from "ol/ViewHint.js";
import { draw, pixelsOf, type Frame, type Scene } from "./drawing.ts";
import { layOut } from "./labels.ts";
import { grow, type Extent } from "./places.ts";

const MARGIN = 0.15; // of the window at each side
const LINE_PX = 6; // how far lines reach out of the blocks that they border

export class Ground extends Layer {
  readonly #canvas = document.createElement("canvas");
  readonly #context: CanvasRenderingContext2D;
  readonly #element = document.createElement("div");
  readonly #scene: Scene;
  #frame: Frame | null = null;
  #stale = true;
  #dirty = new Set<number>();
  #placed = "";

  constructor(scene: Scene) {
    super({});
    this.#scene = scene;
    this.#context = this.#canvas.getContext("2d") as CanvasRenderingContext2D;
    this.#element.className = "ground";
    this.#element.append(this.#canvas);
  }

  /** Draw everything anew at the next frame. */
  redraw(): void {
    this.#stale = true;
    this.changed();
  }

  /** Draw these blocks and what lies around them anew at the next frame. */
  repaint(blocks: Iterable<number>): void {
    for (const block of blocks) this.#dirty.add(block);
    this.changed();
  }

  override render(state: FrameState): HTMLElement {
    const { extent, pixelRatio: ratio, size, viewHints } = state;
    const { resolution } = state.viewState;
    const [width = 0, height = 0] = size;
    const [west, south, east, north] = extent as Extent;
    const scale = ratio / resolution;
    const frame = this.#frame;
    const isMoving = Boolean(viewHints[ViewHint.ANIMATING] || viewHints[ViewHint.INTERACTING]);
    const isScaled = frame !== null && frame.scale !== scale;
    const covers = frame !== null && !isScaled && coversBox(frame, [west, south, east, north]);
    const mayWait = isMoving && isScaled && !this.#stale;
    if (!frame || this.#stale || (!covers && !mayWait)) {
      this.#drawWhole({ west: west - MARGIN * (east - west), north: north + MARGIN * (north - south), scale, ratio, width, height });
    } else if (this.#dirty.size) this.#drawDirty(frame);
    this.#place(west, north, scale, ratio);
    return this.#element;
  }

  #drawWhole(view: Frame): void {
    const grown = 1 + 2 * MARGIN;
    const [width, height] = [Math.ceil(view.width * grown * view.ratio), Math.ceil(view.height * grown * view.ratio)];
    const frame = { ...view, width, height };
    if (this.#canvas.width !== width || this.#canvas.height !== height) [this.#canvas.width, this.#canvas.height] = [width, height];
    layOut(this.#context, this.#scene.labels, frame);
    draw(this.#context, this.#scene, frame);
    this.#frame = frame;
    this.#stale = false;
    this.#dirty.clear();
  }

  #drawDirty(frame: Frame): void {
    const { boxes } = this.#scene.draft.blocks;
    for (const box of grouped([...this.#dirty].map((block) => boxes[block] as Float64Array))) {
      const pixels = pixelsOf(frame, box);
      const around: Extent = [Infinity, Infinity, -Infinity, -Infinity];
      grow(around, pixels, LINE_PX * frame.ratio);
      const inside: Extent = [Math.max(0, around[0]), Math.max(0, around[1]), Math.min(frame.width, around[2]), Math.min(frame.height, around[3])];
      if (inside[0] < inside[2] && inside[1] < inside[3]) draw(this.#context, this.#scene, frame, inside);
    }
    this.#dirty.clear();
  }

  #place(west: number, north: number, scale: number, ratio: number): void {
    const frame = this.#frame;
    if (!frame) return;
    const zoom = scale / frame.scale;
    const [x, y] = [((frame.west - west) * scale) / ratio, ((north - frame.north) * scale) / ratio];
    const placed = `${x} ${y} ${zoom} ${frame.width} ${frame.height}`;
    if (placed === this.#placed) return;
    this.#placed = placed;
    const { style } = this.#canvas;
    style.width = `${frame.width / ratio}px`;
    style.height = `${frame.height / ratio}px`;
    style.transformOrigin = "0 0";
    style.transform = `translate(${x}px, ${y}px) scale(${zoom})`;
  }
}

function coversBox(frame: Frame, [west, south, east, north]: Extent): boolean {
  const slack = 1 / frame.scale;
  const [right, bottom] = [frame.west + frame.width / frame.scale, frame.north - frame.height / frame.scale];
  return frame.west <= west + slack && frame.north >= north - slack && right >= east - slack && bottom <= south + slack;
}

/** Boxes put together where they are near: few boxes to draw, not much more ground than they have. */
function grouped(boxes: readonly Float64Array[]): Extent[] {
  const groups: Extent[] = [];
  for (const box of boxes) {
    const [west, south, east, north] = box as unknown as Extent;
    const wide = Math.max(east - west, north - south);
    const near = groups.find(([w, s, e, n]) => west <= e + wide && east >= w - wide && south <= n + wide && north >= s - wide);
    if (near) grow(near, box);
    else groups.push([west, south, east, north]);
  }
  return groups;
}
