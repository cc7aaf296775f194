// Which colour an area has by a figure, and what the legend says of it.

import { classOf, DEVIATION, deviationColour, SEQUENCE } from "../../shared/map/palette.ts";
import type { LegendGroup } from "../../shared/map/legend.ts";
import { number, percent, say } from "../../shared/words.ts";
import { figureOf, type Figure, type Row } from "./answer.ts";
import { roundedBreaks, type Limits } from "./classes.ts";
import { titled, written } from "./writing.ts";

export const NO_FIGURE = "#e6e3dc";

export interface Colouring {
  figure: Figure;
  colourOf: (row: Row | undefined) => string;
  legend: () => LegendGroup;
}

/** Colour rows by one of their figures. */
export function colouring(figure: Figure, rows: readonly Row[]): Colouring {
  return figure.scale === "off" ? byDeviation(figure, rows) : bySequence(figure, rows);
}

function bySequence(figure: Figure, rows: readonly Row[]): Colouring {
  const values = rows.map((row) => figureOf(row, figure.key)).filter((value) => value !== null);
  const limits = roundedBreaks(values, SEQUENCE.length);
  const colours = coloursFor(limits.length + 1);
  if (!limits.length && !values.some((value) => value > 0)) colours[0] = SEQUENCE[0] as string; // there is nothing anywhere
  if (figure.good) colours.reverse();
  const counts = colours.map(() => 0);
  for (const value of values) counts[classOf(value, limits)]!++; // a class for each
  return {
    figure,
    colourOf: (row) => {
      const value = row && figureOf(row, figure.key);
      return value === null || value === undefined ? NO_FIGURE : (colours[classOf(value, limits)] as string);
    },
    legend: () => ({
      title: titled(figure.key).title,
      keys: [
        ...colours.map((colour, i) => ({ key: String(i), colour, label: range(limits, i, values, figure), count: say("areasCount", { count: number(counts[i] as number) }) })).reverse(),
        ...unknown(rows.length - values.length),
      ],
      notes: [limits.length ? say("classedBy") : say("notClassed")],
    }),
  };
}

/** As many colours as classes, from pale to dark. */
function coloursFor(classes: number): string[] {
  const last = SEQUENCE.length - 1;
  return Array.from({ length: classes }, (_, i) => SEQUENCE[classes === 1 ? 1 : Math.round((i * last) / (classes - 1))] as string);
}

function range(limits: Limits, i: number, values: readonly number[], { kind }: Figure): string {
  const [from, to] = [limits[i - 1], limits[i]];
  if (kind === "count" && limits.length) {
    const [least, most] = [from ?? Math.min(...values), to === undefined ? null : to - 1];
    if (most !== null) return most > least ? say("fromTo", { from: written(least, kind), to: written(most, kind) }) : written(least, kind);
  }
  if (from === undefined && to === undefined) return values.length ? written(values[0] as number, kind) : "–";
  if (from === undefined) return say("below", { limit: written(to as number, kind) });
  if (to === undefined) return say("atLeast", { limit: written(from, kind) });
  return say("fromTo", { from: written(from, kind), to: written(to, kind) });
}

const BANDS = [0.1, 0.3] as const;

function byDeviation(figure: Figure, rows: readonly Row[]): Colouring {
  const [near, far] = figure.bands ?? BANDS;
  const colourOf = (row: Row | undefined) => {
    const value = row && figureOf(row, figure.key);
    return value === null || value === undefined ? NO_FIGURE : deviationColour(value, near, far);
  };
  return {
    figure,
    colourOf,
    legend: () => ({
      title: titled(figure.key).title,
      keys: [
        ...DEVIATION
          .map((colour, i) => ({
            key: String(i),
            colour,
            label: offLabel([-far, -near, near, far], i),
            count: say("areasCount", { count: number(rows.filter((row) => colourOf(row) === colour).length) }),
          }))
          .reverse(),
        ...unknown(rows.filter((row) => figureOf(row, figure.key) === null).length),
      ],
      notes: [say("fixedClasses", { near: percent(near), far: percent(far) })],
    }),
  };
}

function offLabel(limits: readonly number[], i: number): string {
  const [from, to] = [limits[i - 1], limits[i]].map((limit) => (limit === undefined ? null : written(limit, "off")));
  if (!from) return say("below", { limit: to ?? "" });
  return to ? say("fromTo", { from, to }) : say("above", { limit: from });
}

function unknown(count: number) {
  return count ? [{ key: "unknown", colour: NO_FIGURE, label: say("noFigure"), count: say("areasCount", { count: number(count) }) }] : [];
}
