// The basemap that the service passes on, if one is set: its keys and its address stay with the service.

import TileLayer from "ol/layer/Tile.js";
import XYZ from "ol/source/XYZ.js";

let chosen: { url: string; attribution: string } | null = null;

/** Say what `GET /v1/service` told of a basemap; maps that are made from then on lie on it. */
export function useBasemap(told: { url: string; attribution: string } | null): void {
  chosen = told;
}

export function basemapLayer(): TileLayer | null {
  return chosen && new TileLayer({ source: new XYZ({ url: chosen.url, attributions: chosen.attribution, maxZoom: 18 }), opacity: 0.8 });
}
