// The ground that changes hands on a map, over the areas that are in force.

import { ChangedGround, type Ground } from "../../shared/map/changed-ground.ts";
import { DistrictMap } from "../../shared/map/map.ts";
import { tileLayer } from "../../shared/map/tiles.ts";

const NEAREST = 15;
const PAPER = ["180mm", "100mm"] as const; // on A4, between its margins

export class GroundMap {
  readonly #map: DistrictMap;
  readonly #ground = new ChangedGround();

  /** @param onChoose called with the number of the piece that was clicked */
  constructor(target: HTMLElement, layer: string, at: string, onChoose: (number: string) => void) {
    this.#map = new DistrictMap(target, { around: [24, 24, 24, 24] });
    this.#map.ol.addLayer(this.#ground.layer);
    this.#map.ol.on("singleclick", ({ pixel }) => {
      const found = this.#ground.at(this.#map, pixel);
      if (found) onChoose(found);
    });
    void this.#under(layer, at);
    addEventListener("beforeprint", () => this.#lay(target, PAPER));
    addEventListener("afterprint", () => this.#lay(target, ["", ""]));
  }

  /** The areas in force, as thin outlines; without them the pieces are shown alone. */
  async #under(layer: string, at: string): Promise<void> {
    try {
      const style = { "stroke-color": "#8f8a7e", "stroke-width": 1, "fill-color": "rgba(245,242,235,0.6)" };
      const { layer: areas } = await tileLayer(layer, { ...(at ? { at } : {}), style });
      this.#map.ol.addLayer(areas);
    } catch {
      // a layer that nothing is in force of has no tiles
    }
  }

  /** Draw it whole for the width of a sheet, or for the page again: a canvas is not drawn anew by printing. */
  #lay(target: HTMLElement, [width, height]: readonly [string, string]): void {
    [target.style.width, target.style.height] = [width, height];
    this.#map.ol.updateSize();
    this.#map.showWhole();
    this.#map.ol.renderSync();
  }

  /** Show these pieces, and the whole of them. */
  show(ground: Ground): void {
    this.#ground.show(ground);
    const box = this.#ground.boxOf();
    if (box) this.#map.setHome(box);
  }

  /** Mark a piece and bring it into view. */
  choose(number: string): void {
    this.#ground.choose(number);
    const box = this.#ground.boxOf(number);
    if (box) this.#map.fit(box, { nearest: NEAREST });
  }
}
