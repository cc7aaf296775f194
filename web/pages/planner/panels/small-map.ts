// A division as a small map: its areas as shapes, coloured by how far their load is off.

import { html, svg, type TemplateResult } from "lit";
import { deviationColour } from "../../../shared/map/palette.ts";

type Ring = [number, number][];

/** The areas of an alternative, as the service gives them. */
export interface Drawn {
  features: {
    geometry: { type: string; coordinates: unknown };
    properties: { code: string; name: string; deviation: number | null };
  }[];
}

const WIDTH = 300;
const HEIGHT = 220;
const EDGE = 4;

/**
 * Draw a small map.
 * @param others dashed over it: borders as they are now
 */
export function smallMap(drawn: Drawn, others: Drawn | null, label: string): TemplateResult {
  const rings = drawn.features.flatMap(({ geometry }) => ringsOf(geometry));
  const [west, south, east, north] = boxOf(rings);
  const squeeze = Math.cos(((south + north) / 2) * (Math.PI / 180)); // a degree of longitude is shorter than one of latitude
  const scale = Math.min((WIDTH - 2 * EDGE) / ((east - west) * squeeze), (HEIGHT - 2 * EDGE) / (north - south));
  const [dx, dy] = [(WIDTH - (east - west) * squeeze * scale) / 2, (HEIGHT - (north - south) * scale) / 2];
  const path = (some: Ring[]) =>
    some.map((ring) => `M${ring.map(([x, y]) => `${((x - west) * squeeze * scale + dx).toFixed(1)} ${((north - y) * scale + dy).toFixed(1)}`).join("L")}Z`).join("");
  return html`<svg class="smallmap" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${label}>
    ${drawn.features.map(
      ({ geometry, properties: { name, code, deviation } }) =>
        svg`<path d=${path(ringsOf(geometry))} fill=${deviationColour(deviation ?? 0)} stroke="#22211e" stroke-width="1.2" fill-rule="evenodd"><title>${name} ${code}</title></path>`,
    )}
    ${others ? svg`<path d=${path(others.features.flatMap(({ geometry }) => ringsOf(geometry)))} fill="none" stroke="#1f4e79" stroke-width="1" stroke-dasharray="4 3"></path>` : ""}
  </svg>`;
}

function ringsOf({ type, coordinates }: { type: string; coordinates: unknown }): Ring[] {
  if (type === "Polygon") return coordinates as Ring[];
  if (type === "MultiPolygon") return (coordinates as Ring[][]).flat();
  return [];
}

function boxOf(rings: Ring[]): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (const [x, y] of ring) {
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
  }
  return box;
}
