// What blocks have in common: each edge of a block is looked for in its neighbours by its two vertices, which are the
// same whole numbers there. Borders of areas are then the runs whose two sides are in different areas: exact, whatever
// changes hands, and found without touching a polygon.

import { NONE, projected, type Blocks } from "./blocks.ts";

/** A stretch of border between two blocks, or between a block and the outside (`b` is NONE). */
export interface Run {
  a: number;
  b: number;
  /** x, y, x, y … in 1e-7°, from end to end. */
  line: Int32Array;
  /** The same in Web Mercator. */
  drawn: Float64Array;
}

export class Topology {
  readonly runs: Run[] = [];
  /** Numbers of the runs along each block. */
  readonly along: number[][];

  constructor(blocks: Blocks) {
    const beyond = blocksBeyond(blocks);
    this.along = Array.from({ length: blocks.length }, () => []);
    let edge = 0;
    for (let block = 0; block < blocks.length; block++) {
      if (!blocks.alive[block]) continue;
      for (const ring of blocks.rings[block] ?? []) {
        const count = ring.length / 2;
        this.#cut(block, ring, beyond.subarray(edge, edge + count));
        edge += count;
      }
    }
  }

  /** The blocks that a block shares border with. */
  neighbours(block: number): number[] {
    const found = new Set<number>();
    for (const run of this.along[block] ?? []) found.add(this.across(run, block));
    found.delete(NONE);
    return [...found];
  }

  /** The block at the other side of a run. */
  across(run: number, block: number): number {
    const { a, b } = this.runs[run] as Run;
    return a === block ? b : a;
  }

  /** Cut a ring into runs with one neighbour each; those with a block of a smaller number are there already. */
  #cut(block: number, ring: Int32Array, other: Int32Array): void {
    const count = other.length;
    let first = other.findIndex((one, i) => one !== other[(i + count - 1) % count]);
    if (first < 0) first = 0;
    for (let from = 0; from < count; ) {
      const neighbour = other[(first + from) % count] as number;
      let to = from + 1;
      while (to < count && other[(first + to) % count] === neighbour) to++;
      if (neighbour === NONE || neighbour > block) this.#add(block, neighbour, ring, first + from, to - from);
      from = to;
    }
  }

  #add(a: number, b: number, ring: Int32Array, first: number, length: number): void {
    const count = ring.length / 2;
    const line = new Int32Array(2 * length + 2);
    for (let i = 0; i <= length; i++) {
      const vertex = (first + i) % count;
      line[2 * i] = ring[2 * vertex] as number;
      line[2 * i + 1] = ring[2 * vertex + 1] as number;
    }
    const run = this.runs.push({ a, b, line, drawn: projected(line) }) - 1;
    this.along[a]?.push(run);
    if (b !== NONE) this.along[b]?.push(run);
  }
}

/**
 * The block at the other side of each edge of all blocks, ring by ring; NONE where there is none. Edges are met in one
 * pass over a table with open places, as a Map of keys would be ten times as slow: the first of two sides waits there
 * for the second, which goes the other way.
 */
function blocksBeyond(blocks: Blocks): Int32Array {
  let count = 0;
  for (let block = 0; block < blocks.length; block++) {
    if (blocks.alive[block]) for (const ring of blocks.rings[block] ?? []) count += ring.length / 2;
  }
  let size = 16;
  while (size < 2 * count) size *= 2;
  const [table, mask] = [new Int32Array(size), size - 1]; // number of an edge + 1
  const ends = new Int32Array(4 * count); // x, y, x, y of each edge
  const [owner, beyond] = [new Int32Array(count), new Int32Array(count).fill(NONE)];
  let edge = 0;
  const meet = (block: number, x0: number, y0: number, x1: number, y1: number) => {
    const k = 4 * edge;
    [ends[k], ends[k + 1], ends[k + 2], ends[k + 3]] = [x0, y0, x1, y1];
    owner[edge] = block;
    const isForth = x0 < x1 || (x0 === x1 && y0 < y1); // both sides of an edge are looked for from the same end
    let at = (isForth ? hashed(x0, y0, x1, y1) : hashed(x1, y1, x0, y0)) & mask;
    for (; table[at]; at = (at + 1) & mask) {
      const other = (table[at] as number) - 1;
      const o = 4 * other;
      if (ends[o] !== x1 || ends[o + 1] !== y1 || ends[o + 2] !== x0 || ends[o + 3] !== y0 || beyond[other] !== NONE) continue;
      beyond[other] = block;
      beyond[edge++] = owner[other] as number;
      return;
    }
    table[at] = ++edge;
  };
  for (let block = 0; block < blocks.length; block++) {
    if (!blocks.alive[block]) continue;
    for (const ring of blocks.rings[block] ?? []) {
      for (let i = 0; i < ring.length; i += 2) {
        const j = (i + 2) % ring.length;
        meet(block, ring[i] as number, ring[i + 1] as number, ring[j] as number, ring[j + 1] as number);
      }
    }
  }
  return beyond;
}

function hashed(x0: number, y0: number, x1: number, y1: number): number {
  let hash = Math.imul(x0, 0x9e3779b1) ^ Math.imul(y0, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) ^ Math.imul(x1, 0xc2b2ae35) ^ Math.imul(y1, 0x27d4eb2f);
  hash = Math.imul(hash ^ (hash >>> 13), 0x165667b1);
  return (hash ^ (hash >>> 16)) >>> 0;
}
