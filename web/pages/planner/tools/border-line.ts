// The line of a border while it is moved: how it gives way to a hand, what of it moved, where it strays.

import type { Coordinate } from "ol/coordinate.js";

const SAME_M = 0.01; // what is written of a place tells no less apart

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

/**
 * A line with another stretch, from the place on it that is nearest to the first of some points to the one nearest to
 * the last; whichever way the points go.
 */
export function withStretch(line: readonly Coordinate[], points: readonly Coordinate[]): Coordinate[] {
  const [first, last] = [footOn(line, points[0] as Coordinate), footOn(line, points.at(-1) as Coordinate)];
  const isForth = first.at <= last.at;
  const [from, to] = isForth ? [first, last] : [last, first];
  const stretch = isForth ? points : [...points].reverse();
  const whole = [...line.slice(0, Math.floor(from.at) + 1), from.place, ...stretch, to.place, ...line.slice(Math.floor(to.at) + 1)];
  return whole.filter((place, i) => i === 0 || apart(place, whole[i - 1] as Coordinate) > SAME_M);
}

/** The place of a line nearest to another, and where on it that is: the number of its vertex, and the share of the way to the next. */
function footOn(line: readonly Coordinate[], place: Coordinate): { place: Coordinate; at: number } {
  const [x, y] = place as [number, number];
  let [best, least] = [{ place: line[0] as Coordinate, at: 0 }, Infinity];
  for (let i = 1; i < line.length; i++) {
    const [[x0, y0], [x1, y1]] = [line[i - 1] as [number, number], line[i] as [number, number]];
    const [dx, dy] = [x1 - x0, y1 - y0];
    const share = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1)));
    const foot = share === 1 ? (line[i] as Coordinate) : [x0 + share * dx, y0 + share * dy];
    const off = apart(foot, place);
    if (off < least) [best, least] = [{ place: foot, at: i - 1 + share }, off];
  }
  return best;
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
