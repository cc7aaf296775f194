// Two plans on one map with a divider between them: left of it the plan in force, right of it the draft.

import type { Tiles } from "../../../shared/map/tiles.ts";
import { tileLayer } from "../../../shared/map/tiles.ts";
import { make } from "../../../shared/elements.ts";
import { say } from "../../../shared/words.ts";
import type { Board } from "../board.ts";

const STEP = 2; // per cent of the map's width to a press of an arrow
const LAYER = "swiped";

export class Swipe {
  readonly #board: Board;
  readonly #target: HTMLElement;
  readonly #divider: HTMLElement;
  readonly #tiles: Tiles;
  readonly #ended: () => void;
  #at = 50;

  /** Begin to compare with the areas of a layer that are in force. */
  static async begin(board: Board, layer: string): Promise<Swipe> {
    const tiles = await tileLayer(layer, {
      declutter: true,
      className: LAYER,
      style: {
        "fill-color": "#f7f4ec",
        "stroke-color": "#8a3b12",
        "stroke-width": 2,
        "text-value": ["get", "name"],
        "text-font": "12px sans-serif",
        "text-fill-color": "#5a2408",
        "text-stroke-color": "#ffffff",
        "text-stroke-width": 3,
      },
    });
    return new Swipe(board, tiles);
  }

  private constructor(board: Board, tiles: Tiles) {
    [this.#board, this.#tiles] = [board, tiles];
    this.#target = board.map.ol.getTargetElement() as HTMLElement;
    this.#divider = make("div", {
      class: "divider",
      role: "separator",
      tabindex: 0,
      "aria-orientation": "vertical",
      "aria-label": say("divider"),
      "aria-valuemin": 0,
      "aria-valuemax": 100,
    });
    tiles.layer.setZIndex(4);
    board.map.ol.addLayer(tiles.layer);
    this.#target.append(this.#divider);
    this.#divider.addEventListener("keydown", (event) => this.#key(event));
    this.#divider.addEventListener("pointerdown", (event) => this.#drag(event));
    const place = () => this.#place();
    board.map.ol.on("postrender", place);
    this.#ended = () => board.map.ol.un("postrender", place);
    this.#move(50);
  }

  end(): void {
    this.#ended();
    this.#board.map.ol.removeLayer(this.#tiles.layer);
    this.#divider.remove();
    for (const element of this.#target.querySelectorAll<HTMLElement>(".ground")) element.style.clipPath = "";
  }

  focus(): void {
    this.#divider.focus();
  }

  #move(at: number): void {
    this.#at = Math.min(100, Math.max(0, at));
    this.#divider.style.left = `${this.#at}%`;
    this.#divider.setAttribute("aria-valuenow", String(Math.round(this.#at)));
    this.#place();
  }

  /** The layers are clipped as elements: nothing is drawn anew while the divider moves. */
  #place(): void {
    const { left, width } = this.#target.getBoundingClientRect();
    const x = left + (width * this.#at) / 100;
    const clip = (element: HTMLElement, isLeft: boolean) => {
      const box = element.getBoundingClientRect();
      const cut = Math.min(box.width, Math.max(0, x - box.left));
      element.style.clipPath = isLeft ? `inset(0 ${box.width - cut}px 0 0)` : `inset(0 0 0 ${cut}px)`;
    };
    for (const element of this.#target.querySelectorAll<HTMLElement>(`.${LAYER}`)) clip(element, true);
    for (const element of this.#target.querySelectorAll<HTMLElement>(".ground")) clip(element, false);
  }

  #key(event: KeyboardEvent): void {
    const to = { ArrowLeft: this.#at - STEP, ArrowRight: this.#at + STEP, Home: 0, End: 100 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // the map would move
    this.#move(to);
  }

  #drag(event: PointerEvent): void {
    event.preventDefault();
    event.stopPropagation();
    this.#divider.focus();
    this.#divider.setPointerCapture(event.pointerId);
    const move = ({ clientX }: PointerEvent) => {
      const { left, width } = this.#target.getBoundingClientRect();
      this.#move((100 * (clientX - left)) / width);
    };
    const leave = () => {
      this.#divider.removeEventListener("pointermove", move);
      this.#divider.removeEventListener("pointerup", leave);
      this.#divider.removeEventListener("pointercancel", leave);
    };
    this.#divider.addEventListener("pointermove", move);
    this.#divider.addEventListener("pointerup", leave);
    this.#divider.addEventListener("pointercancel", leave);
  }
}
