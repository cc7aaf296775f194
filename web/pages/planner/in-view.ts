// Keeping what keys move over the map in view.

import type OlMap from "ol/Map.js";
import type { Coordinate } from "ol/coordinate.js";

/** What arrows mean, in steps to the right and up. */
export const ARROWS: Readonly<Record<string, [dx: number, dy: number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

const MARGIN_PX = 40;

/** Move the map to a place that is not well inside of it. */
export function bringIntoView(ol: OlMap, place: Coordinate): void {
  const [x = 0, y = 0] = ol.getPixelFromCoordinate(place) ?? [];
  const [width = 0, height = 0] = ol.getSize() ?? [];
  const isInside = x > MARGIN_PX && y > MARGIN_PX && x < width - MARGIN_PX && y < height - MARGIN_PX;
  if (!isInside) ol.getView().setCenter(place);
}
