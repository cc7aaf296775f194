// Painting blocks into an area: by a brush, by a rectangle (with Shift), by the cursor. A stroke is one operation.

import { html } from "lit";
import { live } from "lit/directives/live.js";
import PointerInteraction from "ol/interaction/Pointer.js";
import type MapBrowserEvent from "ol/MapBrowserEvent.js";
import type { Coordinate } from "ol/coordinate.js";
import { announce } from "../../../shared/announcing.ts";
import { make } from "../../../shared/elements.ts";
import { none } from "../../../shared/piece.ts";
import { say } from "../../../shared/words.ts";
import { NONE } from "../blocks.ts";
import type { Named } from "../draft.ts";
import { Rubber } from "./rubber.ts";
import { Held, type Bench, type Tool } from "./tool.ts";

/** Where strokes go: into the area that is chosen (or that they begin in), a new one, none. */
type Into = "area" | "new" | "none";

const SIZES = [0, 12, 24, 40, 64, 96]; // radius in pixels; 0 paints the block under the pointer alone

export class Paint implements Tool {
  readonly name = "paint";
  into: Into = "area";
  size = 1;
  keepsParent = true;
  readonly #bench: Bench;
  readonly #held: Held;
  readonly #rubber: Rubber;
  readonly #ring = make("div", { class: "brush", hidden: true });
  #last: Coordinate | null = null; // of the stroke that is being painted
  #parent: number | null = null;
  #isBox = false;
  #lockedTold = false;
  #undone = new Map<number, string | null>(); // what the cursor painted, to be unpainted by it

  constructor(bench: Bench) {
    this.#bench = bench;
    this.#held = new Held(bench.board);
    this.#rubber = new Rubber(bench.board);
    bench.board.viewport.append(this.#ring);
    const { draft, selection } = bench.board;
    draft.addEventListener("named", (event) => {
      const { from, to } = (event as CustomEvent<Named>).detail;
      if (selection.areas.has(from)) selection.set([...selection.areas].map((area) => (area === from ? to : area)));
    });
    selection.addEventListener("change", () => {
      if (selection.areas.size && this.into !== "area") {
        this.into = "area";
        bench.refresh();
      }
    });
  }

  begin(): void {
    this.#sizeRing();
    this.#held.put(
      new PointerInteraction({
        handleDownEvent: (event) => this.#down(event),
        handleDragEvent: (event) => this.#drag(event),
        handleUpEvent: () => {
          this.#up();
          return false;
        },
        handleMoveEvent: ({ pixel }) => this.#showRing(pixel),
      }),
    );
    this.#bench.board.viewport.classList.add("painting");
  }

  end(): void {
    this.#held.clear();
    this.#ring.hidden = true;
    this.#bench.board.viewport.classList.remove("painting");
    if (this.#last) this.#giveUp();
  }

  key(event: KeyboardEvent): boolean {
    if (event.key === "[" || event.key === "]") return this.#resize(event.key === "]" ? 1 : -1);
    if (event.key === "Escape" && this.#last) {
      this.#giveUp();
      return true;
    }
    const { block } = this.#bench.cursor;
    if (block === NONE || (event.key !== " " && event.key !== "Enter")) return false;
    if (event.key === "Enter") this.#pick(block);
    else this.#toggle(block);
    return true;
  }

  doing(): string {
    const { selection, draft } = this.#bench.board;
    return this.into === "area" && selection.area && draft.knows(selection.area) ? `Paint ${selection.area}` : "PaintAny";
  }

  bar() {
    const { board, refresh } = this.#bench;
    const { draft, selection } = board;
    const chosen = selection.area;
    const set = (change: () => void) => () => {
      change();
      refresh();
    };
    const way = (into: Into, title: string) =>
      html`<button type="button" class="small" aria-pressed=${this.into === into} @click=${set(() => (this.into = into))}>${title}</button>`;
    const areaTitle = chosen ? draft.nameOf(chosen) : say("paintFrom");
    return html`
      <span class="label" id="paint-into">${say("paintInto")}</span>
      <span class="joined" role="group" aria-labelledby="paint-into">
        ${way("area", areaTitle)}${way("new", say("newArea"))}${way("none", say("noArea"))}
      </span>
      <span class="joined" role="group" aria-label=${say("brushSize")}>
        <button type="button" class="small" title="${say("smaller")} [" aria-label=${say("smaller")} ?disabled=${this.size === 0} @click=${() => this.#resize(-1)}>−</button>
        <output class="size">${this.size === 0 ? say("oneBlock") : say("brushOf", { size: 2 * (SIZES[this.size] ?? 0) })}</output>
        <button type="button" class="small" title="${say("larger")} ]" aria-label=${say("larger")} ?disabled=${this.size === SIZES.length - 1} @click=${() => this.#resize(1)}>+</button>
      </span>
      ${draft.layer.layer.parent
        ? html`<label class="tick"><input type="checkbox" .checked=${live(this.keepsParent)} @change=${set(() => (this.keepsParent = !this.keepsParent))} />${say("keepParent")}</label>`
        : none}
      <span class="soft how">${say("paintHow")}</span>
    `;
  }

  #down(event: MapBrowserEvent): boolean {
    const pointer = event.originalEvent as PointerEvent;
    if (pointer.button !== 0 || this.#last) return false;
    const block = this.#bench.board.blockAt(event.coordinate);
    if (pointer.altKey) {
      this.#pick(block);
      return true;
    }
    if (pointer.shiftKey) {
      this.#isBox = true;
      this.#rubber.begin(event.pixel);
      this.#last = event.coordinate;
      return true;
    }
    if (!this.#start(block)) return block !== NONE; // who meant to paint did not mean to move the map
    this.#last = event.coordinate;
    this.#paint(event.coordinate, block);
    return true;
  }

  #drag(event: MapBrowserEvent): void {
    if (!this.#last) return;
    // a second finger moves the map: what the first began to paint was not meant
    if ((event.activePointers?.length ?? 1) > 1) return this.#giveUp();
    this.#showRing(event.pixel);
    if (this.#isBox) return this.#rubber.drag(event.pixel);
    const [x0, y0] = this.#last as [number, number];
    const [x1, y1] = event.coordinate as [number, number];
    // the pointer is seen now and then: what lies between is painted too
    const step = Math.max(3, (SIZES[this.size] ?? 0) / 2) * this.#bench.board.resolution;
    const count = Math.max(1, Math.ceil(Math.hypot(x1 - x0, y1 - y0) / step));
    for (let i = 1; i <= count; i++) this.#paint([x0 + ((x1 - x0) * i) / count, y0 + ((y1 - y0) * i) / count]);
    this.#last = event.coordinate;
  }

  #up(): void {
    if (!this.#last) return;
    if (this.#isBox) {
      const box = this.#rubber.end();
      const { places } = this.#bench.board;
      const inside = box ? places.inside(...box) : [];
      const from = this.#bench.board.blockAt(this.#last);
      if (inside.length && this.#start(from === NONE ? (inside[0] as number) : from)) this.#put(inside);
    }
    this.#last = null;
    this.#isBox = false;
    void this.#release();
  }

  /** Begin a stroke at a block; without a chosen area it goes into the one that it begins in. */
  #start(block: number): boolean {
    const { draft, selection } = this.#bench.board;
    const { blocks } = draft;
    if (block === NONE) return false;
    this.#lockedTold = false;
    this.#parent = this.keepsParent && draft.layer.layer.parent ? (blocks.parent[block] as number) : null;
    if (this.into === "none") draft.take(null);
    else if (this.into === "new") draft.take(undefined);
    else {
      const area = selection.area ?? blocks.areaOf(block);
      if (area === null) {
        announce(say("paintChoose"));
        return false;
      }
      if (draft.areas.get(area)?.locked) {
        announce(say("lockedArea", { area: draft.nameOf(area) }));
        return false;
      }
      draft.take(area);
    }
    return true;
  }

  #paint([x, y]: Coordinate, under = NONE): void {
    const { board } = this.#bench;
    const radius = (SIZES[this.size] ?? 0) * board.resolution;
    const found = radius ? board.places.within(x as number, y as number, radius) : [];
    const at = under === NONE ? board.places.at(x as number, y as number) : under;
    if (at !== NONE) found.push(at);
    this.#put(found);
  }

  #put(some: number[]): void {
    const { draft } = this.#bench.board;
    const { blocks, areas } = draft;
    const free = some.filter((block) => this.#parent === null || blocks.parent[block] === this.#parent);
    const open = free.filter((block) => !areas.get(blocks.areaOf(block) ?? "")?.locked);
    if (open.length < free.length && !this.#lockedTold) {
      this.#lockedTold = true;
      announce(say("lockedStay"));
    }
    draft.paint(open);
  }

  async #release(): Promise<void> {
    const { draft, selection } = this.#bench.board;
    const made = this.into === "new" ? draft.painted : null;
    const done = draft.release();
    if (made) {
      // what is painted next goes into the area that was just made
      this.into = "area";
      selection.set([made]);
    }
    await done;
  }

  #giveUp(): void {
    this.#last = null;
    this.#isBox = false;
    this.#rubber.end();
    void this.#bench.board.draft.release(false);
  }

  /** Choose the area of a block to paint into. */
  #pick(block: number): void {
    const { draft, selection } = this.#bench.board;
    const area = block === NONE ? null : draft.blocks.areaOf(block);
    this.into = area === null ? this.into : "area";
    if (area !== null) selection.set([area]);
    this.#bench.refresh();
  }

  /** Paint the block of the cursor; one that it painted becomes what it was. */
  #toggle(block: number): void {
    const { draft, selection } = this.#bench.board;
    const area = draft.blocks.areaOf(block);
    const was = this.#undone.get(block);
    const isPainted = this.into === "none" ? area === null : area === selection.area;
    if (isPainted && was !== undefined) {
      this.#undone.delete(block);
      draft.take(was);
      draft.paint([block]);
      void draft.release();
    } else if (!isPainted && (this.into !== "area" || selection.area)) {
      this.#undone.set(block, area);
      if (!this.#start(block)) return;
      this.#put([block]);
      void this.#release();
    } else if (!selection.area) announce(say("paintChoose"));
  }

  #resize(by: number): boolean {
    this.size = Math.max(0, Math.min(SIZES.length - 1, this.size + by));
    this.#sizeRing();
    this.#bench.refresh();
    return true;
  }

  #sizeRing(): void {
    const wide = 2 * (SIZES[this.size] ?? 0);
    [this.#ring.style.width, this.#ring.style.height] = [`${wide}px`, `${wide}px`];
  }

  #showRing([x = 0, y = 0]: number[]): void {
    const radius = SIZES[this.size] ?? 0;
    this.#ring.hidden = radius === 0;
    this.#ring.style.transform = `translate(${x - radius}px, ${y - radius}px)`;
  }
}
