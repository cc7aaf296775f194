// Reads a packed layer: the inverse of maps/packing.py, where the format is described.

const EMPTY = new Uint8Array(0);

async function inflate(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function varints(bytes) {
  let n = 0;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] < 128) n++;
  const values = new Float64Array(n);
  for (let i = 0, k = 0; k < n; k++) {
    let value = bytes[i] & 127;
    let place = 128;
    while (bytes[i++] > 127) {
      value += (bytes[i] & 127) * place; // not shifted: a shift would cut at 32 bits
      place *= 128;
    }
    values[k] = value;
  }
  return values;
}

const signed = (value) => (value % 2 ? -(value + 1) / 2 : value / 2);

/** Running sums of signed steps, in units of `step` from `origin`: degrees. */
function runningSums(bytes, origin, step) {
  const values = varints(bytes);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    sum += signed(values[i]);
    values[i] = origin + sum * step;
  }
  return values;
}

function offsets(counts) {
  const starts = new Uint32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) starts[i + 1] = starts[i] + counts[i];
  return starts;
}

function points(take, header) {
  const [west, south] = header.origin;
  return { lon: runningSums(take(), west, header.step), lat: runningSums(take(), south, header.step) };
}

/** Polygons by their rings, or lines by their parts. */
function paths(take, header) {
  const [west, south] = header.origin;
  const ringsOf = offsets(varints(take())); // feature → its rings
  const verticesOf = offsets(varints(take())); // ring → its vertices
  const firstLon = runningSums(take(), west, header.step);
  const firstLat = runningSums(take(), south, header.step);
  const restLon = varints(take());
  const restLat = varints(take());
  const total = verticesOf[verticesOf.length - 1];
  const lon = new Float64Array(total);
  const lat = new Float64Array(total);
  for (let ring = 0, rest = 0; ring + 1 < verticesOf.length; ring++) {
    const start = verticesOf[ring];
    lon[start] = firstLon[ring];
    lat[start] = firstLat[ring];
    const end = verticesOf[ring + 1];
    for (let v = start + 1; v < end; v++, rest++) {
      lon[v] = lon[v - 1] + signed(restLon[rest]) * header.step;
      lat[v] = lat[v - 1] + signed(restLat[rest]) * header.step;
    }
    if (end - start === 4) {
      // written as what it misses of closing a parallelogram
      lon[end - 1] -= lon[start + 1] - lon[start];
      lat[end - 1] -= lat[start + 1] - lat[start];
    }
  }
  return { lon, lat, ringsOf, verticesOf };
}

/** One value per feature; `null` where it is missing. Codes answer their place in `values`, −1 when missing. */
function readColumn(take, column) {
  const raw = varints(take()); // 0 stands for missing
  if (column.kind === "text") {
    const words = new TextDecoder().decode(take()).split("\0");
    let next = 0;
    const places = raw.map((written) => (written === 1 ? next++ : written - 2)); // 1 is the next new word
    return { ...column, at: (i) => (places[i] < 0 ? null : words[places[i]]) };
  }
  if (column.kind === "code") {
    return { ...column, raw, code: (i) => raw[i] - 1, at: (i) => (raw[i] ? column.values[raw[i] - 1] : null) };
  }
  const scale = 10 ** column.digits;
  return { ...column, raw, at: (i) => (raw[i] ? (raw[i] - 1 + column.least) / scale : null) };
}

/** The layer of one packed header: coordinates in degrees, offsets into them, and its columns by key. */
export async function unpack(header) {
  const bytes = await inflate(header.bytes);
  let next = 0;
  let start = 0;
  const take = () => {
    const length = header.streams[next++];
    start += length;
    return length ? bytes.subarray(start - length, start) : EMPTY;
  };
  const shape = header.geometry === "point" ? points(take, header) : paths(take, header);
  const columns = new Map(header.columns.map((column) => [column.key, readColumn(take, column)]));
  return { ...header, bytes: null, ...shape, columns };
}
