// What one document says otherwise than another, place by place.

import type { Json } from "./document-view.ts";

export interface Difference {
  /** Keys joined by dots; members of lists by what they are called, else by their number. */
  place: string;
  before: string | null;
  after: string | null;
}

const NAMES = ["name", "key", "code", "id", "stage", "kind"]; // by which members of lists know each other

/** The places at which two documents differ, in the order of the later one; what is only in one is null in the other. */
export function differences(before: unknown, after: unknown): Difference[] {
  const [old, now] = [flat(before as Json), flat(after as Json)];
  const places = [...now.keys(), ...[...old.keys()].filter((place) => !now.has(place))];
  return places
    .map((place) => ({ place, before: old.get(place) ?? null, after: now.get(place) ?? null }))
    .filter((one) => one.before !== one.after);
}

function flat(value: Json, place = "", found = new Map<string, string>()): Map<string, string> {
  if (Array.isArray(value) && value.some((one) => one !== null && typeof one === "object")) {
    const names = value.map((one, i) => nameOf(one) ?? String(i + 1));
    const doubled = new Set(names.filter((name, i) => names.indexOf(name) !== i));
    value.forEach((one, i) => flat(one, joined(place, doubled.has(names[i] ?? "") ? `${names[i]} (${i + 1})` : names[i] ?? ""), found));
  } else if (Array.isArray(value)) {
    found.set(place, value.join(", "));
  } else if (value !== null && typeof value === "object") {
    for (const [key, one] of Object.entries(value)) flat(one, joined(place, key), found);
  } else {
    found.set(place, String(value));
  }
  return found;
}

function joined(place: string, key: string): string {
  return place ? `${place}.${key}` : key;
}

function nameOf(value: Json): string | null {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
  const key = NAMES.find((name) => typeof value[name] === "string");
  return key ? String(value[key]) : null;
}
