// Figures of areas that are the same object as long as they are the same figures, so that a table knows its rows again.

import type { AreaNow } from "../figures.ts";

export class Steady {
  #known = new Map<string, AreaNow>();

  /** The areas as they are now; those that did not change as the objects that were given before. */
  take(areas: ReadonlyMap<string, AreaNow>): AreaNow[] {
    const now = new Map<string, AreaNow>();
    for (const [code, area] of areas) {
      const before = this.#known.get(code);
      now.set(code, before && isSame(before, area) ? before : area);
    }
    this.#known = now;
    return [...now.values()];
  }
}

function isSame(one: AreaNow, other: AreaNow): boolean {
  if (one === other) return true;
  return (Object.keys(other) as (keyof AreaNow)[]).every((key) =>
    key === "parent_codes" ? one.parent_codes.join() === other.parent_codes.join() : one[key] === other[key],
  );
}
