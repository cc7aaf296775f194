// The address of the page tells what it shows, so that it can be bookmarked and sent to someone.

const KEYS = ["lang", "layer", "at", "code", "lon", "lat", "crs"];

/** What the address asks for. */
export function read() {
  const asked = new URLSearchParams(location.hash.slice(1));
  return Object.fromEntries(KEYS.filter((key) => asked.get(key)).map((key) => [key, asked.get(key)]));
}

/** Put what is shown into the address; keys without a value go away. */
export function write(changes) {
  const shown = { ...read(), ...changes };
  const kept = KEYS.filter((key) => shown[key] !== undefined && shown[key] !== null && shown[key] !== "");
  const query = new URLSearchParams(kept.map((key) => [key, shown[key]]));
  history.replaceState(null, "", query.size ? `#${query}` : location.pathname);
}
