// What a check found, in figures.

import { facts, make } from "../../shared/elements.ts";
import { number, say } from "../../shared/words.ts";

/** The verdict, the defects by kind, and what the figures rest on. */
export function found(report) {
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
      make("tbody", {}, kinds.map(([kind, count]) => row(kind, count, report.ground_m2[kind]))),
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

function row(kind, count, ground) {
  const cells = [make("td", {}, say(`kind_${kind}`) === `kind_${kind}` ? kind : say(`kind_${kind}`))];
  cells.push(figure("td", number(count)), figure("td", count ? number(ground, ground < 100 ? 3 : 0) : "–"));
  return make("tr", { class: count ? "some" : "none" }, cells);
}

function figure(tag, text) {
  return make(tag, { class: "figure" }, text);
}

const GROUNDS = [
  [/^none:/, "groundNone"],
  [/^file (?<name>.+?), layer (?<layer>.+)$/, "groundLayer"],
  [/^file (?<name>.+)$/, "groundFile"],
  [/^outline of the plan$/, "groundOutline"],
  [/^area (?<code>.+) of layer (?<layer>.+) on (?<day>\S+)$/, "groundArea"],
  [/^all of layer (?<layer>.+) on (?<day>\S+)$/, "groundAll"],
  [/^layer (?<layer>.+) on (?<day>\S+)$/, "groundAll"],
];

/** What a report says of a scope, in the language of the page; as it is where it says something else. */
function ground(text) {
  for (const [pattern, key] of GROUNDS) {
    const match = text?.match(pattern);
    if (match) return say(key, match.groups);
  }
  return text;
}

function tolerances({ tolerances: used = {}, below = {} }) {
  const lines = Object.entries(used).map(([name, value]) => {
    const fewer = below[name] ? ` (${say("below", { count: number(below[name]) })})` : "";
    return `${say(name)} ${number(value, 4)} ${name.endsWith("m2") ? "m²" : "m"}${fewer}`;
  });
  return lines.length ? lines.join("；") : null;
}
