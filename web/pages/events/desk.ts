// The dispatcher's desk: what is wanted, what is open, and the parts of the page that show it.

import { announce } from "../../shared/announcing.ts";
import { byId, make } from "../../shared/elements.ts";
import type { Legend } from "../../shared/map/legend.ts";
import { Place } from "../../shared/place.ts";
import { ready } from "../../shared/ready.ts";
import { number, onLanguage, say } from "../../shared/words.ts";
import { flash, grave, lapsed, ring, wishes } from "./alarm.ts";
import { Board } from "./board.ts";
import type { EventDetail } from "./detail.ts";
import type { EventMap } from "./event-map.ts";
import type { EventFacets } from "./facets.ts";
import { asksForPast, FACETS, fits, parsed, sift, toggled, written, type Filter } from "./filter.ts";
import type { EventList } from "./list.ts";
import { findByNumber, readAll, readPast, type More } from "./reading.ts";
import { subjectOf, whereOf } from "./register.ts";
import { ORDERS, rowOf, type Order, type Row, type Told } from "./rows.ts";

const TICK = 15_000; // milliseconds between looks at the clock
const SHOWN_FRESH = 3;
const QUIET = 3_000; // milliseconds between alarms

export class Desk {
  readonly board = new Board();
  readonly place = new Place([...FACETS, "q", "order", "event", "view"] as const);
  readonly #list = byId<EventList>("list");
  readonly #legend = byId<Legend>("legend");
  readonly #facets = byId<EventFacets>("facets");
  readonly #detail = byId<EventDetail>("detail");
  #filter: Filter;
  #order: Order = "due";
  #now = Date.now();
  #loading: AbortController | null = null;
  #past: AbortController | null = null;
  #more: More = null;
  #isLoaded = false;
  #quietUntil = 0;
  #marked: Row | null = null;

  constructor(
    private readonly map: EventMap,
    private readonly showPanel: (which: "detail" | "report" | null) => void,
  ) {
    const asked = this.place.read();
    this.#filter = parsed(asked);
    this.#order = asked.order === "newest" ? "newest" : "due";
    this.board.keepsPast = (row) => asksForPast(this.#filter) && fits(row, this.#filter, Date.now());
    this.board.addEventListener("change", () => this.draw());
    this.board.addEventListener("arrival", (event) => this.#arrived((event as CustomEvent<Row[]>).detail));
    this.#facets.addEventListener("filter", (event) => this.want((event as CustomEvent<Filter>).detail));
    this.#facets.addEventListener("order", (event) => this.#sortBy((event as CustomEvent<Order>).detail));
    this.#list.addEventListener("choose", (event) => this.open((event as CustomEvent<number>).detail));
    this.#detail.addEventListener("show", (event) => this.open((event as CustomEvent<number>).detail));
    this.#detail.addEventListener("close", () => this.close());
    this.#detail.addEventListener("stand", (event) => this.#stand((event as CustomEvent<Told>).detail));
    byId("more").addEventListener("click", () => void this.#readMore());
    this.place.onChange(() => this.#return());
    onLanguage(() => this.draw());
    setInterval(() => this.#tick(), TICK);
  }

  /** The event that is open. */
  get chosen(): number | null {
    return this.#detail.eventId;
  }

  /** Load all that is open anew. */
  async load(): Promise<void> {
    this.#loading?.abort();
    const loading = (this.#loading = new AbortController());
    try {
      await readAll(this.board, loading.signal);
      if (asksForPast(this.#filter)) await this.#readPast();
      this.#isLoaded = true;
      this.draw();
    } catch (error) {
      if (!loading.signal.aborted) throw error;
    }
  }

  /** Want other events from now on. */
  want(filter: Filter): void {
    const states = ({ state }: Filter) => [...state].sort().join();
    const isOther = states(filter) !== states(this.#filter) || asksForPast(filter);
    this.#filter = filter;
    this.place.write(written(filter));
    this.draw();
    if (!isOther) return;
    this.board.dropPast();
    this.#more = null;
    this.#past?.abort();
    if (asksForPast(filter)) void this.#readPast();
  }

  /** Want the events of an area alone, or not any more. */
  wantArea(key: string): void {
    this.want(toggled(this.#filter, "area", key));
  }

  /** Open an event; the address tells of it. */
  open(id: number, { step = true } = {}): void {
    this.#detail.eventId = id;
    this.#detail.now = this.#now;
    this.showPanel("detail");
    if (step) this.place.write({ event: id }, { step: true });
    this.#mark(this.board.rows.get(id) ?? null);
    this.#list.reveal(id);
  }

  close(): void {
    if (this.chosen !== null) this.place.write({ event: null });
    this.#detail.eventId = null;
    this.showPanel(null);
    this.#mark(null);
    this.#list.takeFocus();
  }

  /** Open the event that the address asks for. */
  openAsAsked(): void {
    const id = Number(this.place.read().event);
    if (Number.isInteger(id) && id > 0) this.open(id, { step: false });
  }

  /** Bring the event that is open into the middle of the map. */
  locate(): void {
    const { lon, lat } = this.#marked ?? {};
    if (lon != null && lat != null) this.map.district.show(lon, lat, 17);
  }

  /** What the stream tells of an event. */
  put(told: Told): void {
    this.board.put(told);
    if (told.id === this.chosen && told.step_number > this.#detail.step) void this.#detail.read();
  }

  /** Show what is wanted, as it stands now. */
  draw(): void {
    const { wanted, counts } = sift(this.board.rows.values(), this.#filter, this.#now);
    wanted.sort(ORDERS[this.#order]);
    Object.assign(this.#facets, { filter: this.#filter, counts, order: this.#order });
    Object.assign(this.#list, { rows: wanted, now: this.#now, fresh: new Set(this.board.fresh), chosen: this.chosen });
    this.map.show(wanted, this.#now);
    this.#legend.facts = [
      [say("legendDay"), new Date(this.#now).toLocaleDateString("sv")], // as pages write days
      [say("legendAreas"), say("legendInForce")],
      [say("legendEvents"), number(wanted.length)],
    ];
    this.#told(wanted.length);
    this.#showFresh();
    document.title = `${this.board.fresh.length && document.hidden ? `(${this.board.fresh.length}) ` : ""}${say("title")} · gisgov`;
  }

  #told(count: number): void {
    const { leftOut } = this.board;
    const words = [say("shown", { count: number(count) })];
    if (!this.#isLoaded) words.push(say("loading"));
    if (this.#more) words.push(say("moreOfPast"));
    if (leftOut) words.push(say("leftOut", { count: number(leftOut) }));
    byId("count").textContent = words.join(" · ");
    byId("count").setAttribute("aria-busy", String(!this.#isLoaded));
    const isEmpty = this.#isLoaded && !count;
    byId("empty").hidden = !isEmpty;
    if (isEmpty) this.#showEmpty();
    byId("more").hidden = this.#more === null;
    if (count || this.#isLoaded) ready();
  }

  #showEmpty(): void {
    const { q } = this.#filter;
    const isFiltered = Object.values(written(this.#filter)).some(Boolean);
    const anyway = make("button", { type: "button", onclick: () => void this.#findAnyway(q) }, say("findNumber", { q }));
    const all = make("button", { type: "button", onclick: () => this.want(parsed({})) }, say("clear"));
    byId("empty").replaceChildren(
      make("strong", {}, say(isFiltered ? "noneFits" : "noneOpen")),
      make("p", {}, say(isFiltered ? "noneFitsHint" : "noneOpenHint")),
      ...(q.trim() ? [anyway] : []),
      ...(isFiltered ? [all] : []),
    );
  }

  async #findAnyway(q: string): Promise<void> {
    const id = await findByNumber(q.trim()).catch(() => null);
    if (id === null) announce(say("noSuchNumber", { q }));
    else this.open(id);
  }

  /** What came in last, above the list, until somebody has seen it. */
  #showFresh(): void {
    const rows = this.board.fresh.flatMap((id) => this.board.rows.get(id) ?? []);
    const strip = byId("arrivals");
    strip.hidden = !rows.length;
    if (!rows.length) return;
    strip.replaceChildren(
      make("strong", {}, say("arrived", { count: number(rows.length) })),
      ...rows.slice(0, SHOWN_FRESH).map((row) => make("button", { type: "button", class: "small", "data-event": row.id, onclick: () => this.open(row.id) }, `${subjectOf(row)} · ${whereOf(row)}`)),
      make("button", { type: "button", class: "small quiet", onclick: () => this.board.clearFresh() }, say("seen")),
    );
  }

  #arrived(rows: Row[]): void {
    const wanted = this.#isLoaded ? grave(rows, wishes()) : [];
    if (wanted.length) this.#alarm();
  }

  #alarm(worst: "overdue" | "running" = "running"): void {
    const now = performance.now();
    if (now < this.#quietUntil) return; // of many at once one alarm tells
    this.#quietUntil = now + QUIET;
    flash(byId("content"));
    if (wishes().sound) ring(worst);
  }

  #tick(): void {
    const before = this.#now;
    this.#now = Date.now();
    const late = lapsed(this.board.rows.values(), before, this.#now).length;
    if (late && wishes().overdue) {
      this.#alarm("overdue");
      announce(say("becameOverdue", { count: number(late) }));
    }
    this.#detail.now = this.#now;
    this.draw();
  }

  #sortBy(order: Order): void {
    this.#order = order;
    this.place.write({ order: order === "due" ? null : order });
    this.draw();
  }

  #stand(told: Told): void {
    this.board.take(told);
    if (told.id === this.chosen) this.#mark(rowOf(told));
  }

  #mark(row: Row | null): void {
    this.#marked = row;
    this.#list.chosen = this.chosen;
    this.map.choose(row);
  }

  async #readPast(): Promise<void> {
    this.#past?.abort();
    const past = (this.#past = new AbortController());
    const more = await readPast(this.board, this.#filter, past.signal).catch(() => null);
    if (past.signal.aborted) return;
    this.#more = more;
    this.draw();
  }

  async #readMore(): Promise<void> {
    const read = this.#more;
    this.#more = null;
    if (read) this.#more = await read().catch(() => read);
    this.draw();
  }

  /** Somebody went back or forth. */
  #return(): void {
    const asked = this.place.read();
    this.want(parsed(asked));
    if (asked.event) this.openAsAsked();
    else if (this.chosen !== null) this.close();
  }
}
