// The map: one layer of areas, the outlines of the layer above it, names, a hover card, and a mark for "here".

/* global L */

import { facts, make } from "../../shared/elements.ts";
import { number, onLanguage, say } from "../../shared/words.ts";
import { fillsOf } from "./colours.js";
import { Labels } from "./labels.js";

const PLAIN = { color: "#7b766b", weight: 1, fillOpacity: 0.75 };
const HOVERED = { color: "#22211e", weight: 2.5, fillOpacity: 0.95 };
const CHOSEN = { color: "#1f4e79", weight: 4, fillColor: "#ffd24d", fillOpacity: 0.6 };
const ABOVE = { color: "#22211e", weight: 2, opacity: 0.75, fill: false, interactive: false };

export class AreaMap {
  #map;
  #areas;
  #above;
  #labels;
  #shapes = new Map();
  #fills = new Map();
  #chosen = null;
  #here = null;
  #home = null;
  #faint = false;

  /** @param onAsk called with lon, lat when someone asks about a place */
  constructor(element, { basemap, onAsk, onMove }) {
    this.#map = L.map(element, {
      attributionControl: false,
      zoomControl: false,
      renderer: L.canvas({ padding: 0.4, tolerance: 0 }),
      zoomSnap: 0.25,
      zoomDelta: 1,
      maxZoom: 20,
      minZoom: 2,
      fadeAnimation: false,
    }).setView([22.6, 114], 10);
    if (basemap) L.tileLayer(basemap, { maxZoom: 20 }).addTo(this.#map);
    this.#faint = Boolean(basemap);
    this.#areas = L.featureGroup().addTo(this.#map);
    this.#above = L.featureGroup().addTo(this.#map);
    this.#labels = new Labels(this.#map);
    this.#controls();
    this.#map.on("click", ({ latlng }) => onAsk(latlng.lng, latlng.lat));
    this.#map.on("moveend", () => onMove());
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== element) return;
      const { lng, lat } = this.#map.getCenter();
      onAsk(lng, lat);
    });
  }

  #controls() {
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(this.#map);
    const zoom = L.control.zoom({ position: "topleft" }).addTo(this.#map);
    const [nearer, farther] = zoom.getContainer().querySelectorAll("a");
    const whole = make("a", { href: "#", role: "button" }, "⤢");
    whole.addEventListener("click", (event) => {
      event.preventDefault();
      this.showWhole();
    });
    L.DomEvent.disableClickPropagation(whole);
    zoom.getContainer().append(whole);
    onLanguage(() => {
      for (const [button, key] of [[nearer, "zoomInTitle"], [farther, "zoomOutTitle"], [whole, "whole"]]) {
        button.title = say(key);
        button.setAttribute("aria-label", say(key));
      }
    });
  }

  /** Show features of a layer, filled by their parents, under the outlines of the layer above. */
  show(features, above) {
    const byParent = features.some((feature) => feature.properties.parent_codes.length);
    const groupOf = (feature) => (byParent ? (feature.properties.parent_codes[0] ?? "") : feature.properties.code);
    this.#fills = fillsOf(features, groupOf);
    this.#areas.clearLayers();
    this.#shapes.clear();
    for (const feature of features) {
      const shape = L.geoJSON(feature, { style: () => this.#style(feature, groupOf(feature)) }).getLayers()[0];
      shape.group = groupOf(feature);
      this.#shapes.set(feature.properties.code, shape);
      shape.bindTooltip(() => card(feature.properties), { sticky: true, className: "card", opacity: 1 });
      shape.on("mouseover", () => this.#hover(shape, true));
      shape.on("mouseout", () => this.#hover(shape, false));
      this.#areas.addLayer(shape);
    }
    this.#above.clearLayers();
    for (const feature of above) this.#above.addLayer(L.geoJSON(feature, { style: ABOVE }).getLayers()[0]);
    this.#labels.show(features, above);
    this.choose(this.#chosen);
  }

  #style(feature, group) {
    const fillColor = this.#fills.get(group);
    return { ...PLAIN, fillColor, fillOpacity: this.#faint ? 0.35 : PLAIN.fillOpacity };
  }

  #hover(shape, on) {
    if (shape.feature.properties.code === this.#chosen) return;
    shape.setStyle(on ? HOVERED : this.#style(shape.feature, shape.group));
    if (on) shape.bringToFront();
    this.#above.bringToFront();
    this.#shapes.get(this.#chosen)?.bringToFront();
  }

  /** Mark one area of the layer that is shown. */
  choose(code) {
    const before = this.#shapes.get(this.#chosen);
    this.#chosen = code;
    if (before) this.#hover(before, false);
    const shape = this.#shapes.get(code);
    if (!shape) return;
    shape.setStyle(CHOSEN);
    this.#above.bringToFront();
    shape.bringToFront();
  }

  /** Put the mark at a place, and bring it into view where it is not: outside, together with the whole map. */
  mark(lon, lat, inside) {
    this.#here?.remove();
    const icon = L.divIcon({ className: "here", iconSize: [16, 16] });
    this.#here = L.marker([lat, lon], { icon, interactive: false, keyboard: false }).addTo(this.#map);
    if (this.#map.getBounds().pad(-0.05).contains([lat, lon])) return;
    if (inside || !this.#home) {
      this.#map.panTo([lat, lon], { animate: false });
    } else {
      const [west, south, east, north] = this.#home; // so that it shows how far outside the place is
      this.fit([Math.min(west, lon), Math.min(south, lat), Math.max(east, lon), Math.max(north, lat)]);
    }
  }

  unmark() {
    this.#here?.remove();
    this.#here = null;
  }

  /** Fit a box (west, south, east, north) into the view, with some of what is around it. */
  fit([west, south, east, north], around = 0) {
    const bounds = L.latLngBounds([south, west], [north, east]).pad(around);
    this.#map.fitBounds(bounds, { padding: [12, 12], animate: false });
  }

  /** What "whole map" means. */
  setHome(box) {
    this.#home = box;
    this.showWhole();
  }

  showWhole() {
    if (this.#home) this.fit(this.#home);
  }

  /** The box in view, a little widened. */
  view() {
    const box = this.#map.getBounds().pad(0.2);
    const clamp = (value, most) => Math.max(-most, Math.min(most, value));
    return [clamp(box.getWest(), 180), clamp(box.getSouth(), 90), clamp(box.getEast(), 180), clamp(box.getNorth(), 90)];
  }
}

/** The hover card of an area. */
function card(area) {
  const [first, ...others] = area.staff;
  const more = others.length ? ` +${others.length}` : "";
  const staff = first ? `${first.role} ${first.holder || say("vacant")}${more}` : null;
  return make(
    "div",
    {},
    make("h3", {}, area.name),
    facts(
      [
        [say("code"), area.code],
        [say("area"), areaText(area.area_m2)],
        [say("population"), area.population === null ? null : number(area.population)],
        [say("staff"), staff],
      ],
      "",
    ),
  );
}

export function areaText(area_m2) {
  return area_m2 < 1e4 ? `${number(area_m2)}\u00a0m²` : `${number(area_m2 / 1e6, area_m2 < 1e5 ? 3 : 2)}\u00a0km²`;
}
