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
  if (column.format === "share") return `${figure(100 * value, 1)}%`;
  if (column.format === "plain") return String(value); // years and numbers that only name something
  const text = figure(value, column.shown_digits ?? column.digits);
  return withUnit && column.unit ? `${text} ${column.unit}` : text;
}

/** What sorts a column: numbers as numbers, texts by the page's language, missing values last. */
export function sorter(column, isDown, language) {
  const compare = new Intl.Collator(language, { numeric: true }).compare;
  const isText = column.kind === "text" || column.kind === "code";
  return (a, b) => {
    const [x, y] = [column.at(a), column.at(b)];
    if (x === null || y === null) return (x === null) - (y === null);
    const order = isText ? compare(x, y) : x - y;
    return isDown ? -order : order;
  };
}
