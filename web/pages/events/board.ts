// The events that the page holds: loaded, then kept as they change. It holds so many at most, and says what it leaves out.

import { ORDERS, rowOf, type Row, type Told } from "./rows.ts";
import { PAST } from "./filter.ts";

/** So many events are held; of more those that are due last are left out. */
export const MOST = 20_000;
const SLACK = 500; // more than the most come, before some are left out
const FRESH = 50; // arrivals that are remembered

/**
 * `change`: something is to be drawn anew, many changes at once.
 * `arrival` with the rows as `detail`: events that are new since the page follows them.
 */
export class Board extends EventTarget {
  readonly rows = new Map<number, Row>();
  /** What came in last, the newest first; ids. */
  readonly fresh: number[] = [];
  leftOut = 0;
  /** Of what is over: whether it is wanted. */
  keepsPast: (row: Row) => boolean = () => false;

  readonly #most: number;
  readonly #later: (act: () => void) => void;
  #touched: Set<number> | null = null; // while a list is loaded: what the stream told meanwhile
  #newest = 0;
  #isWhole = false; // whether all that is open was loaded once: what is not known is new from then on
  #waiting = false;
  #arrived: Row[] = [];

  /** @param later what calls back soon, once for many changes */
  constructor({ most = MOST, later = soon() } = {}) {
    super();
    this.#most = most;
    this.#later = later;
  }

  /** A list begins to be loaded: what is not on it at its end is gone. */
  beginLoad(): void {
    this.leftOut = 0; // counted anew
    this.#touched = new Set();
  }

  /** A page of a list that is loaded; what was told since is newer. */
  load(page: readonly Told[]): void {
    for (const told of page) {
      const known = this.rows.get(told.id);
      if (this.#touched?.has(told.id) || (known && known.step > told.step_number)) continue;
      this.rows.set(told.id, rowOf(told));
      this.#newest = Math.max(this.#newest, told.id);
    }
    this.#changed();
  }

  /** The list of what is open is loaded: whatever else is open here is so no more. */
  endLoad(listed: ReadonlySet<number>): void {
    for (const [id, row] of this.rows) {
      if (!PAST.has(row.state) && !listed.has(id) && !this.#touched?.has(id)) this.rows.delete(id);
    }
    this.#touched = null;
    this.#isWhole = true;
    this.#changed();
  }

  /** An event changed, or is new. */
  put(told: Told): void {
    const isNew = this.#isWhole && !this.rows.has(told.id) && told.id > this.#newest;
    if (!this.take(told)) return;
    if (isNew) this.#arrive(told.id);
  }

  /** How an event stands, told by somebody who asked for it; whether that is news. */
  take(told: Told): boolean {
    const known = this.rows.get(told.id);
    if (known && known.step > told.step_number) return false;
    this.#touched?.add(told.id);
    const row = rowOf(told);
    if (PAST.has(row.state) && !this.keepsPast(row)) this.rows.delete(row.id);
    else this.rows.set(row.id, row);
    this.#changed();
    return true;
  }

  /** An event is out of sight. */
  drop(id: number): void {
    this.#touched?.add(id);
    if (this.rows.delete(id)) this.#changed();
  }

  /** Forget what is over, as nobody asks for it. */
  dropPast(): void {
    for (const [id, row] of this.rows) if (PAST.has(row.state)) this.rows.delete(id);
    this.#changed();
  }

  /** Somebody has seen what came in. */
  clearFresh(): void {
    this.fresh.length = 0;
    this.#changed();
  }

  #arrive(id: number): void {
    this.#newest = id;
    this.fresh.unshift(id);
    this.fresh.length = Math.min(this.fresh.length, FRESH);
    const row = this.rows.get(id); // what is over as it comes in takes nobody's time
    if (row) this.#arrived.push(row);
  }

  #changed(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    this.#later(() => {
      this.#waiting = false;
      this.#bound();
      const arrived = this.#arrived.splice(0);
      if (arrived.length) this.dispatchEvent(new CustomEvent<Row[]>("arrival", { detail: arrived }));
      this.dispatchEvent(new CustomEvent("change"));
    });
  }

  #bound(): void {
    if (this.rows.size <= this.#most + SLACK) return;
    const kept = [...this.rows.values()].sort(ORDERS.due);
    for (const { id } of kept.slice(this.#most)) this.rows.delete(id);
    this.leftOut += kept.length - this.#most;
  }
}

const GAP = 150; // milliseconds from one drawing to the next, at least

/** At once after a quiet while, else when the gap is over: what comes alone is seen first, of many together a few drawings. */
function soon(): (act: () => void) => void {
  let last = -GAP;
  return (act) => {
    setTimeout(() => {
      last = performance.now();
      act();
    }, Math.max(0, last + GAP - performance.now()));
  };
}
