// Pale fills that tell neighbouring parents apart.

const FILLS = ["#dbe6cf", "#f3e1c3", "#d4e2ee", "#efd9d3", "#e2dbee", "#cfe7df", "#efe8bd", "#e3ded2"];

/** Give each group of features a fill that no group beside it has, as far as there are fills. */
export function fillsOf(features, groupOf) {
  const boxes = new Map();
  for (const feature of features) {
    const group = groupOf(feature);
    boxes.set(group, joined(boxes.get(group), feature.bbox));
  }
  const fills = new Map();
  for (const group of [...boxes.keys()].sort()) {
    const beside = [...fills].filter(([other]) => meet(boxes.get(group), boxes.get(other)));
    const taken = beside.map(([, fill]) => fill);
    const free = FILLS.find((fill) => !taken.includes(fill));
    fills.set(group, free ?? leastUsed(taken));
  }
  return fills;
}

function joined(one, other) {
  if (!one) return other;
  return [Math.min(one[0], other[0]), Math.min(one[1], other[1]), Math.max(one[2], other[2]), Math.max(one[3], other[3])];
}

function meet(one, other) {
  return one[0] <= other[2] && other[0] <= one[2] && one[1] <= other[3] && other[1] <= one[3];
}

function leastUsed(taken) {
  const uses = (fill) => taken.filter((other) => other === fill).length;
  return FILLS.reduce((best, fill) => (uses(fill) < uses(best) ? fill : best));
}
