// Which grid owns each of many points: numbers go, numbers come back. Node 18 or a browser; no packages.
// @ts-check

/**
 * What came back for a batch of points.
 * @typedef {object} Owners
 * @property {string} layer The layer that was asked.
 * @property {string} crs The coordinate system that the points were taken in.
 * @property {string} at The day, as 2026-03-01.
 * @property {(string | null)[]} codes The code of the area that owns each point; null where none does.
 * @property {string[]} statuses "owned", or why no area owns the point.
 */

const WITHOUT = ["outside", "no-coordinate", "bad-coordinate", "unreadable"]; // −1, −2, −3, −4

/**
 * Ask which areas of a layer own points.
 * @param {string} base Where the service is: "https://grid.example.org".
 * @param {string} key Key of an account ("ggk_…").
 * @param {string} layer Name of the layer.
 * @param {readonly (readonly [lon: number, lat: number])[]} points Longitude and latitude of each point.
 * @param {{ crs?: string, at?: string }} [options] Coordinate system and day; WGS 84 and today by default.
 * @returns {Promise<Owners>}
 */
export async function resolveMany(base, key, layer, points, options = {}) {
  const body = new DataView(new ArrayBuffer(16 * points.length));
  points.forEach(([lon, lat], i) => {
    body.setFloat64(16 * i, lon, true);
    body.setFloat64(16 * i + 8, lat, true);
  });
  const response = await fetch(`${base}/v1/resolve?${new URLSearchParams({ layer, ...options })}`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${key}`,
      "Content-Type": "application/octet-stream",
      Accept: "application/octet-stream, application/problem+json;q=0.1",
    },
    body: body.buffer,
  });
  if (!response.ok) {
    const problem = await response.json(); // RFC 9457: type, title, detail, hint …
    throw new Error(`${response.status}: ${problem.detail}`);
  }
  const answer = new DataView(await response.arrayBuffer());
  const headBytes = answer.getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(answer.buffer, 4, headBytes)));
  const begin = 4 + headBytes;
  if (answer.byteLength !== begin + 4 * points.length) throw new Error("The answer was cut.");
  const owners = points.map((_, i) => answer.getInt32(begin + 4 * i, true));
  return {
    layer: head.layer,
    crs: head.crs,
    at: head.at,
    codes: owners.map((owner) => (owner < 0 ? null : head.codes[owner])),
    statuses: owners.map((owner) => (owner < 0 ? WITHOUT[-1 - owner] : "owned")),
  };
}
