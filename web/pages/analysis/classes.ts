// Values parted into classes for a map: natural breaks, each limit moved to a number that is easily read.

const STEPS = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];
const MOST_LOOKED_AT = 1000; // of more values as many quantiles are taken: the search is quadratic

/** Limits between classes, rising; a value at a limit belongs to the class above it. */
export type Limits = readonly number[];

/**
 * Part values by natural breaks (Fisher 1958, Jenks 1967), limits moved to 1, 1.5, 2, 3, 4, 5, 6 or 8 times a
 * power of ten where that still lies between the classes; counts have whole limits.
 */
export function roundedBreaks(values: readonly number[], classes: number): Limits {
  const known = values.filter(Number.isFinite).sort((a, b) => a - b);
  const first = known[0];
  const last = known[known.length - 1];
  if (first === undefined || last === undefined || first === last) return [];
  const whole = known.every(Number.isInteger);
  const looked = thinned(known);
  const limits: number[] = [];
  for (const at of naturalBreaks(looked, classes)) {
    const limit = shortest(looked[at - 1] as number, looked[at] as number, whole);
    if (limit > (limits[limits.length - 1] ?? -Infinity)) limits.push(limit);
  }
  return limits;
}

/** Where classes begin, as places in sorted values: the least sum of squared deviations from the means of classes. */
export function naturalBreaks(sorted: readonly number[], classes: number): number[] {
  const n = sorted.length;
  const most = Math.min(classes, new Set(sorted).size);
  const sums = new Float64Array(n + 1);
  const squares = new Float64Array(n + 1);
  sorted.forEach((value, i) => {
    sums[i + 1] = (sums[i] as number) + value;
    squares[i + 1] = (squares[i] as number) + value * value;
  });
  const cost = (from: number, to: number): number => {
    const sum = (sums[to] as number) - (sums[from] as number);
    return (squares[to] as number) - (squares[from] as number) - (sum * sum) / (to - from);
  };
  let least = Float64Array.from({ length: n + 1 }, (_, to) => (to ? cost(0, to) : 0));
  const begins: Int32Array[] = [];
  for (let k = 1; k < most; k++) {
    const next = new Float64Array(n + 1).fill(Infinity);
    const begin = new Int32Array(n + 1);
    for (let to = k + 1; to <= n; to++) {
      for (let from = k; from < to; from++) {
        if (sorted[from] === sorted[from - 1]) continue; // equal values stand together
        const all = (least[from] as number) + cost(from, to);
        if (all < (next[to] as number)) {
          next[to] = all;
          begin[to] = from;
        }
      }
    }
    least = next;
    begins.push(begin);
  }
  const found: number[] = [];
  for (let k = begins.length - 1, to = n; k >= 0; k--) {
    to = (begins[k] as Int32Array)[to] as number;
    found.unshift(to);
  }
  return found;
}

/** The shortest number above `below` and not above `from`: all that parts the two classes is allowed. */
function shortest(below: number, from: number, whole: boolean): number {
  const found: number[] = [];
  const least = whole ? 0 : Math.floor(Math.log10(Math.max(from - below, from * 1e-6)));
  for (let power = least; power <= Math.ceil(Math.log10(from)); power++) {
    for (const step of STEPS) {
      const limit = Number((step * 10 ** power).toPrecision(12));
      if (limit > below && limit <= from && (!whole || Number.isInteger(limit))) found.push(limit);
    }
  }
  const middle = (below + from) / 2;
  const nearest = found.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0];
  return nearest ?? (whole ? from : shorter(below, from));
}

/** No step lies between: as few digits as part the two. */
function shorter(below: number, from: number): number {
  for (let digits = 1; digits < 15; digits++) {
    const limit = Number(from.toPrecision(digits));
    if (limit > below && limit <= from) return limit;
  }
  return from;
}

function thinned(sorted: readonly number[]): readonly number[] {
  if (sorted.length <= MOST_LOOKED_AT) return sorted;
  return Array.from({ length: MOST_LOOKED_AT }, (_, i) => sorted[Math.round((i * (sorted.length - 1)) / (MOST_LOOKED_AT - 1))] as number);
}
