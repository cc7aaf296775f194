// Drawing a draft on a canvas: ground by areas, borders by what lies at their two sides, names. Any box of it can be
// drawn anew without the rest, which is what lets painting follow the pointer.

import { NONE } from "./blocks.ts";
import type { Colours } from "./colours.ts";
import type { Draft } from "./draft.ts";
import { drawLabels, type Label } from "./labels.ts";
import type { Extent, Places } from "./places.ts";
import type { Selection } from "./selection.ts";
import type { Run, Topology } from "./topology.ts";

/** What a canvas shows: its west and north in Web Mercator, pixels to a metre, pixels to a pixel of the page. */
export interface Frame {
  west: number;
  north: number;
  scale: number;
  ratio: number;
  width: number;
  height: number;
}

/** All that drawing looks at. */
export interface Scene {
  draft: Draft;
  selection: Selection;
  colours: Colours;
  topology: Topology;
  places: Places;
  labels: Label[];
  /** Blocks that somebody else just changed. */
  fresh: ReadonlySet<number>;
  /** How opaque ground is: less where there is a basemap below. */
  opacity: number;
}

const INK = "#2b2a27";
const ABOVE = "#5b2a6e"; // borders of the layer above
const FAINT = "rgba(43, 42, 39, 0.22)";
const CHOSEN = "#0b57a4";
const FRESH = "#c2410c";
const BLOCKS_FROM = 7; // pixels of a middling block from which on its border is drawn

/** Draw a box of the canvas anew (all of it without one), in pixels. */
export function draw(context: CanvasRenderingContext2D, scene: Scene, frame: Frame, box: Extent = [0, 0, frame.width, frame.height]): void {
  const [left, top, right, bottom] = [Math.floor(box[0]), Math.floor(box[1]), Math.ceil(box[2]), Math.ceil(box[3])];
  context.save();
  context.beginPath();
  context.rect(left, top, right - left, bottom - top);
  context.clip();
  context.clearRect(left, top, right - left, bottom - top);
  const margin = 4 * frame.ratio;
  const near = scene.places.near(...groundOf(frame, [left - margin, top - margin, right + margin, bottom + margin]));
  fillGround(context, scene, frame, near);
  strokeBorders(context, scene, frame, near);
  drawLabels(context, scene.labels, frame, [left, top, right, bottom]);
  context.restore();
}

/** The box of pixels as ground: west, south, east, north. */
export function groundOf({ west, north, scale }: Frame, [left, top, right, bottom]: Extent): Extent {
  return [west + left / scale, north - bottom / scale, west + right / scale, north - top / scale];
}

/** A box of ground as pixels: left, top, right, bottom. */
export function pixelsOf({ west, north, scale }: Frame, [w, s, e, n]: Extent): Extent {
  return [(w - west) * scale, (north - n) * scale, (e - west) * scale, (north - s) * scale];
}

function fillGround(context: CanvasRenderingContext2D, scene: Scene, frame: Frame, near: number[]): void {
  const { draft, selection, colours } = scene;
  const { blocks } = draft;
  const ofArea = new Map<number, number[]>();
  for (const block of near) {
    const area = blocks.area[block] as number;
    const known = ofArea.get(area);
    if (known) known.push(block);
    else ofArea.set(area, [block]);
  }
  const fill = (some: number[], style: string | CanvasPattern, alpha: number) => {
    context.beginPath();
    for (const block of some) for (const ring of blocks.drawn[block] ?? []) trace(context, ring, frame, true);
    context.globalAlpha = alpha;
    context.fillStyle = style;
    context.fill("evenodd");
  };
  for (const [area, some] of ofArea) {
    if (area === NONE) {
      fill(some, "#ffffff", scene.opacity);
      fill(some, hatching(context, frame.ratio), 1);
      continue;
    }
    fill(some, colours.of(area), scene.opacity);
    const code = blocks.areaCodes[area] as string;
    if (selection.areas.has(code)) fill(some, CHOSEN, 0.16);
    if (draft.areas.get(code)?.locked) fill(some, dots(context, frame.ratio), 1);
  }
  const chosen = near.filter((block) => selection.blocks.has(blocks.codes[block] as string));
  if (chosen.length) fill(chosen, CHOSEN, 0.35);
  const fresh = scene.fresh.size ? near.filter((block) => scene.fresh.has(block)) : [];
  if (fresh.length) fill(fresh, FRESH, 0.3);
  context.globalAlpha = 1;
}

function strokeBorders(context: CanvasRenderingContext2D, scene: Scene, frame: Frame, near: number[]): void {
  const { draft, selection, topology, places } = scene;
  const { blocks } = draft;
  const [faint, strong, above, chosen]: Run[][] = [[], [], [], []];
  const chosenAreas = new Set([...selection.areas].map((code) => blocks.numberOf(code)));
  const middling = Math.sqrt(((places.extent[2] - places.extent[0]) * (places.extent[3] - places.extent[1])) / Math.max(1, blocks.length));
  const seesBlocks = middling * frame.scale >= BLOCKS_FROM * frame.ratio;
  const seen = new Set<number>();
  for (const block of near) {
    for (const at of topology.along[block] ?? []) {
      if (seen.has(at)) continue;
      seen.add(at);
      const run = topology.runs[at] as Run;
      const [one, other] = [blocks.area[run.a] as number, run.b === NONE ? NONE : (blocks.area[run.b] as number)];
      if (one === other && run.b !== NONE) {
        if (seesBlocks) faint?.push(run);
        continue;
      }
      const isAbove = run.b === NONE || blocks.parent[run.a] !== blocks.parent[run.b];
      (isAbove ? above : strong)?.push(run);
      if (chosenAreas.has(one) !== chosenAreas.has(other)) chosen?.push(run);
    }
  }
  const stroke = (runs: Run[] | undefined, style: string, width: number) => {
    if (!runs?.length) return;
    context.beginPath();
    for (const { drawn } of runs) trace(context, drawn, frame, false);
    context.strokeStyle = style;
    context.lineWidth = width * frame.ratio;
    context.stroke();
  };
  context.lineJoin = context.lineCap = "round";
  stroke(faint, FAINT, 0.7);
  stroke(strong, INK, 1.5);
  stroke(above, "#ffffff", 4.4);
  stroke(above, ABOVE, 2.8);
  stroke(chosen, "#ffffff", 5);
  stroke(chosen, CHOSEN, 3.2);
}

/** Trace a line or ring; vertices that fall on the pixel of the one before are left out. */
function trace(context: CanvasRenderingContext2D, line: Float64Array, { west, north, scale }: Frame, isRing: boolean): void {
  let [x0, y0] = [NaN, NaN];
  const last = line.length - 2;
  for (let i = 0; i <= last; i += 2) {
    const x = ((line[i] as number) - west) * scale;
    const y = (north - (line[i + 1] as number)) * scale;
    if (i === 0) context.moveTo(x, y);
    else if (i < last && !isRing && Math.abs(x - x0) < 0.7 && Math.abs(y - y0) < 0.7) continue;
    else context.lineTo(x, y);
    [x0, y0] = [x, y];
  }
  if (isRing) context.closePath();
}

const patterns = new Map<string, CanvasPattern>();

function patternOf(context: CanvasRenderingContext2D, name: string, size: number, mark: (tile: CanvasRenderingContext2D) => void): CanvasPattern {
  const known = patterns.get(name);
  if (known) return known;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  mark(canvas.getContext("2d") as CanvasRenderingContext2D);
  const pattern = context.createPattern(canvas, "repeat") as CanvasPattern;
  patterns.set(name, pattern);
  return pattern;
}

/** Of ground that no area has. */
function hatching(context: CanvasRenderingContext2D, ratio: number): CanvasPattern {
  const size = Math.round(8 * ratio);
  return patternOf(context, `hatching ${size}`, size, (tile) => {
    tile.strokeStyle = "#a3341f";
    tile.lineWidth = 1.2 * ratio;
    tile.beginPath();
    for (const shift of [-size, 0, size]) {
      tile.moveTo(shift - 1, size + 1);
      tile.lineTo(shift + size + 1, -1);
    }
    tile.stroke();
  });
}

/** Of areas that are locked. */
function dots(context: CanvasRenderingContext2D, ratio: number): CanvasPattern {
  const size = Math.round(7 * ratio);
  return patternOf(context, `dots ${size}`, size, (tile) => {
    tile.fillStyle = "rgba(43, 42, 39, 0.42)";
    tile.beginPath();
    tile.arc(size / 2, size / 2, 0.9 * ratio, 0, 7);
    tile.fill();
  });
}
