// Where blocks lie: which are near a box, which holds a point, and a point inside each.

import { NONE, type Blocks } from "./blocks.ts";

/** West, south, east, north in Web Mercator. */
export type Extent = [number, number, number, number];

/** Blocks by the cells of a lattice that their boxes touch. */
export class Places {
  readonly #blocks: Blocks;
  readonly #cells = new Map<number, number[]>();
  readonly #size: number;
  readonly #seen: Int32Array;
  readonly extent: Extent = [Infinity, Infinity, -Infinity, -Infinity];
  /** A point inside each block, x and y. */
  readonly middles: Float64Array;
  #query = 0;

  constructor(blocks: Blocks) {
    this.#blocks = blocks;
    this.#seen = new Int32Array(blocks.length);
    this.middles = new Float64Array(2 * blocks.length);
    let count = 0;
    for (let block = 0; block < blocks.length; block++) {
      if (!blocks.alive[block]) continue;
      count++;
      grow(this.extent, blocks.boxes[block] as Float64Array);
      this.middles.set(middleOf(blocks.drawn[block] ?? []), 2 * block);
    }
    const [west, south, east, north] = this.extent;
    this.#size = count ? Math.max(1, Math.sqrt(((east - west) * (north - south)) / count)) : 1;
    for (let block = 0; block < blocks.length; block++) if (blocks.alive[block]) this.#insert(block);
  }

  /** The blocks whose boxes touch a box. */
  near(west: number, south: number, east: number, north: number): number[] {
    const found: number[] = [];
    const query = ++this.#query;
    this.#each(Math.max(west, this.extent[0]), Math.max(south, this.extent[1]), Math.min(east, this.extent[2]), Math.min(north, this.extent[3]), (cell) => {
      for (const block of this.#cells.get(cell) ?? []) {
        if (this.#seen[block] === query) continue;
        this.#seen[block] = query;
        const box = this.#blocks.boxes[block] as Float64Array;
        if ((box[0] as number) <= east && (box[2] as number) >= west && (box[1] as number) <= north && (box[3] as number) >= south) found.push(block);
      }
    });
    return found;
  }

  /** The block that holds a point; NONE outside. */
  at(x: number, y: number): number {
    return this.near(x, y, x, y).find((block) => holds(this.#blocks.drawn[block] ?? [], x, y)) ?? NONE;
  }

  /** The blocks of which a circle covers the middle. */
  within(x: number, y: number, radius: number): number[] {
    return this.near(x - radius, y - radius, x + radius, y + radius).filter((block) => {
      const [dx, dy] = [(this.middles[2 * block] as number) - x, (this.middles[2 * block + 1] as number) - y];
      return dx * dx + dy * dy <= radius * radius;
    });
  }

  /** The blocks of which a box covers the middle. */
  inside(west: number, south: number, east: number, north: number): number[] {
    return this.near(west, south, east, north).filter((block) => {
      const [x, y] = [this.middles[2 * block] as number, this.middles[2 * block + 1] as number];
      return x >= west && x <= east && y >= south && y <= north;
    });
  }

  #insert(block: number): void {
    const [west, south, east, north] = this.#blocks.boxes[block] as unknown as Extent;
    this.#each(west, south, east, north, (cell) => {
      const there = this.#cells.get(cell);
      if (there) there.push(block);
      else this.#cells.set(cell, [block]);
    });
  }

  #each(west: number, south: number, east: number, north: number, visit: (cell: number) => void): void {
    const [left, bottom] = this.extent;
    const [first, last] = [Math.floor((west - left) / this.#size), Math.floor((east - left) / this.#size)];
    const [low, high] = [Math.floor((south - bottom) / this.#size), Math.floor((north - bottom) / this.#size)];
    for (let row = low; row <= high; row++) for (let column = first; column <= last; column++) visit(row * 65536 + column);
  }
}

/** Widen an extent by a box. */
export function grow(extent: Extent, box: ArrayLike<number>, by = 0): void {
  extent[0] = Math.min(extent[0], (box[0] as number) - by);
  extent[1] = Math.min(extent[1], (box[1] as number) - by);
  extent[2] = Math.max(extent[2], (box[2] as number) + by);
  extent[3] = Math.max(extent[3], (box[3] as number) + by);
}

/** Whether rings (borders and holes alike) hold a point. */
export function holds(rings: readonly Float64Array[], x: number, y: number): boolean {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const [xi, yi, xj, yj] = [ring[i] as number, ring[i + 1] as number, ring[j] as number, ring[j + 1] as number];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
  }
  return inside;
}

/** A point inside a shape: its centroid, or where that lies outside, the middle of the widest stretch beside it. */
function middleOf(rings: readonly Float64Array[]): [number, number] {
  const ring = rings[0];
  if (!ring || ring.length < 6) return [0, 0];
  const [x0, y0] = [ring[0] as number, ring[1] as number];
  let [area, cx, cy] = [0, 0, 0];
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    const [xi, yi, xj, yj] = [(ring[i] as number) - x0, (ring[i + 1] as number) - y0, (ring[j] as number) - x0, (ring[j + 1] as number) - y0];
    const cross = xj * yi - xi * yj;
    area += cross;
    cx += (xi + xj) * cross;
    cy += (yi + yj) * cross;
  }
  if (!area) return [x0, y0];
  const [x, y] = [x0 + cx / (3 * area), y0 + cy / (3 * area)];
  return holds(rings, x, y) ? [x, y] : [widestAt(rings, y, x), y];
}

function widestAt(rings: readonly Float64Array[], y: number, otherwise: number): number {
  const crossings: number[] = [];
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const [xi, yi, xj, yj] = [ring[i] as number, ring[i + 1] as number, ring[j] as number, ring[j + 1] as number];
      if (yi > y !== yj > y) crossings.push(((xj - xi) * (y - yi)) / (yj - yi) + xi);
    }
  }
  crossings.sort((a, b) => a - b);
  let [best, width] = [otherwise, -1];
  for (let i = 0; i + 1 < crossings.length; i += 2) {
    const [from, to] = [crossings[i] as number, crossings[i + 1] as number];
    if (to - from > width) [best, width] = [(from + to) / 2, to - from];
  }
  return best;
}
