// Between whole numbers of 1e-7° and Web Mercator, which maps are drawn in.

export const SCALE = 1e-7;
const RADIUS = 6378137;
const RADIANS = (Math.PI / 180) * SCALE;

/** @param x longitude in 1e-7° */
export function mercatorX(x: number): number {
  return RADIUS * x * RADIANS;
}

/** @param y latitude in 1e-7° */
export function mercatorY(y: number): number {
  return RADIUS * Math.log(Math.tan(Math.PI / 4 + (y * RADIANS) / 2));
}

/** The place of a point of the map as longitude and latitude, to 1e-7°. */
export function lonLatOf([x, y]: number[]): [lon: number, lat: number] {
  const lon = Math.round((x as number) / RADIUS / RADIANS);
  const lat = Math.round((2 * Math.atan(Math.exp((y as number) / RADIUS)) - Math.PI / 2) / RADIANS);
  return [lon / 1e7, lat / 1e7];
}
