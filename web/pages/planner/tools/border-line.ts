// The line of a border while it is moved: how it gives way to a hand, what of it moved, where it strays.

import type { Coordinate } from "ol/coordinate.js";

/**
 * Let a line give way where it is held: of borders with a vertex every few metres a single one would be drawn out to
 * a thorn. What is left near the hand is the vertex nearest to it, and the ends of the stretch around that.
 * @param reach how far the stretch goes to either side, along the line
 */
export function loosened(line: readonly Coordinate[], at: Coordinate, reach: number): Coordinate[] {
  const held = nearestVertex(line, at);
  const isFar = (i: number) => {
    let along = 0;
    const step = i < held ? 1 : -1;
    for (let j = i; j !== held && along < reach; j += step) along += apart(line[j] as Coordinate, line[j + step] as Coordinate);
    return along >= reach;
  };
  return line.filter((_, i) => i === held || i === 0 || i === line.length - 1 || isFar(i));
}

export function nearestVertex(line: readonly Coordinate[], at: Coordinate): number {
  return line.reduce((best, vertex, i) => (apart(vertex, at) < apart(line[best] as Coordinate, at) ? i : best), 0);
}

/** The stretch of a line that differs from what it was, from where it leaves that to where it comes back; null where none does. */
export function movedStretch(was: readonly Coordinate[], is: readonly Coordinate[]): Coordinate[] | null {
  const shorter = Math.min(was.length, is.length);
  let before = 0;
  while (before < shorter && same(was[before], is[before])) before++;
  if (before === was.length && before === is.length) return null;
  let after = 0;
  while (after < shorter - before && same(was[was.length - 1 - after], is[is.length - 1 - after])) after++;
  return is.slice(Math.max(0, before - 1), is.length - Math.max(0, after - 1));
}

/** A line that comes back to its beginning, begun where it is farthest from a place: it is moved somewhere else. */
export function begunFarFrom(line: readonly Coordinate[], at: Coordinate): Coordinate[] {
  if (!same(line[0], line.at(-1))) return [...line];
  const ring = line.slice(1);
  const far = ring.reduce((best, vertex, i) => (apart(vertex, at) > apart(ring[best] as Coordinate, at) ? i : best), 0);
  return [...ring.slice(far), ...ring.slice(0, far), ring[far] as Coordinate];
}

/** The first place of a line, looked at every few steps of the map, that is none of those it may take; null where all are. */
export function strayed(line: readonly Coordinate[], step: number, mayTake: (place: Coordinate) => boolean): Coordinate | null {
  for (let i = 1; i < line.length; i++) {
    const [from, to] = [line[i - 1] as [number, number], line[i] as [number, number]];
    const count = Math.max(1, Math.ceil(apart(from, to) / step));
    for (let k = 0; k <= count; k++) {
      const place = [from[0] + ((to[0] - from[0]) * k) / count, from[1] + ((to[1] - from[1]) * k) / count];
      if (!mayTake(place)) return place;
    }
  }
  return null;
}

export function same(one?: Coordinate, other?: Coordinate): boolean {
  return one !== undefined && one[0] === other?.[0] && one[1] === other?.[1];
}

function apart(one: Coordinate, other: Coordinate): number {
  return Math.hypot((one[0] as number) - (other[0] as number), (one[1] as number) - (other[1] as number));
}
