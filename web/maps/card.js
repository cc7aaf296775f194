// The card that tells about the feature under the pointer, and the line around that feature.
import { cell } from "./cells.js";
import { worldX, worldY } from "./shapes.js";

const L = window.L;

export class Card {
  constructor(map, scene, words) {
    this.map = map;
    this.scene = scene;
    this.words = words;
    this.element = L.DomUtil.create("div", "card", map.getContainer());
    this.element.hidden = true;
    this.outline = L.layerGroup().addTo(map);
    this.last = "";
    map.on("mousemove", (event) => this.ask(event));
    this.onchoose = () => {}; // told of the feature that was clicked
    map.on("click", (event) => this.tell(event, this.onchoose));
    map.on("zoomstart", () => this.clear());
    map.getContainer().addEventListener("mouseleave", () => this.clear());
  }

  /** At most one search per frame, however fast the pointer moves. */
  ask(event) {
    const isWaiting = Boolean(this.pending);
    this.pending = event;
    if (isWaiting) return;
    requestAnimationFrame(() => {
      const latest = this.pending;
      this.pending = null;
      if (latest) this.tell(latest);
    });
  }

  tell(event, also) {
    const [layer, i] = this.under(event.latlng);
    if (!layer) return this.clear();
    this.show(layer, i);
    this.place(event.containerPoint);
    also?.(layer, i);
  }

  /** The topmost feature of the drawn layers that has a card. */
  under(place) {
    const scale = 2 ** this.map.getZoom();
    for (const draw of [...this.scene.draws].reverse()) {
      const layer = this.scene.layers.get(draw.layer);
      const zoom = this.map.getZoom();
      const isDrawn = zoom >= (draw.from ?? -1) && zoom < (draw.until ?? 99);
      if (!layer.card || !isDrawn || draw.as === "heat" || draw.as === "labels") continue;
      const [x, y] = [worldX(place.lng), worldY(place.lat)];
      const disc = draw.discs?.findLast(([, px, py, radius]) => Math.hypot(px - x, py - y) * scale <= radius);
      const i = disc ? disc[0] : layer.under(x, y, 5 / scale, this.scene.isShown(draw.layer));
      if (i >= 0) return [layer, i];
    }
    return [null, -1];
  }

  show(layer, i) {
    const name = `${layer.id}:${i}`;
    this.element.hidden = false;
    if (name === this.last) return;
    this.last = name;
    this.element.replaceChildren(...this.lines(layer, i));
    this.mark(layer, i);
  }

  lines(layer, i) {
    const heading = document.createElement("h3");
    const titles = layer.card.title.map((key) => cell(layer.columns.get(key), i)).filter(Boolean);
    heading.textContent = titles.join(" · ") || this.words.unnamed;
    const list = document.createElement("dl");
    for (const key of layer.card.rows) {
      const column = layer.columns.get(key);
      const text = cell(column, i);
      if (!text) continue;
      const term = document.createElement("dt");
      term.textContent = column.title;
      const value = document.createElement("dd");
      value.textContent = text;
      const colour = layer.card.colours && layer.card.colours[key];
      if (colour) {
        const dot = document.createElement("i");
        dot.style.background = colour[column.code(i) < 0 ? colour.length - 1 : column.code(i)];
        value.prepend(dot);
      }
      list.append(term, value);
    }
    return [heading, list];
  }

  mark(layer, i) {
    this.outline.clearLayers();
    const isThin = layer.columns.has("width"); // a halo leaves what is as thin as a line to be seen
    const line = isThin ? { weight: 10, opacity: 0.22 } : { weight: 2 };
    const style = { interactive: false, color: "#111111", fill: false, ...line };
    const shape = layer.isPoint
      ? L.circleMarker([layer.lat[i], layer.lon[i]], { ...style, radius: 8 })
      : L.polygon(layer.latLngs(i), style);
    this.outline.addLayer(shape);
  }

  /** Beside the pointer, on the side that has room. */
  place(point) {
    const size = this.map.getSize();
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const x = Math.min(point.x + 16 + width > size.x ? point.x - 16 - width : point.x + 16, size.x - width - 8);
    const y = Math.min(point.y + 16, size.y - height - 8);
    this.element.style.transform = `translate(${Math.max(8, Math.round(x))}px, ${Math.max(8, Math.round(y))}px)`;
  }

  clear() {
    this.pending = null;
    this.element.hidden = true;
    this.last = "";
    this.outline.clearLayers();
  }
}
