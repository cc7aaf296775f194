// Areas as the service gives them: GeoJSON features whose properties are an area's record.

import type { Schema } from "./asking.ts";

/** What is known of an area on a day: `title_zh` and `title_en` are those of its layer. */
export interface AreaRecord {
  layer: string;
  title_zh: string;
  title_en: string;
  code: string;
  name: string;
  parent_codes: string[];
  plan: string;
  valid_from: string;
  valid_to: string | null;
  area_m2: number;
  population: number | null;
  households: number | null;
  staff: Schema["Post"][];
  /** Of a neighbour: how long the border is that the two have. */
  border_m?: number;
}

export type AreaFeature = Omit<Schema["Feature"], "properties"> & { properties: AreaRecord };

/** The features of a collection, by what the service documents of their properties. */
export function areasOf({ features }: Schema["FeatureCollection"]): AreaFeature[] {
  return features as unknown as AreaFeature[];
}
