// The start page: what is in force, who is responsible for a place, and where to go from here.

import "../../shared/keys.ts";
import { signInAddress } from "../../shared/addresses.ts";
import { ask, pages } from "../../shared/untyped.ts";
import { make } from "../../shared/elements.ts";
import { openHead } from "../../shared/head.ts";
import { problem } from "../../shared/problems.ts";
import { begin, current, number, onLanguage, say, titleOf } from "../../shared/words.ts";
import * as address from "./address.js";
import { areaDetail, resolution } from "./answer.js";
import { layerChoices, mapList, planList } from "./lists.js";
import { AreaMap } from "./map.js";
import { Search } from "./search.js";
import { words } from "./words.js";

const PAGE = 500;
const MOST = 3000; // areas that are read at once; of larger layers only what is in view

const at = document.getElementById("at");
const busy = document.getElementById("busy");
const legend = document.getElementById("legend");
const body = document.getElementById("answer-body");
const place = document.getElementById("place");

const known = { service: null, layers: [], plans: [], maps: [], layer: null, above: [], inView: false };
let reading = new AbortController();
let answering = 0;
let redraw = () => show([make("p", { class: "soft" }, say("emptyAnswer"))]);
let map;
let search;

async function open() {
  begin(words);
  openHead();
  const asked = address.read();
  try {
    [known.service, known.layers, known.maps] = await Promise.all([ask("/v1/service"), ask("/v1/layers"), drawnMaps()]);
  } catch (error) {
    // without an account there is nothing to see here, if the district's areas are not public
    if (error.kind === "not-signed-in") location.replace(signInAddress());
    else fail(error);
    return;
  }
  at.value = asked.at ?? known.service.today;
  document.getElementById("version").textContent = `gisgov ${known.service.version}`;
  map = new AreaMap(document.getElementById("map"), {
    basemap: known.service.basemap_url,
    onAsk: (lon, lat) => askPlace(round(lon), round(lat), "wgs84"),
    onMove: () => known.inView && readLayer(),
  });
  search = new Search({
    find: async (q) => (await ask("/v1/areas", { q, at: at.value, limit: 12 })).features,
    onCoordinate: askPlace,
    onArea: (feature) => askArea(feature.properties.code, feature.properties.layer),
    onProblem: (error) => show([problem(error)]),
  });
  search.crs = asked.crs;
  at.addEventListener("change", () => at.value && changeDay());
  onLanguage(() => {
    address.write({ lang: current() === "zh" ? "" : current() });
    lists();
    redraw();
  });
  await readDay(asked.layer);
  if (asked.lon && asked.lat) await askPlace(Number(asked.lon), Number(asked.lat), search.crs);
  else if (asked.code) await askArea(asked.code, asked.layer);
}

/** The maps that were drawn; null for those who may not see them, since they show the whole ground. */
async function drawnMaps() {
  try {
    return await ask("/v1/maps");
  } catch (error) {
    if (["not-signed-in", "not-allowed"].includes(error.kind)) return null;
    throw error;
  }
}

/** Read what is in force on the day, and show a layer of it. */
async function readDay(wanted) {
  known.plans = await ask("/v1/plans", { at: at.value, limit: 1000 });
  const inForce = known.layers.filter((layer) => known.plans.some((plan) => plan.layer === layer.name && plan.areas));
  const partitions = inForce.filter((layer) => layer.kind === "partition");
  const chosen = inForce.find((layer) => layer.name === wanted) ?? partitions.at(-1) ?? inForce.at(-1);
  known.layer = chosen?.name ?? null;
  lists();
  if (!chosen) {
    map.show([], []);
    redraw = () => show([make("p", { class: "note" }, say("emptyLayers"))]);
    redraw();
    return;
  }
  const [top] = partitions.length ? partitions : inForce;
  const { features } = await ask(`/v1/layers/${encodeURIComponent(top.name)}/areas`, { at: at.value, limit: PAGE, geometry: false });
  place.removeAttribute("data-text");
  place.textContent = features.slice(0, 4).map((feature) => feature.properties.name).join("、");
  map.setHome(around(features));
  await readLayer();
}

async function changeDay() {
  address.write({ at: at.value === known.service.today ? "" : at.value });
  try {
    await readDay(known.layer);
    await again();
  } catch (error) {
    show([problem(error)]);
  }
}

async function changeLayer(name) {
  known.layer = name;
  known.inView = false;
  address.write({ layer: name });
  await readLayer();
}

/** Read the areas of the chosen layer, all of them or those in view, and draw them as they come. */
async function readLayer() {
  reading.abort();
  reading = new AbortController();
  const { signal } = reading;
  const layer = known.layers.find((one) => one.name === known.layer);
  const areas = (name) => `/v1/layers/${encodeURIComponent(name)}/areas`;
  try {
    const above = known.plans.some((plan) => plan.layer === layer.parent) ? layer.parent : null;
    const box = known.inView ? { bbox: map.view().join(",") } : {};
    const [outlines, [features, complete]] = await Promise.all([
      above ? collect(areas(above), { at: at.value, limit: PAGE, ...box }, MOST / 2, signal) : [[], true],
      collect(areas(layer.name), { at: at.value, limit: PAGE, ...box }, MOST, signal, titleOf(layer)),
    ]);
    known.inView ||= !complete;
    map.show(features, outlines[0]);
    legend.textContent = say("zoomIn", { count: number(features.length) });
    legend.hidden = complete;
    busy.hidden = true;
  } catch (error) {
    if (error.name === "AbortError") return;
    busy.hidden = true;
    show([problem(error)]);
  }
}

async function collect(path, parameters, most, signal, title = null) {
  const features = [];
  let complete = true;
  for await (const page of pages(path, parameters, { most, signal })) {
    features.push(...page.features);
    complete = page.complete;
    if (title && !complete) {
      busy.textContent = say("loading", { title, count: number(features.length) });
      busy.hidden = false;
    }
  }
  return [features, complete];
}

/** Ask who is responsible for a place. */
async function askPlace(lon, lat, crs) {
  address.write({ lon, lat, crs: crs === "wgs84" ? "" : crs, code: "" });
  await answered(async () => {
    const answer = await ask("/v1/resolve", { lon, lat, crs, at: at.value });
    map.mark(answer.lon, answer.lat, answer.chain.length > 0);
    map.choose(answer.chain.find((area) => area.layer === known.layer)?.code ?? null);
    return () => resolution(answer, known.layers, askArea);
  });
}

/** Ask about one area, and show it on the map. */
async function askArea(code, layer) {
  address.write({ code, layer, lon: "", lat: "", crs: "" });
  await answered(async () => {
    const path = `/v1/areas/${encodeURIComponent(code)}`;
    const asked = { layer, at: at.value };
    const [area, parents, children, neighbours] = await Promise.all(
      ["", "/parents", "/children", "/neighbours"].map((kin) => ask(path + kin, asked)),
    );
    map.unmark();
    if (known.layer !== area.properties.layer) {
      known.layer = area.properties.layer;
      known.inView = false;
      lists();
      await readLayer();
    }
    map.fit(area.bbox, 0.5);
    map.choose(code);
    const kin = { parents: parents.features, children: children.features, neighbours: neighbours.features };
    return () => areaDetail(area.properties, kin, askArea);
  });
}

/** Show what a question is answered with, unless a later question was answered first. */
async function answered(question) {
  answering += 1;
  const turn = answering;
  let content;
  try {
    content = await question();
  } catch (error) {
    content = () => [problem(error)];
  }
  if (turn !== answering) return;
  redraw = () => show(content());
  redraw();
  const panel = document.getElementById("answer");
  if (panel.getBoundingClientRect().top > innerHeight * 0.75) panel.scrollIntoView({ block: "nearest" });
}

/** Ask the question of the address again, as after a change of the day. */
async function again() {
  const asked = address.read();
  if (asked.lon && asked.lat) await askPlace(Number(asked.lon), Number(asked.lat), asked.crs ?? "wgs84");
  else if (asked.code) await askArea(asked.code, asked.layer);
}

function lists() {
  const title = make("legend", {}, say("layers"));
  document.getElementById("layers").replaceChildren(title, ...layerChoices(known.layers, known.plans, known.layer, changeLayer));
  document.querySelector("#plans > div").replaceChildren(planList(known.plans, known.layers));
  document.getElementById("maps").hidden = known.maps === null;
  document.querySelector("#maps > div").replaceChildren(mapList(known.maps ?? []));
}

function show(content) {
  body.replaceChildren(...content);
}

function round(degrees) {
  return Math.round(degrees * 1e7) / 1e7;
}

function around(features) {
  const side = (i, pick) => pick(...features.map((feature) => feature.bbox[i]));
  return [side(0, Math.min), side(1, Math.min), side(2, Math.max), side(3, Math.max)];
}

function fail(error) {
  redraw = () => show([problem(error)]);
  onLanguage(() => redraw());
}

open().catch(fail);
