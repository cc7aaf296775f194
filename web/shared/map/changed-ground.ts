// The ground that changes hands between two plans, on a map: numbered as its table is.

import Feature from "ol/Feature.js";
import GeoJSON from "ol/format/GeoJSON.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import { isEmpty, type Extent } from "ol/extent.js";
import { transformExtent } from "ol/proj.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import Text from "ol/style/Text.js";
import { follow } from "../asking.ts";
import { LONLAT, MERCATOR, type Box, type DistrictMap } from "./map.ts";
import { AREAS } from "./palette.ts";

const INK = "#22211e";
const ACCENT = "#1f4e79";
const MARKED = "rgba(31,78,121,0.35)"; // what lies below is to be read still

/** A feature for each row of a comparison, in its order. */
export interface Ground {
  type: "FeatureCollection";
  features: { geometry: unknown; properties: Record<string, unknown> }[];
}

/** Ask for the ground that changes hands between two plans. */
export async function groundBetween(former: string, plan: string, signal?: AbortSignal): Promise<Ground> {
  const [ground] = await follow<Ground>(
    `/v1/plans/${encodeURIComponent(former)}/comparison?with=${encodeURIComponent(plan)}&format=geojson`,
    signal,
  );
  return ground;
}

export class ChangedGround {
  readonly layer: VectorLayer;
  readonly #source = new VectorSource<Feature>();
  #chosen: string | null = null;

  /** @param filled whether pieces are coloured by the area that they come to; else all are marked alike */
  constructor({ filled = true } = {}) {
    this.layer = new VectorLayer({ source: this.#source, declutter: true, zIndex: 5, style: (feature) => this.#style(feature as Feature, filled) });
  }

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
  }

  /** Mark a piece; none with null. */
  choose(number: string | null): void {
    this.#chosen = number;
    this.layer.changed();
  }

  /** The box of a piece, or of all; null where there is none. */
  boxOf(number: string | null = null): Box | null {
    const extent: Extent | null | undefined = number === null ? this.#source.getExtent() : this.#source.getFeatureById(number)?.getGeometry()?.getExtent();
    return extent && !isEmpty(extent) ? (transformExtent(extent, MERCATOR, LONLAT) as Box) : null;
  }

  /** The number of the piece under a pixel of the map; null for none. */
  at({ ol }: DistrictMap, pixel: number[]): string | null {
    const found = ol.forEachFeatureAtPixel(pixel, (feature) => feature.getId(), { layerFilter: (one) => one === this.layer });
    return found === undefined ? null : String(found);
  }

  #style(feature: Feature, filled: boolean): Style {
    const isChosen = feature.getId() === this.#chosen;
    return new Style({
      fill: new Fill({ color: filled ? colourOf(String(feature.get("to"))) : MARKED }),
      stroke: new Stroke({ color: isChosen || !filled ? ACCENT : INK, width: isChosen ? 5 : filled ? 1.5 : 3 }),
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
