// The blocks of a plan as the service sends them: arrays by block, shapes in whole numbers of 1e-7°, so that a
// vertex which two blocks share is the same pair of numbers in both.

import { mercatorX, mercatorY } from "./mercator.ts";

/** What `GET /v1/plans/{plan}/blocks` answers. */
export interface BlocksAnswer {
  revision: number;
  whole: boolean;
  origin: number[];
  scale: number;
  codes: string[];
  area: number[];
  area_codes: string[];
  parent: number[];
  parent_codes: string[];
  population: number[];
  households: number[];
  area_m2: number[];
  shapes: number[][][][];
  gone: string[];
}

/** A ring as x, y, x, y … without the closing vertex. */
export type Ring = Int32Array;

/** What an answer changed: blocks by their numbers, and whether any is new, cut or gone. */
export interface Taken {
  blocks: number[];
  shapes: boolean;
}

export const NONE = -1;

export class Blocks {
  readonly codes: string[] = [];
  readonly at = new Map<string, number>();
  /** Whether a block is part of the draft still; a number once given stays that block's. */
  readonly alive: boolean[] = [];
  /** The area of each block as shown: strokes that are not answered yet are counted in. A number, or NONE. */
  readonly area: number[] = [];
  /** The same as the service has it. */
  readonly settled: number[] = [];
  readonly areaCodes: string[] = [];
  readonly parent: number[] = [];
  readonly parentCodes: string[] = [];
  readonly population: number[] = [];
  readonly households: number[] = [];
  readonly areaM2: number[] = [];
  /** Rings of each block in 1e-7°: parts, of each the border and then the holes. */
  readonly rings: Ring[][] = [];
  /** The same in Web Mercator, metres. */
  readonly drawn: Float64Array[][] = [];
  /** West, south, east, north of each block in Web Mercator. */
  readonly boxes: Float64Array[] = [];
  readonly #areaAt = new Map<string, number>();
  readonly #parentAt = new Map<string, number>();

  get length(): number {
    return this.codes.length;
  }

  /** The code of the area that a block is shown in; null for none. */
  areaOf(block: number): string | null {
    return this.areaCodes[this.area[block] ?? NONE] ?? null;
  }

  /** The code of the area that the service has a block in. */
  settledOf(block: number): string | null {
    return this.areaCodes[this.settled[block] ?? NONE] ?? null;
  }

  parentOf(block: number): string | null {
    return this.parentCodes[this.parent[block] ?? NONE] ?? null;
  }

  /** The number that an area goes by here; NONE for null. */
  numberOf(area: string | null): number {
    return area === null ? NONE : numbered(area, this.areaCodes, this.#areaAt);
  }

  /** Say in which areas above areas lie, where the answer does not tell it of their blocks. */
  placeIn(above: ReadonlyMap<string, string>): void {
    for (let block = 0; block < this.length; block++) {
      const parent = above.get(this.areaOf(block) ?? "");
      if (this.parent[block] === NONE && parent !== undefined) this.parent[block] = numbered(parent, this.parentCodes, this.#parentAt);
    }
  }

  /** The blocks that are shown in an area; null asks for those of none. */
  in(area: string | null): number[] {
    const wanted = this.numberOf(area);
    const found: number[] = [];
    for (let block = 0; block < this.length; block++) if (this.alive[block] && this.area[block] === wanted) found.push(block);
    return found;
  }

  /** Take in an answer: all blocks, or what changed since. Areas as shown become those of the service. */
  take(answer: BlocksAnswer): Taken {
    const changed: number[] = [];
    let shapes = false;
    const leave = (block: number) => {
      shapes = true;
      changed.push(block);
      this.alive[block] = false;
      this.area[block] = this.settled[block] = NONE;
    };
    const kept = new Set(answer.codes);
    if (answer.whole) for (const [code, block] of this.at) if (this.alive[block] && !kept.has(code)) leave(block);
    for (const code of answer.gone) {
      const block = this.at.get(code);
      if (block !== undefined && this.alive[block]) leave(block);
    }
    answer.codes.forEach((code, i) => {
      const block = numbered(code, this.codes, this.at);
      const rings = ringsOf(answer.shapes[i] ?? [], answer.origin, answer.scale);
      const area = this.numberOf(answer.area_codes[answer.area[i] ?? NONE] ?? null);
      const reshaped = !this.alive[block] || !sameRings(rings, this.rings[block] ?? []);
      if (!reshaped && this.settled[block] === area && this.area[block] === area) return;
      changed.push(block);
      this.area[block] = this.settled[block] = area;
      this.alive[block] = true;
      const parent = answer.parent_codes[answer.parent[i] ?? NONE];
      this.parent[block] = parent === undefined ? NONE : numbered(parent, this.parentCodes, this.#parentAt);
      this.population[block] = answer.population[i] ?? 0;
      this.households[block] = answer.households[i] ?? 0;
      this.areaM2[block] = answer.area_m2[i] ?? 0;
      if (!reshaped) return;
      shapes = true;
      this.rings[block] = rings;
      this.drawn[block] = rings.map(projected);
      this.boxes[block] = boxOf(this.drawn[block] ?? []);
    });
    return { blocks: changed, shapes };
  }
}

function numbered(code: string, codes: string[], at: Map<string, number>): number {
  const known = at.get(code);
  if (known !== undefined) return known;
  at.set(code, codes.length);
  return codes.push(code) - 1;
}

function ringsOf(parts: number[][][], origin: number[], scale: number): Ring[] {
  const [west, south] = [Math.round((origin[0] ?? 0) / scale), Math.round((origin[1] ?? 0) / scale)];
  return parts.flatMap((part) =>
    part.map((deltas, hole) => {
      const ring = new Int32Array(deltas.length);
      let [x, y] = [west, south];
      for (let i = 0; i < deltas.length; i += 2) {
        ring[i] = x += deltas[i] as number;
        ring[i + 1] = y += deltas[i + 1] as number;
      }
      const last = ring.length - 2;
      const closed = last > 0 && ring[0] === ring[last] && ring[1] === ring[last + 1];
      return turned(closed ? ring.subarray(0, last) : ring, hole > 0);
    }),
  );
}

/**
 * Borders go one way round and holes the other, so that an edge goes the other way in the neighbour: the service
 * writes blocks that were cut otherwise than those of files.
 */
function turned(ring: Ring, isHole: boolean): Ring {
  let twice = 0;
  const [x0, y0] = [ring[0] as number, ring[1] as number];
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    const [xi, yi, xj, yj] = [(ring[i] as number) - x0, (ring[i + 1] as number) - y0, (ring[j] as number) - x0, (ring[j + 1] as number) - y0];
    twice += xj * yi - xi * yj;
  }
  if (twice > 0 !== isHole) return ring;
  const back = new Int32Array(ring.length); // from the same vertex
  for (let i = 0; i < ring.length; i += 2) {
    const from = (ring.length - i) % ring.length;
    [back[i], back[i + 1]] = [ring[from] as number, ring[from + 1] as number];
  }
  return back;
}

function sameRings(some: Ring[], others: Ring[]): boolean {
  return some.length === others.length && some.every((ring, i) => sameRing(ring, others[i] as Ring));
}

function sameRing(one: Ring, other: Ring): boolean {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}

/** Vertices in 1e-7° as Web Mercator. */
export function projected(ring: Ring): Float64Array {
  const drawn = new Float64Array(ring.length);
  for (let i = 0; i < ring.length; i += 2) {
    drawn[i] = mercatorX(ring[i] as number);
    drawn[i + 1] = mercatorY(ring[i + 1] as number);
  }
  return drawn;
}

function boxOf(rings: Float64Array[]): Float64Array {
  const box = Float64Array.of(Infinity, Infinity, -Infinity, -Infinity) as Float64Array & [number, number, number, number];
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      const [x, y] = [ring[i] as number, ring[i + 1] as number];
      if (x < box[0]) box[0] = x;
      if (y < box[1]) box[1] = y;
      if (x > box[2]) box[2] = x;
      if (y > box[3]) box[3] = y;
    }
  }
  return box;
}
