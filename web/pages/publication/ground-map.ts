// The ground that changes hands on a map, numbered as the table is, over the areas that are in force.

import Feature from "ol/Feature.js";
import GeoJSON from "ol/format/GeoJSON.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import { isEmpty } from "ol/extent.js";
import { transformExtent } from "ol/proj.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import Text from "ol/style/Text.js";
import { DistrictMap, LONLAT, MERCATOR, type Box } from "../../shared/map/map.ts";
import { AREAS } from "../../shared/map/palette.ts";
import { tileLayer } from "../../shared/map/tiles.ts";
import type { Ground } from "./impact.ts";

const NEAREST = 15;
const INK = "#22211e";
const ACCENT = "#1f4e79";

export class GroundMap {
  readonly #map: DistrictMap;
  readonly #source = new VectorSource<Feature>();
  readonly #layer: VectorLayer;
  #chosen: string | null = null;

  /** @param onChoose called with the number of the piece that was clicked */
  constructor(target: HTMLElement, layer: string, at: string, onChoose: (number: string) => void) {
    this.#map = new DistrictMap(target, { around: [24, 24, 24, 24] });
    this.#layer = new VectorLayer({ source: this.#source, declutter: true, zIndex: 2, style: (feature) => this.#style(feature as Feature) });
    this.#map.ol.addLayer(this.#layer);
    this.#map.ol.on("singleclick", ({ pixel }) => {
      const found = this.#map.ol.forEachFeatureAtPixel(pixel, (feature) => feature, { layerFilter: (one) => one === this.#layer });
      if (found) onChoose(String(found.getId()));
    });
    void this.#under(layer, at);
  }

  /** The areas in force, as thin outlines; without them the pieces are shown alone. */
  async #under(layer: string, at: string): Promise<void> {
    try {
      const tiles = await tileLayer(layer, { at, style: { "stroke-color": "#8f8a7e", "stroke-width": 1, "fill-color": "rgba(245,242,235,0.6)" } });
      this.#map.ol.getLayers().insertAt(0, tiles.layer);
    } catch {
      // a layer that nothing is in force of has no tiles
    }
  }

  /** Show these pieces, and the whole of them. */
  show(ground: Ground): void {
    const format = new GeoJSON({ dataProjection: LONLAT, featureProjection: MERCATOR });
    this.#source.clear();
    ground.features.forEach((piece, i) => {
      if (!piece.geometry) return;
      const feature = new Feature(format.readGeometry(piece.geometry) ?? undefined);
      feature.setId(String(i + 1));
      feature.set("to", piece.properties.to_code);
      this.#source.addFeature(feature);
    });
    const extent = this.#source.getExtent();
    if (extent && !isEmpty(extent)) this.#map.setHome(transformExtent(extent, MERCATOR, LONLAT) as Box);
  }

  /** Mark a piece and bring it into view. */
  choose(number: string | null): void {
    this.#chosen = number;
    this.#layer.changed();
    const extent = number && this.#source.getFeatureById(number)?.getGeometry()?.getExtent();
    if (extent) this.#map.fit(transformExtent(extent, MERCATOR, LONLAT) as Box, { nearest: NEAREST });
  }

  #style(feature: Feature): Style {
    const isChosen = feature.getId() === this.#chosen;
    return new Style({
      fill: new Fill({ color: colourOf(String(feature.get("to"))) }),
      stroke: new Stroke({ color: isChosen ? ACCENT : INK, width: isChosen ? 4 : 1.5 }),
      text: new Text({
        text: String(feature.getId()),
        font: "600 13px sans-serif",
        fill: new Fill({ color: INK }),
        stroke: new Stroke({ color: "#ffffff", width: 3 }),
        overflow: true,
      }),
      zIndex: isChosen ? 1 : 0,
    });
  }
}

/** The same colour for all that comes to one area. */
function colourOf(code: string): string {
  let sum = 0;
  for (const letter of code) sum = (sum * 31 + letter.charCodeAt(0)) % 9973;
  return AREAS[sum % AREAS.length] as string;
}
