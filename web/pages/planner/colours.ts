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

  /** Give colours to areas that have none yet, which none of their neighbours has as far as there are enough. */
  giveOut(topology: Topology): void {
    const { blocks } = this.#draft;
    const bare = blocks.areaCodes.map((_, area) => area).filter((area) => !this.#apart.has(area));
    if (!bare.length) return;
    const around = neighboursOf(blocks, topology);
    // the areas with most neighbours choose first
    bare.sort((a, b) => (around.get(b)?.size ?? 0) - (around.get(a)?.size ?? 0) || a - b);
    const uses = new Array<number>(AREAS.length).fill(0);
    for (const colour of this.#apart.values()) uses[colour] = (uses[colour] ?? 0) + 1;
    for (const area of bare) {
      if (!around.has(area)) continue;
      const taken = new Set([...(around.get(area) ?? [])].map((other) => this.#apart.get(other)));
      const free = AREAS.map((_, colour) => colour).filter((colour) => !taken.has(colour));
      const choice = free.length ? free : AREAS.map((_, colour) => colour);
      const colour = choice.reduce((best, one) => ((uses[one] ?? 0) < (uses[best] ?? 0) ? one : best));
      uses[colour] = (uses[colour] ?? 0) + 1;
      this.#apart.set(area, colour);
    }
  }
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
