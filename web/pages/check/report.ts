// What a check found, in figures.

import type { Schema } from "../../shared/asking.ts";
import { facts, make } from "../../shared/elements.ts";
import { number, say } from "../../shared/words.ts";

type Report = Schema["CheckReport"];

/** The verdict, the defects by kind, and what the figures rest on. */
export function found(report: Report): HTMLElement[] {
  const kinds = Object.entries(report.counts);
  const faults = kinds.filter(([kind]) => kind !== "vertex-mismatch").reduce((sum, [, count]) => sum + count, 0);
  return [
    make(
      "div",
      { class: report.clean ? "verdict" : "verdict bad" },
      report.clean ? say(report.certified ? "proved" : "clean") : say("faults", { count: number(faults) }),
    ),
    make(
      "table",
      {},
      make("thead", {}, make("tr", {}, make("th", {}, say("kind")), figure("th", say("count")), figure("th", "m²"))),
      make("tbody", {}, kinds.map(([kind, count]) => row(kind, count, report.ground_m2[kind] ?? 0))),
    ),
    facts([
      [say("areas"), number(report.areas)],
      [say("scopeOf"), ground(report.scope)],
      [say("parentsOf"), ground(report.parents)],
      [say("coordinates"), `${report.crs} · ${say("measuredIn", { crs: report.measured_in })}`],
      [say("tolerances"), tolerances(report)],
      [say("certificate"), report.certificate],
    ]),
  ];
}

function row(kind: string, count: number, ground: number): HTMLElement {
  const cells = [make("td", {}, say(`kind_${kind}`) === `kind_${kind}` ? kind : say(`kind_${kind}`))];
  cells.push(figure("td", number(count)), figure("td", count ? number(ground, ground < 100 ? 3 : 0) : "–"));
  return make("tr", { class: count ? "some" : "none" }, cells);
}

function figure(tag: "td" | "th", text: string): HTMLTableCellElement {
  return make(tag, { class: "figure" }, text);
}

const GROUNDS: [RegExp, string][] = [
  [/^none:/, "groundNone"],
  [/^file (?<name>.+?), layer (?<layer>.+)$/, "groundLayer"],
  [/^file (?<name>.+)$/, "groundFile"],
  [/^outline of the plan$/, "groundOutline"],
  [/^area (?<code>.+) of layer (?<layer>.+) on (?<day>\S+)$/, "groundArea"],
  [/^all of layer (?<layer>.+) on (?<day>\S+)$/, "groundAll"],
  [/^layer (?<layer>.+) on (?<day>\S+)$/, "groundAll"],
];

/** What a report says of a scope, in the language of the page; as it is where it says something else. */
function ground(text: string | null): string | null {
  for (const [pattern, key] of GROUNDS) {
    const match = text === null ? null : pattern.exec(text);
    if (match) return say(key, match.groups);
  }
  return text;
}

function tolerances({ tolerances: used, below }: Report): string | null {
  const lines = Object.entries(used).map(([name, value]) => {
    const fewer = below[name] ? ` (${say("below", { count: number(below[name]) })})` : "";
    return `${say(name)} ${number(value, 4)} ${name.endsWith("m2") ? "m²" : "m"}${fewer}`;
  });
  return lines.length ? lines.join("；") : null;
}
