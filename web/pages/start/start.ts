// The start page: what is in force, who is responsible for a place, and where to go from here.

import "../../shared/keys.ts";
import { signInAddress } from "../../shared/addresses.ts";
import { areasOf, type AreaFeature } from "../../shared/areas.ts";
import { everyPage, Problem, service, serviceInfo, told, type Schema } from "../../shared/asking.ts";
import { byId, make } from "../../shared/elements.ts";
import { openHead } from "../../shared/head.ts";
import type { Box } from "../../shared/map/map.ts";
import { Place } from "../../shared/place.ts";
import { problem } from "../../shared/problems.ts";
import { ready } from "../../shared/ready.ts";
import { begin, current, number, onLanguage, say, titleOf } from "../../shared/words.ts";
import { areaDetail, resolution } from "./answer.ts";
import { layerChoices, mapList, planList } from "./lists.ts";
import { AreaMap } from "./map.ts";
import { Search } from "./search.ts";
import { words } from "./words.ts";

const PAGE = 500;
const MOST = 3000; // areas that are read at once; of larger layers only what is in view

const at = byId<HTMLInputElement>("at");
const busy = byId("busy");
const legend = byId("legend");
const body = byId("answer-body");
const place = byId("place");
const address = new Place(["layer", "at", "code", "lon", "lat", "crs"]);

interface Known {
  today: string;
  layers: Schema["LayerInfo"][];
  plans: Schema["PlanInfo"][];
  maps: Schema["MapFile"][] | null;
  layer: string | null;
  inView: boolean;
}

const known: Known = { today: "", layers: [], plans: [], maps: [], layer: null, inView: false };
let reading = new AbortController();
let answering = 0;
let redraw = () => show([make("p", { class: "soft" }, say("emptyAnswer"))]);
let map: AreaMap;
let search: Search;

async function open(): Promise<void> {
  begin(words);
  void openHead();
  const asked = address.read();
  let itself: Schema["ServiceInfo"];
  try {
    [itself, known.layers, known.maps, known.plans] = await Promise.all([
      serviceInfo(),
      told(service.GET("/v1/layers")),
      drawnMaps(),
      asked.at ? plansOn(asked.at) : serviceInfo().then(({ today }) => plansOn(today)),
    ]);
  } catch (error) {
    // without an account there is nothing to see here, if the district's areas are not public
    if (!(error instanceof Problem && error.kind === "not-signed-in")) throw error;
    location.replace(signInAddress());
    return;
  }
  known.today = itself.today;
  at.value = asked.at ?? known.today;
  byId("version").textContent = `gisgov ${itself.version}`;
  map = new AreaMap(byId("map"), {
    faint: itself.basemap !== null,
    onAsk: (lon, lat) => void askPlace(round(lon), round(lat), "wgs84"),
    onMove: () => known.inView && void readLayer(),
  });
  search = new Search({
    find: async (q) => areasOf(await told(service.GET("/v1/areas", { params: { query: { q, at: at.value, limit: 12 } } }))),
    onCoordinate: askPlace,
    onArea: (feature) => void askArea(feature.properties.code, feature.properties.layer),
    onProblem: (error) => show([problem(error)]),
  });
  search.crs = asked.crs;
  at.addEventListener("change", () => at.value && void changeDay());
  onLanguage(() => {
    address.write({ lang: current() === "zh" ? "" : current() });
    lists();
    redraw();
  });
  await showDay(asked.layer);
  void map.drawn().then(ready);
  if (asked.lon && asked.lat) await askPlace(Number(asked.lon), Number(asked.lat), search.crs);
  else if (asked.code) await askArea(asked.code, asked.layer);
}

/** The maps that were drawn; null for those who may not see them, since they show the whole ground. */
async function drawnMaps(): Promise<Known["maps"]> {
  try {
    return await told(service.GET("/v1/maps"));
  } catch (error) {
    if (error instanceof Problem && ["not-signed-in", "not-allowed"].includes(error.kind)) return null;
    throw error;
  }
}

/** The plans in force on a day. */
function plansOn(day: string): Promise<Schema["PlanInfo"][]> {
  return told(service.GET("/v1/plans", { params: { query: { at: day, limit: 1000 } } }));
}

/** Show what is in force on the day, and a layer of it. */
async function showDay(wanted?: string | null): Promise<void> {
  const inForce = known.layers.filter((layer) => known.plans.some((plan) => plan.layer === layer.name && plan.areas));
  const partitions = inForce.filter((layer) => layer.kind === "partition");
  const chosen = inForce.find((layer) => layer.name === wanted) ?? partitions.at(-1) ?? inForce.at(-1);
  const top = partitions[0] ?? inForce[0];
  known.layer = chosen?.name ?? null;
  lists();
  if (!chosen || !top) {
    map.show([], []);
    redraw = () => show([make("p", { class: "note" }, say("emptyLayers"))]);
    redraw();
    return;
  }
  const query = { at: at.value, limit: PAGE, geometry: false };
  const read = readLayer();
  const outlines = areasOf(await told(service.GET("/v1/layers/{layer}/areas", { params: { path: { layer: top.name }, query } })));
  place.removeAttribute("data-text");
  place.textContent = outlines.slice(0, 4).map((feature) => feature.properties.name).join("、");
  map.setHome(around(outlines));
  await read;
}

async function changeDay(): Promise<void> {
  address.write({ at: at.value === known.today ? "" : at.value });
  try {
    known.plans = await plansOn(at.value);
    await showDay(known.layer);
    await again();
  } catch (error) {
    show([problem(error)]);
  }
}

async function changeLayer(name: string): Promise<void> {
  known.layer = name;
  known.inView = false;
  address.write({ layer: name });
  await readLayer();
}

/** Read the areas of the chosen layer, all of them or those in view, and draw them as they come. */
async function readLayer(): Promise<void> {
  reading.abort();
  reading = new AbortController();
  const { signal } = reading;
  const layer = known.layers.find((one) => one.name === known.layer);
  if (!layer) return;
  try {
    const above = known.plans.some((plan) => plan.layer === layer.parent) ? layer.parent : null;
    const [[outlines], [features, complete]] = await Promise.all([
      above ? collect(above, MOST / 2, signal) : ([[], true] as Collected),
      collect(layer.name, MOST, signal, titleOf(layer)),
    ]);
    known.inView ||= !complete;
    map.show(features, outlines);
    legend.textContent = say("zoomIn", { count: number(features.length) });
    legend.hidden = complete;
    busy.hidden = true;
  } catch (error) {
    if ((error as Error).name === "AbortError") return;
    busy.hidden = true;
    show([problem(error)]);
  }
}

type Collected = [features: AreaFeature[], complete: boolean];

/** The areas of a layer, of those in view where there are too many; told as they come, where there is a title. */
async function collect(layer: string, most: number, signal: AbortSignal, title: string | null = null): Promise<Collected> {
  const query = { at: at.value, limit: PAGE, ...(known.inView && { bbox: map.view().join(",") }) };
  const features: AreaFeature[] = [];
  for await (const page of everyPage(service.GET("/v1/layers/{layer}/areas", { params: { path: { layer }, query }, signal }), signal)) {
    features.push(...areasOf(page));
    if (!page.next) return [features, true];
    if (title) {
      busy.textContent = say("loading", { title, count: number(features.length) });
      busy.hidden = false;
    }
    if (features.length >= most) break;
  }
  return [features, false];
}

/** Ask who is responsible for a place. */
async function askPlace(lon: number, lat: number, crs: string): Promise<void> {
  address.write({ lon, lat, crs: crs === "wgs84" ? "" : crs, code: "" });
  await answer(async () => {
    const found = await told(service.GET("/v1/resolve", { params: { query: { lon, lat, crs, at: at.value } } }));
    map.mark(found.lon, found.lat, found.chain.length > 0);
    map.choose(found.chain.find((area) => area.layer === known.layer)?.code ?? null);
    return () => resolution(found, known.layers, askArea);
  });
}

/** Ask about one area, and show it on the map. */
async function askArea(code: string, layer?: string): Promise<void> {
  address.write({ code, layer, lon: "", lat: "", crs: "" });
  await answer(async () => {
    const params = { path: { code }, query: { at: at.value, ...(layer && { layer }) } };
    const [area, parents, children, neighbours] = await Promise.all([
      told(service.GET("/v1/areas/{code}", { params })) as Promise<unknown> as Promise<AreaFeature>,
      told(service.GET("/v1/areas/{code}/parents", { params })),
      told(service.GET("/v1/areas/{code}/children", { params })),
      told(service.GET("/v1/areas/{code}/neighbours", { params })),
    ]);
    map.unmark();
    if (known.layer !== area.properties.layer) {
      known.layer = area.properties.layer;
      known.inView = false;
      lists();
      await readLayer();
    }
    map.fit(area.bbox as unknown as Box, 0.5);
    map.choose(code);
    const kin = { parents: areasOf(parents), children: areasOf(children), neighbours: areasOf(neighbours) };
    return () => areaDetail(area.properties, kin, askArea);
  });
}

/** Show what a question is answered with, unless a later question was answered first. */
async function answer(question: () => Promise<() => HTMLElement[]>): Promise<void> {
  answering += 1;
  const turn = answering;
  let content: () => HTMLElement[];
  try {
    content = await question();
  } catch (error) {
    content = () => [problem(error)];
  }
  if (turn !== answering) return;
  redraw = () => show(content());
  redraw();
  const panel = byId("answer");
  if (panel.getBoundingClientRect().top > innerHeight * 0.75) panel.scrollIntoView({ block: "nearest" });
}

/** Ask the question of the address again, as after a change of the day. */
async function again(): Promise<void> {
  const asked = address.read();
  if (asked.lon && asked.lat) await askPlace(Number(asked.lon), Number(asked.lat), asked.crs ?? "wgs84");
  else if (asked.code) await askArea(asked.code, asked.layer);
}

function lists(): void {
  const title = make("legend", {}, say("layers"));
  byId("layers").replaceChildren(title, ...layerChoices(known.layers, known.plans, known.layer, (name) => void changeLayer(name)));
  byId("plans").querySelector("div")?.replaceChildren(planList(known.plans, known.layers));
  byId("maps").hidden = known.maps === null;
  byId("maps").querySelector("div")?.replaceChildren(mapList(known.maps ?? []));
}

function show(content: HTMLElement[]): void {
  body.replaceChildren(...content);
}

function round(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7;
}

function around(features: AreaFeature[]): Box {
  const side = (i: number, pick: (...values: number[]) => number) => pick(...features.map((feature) => feature.bbox[i] ?? 0));
  return [side(0, Math.min), side(1, Math.min), side(2, Math.max), side(3, Math.max)];
}

open().catch((error: unknown) => {
  redraw = () => show([problem(error)]);
  onLanguage(() => redraw());
  ready();
});
