// Names on the map, where there is room for them.

/* global L */

const WIDE = 15; // pixels that a Chinese character takes, at most
const NARROW = 8;
const LINE = 20;
const HEIGHTS = [0.5, 0.4, 0.6, 0.3, 0.7]; // where a name may lie, from the south, best first

/** Names of areas, shown where the area is wider than its name at the zoom of the moment. */
export class Labels {
  #map;
  #group = L.layerGroup();
  #labels = [];

  constructor(map) {
    this.#map = map;
    this.#group.addTo(map);
    map.on("zoomend", () => this.#fit());
  }

  /** Name these features, and those of the layer above, which go first. */
  show(features, above) {
    this.#group.clearLayers();
    this.#labels = [...bySize(above, "above"), ...bySize(features, "")].map(([feature, name]) => {
      const { place, from, to } = widest(feature.geometry);
      const text = feature.properties.name;
      const marker = L.tooltip({ permanent: true, direction: "center", className: `label ${name}`, interactive: false })
        .setLatLng(place)
        .setContent(document.createTextNode(text));
      return { marker, place, from, to, width: width(text) };
    });
    this.#fit();
  }

  /** Show the names that fit into their areas and do not cover one that is shown already. */
  #fit() {
    const taken = [];
    for (const { marker, place, from, to, width: wide } of this.#labels) {
      const at = this.#map.latLngToLayerPoint(place);
      const room = this.#map.latLngToLayerPoint(to).x - this.#map.latLngToLayerPoint(from).x;
      const box = [at.x - wide / 2, at.y - LINE / 2, at.x + wide / 2, at.y + LINE / 2];
      const covers = taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);
      if (room > wide && !covers) {
        taken.push(box);
        this.#group.addLayer(marker);
      } else {
        this.#group.removeLayer(marker);
      }
    }
  }
}

function bySize(features, name) {
  const size = ({ bbox: [west, south, east, north] }) => (east - west) * (north - south);
  return [...features].sort((one, other) => size(other) - size(one)).map((feature) => [feature, name]);
}

function width(text) {
  return [...text].reduce((sum, letter) => sum + (letter > "\u2e80" ? WIDE : NARROW), 0);
}

/** The widest stretch inside the largest part, along a few parallels: its ends and its middle. */
function widest(geometry) {
  const parts = geometry.coordinates.map((rings) => ({ rings, area: Math.abs(areaOf(rings[0])) }));
  const { rings } = parts.reduce((best, part) => (part.area > best.area ? part : best));
  const lats = rings[0].map(([, lat]) => lat);
  const south = Math.min(...lats);
  const high = Math.max(...lats) - south;
  let best = { wide: -1 };
  for (const height of HEIGHTS) {
    const lat = south + high * height;
    const cuts = rings.flatMap((ring) => crossings(ring, lat)).sort((one, other) => one - other);
    for (let i = 0; i + 1 < cuts.length; i += 2) {
      const wide = cuts[i + 1] - cuts[i];
      if (wide > best.wide * 1.1) best = { wide, lat, west: cuts[i], east: cuts[i + 1] };
    }
  }
  const { lat = south, west = rings[0][0][0], east = rings[0][0][0] } = best;
  return { place: [lat, (west + east) / 2], from: [lat, west], to: [lat, east] };
}

function crossings(ring, lat) {
  const found = [];
  for (let i = 1; i < ring.length; i += 1) {
    const [[x0, y0], [x1, y1]] = [ring[i - 1], ring[i]];
    if (y0 > lat !== y1 > lat) found.push(x0 + ((lat - y0) / (y1 - y0)) * (x1 - x0));
  }
  return found;
}

function areaOf(ring) {
  let twice = 0;
  for (let i = 1; i < ring.length; i += 1) twice += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1];
  return twice / 2;
}
