// Choosing areas: by a click, with Shift several of them, with Shift and a drag all in a rectangle.

import { html } from "lit";
import PointerInteraction from "ol/interaction/Pointer.js";
import type MapBrowserEvent from "ol/MapBrowserEvent.js";
import { say } from "../../../shared/words.ts";
import { NONE } from "../blocks.ts";
import { Rubber } from "./rubber.ts";
import { Held, type Bench, type Tool } from "./tool.ts";

export class Select implements Tool {
  readonly name = "select";
  readonly #bench: Bench;
  readonly #held: Held;
  readonly #rubber: Rubber;

  constructor(bench: Bench) {
    this.#bench = bench;
    this.#held = new Held(bench.board);
    this.#rubber = new Rubber(bench.board);
  }

  begin(): void {
    this.#held.put(
      new PointerInteraction({
        handleDownEvent: ({ originalEvent, pixel }) => {
          if (!originalEvent.shiftKey || (originalEvent as PointerEvent).button !== 0) return false;
          this.#rubber.begin(pixel);
          return true;
        },
        handleDragEvent: ({ pixel }) => this.#rubber.drag(pixel),
        handleUpEvent: (event) => {
          this.#chooseIn(event);
          return false;
        },
      }),
    );
  }

  end(): void {
    this.#held.clear();
  }

  click({ coordinate, originalEvent }: MapBrowserEvent): void {
    const { board } = this.#bench;
    if (originalEvent.shiftKey) return; // was taken as a rectangle without extent
    this.#choose(board.blockAt(coordinate), originalEvent.ctrlKey || originalEvent.metaKey);
  }

  key(event: KeyboardEvent): boolean {
    if (event.key !== " " && event.key !== "Enter") return false;
    const { block } = this.#bench.cursor;
    if (block === NONE) return false;
    this.#choose(block, event.shiftKey || event.ctrlKey);
    return true;
  }

  bar() {
    const { draft, selection } = this.#bench.board;
    const chosen = [...selection.areas];
    if (!chosen.length) return html`<p>${say("selectHow")}</p>`;
    const names = chosen.slice(0, 3).map((area) => draft.nameOf(area));
    return html`<p>
      ${chosen.length > 3 ? say("chosenMany", { names: names.join(say("comma")), count: chosen.length }) : names.join(say("comma"))}
      <button type="button" class="small quiet" @click=${() => selection.clear()}>${say("chooseNone")}</button>
    </p>`;
  }

  doing(): null {
    return null;
  }

  #choose(block: number, further: boolean): void {
    const { draft, selection } = this.#bench.board;
    const area = block === NONE ? null : draft.blocks.areaOf(block);
    if (area === null) {
      if (block === NONE) selection.clear();
      else selection.set([], [draft.blocks.codes[block] as string]);
    } else if (further) selection.toggle(area);
    else selection.set([area]);
  }

  #chooseIn({ coordinate }: MapBrowserEvent): void {
    const { board } = this.#bench;
    const box = this.#rubber.end();
    if (!box) return this.#choose(board.blockAt(coordinate), true);
    const { draft, selection, places } = board;
    const areas = places.inside(...box).map((block) => draft.blocks.areaOf(block));
    selection.set([...selection.areas, ...areas.filter((area): area is string => area !== null)]);
  }
}
