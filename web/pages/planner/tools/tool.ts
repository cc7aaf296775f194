// What the tools of the planner have in common.

import type { TemplateResult } from "lit";
import type Interaction from "ol/interaction/Interaction.js";
import type MapBrowserEvent from "ol/MapBrowserEvent.js";
import type { Board } from "../board.ts";
import type { Cursor } from "../cursor.ts";

export type ToolName = "select" | "paint" | "border" | "split";

/** What a tool works with. */
export interface Bench {
  board: Board;
  cursor: Cursor;
  /** Have the bar of the tool drawn anew. */
  refresh: () => void;
  /** Take another tool. */
  take: (tool: ToolName) => void;
}

export interface Tool {
  readonly name: ToolName;
  /** Begin to work: the map's pointer is the tool's. */
  begin: () => void;
  end: () => void;
  /** Called for keys that no field takes; the answer is whether it was one of the tool's. */
  key?: (event: KeyboardEvent) => boolean;
  click?: (event: MapBrowserEvent) => void;
  move?: (event: MapBrowserEvent) => void;
  /** The bar of the tool: what can be set, what is to be done next. */
  bar: () => TemplateResult;
  /** What others are told that one does: a word of `doing…`, said in the language of who reads it, and an area. */
  doing: () => string | null;
}

/** Put interactions on the map for as long as a tool works. */
export class Held {
  readonly #board: Board;
  #interactions: Interaction[] = [];

  constructor(board: Board) {
    this.#board = board;
  }

  put(...interactions: Interaction[]): void {
    for (const interaction of interactions) this.#board.map.ol.addInteraction(interaction);
    this.#interactions.push(...interactions);
  }

  clear(): void {
    for (const interaction of this.#interactions) this.#board.map.ol.removeInteraction(interaction);
    this.#interactions = [];
  }
}
