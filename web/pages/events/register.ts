// What the service calls things: states, stages and steps of the loop, layers, items of the register, departments.

import { service, told, type Schema } from "../../shared/asking.ts";
import { current, isSaid, say, titleOf } from "../../shared/words.ts";
import { areaName, type Row } from "./rows.ts";
import { splitArea, UNKNOWN } from "./filter.ts";

type Titled = { title_zh: string; title_en: string };

const states = new Map<string, Titled>();
const stages = new Map<string, Titled>();
const actions = new Map<string, Titled>();
const layers = new Map<string, Titled>();
const stateOrder: string[] = [];
const layerOrder: string[] = [];
const partitions: string[] = []; // layers that cover the ground

/** Read the loop and the layers: the page cannot speak before. */
export async function readWords(): Promise<void> {
  const [loop, all] = await Promise.all([told(service.GET("/v1/loop")), told(service.GET("/v1/layers"))]);
  for (const one of loop.states) {
    states.set(one.state, one);
    stateOrder.push(one.state);
  }
  for (const one of loop.stages) stages.set(one.name, one);
  for (const one of loop.actions) actions.set(one.action, one);
  for (const one of all) {
    layers.set(one.name, one);
    layerOrder.push(one.name);
    if (one.kind === "partition") partitions.push(one.name);
  }
}

/** The states in the order of the way. */
export function allStates(): readonly string[] {
  return stateOrder;
}

export const stateTitle = (state: string) => titled(states, state);
export const stageTitle = (stage: string) => titled(stages, stage);
export const actionTitle = (action: string) => titled(actions, action);
export const layerTitle = (layer: string) => titled(layers, layer);

/** The layers from the top down. */
export function layersFromTop(): readonly string[] {
  return partitions;
}

/** Where a layer stands among all, from the top. */
export function layerRank(layer: string): number {
  return layerOrder.indexOf(layer);
}

export function sourceTitle(source: string): string {
  return isSaid(`source_${source}`) ? say(`source_${source}`) : source;
}

export function levelTitle(level: string | null): string {
  return say(level && level !== UNKNOWN ? `level_${level}` : "level_unknown");
}

/** What an event is about, as its item calls it. */
export function subjectOf({ titleZh, titleEn, category }: Pick<Row, "titleZh" | "titleEn" | "category">): string {
  return (current() === "zh" ? titleZh : (titleEn ?? titleZh)) ?? category ?? say("unclassified");
}

/** The smallest area that an event lies in, by its name. */
export function whereOf({ areas, lon }: Pick<Row, "areas" | "lon">): string {
  const last = areas.at(-1);
  return last ? areaName(last) : say(lon === null ? "noPlace" : "outside");
}

/** An area by its layer and its name. */
export function areaTitle(key: string): string {
  return key === UNKNOWN ? say("outside") : `${layerTitle(splitArea(key)[0])} ${areaName(key)}`;
}

type Item = Schema["CategoryInfo"];
type Department = Schema["DepartmentInfo"];

/** The items of the register that are in force, asked for once. */
export const items = once(() => told(service.GET("/v1/categories")));
/** The departments, asked for once. */
export const departments = once(() => told(service.GET("/v1/departments")));

export function itemTitle({ title, title_en }: Item): string {
  return current() === "zh" ? title : (title_en ?? title);
}

export function departmentTitle({ title, title_en }: Pick<Department, "title" | "title_en">): string {
  return current() === "zh" ? title : (title_en ?? title);
}

function titled(of: ReadonlyMap<string, Titled>, key: string): string {
  const found = of.get(key);
  return found ? titleOf(found) : key;
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | null = null;
  return () =>
    (known ??= ask().catch((error: unknown) => {
      known = null;
      throw error;
    }));
}
