// Pale fills that tell neighbouring parents apart.

import { boundingExtent, intersects } from "ol/extent.js";
import type { AreaFeature } from "../../shared/areas.ts";

const FILLS = ["#dbe6cf", "#f3e1c3", "#d4e2ee", "#efd9d3", "#e2dbee", "#cfe7df", "#efe8bd", "#e3ded2"];

/** Give each group of features a fill that no group beside it has, as far as there are fills. */
export function fillsOf(features: AreaFeature[], groupOf: (feature: AreaFeature) => string): Map<string, string> {
  const boxes = new Map<string, number[]>();
  for (const feature of features) {
    const group = groupOf(feature);
    boxes.set(group, joined(boxes.get(group), feature.bbox));
  }
  const fills = new Map<string, string>();
  for (const [group, box] of [...boxes].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const beside = [...fills].filter(([other]) => intersects(box, boxes.get(other) ?? box));
    const taken = beside.map(([, fill]) => fill);
    const free = FILLS.find((fill) => !taken.includes(fill));
    fills.set(group, free ?? leastUsed(taken));
  }
  return fills;
}

function joined(one: number[] | undefined, other: number[]): number[] {
  return one ? boundingExtent([one.slice(0, 2), one.slice(2), other.slice(0, 2), other.slice(2)]) : other;
}

function leastUsed(taken: string[]): string {
  const uses = (fill: string) => taken.filter((other) => other === fill).length;
  return FILLS.reduce((best, fill) => (uses(fill) < uses(best) ? fill : best));
}
