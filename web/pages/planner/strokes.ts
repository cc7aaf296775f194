// What was done on a draft and is not answered yet, in order; kept in the browser, so that neither a lost
// connection nor a reload loses any of it.

import type { Blocks } from "./blocks.ts";
import type { operations, components } from "../../shared/openapi.d.ts";

export type Operation = operations["operate"]["requestBody"]["content"]["application/json"];
export type LoggedOperation = components["schemas"]["LoggedOperation"];

/** One operation that waits for its answer. */
export interface Stroke {
  id: number;
  operation: Operation;
  /** The area that each of its blocks was in when it was made, by the block's code. */
  before: Record<string, string | null>;
  /** The revision of the draft that it was made upon. */
  revision: number;
}

/** A block that somebody else put elsewhere while a stroke of one's own waited. */
export interface Contested {
  stroke: number;
  block: string;
  mine: string | null;
  theirs: string | null;
}

const MARK = "*"; // no code of an area begins so

/** What an area is called here that the service did not give a code yet. */
export function provisional(stroke: Pick<Stroke, "id">): string {
  return `${MARK}${stroke.id}`;
}

export function isProvisional(area: string): boolean {
  return area.startsWith(MARK);
}

/** Where a stroke puts blocks, as far as that can be told before it is answered: block → area. */
export function foreseen(stroke: Stroke, blocks: Blocks): [block: number, area: string | null][] {
  const { operation } = stroke;
  const named = (codes: readonly string[], area: string | null): [number, string | null][] =>
    codes
      .map((code) => blocks.at.get(code))
      .filter((block): block is number => block !== undefined && blocks.alive[block] === true)
      .map((block) => [block, area]);
  if (operation.kind === "assign") return named(operation.blocks, operation.area);
  if (operation.kind === "new-area") return named(operation.blocks, provisional(stroke));
  if (operation.kind !== "merge" || !operation.into) return [];
  const into = operation.into;
  return operation.areas.flatMap((area) => blocks.in(area)).map((block) => [block, into]);
}

/** Show blocks where the service has them, and on top of that where strokes put them. */
export function foreseeAll(strokes: readonly Stroke[], blocks: Blocks): void {
  const { area, settled } = blocks;
  for (let block = 0; block < area.length; block++) area[block] = settled[block] as number;
  for (const stroke of strokes) for (const [block, into] of foreseen(stroke, blocks)) area[block] = blocks.numberOf(into);
}

/** The blocks that others put elsewhere than a stroke found them, and not to where it puts them itself. */
export function contested(strokes: readonly Stroke[], blocks: Blocks): Contested[] {
  const found: Contested[] = [];
  const mended = new Set<string>(); // what an earlier stroke of one's own moves is not as the service has it
  for (const stroke of strokes) {
    const { operation } = stroke;
    if (operation.kind !== "assign" && operation.kind !== "new-area") continue;
    const mine = operation.kind === "assign" ? operation.area : provisional(stroke);
    for (const code of operation.blocks) {
      if (mended.has(code)) continue;
      mended.add(code);
      const block = blocks.at.get(code);
      const theirs = block === undefined || !blocks.alive[block] ? null : blocks.settledOf(block);
      if (theirs !== (stroke.before[code] ?? null) && theirs !== mine) found.push({ stroke: stroke.id, block: code, mine, theirs });
    }
  }
  return found;
}

/** A stroke without some of its blocks; null where nothing is left of it. */
export function without(stroke: Stroke, codes: ReadonlySet<string>): Stroke | null {
  const { operation } = stroke;
  if (operation.kind !== "assign" && operation.kind !== "new-area") return stroke;
  const blocks = operation.blocks.filter((code) => !codes.has(code));
  return blocks.length ? { ...stroke, operation: { ...operation, blocks } } : null;
}

/** A stroke that means an area by the code that it got meanwhile. */
export function renamed(stroke: Stroke, from: string, to: string): Stroke {
  const means = (area: string | null) => (area === from ? to : area);
  const before = Object.fromEntries(Object.entries(stroke.before).map(([block, area]) => [block, means(area)]));
  const operation = { ...stroke.operation };
  if ("area" in operation && operation.area) Object.assign(operation, { area: means(operation.area) });
  if ("areas" in operation && operation.areas) Object.assign(operation, { areas: operation.areas.map(means) });
  if ("into" in operation && operation.into) Object.assign(operation, { into: means(operation.into) });
  return { ...stroke, operation, before };
}

/** The areas that an operation names. */
export function areasOf(operation: Operation): string[] {
  const areas = "areas" in operation && operation.areas ? [...operation.areas] : [];
  if ("area" in operation && operation.area) areas.push(operation.area);
  return areas;
}

/** Whether the log has an operation as one that was asked for: its answer was lost on the way. */
export function isSame(operation: Operation, logged: LoggedOperation): boolean {
  if (operation.kind !== logged.kind) return false;
  const asked = Object.entries(operation).filter(([, value]) => value !== null && value !== undefined);
  return asked.every(([key, value]) => key === "kind" || JSON.stringify(value) === JSON.stringify(logged.parameters[key] ?? null));
}

/** Strokes as the browser keeps them for a draft, as long as the window is there. */
export class Kept {
  readonly #key: string;

  constructor(plan: string, account: string) {
    this.#key = `gisgov.strokes ${account} ${plan}`;
  }

  read(): Stroke[] {
    try {
      return JSON.parse(sessionStorage.getItem(this.#key) ?? "[]") as Stroke[];
    } catch {
      return [];
    }
  }

  write(strokes: readonly Stroke[]): void {
    try {
      if (strokes.length) sessionStorage.setItem(this.#key, JSON.stringify(strokes));
      else sessionStorage.removeItem(this.#key);
    } catch {
      // a browser that keeps nothing still sends them while the page is open
    }
  }
}
