// Events that would lie on each other on the map, drawn as one: how many, and how the worst of them stands.

import { standing, STANDINGS, type Row, type Standing } from "./rows.ts";

export interface Cluster {
  key: string;
  /** Web Mercator, metres: the middle of its events. */
  x: number;
  y: number;
  rows: Row[];
  worst: Standing;
  /** How many are overdue. */
  overdue: number;
}

/** `west, south, east, north` in metres of Web Mercator. */
export type Extent = readonly number[];

/**
 * Put rows into the cells of a grid that lies still on the ground, so that panning changes none.
 * @param cell side of a cell, metres of Web Mercator
 */
export function clustered(rows: Iterable<Row>, extent: Extent, cell: number, now: number): Cluster[] {
  const [west, south, east, north] = extent as [number, number, number, number];
  const cells = new Map<string, Cluster>();
  for (const row of rows) {
    const { x, y } = row;
    if (!(x >= west && x <= east && y >= south && y <= north)) continue; // NaN too
    const key = `${Math.floor(x / cell)} ${Math.floor(y / cell)}`;
    const stands = standing(row, now);
    const found = cells.get(key);
    if (!found) {
      cells.set(key, { key, x, y, rows: [row], worst: stands, overdue: Number(stands === "overdue") });
      continue;
    }
    found.rows.push(row);
    const count = found.rows.length;
    found.x += (x - found.x) / count;
    found.y += (y - found.y) / count;
    found.overdue += Number(stands === "overdue");
    if (STANDINGS.indexOf(stands) < STANDINGS.indexOf(found.worst)) found.worst = stands;
  }
  return [...cells.values()];
}

/** The box around some rows that have a place. */
export function boxOf(rows: readonly Row[]): Extent {
  const [xs, ys] = [rows.map(({ x }) => x), rows.map(({ y }) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
