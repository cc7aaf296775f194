// A value as people read it: thousands set apart, shares in per cent, a unit after a number.

const plain = new Map();

function number(digits) {
  if (!plain.has(digits)) {
    plain.set(digits, new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }));
  }
  return plain.get(digits);
}

export const figure = (value, digits = 0) => number(digits).format(value);

/** Text of feature i in a column; empty when the value is missing. */
export function cell(column, i, withUnit = true) {
  const value = column.at(i);
  if (value === null) return "";
  if (column.kind === "text" || column.kind === "code") return value;
  if (column.format === "signed") {
    const share = figure(Math.abs(100 * value), 1);
    return `${share === "0.0" ? "" : value > 0 ? "+" : "\u2212"}${share}%`;
  }
  if (column.format === "share") return `${figure(100 * value, 1)}%`;
  if (column.format === "plain") return String(value); // years and numbers that only name something
  const text = figure(value, column.shown_digits ?? column.digits);
  return withUnit && column.unit ? `${text} ${column.unit}` : text;
}

/** What sorts the features of a column: numbers as numbers, texts by the page's language, missing values last. */
export function sorter(column, count, isDown, language) {
  const isText = column.kind === "text" || column.kind === "code";
  let values = Array.from({ length: count }, (_, i) => column.at(i));
  if (isText) {
    // every text is compared once, not at each step of the sorting
    const known = [...new Set(values)].filter((value) => value !== null);
    const places = new Map(known.sort(new Intl.Collator(language, { numeric: true }).compare).map((text, place) => [text, place]));
    values = values.map((text) => places.get(text) ?? null);
  }
  return (a, b) => {
    const [x, y] = [values[a], values[b]];
    if (x === null || y === null) return (x === null) - (y === null);
    return isDown ? y - x : x - y;
  };
}
