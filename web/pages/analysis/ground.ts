// The areas that figures stand on: a layer on a day, with the layers above it, to narrow a question down to one of theirs.

import { everyPage, service, told, type Schema } from "../../shared/asking.ts";
import type { Box } from "../../shared/map/map.ts";

type Layer = Schema["LayerInfo"];

/** What the service tells of an area beside its geometry, as far as it is needed here. */
interface AreaProperties {
  code: string;
  name: string;
  parent_codes: string[];
  plan: string;
  population: number | null;
  area_m2: number;
}

export interface GroundArea {
  code: string;
  name: string;
  parents: string[];
  plan: string;
  population: number | null;
  area_m2: number;
  box: Box;
}

export class Ground {
  readonly #above: Map<string, GroundArea>[];

  /**
   * @param layers the layers of the service
   * @param layer the one that is looked at
   * @param areas its areas by code
   * @param above the areas of its parent, of that one's parent …
   */
  constructor(
    readonly layers: Layer[],
    readonly layer: Layer,
    readonly areas: Map<string, GroundArea>,
    readonly chain: { layer: Layer; areas: Map<string, GroundArea> }[],
  ) {
    this.#above = chain.map((one) => one.areas);
  }

  /** Codes of the areas that lie in one of a layer above, or are it; all without a code. */
  within(code: string): Set<string> {
    if (!code || this.areas.has(code)) return new Set(code ? [code] : this.areas.keys());
    let inside = new Set([code]);
    const at = this.#above.findIndex((areas) => areas.has(code));
    for (const areas of [this.areas, ...this.#above].slice(0, at + 1).reverse()) {
      const next = [...areas.values()].filter(({ parents }) => parents.some((parent) => inside.has(parent)));
      inside = new Set(next.map((area) => area.code));
    }
    return inside;
  }

  /** The area of a code, in the layer or in one above, and the layer that it is of. */
  find(code: string): { layer: Layer; area: GroundArea } | null {
    for (const { layer, areas } of [{ layer: this.layer, areas: this.areas }, ...this.chain]) {
      const area = areas.get(code);
      if (area) return { layer, area };
    }
    return null;
  }

  /** The plans that the areas are of. */
  get plans(): string[] {
    return [...new Set([...this.areas.values()].map(({ plan }) => plan))];
  }

  /** The box around what a question is narrowed to; null where there is nothing. */
  box(code: string): Box | null {
    const area = code ? this.find(code)?.area : undefined;
    if (area) return area.box;
    return this.boxOf(this.areas.keys());
  }

  /** The box around some areas; null where there is none. */
  boxOf(codes: Iterable<string>): Box | null {
    const boxes = [...codes].map((code) => this.areas.get(code)?.box).filter((box) => box !== undefined);
    if (!boxes.length) return null;
    return boxes.reduce(([w, s, e, n], box) => [Math.min(w, box[0]), Math.min(s, box[1]), Math.max(e, box[2]), Math.max(n, box[3])]);
  }
}

/** The layer that questions begin with: the lowest that covers the ground. */
export function lowest(layers: Layer[]): string {
  const partitions = layers.filter(({ kind }) => kind === "partition");
  const parents = new Set(partitions.map(({ parent }) => parent));
  return (partitions.find(({ name }) => !parents.has(name)) ?? partitions[0] ?? layers[0])?.name ?? "";
}

/** Ask for the areas of a layer on a day, and for those of the layers above it. */
export async function groundOf(layers: Layer[], name: string, at: string | undefined): Promise<Ground> {
  const chain: Layer[] = [];
  for (let next: string | null = name; next; ) {
    const layer = layers.find((one) => one.name === next);
    if (!layer || chain.includes(layer)) break;
    chain.push(layer);
    next = layer.parent;
  }
  const [own, ...above] = await Promise.all(chain.map(async (layer) => ({ layer, areas: await areasOf(layer.name, at) })));
  if (!own) {
    // the service says which there are
    await told(service.GET("/v1/layers/{layer}", { params: { path: { layer: name } } }));
    throw new Error(name);
  }
  return new Ground(layers, own.layer, own.areas, above);
}

async function areasOf(layer: string, at: string | undefined): Promise<Map<string, GroundArea>> {
  const areas = new Map<string, GroundArea>();
  const first = service.GET("/v1/layers/{layer}/areas", { params: { path: { layer }, query: { ...(at ? { at } : {}), geometry: false, limit: 1000 } } });
  for await (const page of everyPage(first)) {
    for (const { properties, bbox } of page.features) {
      const { code, name, parent_codes: parents, plan, population, area_m2 } = properties as unknown as AreaProperties;
      areas.set(code, { code, name, parents, plan, population, area_m2, box: bbox as Box });
    }
  }
  return areas;
}
