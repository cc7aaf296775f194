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
    const edges = new Edges(blocks);
    this.along = Array.from({ length: blocks.length }, () => []);
    for (let block = 0; block < blocks.length; block++) {
      if (!blocks.alive[block]) continue;
      for (const ring of blocks.rings[block] ?? []) this.#cut(block, ring, edges);
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
  #cut(block: number, ring: Int32Array, edges: Edges): void {
    const count = ring.length / 2;
    const other = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const j = (i + 1) % count;
      other[i] = edges.owner(ring[2 * j] as number, ring[2 * j + 1] as number, ring[2 * i] as number, ring[2 * i + 1] as number);
    }
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

/** The directed edges of all blocks, found by their ends: a table with open places, as a Map of keys would be ten times as slow. */
class Edges {
  readonly #ends: Int32Array; // x, y, x, y of each edge
  readonly #owner: Int32Array;
  readonly #table: Int32Array; // number of an edge + 1
  readonly #mask: number;

  constructor(blocks: Blocks) {
    let count = 0;
    for (let block = 0; block < blocks.length; block++) {
      if (blocks.alive[block]) for (const ring of blocks.rings[block] ?? []) count += ring.length / 2;
    }
    let size = 16;
    while (size < 2 * count) size *= 2;
    this.#mask = size - 1;
    this.#table = new Int32Array(size);
    this.#ends = new Int32Array(4 * count);
    this.#owner = new Int32Array(count);
    let edge = 0;
    for (let block = 0; block < blocks.length; block++) {
      if (!blocks.alive[block]) continue;
      for (const ring of blocks.rings[block] ?? []) {
        for (let i = 0; i < ring.length; i += 2) {
          const j = (i + 2) % ring.length;
          this.#put(edge++, block, ring[i] as number, ring[i + 1] as number, ring[j] as number, ring[j + 1] as number);
        }
      }
    }
  }

  /** The block that has an edge in this direction; NONE where none has. */
  owner(x0: number, y0: number, x1: number, y1: number): number {
    const ends = this.#ends;
    for (let at = hashed(x0, y0, x1, y1) & this.#mask; ; at = (at + 1) & this.#mask) {
      const edge = (this.#table[at] as number) - 1;
      if (edge < 0) return NONE;
      const k = 4 * edge;
      if (ends[k] === x0 && ends[k + 1] === y0 && ends[k + 2] === x1 && ends[k + 3] === y1) return this.#owner[edge] as number;
    }
  }

  #put(edge: number, block: number, x0: number, y0: number, x1: number, y1: number): void {
    this.#ends.set([x0, y0, x1, y1], 4 * edge);
    this.#owner[edge] = block;
    let at = hashed(x0, y0, x1, y1) & this.#mask;
    while (this.#table[at]) at = (at + 1) & this.#mask;
    this.#table[at] = edge + 1;
  }
}

function hashed(x0: number, y0: number, x1: number, y1: number): number {
  let hash = Math.imul(x0, 0x9e3779b1) ^ Math.imul(y0, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) ^ Math.imul(x1, 0xc2b2ae35) ^ Math.imul(y1, 0x27d4eb2f);
  hash = Math.imul(hash ^ (hash >>> 13), 0x165667b1);
  return (hash ^ (hash >>> 16)) >>> 0;
}
