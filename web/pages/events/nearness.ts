// How far a place is from an area's border, on the few kilometres of a neighbourhood, where the ground is flat.

const METRES = 111_320; // to a degree of latitude

/** Metres from a place to the nearest border of a MultiPolygon in degrees. */
export function metresTo(coordinates: readonly (readonly (readonly (readonly number[])[])[])[], lon: number, lat: number): number {
  const across = METRES * Math.cos((lat * Math.PI) / 180);
  let nearest = Infinity;
  for (const polygon of coordinates) {
    for (const ring of polygon) {
      for (let at = 1; at < ring.length; at++) {
        const [a, b] = [ring[at - 1] as number[], ring[at] as number[]];
        const [ax, ay] = [((a[0] as number) - lon) * across, ((a[1] as number) - lat) * METRES];
        const [bx, by] = [((b[0] as number) - lon) * across, ((b[1] as number) - lat) * METRES];
        const [dx, dy] = [bx - ax, by - ay];
        const along = dx || dy ? Math.max(0, Math.min(1, -(ax * dx + ay * dy) / (dx * dx + dy * dy))) : 0;
        nearest = Math.min(nearest, Math.hypot(ax + along * dx, ay + along * dy));
      }
    }
  }
  return nearest;
}
