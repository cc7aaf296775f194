// How each kind of drawing is put on the canvas. Every painter takes the canvas context, the layer (Shapes), its
// drawing instructions, and the view: { scale, left, top, right, bottom, mask, … }, where left…bottom bound what is
// visible in world units, and a place (x, y) in world units is at ((x − left) · scale, (y − top) · scale). The corner
// is taken off here, in doubles: canvas paths keep single precision, which is off by pixels at these sizes.
import { density, tinted } from "./density.js";
import { worldX, worldY } from "./shapes.js";

const BATCH = 600; // features per path: long enough to be few calls, short enough for the rasteriser
const DOT = 4; // radius of a badge that had no room for its number
const TURNS = 12; // mixed classes are painted in so many turns, a scattered share of each class in every turn

/** Colour class of each feature, and the features of each class: worked out once per drawing. */
function classes(layer, draw) {
  if (draw.classes) return draw.classes;
  const last = draw.colours.length - 1;
  const column = draw.column && layer.columns.get(draw.column);
  let classOf = () => 0;
  if (column && draw.breaks) {
    classOf = (i) => {
      const value = column.at(i);
      if (value === null) return last;
      let k = 0;
      while (k < draw.breaks.length && value >= draw.breaks[k]) k++;
      return k;
    };
  } else if (column) {
    classOf = (i) => (column.code(i) < 0 ? last : column.code(i));
  }
  const members = draw.colours.map(() => []);
  for (let i = 0; i < layer.count; i++) members[classOf(i)].push(i);
  draw.classes = members;
  return members;
}

const isVisible = (layer, i, view) =>
  layer.east[i] >= view.left && layer.west[i] <= view.right && layer.south[i] >= view.top && layer.north[i] <= view.bottom;

function trace(context, layer, i, view) {
  const { x, y, ringsOf, verticesOf } = layer;
  const { left, top, scale } = view;
  for (let ring = ringsOf[i]; ring < ringsOf[i + 1]; ring++) {
    const start = verticesOf[ring];
    const end = verticesOf[ring + 1];
    let lastX = (x[start] - left) * scale;
    let lastY = (y[start] - top) * scale;
    context.moveTo(lastX, lastY);
    for (let v = start + 1; v < end; v++) {
      const px = (x[v] - left) * scale;
      const py = (y[v] - top) * scale;
      if (Math.abs(px - lastX) + Math.abs(py - lastY) < 0.4) continue; // under half a pixel: not to be seen
      context.lineTo(px, py);
      lastX = px;
      lastY = py;
    }
    if (layer.geometry !== "line") context.closePath();
  }
}

function eachBatch(context, layer, members, view, visit, finish) {
  let n = 0;
  context.beginPath();
  for (const i of members) {
    if (!view.mask(i) || !isVisible(layer, i, view)) continue;
    visit(i);
    if (++n % BATCH === 0) {
      finish();
      context.beginPath();
    }
  }
  finish();
}

/** Polygons filled by class; those smaller than `least` pixels are drawn as a square of that size, so that none is lost. */
export function fill(context, layer, draw, view) {
  context.lineJoin = "round";
  classes(layer, draw).forEach((members, k) => {
    const colour = draw.colours[k];
    const least = draw.least ? draw.least[k] * Math.min(1, Math.max(0.5, (view.zoom - 9) / 3.2)) : 0; // less on far views
    const square = (i) => {
      const middleX = ((layer.west[i] + layer.east[i]) / 2 - view.left) * view.scale;
      const middleY = ((layer.north[i] + layer.south[i]) / 2 - view.top) * view.scale;
      context.rect(middleX - least / 2, middleY - least / 2, least, least);
    };
    const isTiny = (i) => Math.max(layer.east[i] - layer.west[i], layer.south[i] - layer.north[i]) * view.scale < least;
    const finish = () => {
      if (colour) {
        context.globalAlpha = draw.opacity ?? 1;
        context.fillStyle = colour;
        context.fill();
      }
      const line = draw.lines ? draw.lines[k] : draw.line;
      if (line && (!draw.lineFrom || view.zoom >= draw.lineFrom)) {
        context.globalAlpha = 1;
        context.strokeStyle = line;
        context.lineWidth = draw.width ?? 1;
        context.stroke();
      }
    };
    eachBatch(context, layer, members, view, (i) => (least && isTiny(i) ? square(i) : trace(context, layer, i, view)), finish);
  });
  context.globalAlpha = 1;
}

/** Lines, dashed where the drawing says so. */
export function lines(context, layer, draw, view) {
  draw.members ??= Array.from({ length: layer.count }, (_, i) => i);
  context.lineJoin = "round";
  context.strokeStyle = draw.line;
  context.lineWidth = draw.width ?? 1;
  context.setLineDash(draw.dash ?? []);
  eachBatch(context, layer, draw.members, view, (i) => trace(context, layer, i, view), () => context.stroke());
  context.setLineDash([]);
}

/** Buildings: their ground where it is known, else a dot. */
export function footprints(context, layer, draw, view) {
  (layer.isPoint ? dots : fill)(context, layer, draw, view);
}

/** Points as circles that grow as the map is zoomed in; classes one on another, or mixed so that none hides the rest. */
export function dots(context, layer, draw, view) {
  const growth = Math.max(0, Math.min(1, (view.zoom - 12) / 5));
  const paint = (members, k) => {
    const [far, near] = draw.radii ? draw.radii[k] : draw.radius;
    const radius = far + growth * (near - far);
    const finish = () => {
      context.globalAlpha = draw.opacity ?? 1;
      context.fillStyle = draw.colours[k];
      context.fill();
      if (radius < 3.2) return;
      context.globalAlpha = 1;
      context.strokeStyle = "#ffffff";
      context.lineWidth = 0.8;
      context.stroke();
    };
    const circle = (i) => {
      const x = (layer.x[i] - view.left) * view.scale;
      const y = (layer.y[i] - view.top) * view.scale;
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 7);
    };
    eachBatch(context, layer, members, view, circle, finish);
  };
  const groups = classes(layer, draw);
  if (!draw.mixed) groups.forEach(paint);
  else for (let turn = 0; turn < TURNS; turn++) groups.forEach((members, k) => paint(members.filter((i) => (i * 7919) % TURNS === turn), k));
  context.globalAlpha = 1;
}

/** Density of the layer's features, of one class of them if the drawing says so. */
export function heat(context, layer, draw, view) {
  if (draw.version !== view.version) {
    const only = draw.only && layer.columns.get(draw.only.column);
    const shown = (i) => view.mask(i) && (!only || only.code(i) === draw.only.code);
    draw.field = density(layer, shown, draw.bandwidth_m, view.plane);
    draw.picture = draw.field.highest > 0 ? tinted(draw.field, draw.colours) : null;
    draw.version = view.version;
  }
  if (!draw.picture) return;
  const { across, down, corners } = draw.field;
  const [northWest, northEast, southWest] = corners.map(([lon, lat]) => [
    (worldX(lon) - view.left) * view.scale,
    (worldY(lat) - view.top) * view.scale,
  ]);
  context.save();
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.transform(
    (northEast[0] - northWest[0]) / across, (northEast[1] - northWest[1]) / across,
    (southWest[0] - northWest[0]) / down, (southWest[1] - northWest[1]) / down,
    northWest[0], northWest[1],
  );
  context.drawImage(draw.picture, 0, 0);
  context.restore();
}

/** Numbered discs at the places in the columns lon and lat; one that would hide an earlier one shrinks to a dot. */
export function badges(context, layer, draw, view) {
  const numbers = layer.columns.get(draw.number);
  const kinds = layer.columns.get(draw.column);
  context.font = `600 11px ${view.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  draw.places ??= badgePlaces(context, layer, numbers);
  const taken = new Taken();
  const small = [];
  const large = [];
  for (let i = 0; i < layer.count; i++) {
    const [wx, wy, radius] = draw.places[i];
    if (!view.mask(i) || wx < view.left || wx > view.right || wy < view.top || wy > view.bottom) continue;
    const [x, y] = [(wx - view.left) * view.scale, (wy - view.top) * view.scale];
    if (taken.add(x, y, radius)) large.push([i, wx, wy, radius, x, y]);
    else small.push([i, wx, wy, DOT, x, y]);
  }
  context.strokeStyle = "#ffffff";
  context.lineWidth = 1;
  draw.colours.forEach((colour, k) => dotsOf(context, small.filter(([i]) => kinds.code(i) === k), colour));
  context.lineWidth = 1.5;
  for (const [i, , , radius, x, y] of large) {
    context.beginPath();
    context.arc(x, y, radius, 0, 7);
    context.fillStyle = draw.colours[kinds.code(i)];
    context.fill();
    context.stroke();
    context.fillStyle = draw.inks[kinds.code(i)];
    context.fillText(String(numbers.at(i)), x, y + 0.5);
  }
  draw.discs = [...small, ...large]; // for the pointer: [feature, place in world units, pixels]
}

/** Dots of one colour; of those that lie on one another only one is drawn. */
function dotsOf(context, discs, colour) {
  const cells = new Set();
  context.beginPath();
  for (const [, , , radius, x, y] of discs) {
    const cell = Math.round(x / 3) * 65536 + Math.round(y / 3);
    if (cells.has(cell)) continue;
    cells.add(cell);
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 7);
  }
  context.fillStyle = colour;
  context.fill();
  context.stroke();
}

/** Place in world units and radius in pixels of each disc. */
function badgePlaces(context, layer, numbers) {
  const [lon, lat] = [layer.columns.get("lon"), layer.columns.get("lat")];
  const radii = new Map(); // figures are of one width each: a radius for every number of them
  return Array.from({ length: layer.count }, (_, i) => {
    const text = String(numbers.at(i));
    if (!radii.has(text.length)) radii.set(text.length, Math.max(9, context.measureText(text).width / 2 + 5));
    return [worldX(lon.at(i)), worldY(lat.at(i)), radii.get(text.length)];
  });
}

/** Discs on the screen that do not overlap, kept in cells as large as the largest. */
class Taken {
  cells = new Map();

  add(x, y, radius) {
    const [column, row] = [Math.floor(x / 64), Math.floor(y / 64)];
    for (let c = column - 1; c <= column + 1; c++) {
      for (let r = row - 1; r <= row + 1; r++) {
        const isHidden = ([px, py, pr]) => Math.hypot(px - x, py - y) <= pr + radius - 1;
        if (this.cells.get(`${c}:${r}`)?.some(isHidden)) return false;
      }
    }
    const key = `${column}:${row}`;
    if (!this.cells.has(key)) this.cells.set(key, []);
    this.cells.get(key).push([x, y, radius]);
    return true;
  }
}

/**
 * Names on polygons, largest first: in full where there is room, else the short one, and none where that has no room in
 * its polygon or would cover another.
 */
export function labels(context, layer, draw, view) {
  const [short, full] = [layer.columns.get(draw.text), layer.columns.get(draw.full ?? draw.text)];
  if (!draw.order) {
    const size = (i) => (layer.east[i] - layer.west[i]) * (layer.south[i] - layer.north[i]);
    draw.order = Array.from({ length: layer.count }, (_, i) => i).sort((a, b) => size(b) - size(a));
    draw.widths = new Map();
  }
  const size = draw.size ?? 12;
  context.font = `${draw.weight ?? 500} ${size}px ${view.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  const [lon, lat] = [layer.columns.get("label_lon"), layer.columns.get("label_lat")];
  const placed = [];
  for (const i of draw.order) {
    if (!isVisible(layer, i, view)) continue;
    const room = (layer.east[i] - layer.west[i]) * view.scale;
    const widthOf = (text) => {
      if (!draw.widths.has(text)) draw.widths.set(text, context.measureText(text).width);
      return draw.widths.get(text);
    };
    const inFull = full.at(i);
    const text = inFull !== null && widthOf(inFull) < 0.8 * room ? inFull : short.at(i);
    if (text === null) continue;
    const width = widthOf(text);
    if (width > 1.25 * room) continue;
    const [x, y] = [(worldX(lon.at(i)) - view.left) * view.scale, (worldY(lat.at(i)) - view.top) * view.scale];
    const box = [x - width / 2 - 3, y - size / 2 - 3, x + width / 2 + 3, y + size / 2 + 3];
    if (placed.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
    placed.push(box);
    context.strokeStyle = "rgba(255,255,255,0.85)";
    context.lineWidth = 3;
    context.strokeText(text, x, y);
    context.fillStyle = draw.colour ?? "#2b2a27";
    context.fillText(text, x, y);
  }
}
