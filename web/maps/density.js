// Kernel density of points in metres: the same sums as maps/density.py, so that page and print agree.
//
// Points are counted in square cells a quarter of the bandwidth wide; a Gaussian of that bandwidth, cut at three
// times it, is run along rows and then columns. The answer is a density per km².

const CELLS_PER_BANDWIDTH = 4;
const REACH = 3;

function kernel() {
  const half = REACH * CELLS_PER_BANDWIDTH;
  const weights = Float64Array.from({ length: 2 * half + 1 }, (_, k) => Math.exp(-0.5 * ((k - half) / CELLS_PER_BANDWIDTH) ** 2));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}

function smoothAlong(cells, across, down, stepAlong, stepBeside, lengthAlong, lengthBeside) {
  const weights = kernel();
  const half = (weights.length - 1) / 2;
  const out = new Float32Array(across * down);
  for (let beside = 0; beside < lengthBeside; beside++) {
    const base = beside * stepBeside;
    for (let along = 0; along < lengthAlong; along++) {
      const value = cells[base + along * stepAlong];
      if (!value) continue; // most cells are empty: spread what there is
      const first = Math.max(-half, -along);
      const last = Math.min(half, lengthAlong - 1 - along);
      for (let k = first; k <= last; k++) out[base + (along + k) * stepAlong] += value * weights[k + half];
    }
  }
  return out;
}

/** A place by one of the plane's polynomials: from degrees to metres (`into`) or back; null beyond where they hold. */
function moved({ middle, half, terms }, a, b) {
  const [u, v] = [(a - middle[0]) / half[0], (b - middle[1]) / half[1]];
  if (!(Math.abs(u) <= 1.05 && Math.abs(v) <= 1.05)) return null;
  return terms.map(
    ([one, u1, v1, uu, uv, vv, uuu, uuv, uvv, vvv]) =>
      one + u * (u1 + u * (uu + u * uuu + v * uuv) + v * (uv + v * uvv)) + v * (v1 + v * (vv + v * vvv)),
  );
}

/**
 * Density per km² of the features that `shown` lets through, on square cells of the projected plane, over the map's
 * ground and three bandwidths around.
 * What lies beyond is left out: one stray coordinate must not stretch the cells over half the world.
 */
export function density(layer, shown, bandwidth, plane) {
  const cell = bandwidth / CELLS_PER_BANDWIDTH;
  const margin = REACH * bandwidth;
  const { anchorLon, anchorLat } = layer.anchors();
  const [west, south, east, north] = plane.ground;
  const [left, bottom] = [west - margin, south - margin];
  // one cell more: the kernel of a feature at the very edge reaches into it
  const across = Math.ceil((east + margin - left) / cell) + 1;
  const down = Math.ceil((north + margin - bottom) / cell) + 1;
  const counts = new Float32Array(across * down);
  for (let i = 0; i < layer.count; i++) {
    const place = shown(i) && moved(plane.into, anchorLon[i], anchorLat[i]);
    if (!place) continue;
    const column = Math.floor((place[0] - left) / cell);
    const row = Math.floor((place[1] - bottom) / cell);
    if (column >= 0 && column < across && row >= 0 && row < down) counts[row * across + column]++;
  }
  const rows = smoothAlong(counts, across, down, 1, across, across, down);
  const values = smoothAlong(rows, across, down, across, 1, down, across);
  const cellKm2 = (cell / 1000) ** 2;
  let highest = 0;
  for (let i = 0; i < values.length; i++) {
    values[i] /= cellKm2;
    if (values[i] > highest) highest = values[i];
  }
  // three corners in degrees: the north-west, north-east and south-west of the cells
  const [right, top] = [left + across * cell, bottom + down * cell];
  const corners = [[left, top], [right, top], [left, bottom]].map(([x, y]) => onMap(plane.back, x, y));
  return { values, across, down, highest, corners };
}

/** Back to degrees; corners beyond where the polynomials hold follow the straight course of the nearest place within. */
function onMap(back, x, y) {
  const [u, v] = [(x - back.middle[0]) / back.half[0], (y - back.middle[1]) / back.half[1]];
  const reach = Math.max(1, Math.abs(u), Math.abs(v));
  const at = (share) => moved(back, back.middle[0] + (x - back.middle[0]) * share, back.middle[1] + (y - back.middle[1]) * share);
  if (reach === 1) return at(1);
  const [inner, outer] = [at(0), at(1 / reach)];
  return outer.map((one, k) => inner[k] + (one - inner[k]) * reach);
}

const channels = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

/** A canvas of one pixel per cell: no colour at zero, the last of `colours` at the highest density. */
export function tinted(field, colours) {
  const stops = colours.map(channels);
  const canvas = document.createElement("canvas");
  canvas.width = field.across;
  canvas.height = field.down;
  const context = canvas.getContext("2d");
  const image = context.createImageData(field.across, field.down);
  for (let row = 0; row < field.down; row++) {
    for (let column = 0; column < field.across; column++) {
      const share = field.highest ? field.values[row * field.across + column] / field.highest : 0;
      const at = 4 * ((field.down - 1 - row) * field.across + column); // rows of the field run northwards
      const place = Math.min(share, 1) * (stops.length - 1);
      const low = Math.min(Math.floor(place), stops.length - 2);
      for (let k = 0; k < 3; k++) image.data[at + k] = stops[low][k] + (place - low) * (stops[low + 1][k] - stops[low][k]);
      image.data[at + 3] = 255 * Math.min(0.88, share * 8);
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** Round numbers from zero up to the highest density, for the legend. */
export function ticks(highest) {
  if (!(highest > 0)) return [0];
  const raw = highest / 3;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [5, 2, 1].map((m) => m * power).find((m) => m <= raw);
  return Array.from({ length: Math.floor(highest / step + 1e-9) + 1 }, (_, k) => k * step);
}
