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
  #waiting = false;
  #arrived: Row[] = [];

  /** @param later what calls back soon, once for many changes */
  constructor({ most = MOST, later = (act: () => void) => void setTimeout(act, 120) } = {}) {
    super();
    this.#most = most;
    this.#later = later;
  }

  /** A list begins to be loaded: what is not on it at its end is gone. */
  beginLoad(): void {
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
    this.#changed();
  }

  /** An event changed. */
  put(told: Told): void {
    const known = this.rows.get(told.id);
    if (known && known.step > told.step_number) return;
    this.#touched?.add(told.id);
    const row = rowOf(told);
    if (PAST.has(row.state) && !this.keepsPast(row)) this.rows.delete(row.id);
    else this.rows.set(row.id, row);
    if (!known && told.id > this.#newest) this.#arrive(row);
    this.#changed();
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

  #arrive(row: Row): void {
    this.#newest = row.id;
    this.fresh.unshift(row.id);
    this.fresh.length = Math.min(this.fresh.length, FRESH);
    this.#arrived.push(row);
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
