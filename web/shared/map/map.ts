// A map of the district: canvas alone (no WebGL), Web Mercator as the tiles are, lon/lat (WGS 84) to the outside.

import Map from "ol/Map.js";
import View from "ol/View.js";
import Control from "ol/control/Control.js";
import ScaleLine from "ol/control/ScaleLine.js";
import Zoom from "ol/control/Zoom.js";
import { boundingExtent } from "ol/extent.js";
import { fromLonLat, toLonLat, transformExtent } from "ol/proj.js";
import type { Coordinate } from "ol/coordinate.js";
import "ol/ol.css";
import { make } from "../elements.ts";
import { onLanguage, say } from "../words.ts";
import { layOnBasemap } from "./basemap.ts";

export type Box = [west: number, south: number, east: number, north: number];

export const LONLAT = "EPSG:4326";
export const MERCATOR = "EPSG:3857";

export class DistrictMap {
  readonly ol: Map;
  #home: Box | null = null;

  /**
   * @param target the element that the map fills; it takes the focus, arrows move it, + and - zoom
   * @param around room in pixels that panels cover: top, right, bottom, left
   */
  constructor(target: HTMLElement, { around = [16, 16, 16, 16] }: { around?: number[] } = {}) {
    const scale = new ScaleLine({ minWidth: 80 });
    const zoom = new Zoom();
    const whole = make("button", { type: "button", onclick: () => this.showWhole() }, "⤢");
    const control = new Control({ element: make("div", { class: "ol-control whole" }, whole) });
    this.ol = new Map({
      target,
      controls: [scale, zoom, control],
      view: new View({ center: fromLonLat([113.9, 22.6]), zoom: 10, minZoom: 3, maxZoom: 21, padding: around, enableRotation: false }),
      keyboardEventTarget: target,
    });
    layOnBasemap(this.ol).catch(() => {}); // the page tells itself that the service does not answer
    onLanguage(() => {
      const [nearer, farther] = target.querySelectorAll<HTMLElement>(".ol-zoom button");
      for (const [button, key] of [[nearer, "zoomIn"], [farther, "zoomOut"], [whole, "wholeMap"]] as const) {
        button?.setAttribute("title", say(key));
        button?.setAttribute("aria-label", say(key));
      }
    });
  }

  /** What "the whole map" means, and show it. */
  setHome(box: Box): void {
    this.#home = box;
    this.showWhole();
  }

  showWhole(): void {
    if (this.#home) this.fit(this.#home);
  }

  /** Bring a box into view; not nearer than `nearest`. */
  fit(box: Box, { nearest = 18, duration = 0 } = {}): void {
    this.ol.getView().fit(transformExtent(box, LONLAT, MERCATOR), { maxZoom: nearest, duration });
  }

  fitPlaces(places: Coordinate[]): void {
    if (places.length) this.ol.getView().fit(boundingExtent(places.map((place) => fromLonLat(place))), { maxZoom: 18 });
  }

  /** Move to a place without zooming out. */
  show(lon: number, lat: number, nearest = 0): void {
    const view = this.ol.getView();
    view.setCenter(fromLonLat([lon, lat]));
    if ((view.getZoom() ?? 0) < nearest) view.setZoom(nearest);
  }

  /** The box in view. */
  get box(): Box {
    return transformExtent(this.ol.getView().calculateExtent(), MERCATOR, LONLAT) as Box;
  }

  /** The place of a pixel of the map. */
  at(pixel: number[]): [lon: number, lat: number] {
    return toLonLat(this.ol.getCoordinateFromPixel(pixel)) as [number, number];
  }

  /** The view as an address has it, `z/lon/lat`; and back. */
  get view(): string {
    const view = this.ol.getView();
    const [lon, lat] = toLonLat(view.getCenter() ?? [0, 0]) as [number, number];
    return `${(view.getZoom() ?? 0).toFixed(2)}/${lon.toFixed(5)}/${lat.toFixed(5)}`;
  }

  set view(text: string) {
    const [zoom, lon, lat] = text.split("/").map(Number);
    if (![zoom, lon, lat].every(Number.isFinite)) return;
    this.ol.getView().setZoom(zoom as number);
    this.ol.getView().setCenter(fromLonLat([lon as number, lat as number]));
  }
}
