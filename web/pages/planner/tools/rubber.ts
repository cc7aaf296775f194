// The rectangle that is drawn over a map with a pointer.

import { make } from "../../../shared/elements.ts";
import type { Board } from "../board.ts";
import type { Extent } from "../places.ts";

export class Rubber {
  readonly #board: Board;
  readonly #box = make("div", { class: "rubber", hidden: true });
  #from: number[] = [0, 0];
  #to: number[] = [0, 0];

  constructor(board: Board) {
    this.#board = board;
    board.viewport.append(this.#box);
  }

  begin(pixel: number[]): void {
    this.#from = this.#to = pixel;
    this.#show();
  }

  drag(pixel: number[]): void {
    this.#to = pixel;
    this.#show();
  }

  /** End it; the answer is its ground in Web Mercator, null where it is too small to be meant. */
  end(): Extent | null {
    this.#box.hidden = true;
    const [left, top, right, bottom] = this.#edges();
    if (right - left < 4 || bottom - top < 4) return null;
    const { ol } = this.#board.map;
    const [west, north] = ol.getCoordinateFromPixel([left, top]) as [number, number];
    const [east, south] = ol.getCoordinateFromPixel([right, bottom]) as [number, number];
    return [west, south, east, north];
  }

  #edges(): Extent {
    const [[x0 = 0, y0 = 0], [x1 = 0, y1 = 0]] = [this.#from, this.#to];
    return [Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1), Math.max(y0, y1)];
  }

  #show(): void {
    const [left, top, right, bottom] = this.#edges();
    const { style } = this.#box;
    [style.left, style.top] = [`${left}px`, `${top}px`];
    [style.width, style.height] = [`${right - left}px`, `${bottom - top}px`];
    this.#box.hidden = false;
  }
}
