// Names of areas on the map: where each stands, and which are left out because another stands there.

import { NONE } from "./blocks.ts";
import type { Draft } from "./draft.ts";
import type { Extent, Places } from "./places.ts";
import type { Frame } from "./drawing.ts";

export interface Label {
  area: string;
  name: string;
  code: string;
  locked: boolean;
  /** Web Mercator. */
  x: number;
  y: number;
  /** Width of the area's ground in metres, about. */
  reach: number;
  /** Left, top, right, bottom as laid out last, in pixels; null where it found no room. */
  box: Extent | null;
}

const FONT_PX = 12;
const FONT = '"Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif';
const INK = "#22211e";

/** The labels of all areas, the largest first; each in the middle of the block that lies nearest to the middle. */
export function labelsOf(draft: Draft, places: Places): Label[] {
  const { blocks } = draft;
  const sums: { area: number; x: number; y: number; ground: number; best: number; off: number }[] = [];
  const each = (visit: (block: number, area: number, x: number, y: number) => void) => {
    for (let block = 0; block < blocks.length; block++) {
      const area = blocks.area[block] as number;
      if (blocks.alive[block] && area !== NONE) visit(block, area, places.middles[2 * block] as number, places.middles[2 * block + 1] as number);
    }
  };
  each((block, area, x, y) => {
    const sum = (sums[area] ??= { area, x: 0, y: 0, ground: 0, best: NONE, off: Infinity });
    const ground = blocks.areaM2[block] || 1;
    sum.x += x * ground;
    sum.y += y * ground;
    sum.ground += ground;
  });
  each((block, area, x, y) => {
    const sum = sums[area];
    if (!sum) return;
    const off = Math.hypot(sum.x / sum.ground - x, sum.y / sum.ground - y);
    if (off < sum.off) [sum.best, sum.off] = [block, off];
  });
  return sums
    .filter((sum) => sum !== undefined)
    .sort((a, b) => b.ground - a.ground)
    .map(({ area, best, ground }) => {
      const code = blocks.areaCodes[area] as string;
      const now = draft.areas.get(code);
      const [x, y] = [places.middles[2 * best] as number, places.middles[2 * best + 1] as number];
      return { area: code, name: now?.name ?? "", code: shortCode(code), locked: now?.locked ?? false, x, y, reach: 1.2 * Math.sqrt(ground), box: null };
    });
}

/** What tells areas apart at small scales: the last figures of the code, as far as they are counted up. */
function shortCode(code: string): string {
  return code.length > 6 ? code.slice(-3) : code;
}

/** Find room for labels in a frame: names where they fit into their ground, else short codes, else nothing. */
export function layOut(context: CanvasRenderingContext2D, labels: Label[], frame: Frame): void {
  context.font = font(frame);
  const taken = new Map<number, Extent[]>();
  const cell = 64 * frame.ratio;
  for (const label of labels) {
    label.box = null;
    const [x, y] = [(label.x - frame.west) * frame.scale, (frame.north - label.y) * frame.scale];
    if (x < 0 || y < 0 || x > frame.width || y > frame.height) continue;
    const room = label.reach * frame.scale;
    for (const text of [label.name, label.code]) {
      if (!text) continue;
      const width = context.measureText(text).width + (label.locked ? FONT_PX * frame.ratio : 0);
      if (width > room * (text === label.name ? 1.25 : 1.6)) continue;
      const [half, high] = [width / 2 + 2 * frame.ratio, (FONT_PX * frame.ratio) / 2 + 2 * frame.ratio];
      const box: Extent = [x - half, y - high, x + half, y + high];
      if (isTaken(taken, box, cell)) continue;
      label.box = box;
      shown.set(label, text);
      break;
    }
  }
}

const shown = new WeakMap<Label, string>();

/** Draw the labels that stand in a box. */
export function drawLabels(context: CanvasRenderingContext2D, labels: Label[], frame: Frame, [left, top, right, bottom]: Extent): void {
  context.font = font(frame);
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.lineJoin = "round";
  for (const label of labels) {
    const { box } = label;
    if (!box || box[0] > right || box[2] < left || box[1] > bottom || box[3] < top) continue;
    let x = box[0] + 2 * frame.ratio;
    const y = (box[1] + box[3]) / 2;
    if (label.locked) {
      drawLock(context, x, y, frame.ratio);
      x += FONT_PX * frame.ratio;
    }
    const text = shown.get(label) ?? label.code;
    context.strokeStyle = "rgba(255, 255, 255, 0.85)";
    context.lineWidth = 3 * frame.ratio;
    context.strokeText(text, x, y);
    context.fillStyle = INK;
    context.fillText(text, x, y);
  }
}

function drawLock(context: CanvasRenderingContext2D, x: number, y: number, ratio: number): void {
  context.fillStyle = context.strokeStyle = INK;
  context.lineWidth = 1.4 * ratio;
  context.fillRect(x, y - ratio, 8 * ratio, 6 * ratio);
  context.beginPath();
  context.arc(x + 4 * ratio, y - ratio, 2.6 * ratio, Math.PI, 0);
  context.stroke();
}

function font({ ratio }: Frame): string {
  return `600 ${FONT_PX * ratio}px ${FONT}`;
}

function isTaken(taken: Map<number, Extent[]>, box: Extent, cell: number): boolean {
  const cells: number[] = [];
  for (let row = Math.floor(box[1] / cell); row <= Math.floor(box[3] / cell); row++) {
    for (let column = Math.floor(box[0] / cell); column <= Math.floor(box[2] / cell); column++) cells.push(row * 4096 + column);
  }
  const meets = ([l, t, r, b]: Extent) => l < box[2] && r > box[0] && t < box[3] && b > box[1];
  if (cells.some((one) => taken.get(one)?.some(meets))) return true;
  for (const one of cells) {
    const there = taken.get(one);
    if (there) there.push(box);
    else taken.set(one, [box]);
  }
  return false;
}
