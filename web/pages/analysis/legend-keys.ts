// What the legend says of buildings: their classes, or what became of these.

import type { LegendGroup } from "../../shared/map/legend.ts";
import { CHANGES, RISK, RISK_CLASSES, type RiskClass } from "../../shared/map/palette.ts";
import { number, say } from "../../shared/words.ts";
import type { Answer } from "./answer.ts";
import { written } from "./writing.ts";

/** The classes of buildings with how many are of each; a class can be hidden. */
export function classKeys({ total }: Answer, hidden: ReadonlySet<RiskClass>): LegendGroup {
  const keys = RISK_CLASSES.map((risk) => ({
    key: risk,
    colour: RISK[risk],
    label: say(`risk_${risk}`),
    shape: "circle" as const,
    count: written(total[risk], "count"),
  }));
  return { title: say("classes"), keys, hidden, notes: [say("circles")] };
}

/** What became of classes: up is worse, down better. */
export function changeKeys({ total }: Answer): LegendGroup {
  const key = (kind: keyof typeof CHANGES, shape: "up" | "down") => ({ key: kind, colour: CHANGES[kind], label: say(`f_${kind}`), shape, count: written(total[kind], "count") });
  return { title: say("changedBuildings"), keys: [key("worse", "up"), key("better", "down")] };
}

/** A legend of areas with those that nothing is told of. */
export function withBeyond(group: LegendGroup, beyond: number): LegendGroup {
  if (!beyond) return group;
  return { ...group, keys: [...group.keys, { key: "beyond", colour: "#ffffff", hatched: true, label: say("beyondGround"), count: say("areasCount", { count: number(beyond) }) }] };
}
