// A layer's coordinates as the screen needs them: Web Mercator units (256 to the world), boxes, and a cell
// index that answers what lies in view or under the pointer. Mercator is for drawing only; nothing is measured in it.

const RADIANS = Math.PI / 180;

export const worldX = (lon) => (lon + 180) * (256 / 360);
export const worldY = (lat) => 128 - (Math.log(Math.tan(Math.PI / 4 + (lat * RADIANS) / 2)) * 128) / Math.PI;

export class Shapes {
  constructor(layer) {
    Object.assign(this, layer);
    this.isPoint = layer.geometry === "point";
    this.x = layer.lon.map(worldX);
    this.y = layer.lat.map(worldY);
    if (this.isPoint) {
      this.west = this.east = this.x;
      this.north = this.south = this.y;
    } else {
      this.measureBoxes();
    }
    this.fillCells();
  }

  measureBoxes() {
    const { count, x, y, ringsOf, verticesOf } = this;
    this.west = new Float64Array(count).fill(Infinity);
    this.north = new Float64Array(count).fill(Infinity);
    this.east = new Float64Array(count).fill(-Infinity);
    this.south = new Float64Array(count).fill(-Infinity);
    for (let i = 0; i < count; i++) {
      for (let v = verticesOf[ringsOf[i]]; v < verticesOf[ringsOf[i + 1]]; v++) {
        if (x[v] < this.west[i]) this.west[i] = x[v];
        if (x[v] > this.east[i]) this.east[i] = x[v];
        if (y[v] < this.north[i]) this.north[i] = y[v];
        if (y[v] > this.south[i]) this.south[i] = y[v];
      }
    }
  }

  /** Square cells over the layer; `cellStart[c]…cellStart[c + 1]` are the features whose box touches cell c. */
  fillCells() {
    const { count, west, north, east, south } = this;
    this.left = west.reduce((a, b) => Math.min(a, b), Infinity);
    this.top = north.reduce((a, b) => Math.min(a, b), Infinity);
    const width = east.reduce((a, b) => Math.max(a, b), -Infinity) - this.left;
    const height = south.reduce((a, b) => Math.max(a, b), -Infinity) - this.top;
    const aim = Math.max(1, Math.sqrt(count / 4));
    this.cell = Math.max(width, height, 1e-9) / aim;
    this.columnsAcross = Math.max(1, Math.ceil(width / this.cell) || 1);
    this.rowsDown = Math.max(1, Math.ceil(height / this.cell) || 1);
    const starts = new Uint32Array(this.columnsAcross * this.rowsDown + 1);
    this.eachCell(0, (cell) => starts[cell + 1]++);
    for (let c = 1; c < starts.length; c++) starts[c] += starts[c - 1];
    const members = new Uint32Array(starts[starts.length - 1]);
    const filled = starts.slice(0, -1);
    this.eachCell(0, (cell, i) => { members[filled[cell]++] = i; });
    this.cellStart = starts;
    this.members = members;
  }

  eachCell(from, visit) {
    for (let i = from; i < this.count; i++) {
      const [c0, r0, c1, r1] = this.cellsOf(this.west[i], this.north[i], this.east[i], this.south[i]);
      for (let r = r0; r <= r1; r++) for (let c = c0; c <= c1; c++) visit(r * this.columnsAcross + c, i);
    }
  }

  cellsOf(west, north, east, south) {
    const within = (value, last) => Math.min(last, Math.max(0, Math.floor(value)));
    return [
      within((west - this.left) / this.cell, this.columnsAcross - 1),
      within((north - this.top) / this.cell, this.rowsDown - 1),
      within((east - this.left) / this.cell, this.columnsAcross - 1),
      within((south - this.top) / this.cell, this.rowsDown - 1),
    ];
  }

  /** The feature under a place (world units), of those that `shown` lets through; −1 when none. Later ones lie on top. */
  under(x, y, reach, shown) {
    if (!this.count) return -1;
    const [c0, r0, c1, r1] = this.cellsOf(x - reach, y - reach, x + reach, y + reach);
    let found = -1;
    let nearest = Infinity;
    for (let r = r0; r <= r1; r++) {
      for (let c = c0; c <= c1; c++) {
        const cell = r * this.columnsAcross + c;
        for (let k = this.cellStart[cell]; k < this.cellStart[cell + 1]; k++) {
          const i = this.members[k];
          if (!shown(i)) continue;
          const distance = this.distance(i, x, y, reach);
          if (distance < nearest || (distance === nearest && distance < Infinity && i > found)) {
            nearest = distance;
            found = i;
          }
        }
      }
    }
    return found;
  }

  /** 0 inside; for points and for polygons smaller than the reach, how far off their middle is; else Infinity. */
  distance(i, x, y, reach) {
    const outside = x < this.west[i] - reach || x > this.east[i] + reach || y < this.north[i] - reach || y > this.south[i] + reach;
    if (outside) return Infinity;
    if (!this.isPoint && this.contains(i, x, y)) return 0;
    const isSmall = this.east[i] - this.west[i] < 2 * reach && this.south[i] - this.north[i] < 2 * reach;
    if (!isSmall) return Infinity;
    const away = Math.hypot((this.west[i] + this.east[i]) / 2 - x, (this.north[i] + this.south[i]) / 2 - y);
    return away <= 1.5 * reach ? away : Infinity;
  }

  contains(i, x, y) {
    let inside = false;
    for (let ring = this.ringsOf[i]; ring < this.ringsOf[i + 1]; ring++) {
      const start = this.verticesOf[ring];
      const end = this.verticesOf[ring + 1];
      for (let a = start, b = end - 1; a < end; b = a++) {
        const crosses = this.y[a] > y !== this.y[b] > y;
        if (crosses && x < ((this.x[b] - this.x[a]) * (y - this.y[a])) / (this.y[b] - this.y[a]) + this.x[a]) inside = !inside;
      }
    }
    return inside;
  }

  /** Rings of a feature as Leaflet wants them: [[lat, lon], …]. */
  latLngs(i) {
    const rings = [];
    for (let ring = this.ringsOf[i]; ring < this.ringsOf[i + 1]; ring++) {
      const corners = [];
      for (let v = this.verticesOf[ring]; v < this.verticesOf[ring + 1]; v++) corners.push([this.lat[v], this.lon[v]]);
      rings.push(corners);
    }
    return rings;
  }

  /** One place per feature in degrees: the point, or the middle of the polygon's box. */
  anchors() {
    if (this.isPoint) return { anchorLon: this.lon, anchorLat: this.lat };
    if (!this.anchorLon) {
      this.anchorLon = new Float64Array(this.count);
      this.anchorLat = new Float64Array(this.count);
      for (let i = 0; i < this.count; i++) {
        const [[south, west], [north, east]] = this.bounds(i);
        this.anchorLon[i] = (west + east) / 2;
        this.anchorLat[i] = (south + north) / 2;
      }
    }
    return this;
  }

  bounds(i) {
    if (this.isPoint) return [[this.lat[i], this.lon[i]], [this.lat[i], this.lon[i]]];
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let v = this.verticesOf[this.ringsOf[i]]; v < this.verticesOf[this.ringsOf[i + 1]]; v++) {
      west = Math.min(west, this.lon[v]);
      east = Math.max(east, this.lon[v]);
      south = Math.min(south, this.lat[v]);
      north = Math.max(north, this.lat[v]);
    }
    return [[south, west], [north, east]];
  }
}
