// Reading events into the board: what is open as a whole, page by page, and of what is over as much as is asked for.

import { answered, everyPage, follow, nextPage, service, told } from "../../shared/asking.ts";
import type { Board } from "./board.ts";
import { queryOf, type Filter } from "./filter.ts";
import type { Told } from "./rows.ts";

const FIRST = 40; // what is due first, to begin with
const AT_ONCE = 1000;
const PAST_PAGE = 200;

/** What is due first, so that there is something to do while the rest comes. */
export function readFirst(): Promise<Told[]> {
  return told(service.GET("/v1/events", { params: { query: { state: "open", sort: "due", limit: FIRST } } }));
}

/** All that is open. Whoever gives it up by `signal` leaves the board as far as it came. */
export async function readAll(board: Board, signal: AbortSignal): Promise<void> {
  board.beginLoad();
  const listed = new Set<number>();
  const first = service.GET("/v1/events", { params: { query: { state: "open", limit: AT_ONCE } }, signal });
  for await (const page of everyPage<Told[]>(first, signal)) {
    if (signal.aborted) return;
    for (const { id } of page) listed.add(id);
    board.load(page);
  }
  board.endLoad(listed);
}

/** A page of what is over; the answer reads the next one, null where there is none. */
export async function readPast(board: Board, filter: Filter, signal: AbortSignal): Promise<More> {
  const query = { ...queryOf(filter), limit: PAST_PAGE } as { state: string; limit: number };
  const [page, response] = await answered(service.GET("/v1/events", { params: { query }, signal }));
  board.load(page);
  return goingOn(board, response);
}

export type More = (() => Promise<More>) | null;

function goingOn(board: Board, response: Response): More {
  const next = nextPage(response);
  if (!next) return null;
  return async () => {
    const [page, answer] = await follow<Told[]>(next);
    board.load(page);
    return goingOn(board, answer);
  };
}

/** The event of a number, here or at its source, whatever its state; null where there is none. */
export async function findByNumber(q: string): Promise<number | null> {
  const [found] = await told(service.GET("/v1/events", { params: { query: { q, limit: 1 } } }));
  return found?.id ?? null;
}
