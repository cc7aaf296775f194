// The lists of the panel: layers to choose from, plans in force, maps that were drawn.

import type { Schema } from "../../shared/asking.ts";
import { make } from "../../shared/elements.ts";
import { number, say, titleOf } from "../../shared/words.ts";
import { validity } from "./answer.ts";

type Layer = Schema["LayerInfo"];
type Plan = Schema["PlanInfo"];
type MapFile = Schema["MapFile"];

/** Layers as radio buttons; one without a plan in force cannot be chosen. */
export function layerChoices(layers: Layer[], plans: Plan[], chosen: string | null, onChoose: (name: string) => void): HTMLElement[] {
  const areasOf = (layer: Layer) => plans.filter((plan) => plan.layer === layer.name).reduce((sum, plan) => sum + plan.areas, 0);
  return layers.map((layer) => {
    const count = areasOf(layer);
    const radio = make("input", {
      type: "radio",
      name: "layer",
      value: layer.name,
      checked: layer.name === chosen,
      disabled: count === 0,
      onchange: () => onChoose(layer.name),
    });
    const note = count ? counted(count) : say("notInForce");
    return make("label", {}, radio, make("span", {}, titleOf(layer)), make("span", { class: "soft" }, note));
  });
}

/** Plans in force with their dates and the decisions they rest on. */
export function planList(plans: Plan[], layers: Layer[]): HTMLElement {
  if (!plans.length) return make("p", { class: "soft" }, say("emptyPlans"));
  const title = (plan: Plan) => titleOf(layers.find((layer) => layer.name === plan.layer) ?? { title_zh: plan.layer, title_en: plan.layer });
  return make(
    "ul",
    {},
    plans.map((plan) =>
      make(
        "li",
        {},
        make("a", { href: `/v1/plans/${encodeURIComponent(plan.name)}` }, plan.name),
        make("span", { class: "soft" }, [
          title(plan),
          counted(plan.areas),
          validity(plan),
          plan.scope_code ? say("scope", { code: plan.scope_code }) : null,
          plan.decision ? say("decision", { text: plan.decision }) : null,
        ].filter(Boolean).join(" · ")),
      ),
    ),
  );
}

/** Maps that were drawn, as links: a page by its title, its prints beside it. */
export function mapList(maps: MapFile[]): HTMLElement {
  if (!maps.length) return make("p", { class: "soft" }, say("emptyMaps"));
  const groups = new Map<string, MapFile[]>();
  for (const map of maps) {
    const stem = map.name.replace(/\.\w+$/, "");
    groups.set(stem, [...(groups.get(stem) ?? []), map].sort((one, other) => Number(isPage(other)) - Number(isPage(one))));
  }
  return make("ul", {}, [...groups.values()].map((group) =>
    make("li", {}, group.flatMap((map, i) => (i ? [" · ", make("a", { href: map.href }, ending(map))] : [make("a", { href: map.href }, map.title)]))),
  ));
}

function ending(map: MapFile): string {
  return map.name.split(".").at(-1)?.toUpperCase() ?? "";
}

function isPage(map: MapFile): boolean {
  return map.name.endsWith(".html");
}

function counted(areas: number): string {
  return areas === 1 ? say("oneArea") : say("areas", { count: number(areas) });
}
