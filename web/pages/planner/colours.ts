// Which colour each area is filled with: told apart from its neighbours, or by how far its load is off the target.

import { AREAS, deviationColour } from "../../shared/map/palette.ts";
import { NONE, type Blocks } from "./blocks.ts";
import type { Draft } from "./draft.ts";
import type { Topology } from "./topology.ts";

export type ColouredBy = "areas" | "load";

const UNKNOWN = "#e3e1dc";

export class Colours {
  by: ColouredBy = "areas";
  readonly #draft: Draft;
  readonly #apart = new Map<number, number>(); // an area keeps the colour that it was given first

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  /** The fill of an area by its number. */
  of(area: number): string {
    if (this.by === "areas") return AREAS[this.#apart.get(area) ?? area % AREAS.length] ?? UNKNOWN;
    const deviation = this.#draft.areas.get(this.#draft.blocks.areaCodes[area] ?? "")?.deviation;
    return deviation === null || deviation === undefined ? UNKNOWN : deviationColour(deviation);
  }

  /**
   * Give colours to areas that have none yet, which none of their neighbours has as far as there are enough. Each has
   * one that it would rather have, by its code, so that most look alike to all planners, whenever they open the draft.
   */
  giveOut(topology: Topology): void {
    const { blocks } = this.#draft;
    const bare = blocks.areaCodes.map((_, area) => area).filter((area) => !this.#apart.has(area));
    if (!bare.length) return;
    const around = neighboursOf(blocks, topology);
    // the areas with most neighbours choose first
    const code = (area: number) => blocks.areaCodes[area] ?? "";
    bare.sort((a, b) => (around.get(b)?.size ?? 0) - (around.get(a)?.size ?? 0) || (code(a) < code(b) ? -1 : 1));
    for (const area of bare) {
      if (!around.has(area)) continue;
      const taken = new Set([...(around.get(area) ?? [])].map((other) => this.#apart.get(other)));
      const free = AREAS.map((_, colour) => colour).filter((colour) => !taken.has(colour));
      const choice = free.length ? free : AREAS.map((_, colour) => colour);
      const liked = likedBy(code(area));
      const turn = (colour: number) => (colour - liked + AREAS.length) % AREAS.length;
      this.#apart.set(area, choice.reduce((best, one) => (turn(one) < turn(best) ? one : best)));
    }
  }
}

/** The colour that an area of a code would rather have: codes in a row have different ones. */
function likedBy(code: string): number {
  let sum = 0;
  for (const letter of code) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
  return sum % AREAS.length;
}

function neighboursOf(blocks: Blocks, topology: Topology): Map<number, Set<number>> {
  const around = new Map<number, Set<number>>();
  const note = (area: number, other: number) => {
    const known = around.get(area) ?? new Set();
    around.set(area, known);
    if (other !== NONE && other !== area) known.add(other);
  };
  for (const { a, b } of topology.runs) {
    const [one, other] = [blocks.area[a] ?? NONE, blocks.area[b] ?? NONE];
    if (one !== NONE) note(one, other);
    if (other !== NONE) note(other, one);
  }
  return around;
}
