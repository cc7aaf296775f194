// What a page knows of the service while it is open: its layers, its day, the last event, the areas of days that were asked about.

import { service, told, type Schema } from "../../shared/asking.ts";
import { may } from "../../shared/head.ts";
import { groundOf, lowest, type Ground } from "./ground.ts";
import { viewOf, type Asked, type View } from "./view.ts";

type Layer = Schema["LayerInfo"];

export class Known {
  today = "";
  #layers: Promise<Layer[]> | null = null;
  #service: Promise<Schema["ServiceInfo"]> | null = null;
  #lastEvent: Promise<string | null> | null = null;
  #grounds = new Map<string, Promise<Ground>>();

  /** What an address asks, filled up; what is asked of no period does not wait for the last event. */
  async view(asked: Asked, heeds: { period: boolean }): Promise<View> {
    const [layers, { today }, lastEvent] = await Promise.all([this.layers(), this.#told(), heeds.period ? this.#last() : null]);
    this.today = today;
    return viewOf(asked, { layer: lowest(layers), today, lastEvent });
  }

  /** The areas that an address asks about; those of a layer and a day are asked for once. */
  async ground(asked: Asked): Promise<Ground> {
    const layers = await this.layers();
    const layer = asked.layer ?? lowest(layers);
    const key = `${layer} ${asked.at ?? ""}`;
    let ground = this.#grounds.get(key);
    if (!ground) {
      ground = groundOf(layers, layer, asked.at);
      this.#grounds.set(key, ground);
      ground.catch(() => this.#grounds.delete(key)); // the next who asks tries again
    }
    return ground;
  }

  /** All layers there are. */
  layers(): Promise<Layer[]> {
    this.#layers ??= told(service.GET("/v1/layers")).catch((error: unknown) => {
      this.#layers = null;
      throw error;
    });
    return this.#layers;
  }

  #told(): Promise<Schema["ServiceInfo"]> {
    this.#service ??= told(service.GET("/v1/service"));
    return this.#service;
  }

  /** The day of the last event that may be seen: periods end there, if nothing newer was reported. */
  #last(): Promise<string | null> {
    this.#lastEvent ??= may("events.read")
      ? told(service.GET("/v1/events", { params: { query: { limit: 1 } } })).then(
          ([event]) => event?.occurred_at.slice(0, 10) ?? null,
          () => null,
        )
      : Promise.resolve(null);
    return this.#lastEvent;
  }
}
