// Lines along borders: runs put together end to end, and the ground between two lines with the same ends.

import type { Blocks } from "./blocks.ts";
import type { Run, Topology } from "./topology.ts";

/** Vertices in 1e-7°, x, y, x, y … */
export type Line = number[];

/** The runs that lie between two areas, by their numbers. */
export function runsBetween(topology: Topology, blocks: Blocks, one: number, other: number): Run[] {
  return topology.runs.filter(({ a, b }) => {
    const [left, right] = [blocks.area[a], b < 0 ? -1 : blocks.area[b]];
    return (left === one && right === other) || (left === other && right === one);
  });
}

/** The borders of an area with each of its neighbours: the neighbour's number, and a line; neighbours in the order of their numbers. */
export function bordersOf(topology: Topology, blocks: Blocks, area: number): { other: number; line: Line }[] {
  const runs = new Map<number, Run[]>();
  for (const [block, its] of blocks.area.entries()) {
    if (its !== area || !blocks.alive[block]) continue;
    for (const at of topology.along[block] ?? []) {
      const across = topology.across(at, block);
      const other = across < 0 ? -1 : (blocks.area[across] as number);
      if (other >= 0 && other !== area) runs.set(other, [...(runs.get(other) ?? []), topology.runs[at] as Run]);
    }
  }
  return [...runs].sort(([one], [another]) => one - another).flatMap(([other, its]) => chained(its).map((line) => ({ other, line })));
}

/** Put runs together into lines, each as long as it goes; a line that comes back to its beginning is closed. */
export function chained(runs: readonly Run[]): Line[] {
  const left = new Set(runs);
  const ends = new Map<string, Run[]>();
  for (const run of runs) for (const end of endsOf(run)) ends.set(end, [...(ends.get(end) ?? []), run]);
  const lines: Line[] = [];
  const walk = (line: Line): void => {
    for (;;) {
      const end = `${line[line.length - 2]} ${line[line.length - 1]}`;
      const near = ends.get(end) ?? [];
      const next = near.filter((run) => left.has(run));
      if (near.length > 2 || next.length !== 1) return; // where several meet, a line ends
      const run = next[0] as Run;
      left.delete(run);
      line.push(...(endsOf(run)[0] === end ? run.line : reversed(run.line)).slice(2));
    }
  };
  for (const run of runs) {
    if (!left.delete(run)) continue;
    const line = [...run.line];
    walk(line);
    const back = [...reversed(line)];
    walk(back);
    lines.push(back);
  }
  return lines;
}

/** The same line from its other end. */
export function reversed(line: ArrayLike<number>): Line {
  const back: Line = [];
  for (let i = line.length - 2; i >= 0; i -= 2) back.push(line[i] as number, line[i + 1] as number);
  return back;
}

function endsOf({ line }: Run): [string, string] {
  return [`${line[0]} ${line[1]}`, `${line[line.length - 2]} ${line[line.length - 1]}`];
}
