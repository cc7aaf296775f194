// The vector tiles of the service as layers of a map; asked for anew when what they show has changed.

import MVT from "ol/format/MVT.js";
import VectorTileLayer from "ol/layer/VectorTile.js";
import VectorTile from "ol/source/VectorTile.js";
import type { StyleLike } from "ol/style/Style.js";
import type { FlatStyleLike } from "ol/style/flat.js";
import { createXYZ } from "ol/tilegrid.js";
import { service, told, type Schema } from "../asking.ts";

export interface Tiles {
  layer: VectorTileLayer;
  description: Schema["TileJson"];
  /** Ask whether there is something newer, and take it. */
  refresh: () => Promise<void>;
}

/**
 * Make a layer of the tiles of a kind: `areas`-layers by their names, `blocks`, `buildings`, `events` (see docs/tiles.md).
 * @param at the day whose plans count; today without it
 */
export async function tileLayer(
  layer: string,
  { at, style, ...options }: { at?: string; style: StyleLike | FlatStyleLike; declutter?: boolean; minZoom?: number; maxZoom?: number; opacity?: number; className?: string },
): Promise<Tiles> {
  const described = () =>
    told(service.GET("/v1/tiles/{layer}.json", { params: { path: { layer }, query: at ? { at } : {} } }));
  const description = await described();
  const source = new VectorTile({
    format: new MVT(), // features keep the ids that the tiles give them: those of their rows
    tileGrid: createXYZ({ minZoom: description.minzoom, maxZoom: description.maxzoom, tileSize: 512 }),
    url: description.tiles[0] as string,
    transition: 0,
  });
  const drawn = new VectorTileLayer({ source, style, renderMode: "hybrid", renderBuffer: 32, ...options });
  const tiles: Tiles = {
    layer: drawn,
    description,
    refresh: async () => {
      const newer = await described();
      if (newer.tiles[0] === tiles.description.tiles[0]) return;
      tiles.description = newer;
      source.setUrl(newer.tiles[0] as string);
    },
  };
  return tiles;
}
