// The lists of the panel: layers to choose from, plans in force, maps that were drawn.

import { make } from "../../shared/elements.ts";
import { number, say, titleOf } from "../../shared/words.ts";
import { validity } from "./answer.js";

/** Layers as radio buttons; one without a plan in force cannot be chosen. */
export function layerChoices(layers, plans, chosen, onChoose) {
  const areasOf = (layer) => plans.filter((plan) => plan.layer === layer.name).reduce((sum, plan) => sum + plan.areas, 0);
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
export function planList(plans, layers) {
  if (!plans.length) return make("p", { class: "soft" }, say("emptyPlans"));
  const title = (plan) => titleOf(layers.find((layer) => layer.name === plan.layer) ?? { title_zh: plan.layer, title_en: plan.layer });
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
export function mapList(maps) {
  if (!maps.length) return make("p", { class: "soft" }, say("emptyMaps"));
  const groups = new Map();
  for (const map of maps) {
    const stem = map.name.replace(/\.\w+$/, "");
    groups.set(stem, [...(groups.get(stem) ?? []), map].sort((one, other) => isPage(other) - isPage(one)));
  }
  return make("ul", {}, [...groups.values()].map(([first, ...others]) =>
    make("li", {}, make("a", { href: first.href }, first.title), others.flatMap((other) => [
      " · ",
      make("a", { href: other.href }, other.name.split(".").at(-1).toUpperCase()),
    ])),
  ));
}

function isPage(map) {
  return map.name.endsWith(".html");
}

function counted(areas) {
  return areas === 1 ? say("oneArea") : say("areas", { count: number(areas) });
}
