// Opens an exported map: reads the packed data that stands in the page, draws the first view, wires the panel.
// The page fetches nothing; what it needs is in it.
import "./map.css";
import { Card } from "./card.js";
import { figure } from "./cells.js";
import { ticks } from "./density.js";
import { unpack } from "./packed.js";
import { Scale } from "./scale.js";
import { Scene } from "./scene.js";
import { Shapes } from "./shapes.js";
import { Table } from "./table.js";

const L = window.L;
const FONT = '"Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "Source Han Sans SC", system-ui, sans-serif';

const WIDTH_SEEN_PX = 14;
const METRES_A_PIXEL = 156543.034; // of Web Mercator at zoom 0 on the equator

const all = (selector) => [...document.querySelectorAll(selector)];

function chooseView(page, id) {
  const view = page.data.views.find((one) => one.id === id);
  page.view = view;
  for (const legend of all("[data-view]")) legend.hidden = !legend.dataset.view.split(" ").includes(id);
  page.card.clear();
  resize(page);
  listView(page);
  redraw(page);
}

/** Some views leave the map less room; the first that draws shows all of it. */
function resize(page) {
  page.map.invalidateSize({ animate: false, pan: false });
  if (page.isFitted || !page.view.draws.length) return;
  page.map.fitBounds(page.bounds, { animate: false, padding: [16, 16] });
  page.isFitted = true;
}

/** Show the list that belongs to the view; a view may have none. */
function listView({ table, view, data, layers, scene }) {
  if (!table) return;
  const id = view.lists ?? data.table.layer;
  table.element.closest(".listing").hidden = !id;
  if (id && id !== table.layer.id) table.list(layers.get(id), scene.isShown(id));
}

/** Choose a view by other means than its own radio button, which then says so. */
function openView(page, id) {
  const radio = document.querySelector(`input[name="view"][value="${id}"]`);
  radio.checked = true;
  radio.focus();
  chooseView(page, id);
}

function redraw(page) {
  const isNamed = document.getElementById("names")?.checked ?? true;
  page.scene.show(page.view.draws.filter((draw) => draw.as !== "labels" || isNamed));
  for (const draw of page.view.draws) if (draw.as === "heat") writeTicks(page.view.id, draw);
}

function writeTicks(view, draw) {
  const legend = document.querySelector(`[data-ticks="${view}"]`);
  const highest = draw.field?.highest ?? 0;
  if (!legend) return;
  const marks = ticks(highest).map((value) => {
    const mark = document.createElement("span");
    mark.style.left = `${highest ? (100 * value) / highest : 0}%`;
    mark.textContent = figure(value, value % 1 ? 1 : 0);
    return mark;
  });
  legend.replaceChildren(...marks);
}

/** Hide what the panel's ticked-off boxes name; a feature is hidden when any of its columns says so. */
function applyFilters(page) {
  for (const layer of page.layers.values()) {
    const boxes = all(`input[data-layer~="${layer.id}"]`).filter((box) => !box.checked);
    const mask = new Uint8Array(layer.count);
    for (const box of boxes) {
      const column = layer.columns.get(box.dataset.column);
      const code = Number(box.dataset.code);
      for (let i = 0; i < layer.count; i++) if (column.code(i) === code) mask[i] = 1;
    }
    page.scene.hide(layer.id, mask);
    if (page.table?.layer === layer) {
      page.table.shown = (i) => !mask[i];
      page.table.fill();
    }
  }
  page.card.clear();
  redraw(page);
}

function wirePanel(page) {
  for (const radio of all('input[name="view"]')) radio.addEventListener("change", () => chooseView(page, radio.value));
  for (const button of all("[data-opens]")) button.addEventListener("click", () => openView(page, button.dataset.opens));
  for (const box of all("input[data-layer]")) box.addEventListener("change", () => applyFilters(page));
  document.getElementById("names")?.addEventListener("change", () => redraw(page));
  document.getElementById("handle").addEventListener("click", (event) => {
    const isOpen = document.body.classList.toggle("panel-closed");
    event.currentTarget.setAttribute("aria-expanded", String(!isOpen));
    page.map.invalidateSize();
  });
  document.getElementById("print").addEventListener("click", () => window.print());
  const resizeTo = (isPaper) => {
    const seen = page.map.getBounds();
    document.body.classList.toggle("printing", isPaper); // the sheet's layout now: print styles come too late to draw for
    page.map.invalidateSize({ animate: false });
    page.map.fitBounds(seen, { animate: false });
  };
  window.addEventListener("beforeprint", () => resizeTo(true));
  window.addEventListener("afterprint", () => resizeTo(false));
}

function addControls(page) {
  const { map, data } = page;
  map.getContainer().append(document.getElementById("credit"), document.getElementById("north"));
  map.addControl(new Scale({ imperial: false, maxWidth: 140 }));
  const fit = L.DomUtil.create("a", "fit", map.zoomControl.getContainer());
  fit.href = "#";
  fit.role = "button";
  fit.title = fit.ariaLabel = data.words.fit;
  fit.append(document.getElementById("whole"));
  L.DomEvent.disableClickPropagation(fit);
  L.DomEvent.on(fit, "click", (event) => {
    L.DomEvent.preventDefault(event);
    map.fitBounds(page.bounds);
  });
}

/** Show a feature as a whole; asked once more, so near that its width is seen, where that is narrower. */
function openFeature(page, layer, i, isAgain) {
  const closest = page.data.closest ?? 18;
  page.map.fitBounds(layer.bounds(i), { animate: false, padding: [60, 60], maxZoom: closest });
  let [, beside] = layer.bounds(i); // the card stands beside the feature, not on it
  const width = layer.columns.get("width")?.at(i);
  if (isAgain && width) {
    const place = [layer.columns.get("lat").at(i), layer.columns.get("lon").at(i)];
    const zoom = Math.log2((WIDTH_SEEN_PX / width) * METRES_A_PIXEL * Math.cos((place[0] * Math.PI) / 180));
    if (zoom > page.map.getZoom()) {
      page.map.setView(place, Math.min(zoom, closest), { animate: false });
      beside = place;
    }
  }
  page.card.show(layer, i);
  page.card.place(page.map.latLngToContainerPoint(beside));
}

async function open(map) {
  const data = JSON.parse(document.getElementById("gisgov-data").textContent);
  const layers = await Promise.all(data.layers.map(unpack));
  const [west, south, east, north] = data.bounds;
  const page = { map, data, bounds: [[south, west], [north, east]] };
  page.layers = new Map(layers.map((layer) => [layer.id, new Shapes(layer)]));
  map.fitBounds(page.bounds, { animate: false, padding: [16, 16] }); // a scene is made for a map with a place
  map.setMinZoom(Math.floor(map.getZoom()) - 2);
  map.setMaxBounds(L.latLngBounds(page.bounds).pad(1));
  page.scene = new Scene(page.layers, { plane: data.plane, font: FONT });
  page.card = new Card(map, page.scene, data.words);
  addControls(page);
  wirePanel(page);
  map.addLayer(page.scene);
  chooseView(page, document.querySelector('input[name="view"]:checked')?.value ?? data.views[0].id);
  if (data.table) {
    const tools = { words: data.words, language: data.language, open: (...asked) => openFeature(page, ...asked) };
    page.table = new Table(document.getElementById("list"), page.layers.get(data.table.layer), data.table, tools);
    listView(page);
    page.card.onchoose = (layer, i) => layer === page.table.layer && page.table.reveal(i);
  }
  document.documentElement.dataset.state = "ready";
  return page;
}

function fail(error) {
  document.documentElement.dataset.state = "failed";
  const note = document.getElementById("failure");
  note.hidden = false;
  note.append(` ${error.message}`);
}

window.gisgov = {
  open(map) {
    window.gisgov.page = open(map);
    window.gisgov.page.catch(fail);
  },
};
