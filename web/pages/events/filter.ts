// Which events somebody wants to see, how many there are of each kind, and how the address says it.

import { areaName, STANDINGS, standing, type Row, type Standing } from "./rows.ts";

/** What is filtered by, in the order that the page shows it in. */
export const FACETS = ["due", "state", "level", "source", "category", "area"] as const;
export type Facet = (typeof FACETS)[number];

/** The words that are wanted of each kind; none: all. */
export interface Filter extends Record<Facet, ReadonlySet<string>> {
  q: string;
}

export type Counts = Record<Facet, Map<string, number>>;

/** States in which nobody has to do anything any more. */
export const PAST = new Set(["closed", "revisited", "rejected", "merged"]);
/** The word for events without a level, an item or an area. */
export const UNKNOWN = "-";

export const EVERYTHING: Filter = {
  due: new Set(),
  state: new Set(),
  level: new Set(),
  source: new Set(),
  category: new Set(),
  area: new Set(),
  q: "",
};

/** The words of a row, of a kind; it may have several. */
export function wordsOf(row: Row, facet: Facet, now: number): readonly string[] {
  switch (facet) {
    case "due":
      return [standing(row, now)];
    case "state":
      return [row.state];
    case "level":
      return [row.level ?? UNKNOWN];
    case "source":
      return [row.source];
    case "category":
      return [row.category ?? UNKNOWN];
    case "area":
      return row.areas.length ? row.areas : [UNKNOWN];
  }
}

/** Whether a row is wanted. Without a state what is over is not. */
export function fits(row: Row, filter: Filter, now: number): boolean {
  return misses(row, filter, now) === null;
}

/** The kinds of which a row has none of the words that are wanted, two at most; null: it is wanted. */
function misses(row: Row, filter: Filter, now: number): Facet[] | null {
  const found: Facet[] = [];
  for (const facet of FACETS) {
    const wanted = filter[facet];
    if (hit(wordsOf(row, facet, now), wanted, facet)) continue;
    found.push(facet);
    if (found.length > 1) return found;
  }
  if (!isNamed(row, filter.q)) return [...FACETS];
  return found.length ? found : null;
}

function hit(words: readonly string[], wanted: ReadonlySet<string>, facet: Facet): boolean {
  if (wanted.size) return words.some((word) => wanted.has(word));
  return facet !== "state" || !PAST.has(words[0] as string);
}

function isNamed(row: Row, q: string): boolean {
  const text = q.trim().toLowerCase();
  if (!text) return true;
  if (String(row.id) === text || row.externalId.toLowerCase().includes(text)) return true;
  const said = [row.description, row.titleZh, row.titleEn, ...row.areas.map(areaName)];
  return said.some((one) => one?.toLowerCase().includes(text));
}

/** What is wanted of some rows, and how many there are of each word if it alone of its kind were asked for. */
export function sift(rows: Iterable<Row>, filter: Filter, now: number): { wanted: Row[]; counts: Counts } {
  const counts = Object.fromEntries(FACETS.map((facet) => [facet, new Map<string, number>()])) as Counts;
  const wanted: Row[] = [];
  for (const row of rows) {
    const missed = misses(row, filter, now);
    if (missed === null) wanted.push(row);
    else if (missed.length > 1) continue;
    for (const facet of missed ?? FACETS) {
      for (const word of wordsOf(row, facet, now)) counts[facet].set(word, (counts[facet].get(word) ?? 0) + 1);
    }
  }
  return { wanted, counts };
}

/** Whether what is wanted has to be asked of the service, which keeps what is over. */
export function asksForPast({ state }: Filter): boolean {
  return [...state].some((word) => PAST.has(word));
}

/** What `GET /v1/events` is asked for what is over. */
export function queryOf(filter: Filter): Record<string, string> {
  const query: Record<string, string> = { state: [...filter.state].filter((word) => PAST.has(word)).join(",") };
  for (const facet of ["level", "source", "category"] as const) {
    const words = [...filter[facet]].filter((word) => word !== UNKNOWN);
    if (words.length) query[facet] = words.join(",");
  }
  const [area] = filter.area;
  if (area && area !== UNKNOWN && filter.area.size === 1) {
    [query.layer, query.area] = splitArea(area);
    query.of = "in";
  }
  return query;
}

/** The layer and the code of `layer:code`. */
export function splitArea(key: string): [layer: string, code: string] {
  const at = key.indexOf(":");
  return [key.slice(0, at), key.slice(at + 1)];
}

/** How the address says it. */
export function written(filter: Filter): Record<Facet | "q", string> {
  const said = FACETS.map((facet) => [facet, [...filter[facet]].join(",")]);
  return Object.fromEntries([...said, ["q", filter.q]]) as Record<Facet | "q", string>;
}

/** What the address asks for; words of deadlines that there are not are left out. */
export function parsed(told: Partial<Record<Facet | "q", string>>): Filter {
  const words = (facet: Facet) => (told[facet] ?? "").split(",").filter(Boolean);
  const filter = Object.fromEntries(FACETS.map((facet) => [facet, new Set(words(facet))])) as unknown as Filter;
  const due = words("due").filter((word) => STANDINGS.includes(word as Standing));
  return { ...filter, due: new Set(due), q: told.q ?? "" };
}

/** The filter with a word of a kind wanted, or not wanted any more. */
export function toggled(filter: Filter, facet: Facet, word: string): Filter {
  const words = new Set(filter[facet]);
  if (!words.delete(word)) words.add(word);
  return { ...filter, [facet]: words };
}
