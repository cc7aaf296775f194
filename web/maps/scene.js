// One canvas that draws the chosen view. It is a Leaflet renderer, so panning and the zoom animation are Leaflet's.
import * as painters from "./painters.js";

const L = window.L;

export const Scene = L.Renderer.extend({
  options: { padding: 0.15 },

  initialize(layers, settings) {
    L.Renderer.prototype.initialize.call(this, {});
    this.layers = layers;
    this.settings = settings; // { plane, font }
    this.draws = [];
    this.masks = new Map(); // layer id → Uint8Array, 1 = hidden
    this.version = 0; // changes with the filters: what was computed for another version is stale
  },

  show(draws) {
    this.draws = draws;
    if (this._map) this.paint();
  },

  hide(id, mask) {
    this.masks.set(id, mask);
    this.version++;
  },

  isShown(id) {
    const mask = this.masks.get(id);
    return mask ? (i) => !mask[i] : () => true;
  },

  _initContainer() {
    this._container = document.createElement("canvas");
    this._container.className = "scene";
    this._context = this._container.getContext("2d");
  },

  _destroyContainer() {
    this._container.remove();
    this._container = null;
  },

  _updatePaths() {},

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize();
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    L.DomUtil.setPosition(this._container, this._bounds.min);
    this._container.width = ratio * size.x;
    this._container.height = ratio * size.y;
    this._container.style.width = `${size.x}px`;
    this._container.style.height = `${size.y}px`;
    this.ratio = ratio;
    this.paint();
    this.fire("update");
  },

  paint() {
    const zoom = this._map.getZoom();
    const scale = 2 ** zoom;
    const corner = this._map.getPixelOrigin().add(this._bounds.min); // canvas (0, 0) in world pixels
    const size = this._bounds.getSize();
    const context = this._context;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, size.x, size.y);
    const view = {
      ...this.settings, zoom, scale, version: this.version,
      left: corner.x / scale, top: corner.y / scale, right: (corner.x + size.x) / scale, bottom: (corner.y + size.y) / scale,
    };
    for (const draw of this.draws) {
      if (zoom < (draw.from ?? -1) || zoom >= (draw.until ?? 99)) continue;
      painters[draw.as](context, this.layers.get(draw.layer), draw, { ...view, mask: this.isShown(draw.layer) });
    }
    this.fire("painted");
  },
});
