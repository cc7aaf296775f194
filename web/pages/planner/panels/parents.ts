// Names of the areas above, which a draft knows by their codes alone.

import { areasOf } from "../../../shared/areas.ts";
import { everyPage, service } from "../../../shared/asking.ts";
import type { Draft } from "../draft.ts";

const known = new Map<string, Promise<ReadonlyMap<string, string>>>();

/** Ask once for the names of the areas of the layer above, by code; without an answer there are none. */
export function parentNames({ layer }: Draft): Promise<ReadonlyMap<string, string>> {
  const parent = layer.layer.parent;
  if (!parent) return Promise.resolve(new Map());
  const asked = known.get(parent) ?? namesOf(parent).catch(() => new Map<string, string>());
  known.set(parent, asked);
  return asked;
}

async function namesOf(layer: string): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  const params = { path: { layer }, query: { geometry: false, limit: 1000 } };
  for await (const page of everyPage(service.GET("/v1/layers/{layer}/areas", { params }))) {
    for (const { properties } of areasOf(page)) names.set(properties.code, properties.name);
  }
  return names;
}

/** An area above as it is chosen from: its name and its code. */
export function parentText(names: ReadonlyMap<string, string>, code: string): string {
  const name = names.get(code);
  return name ? `${name} ${code}` : code;
}
