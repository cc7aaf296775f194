// What is known of a place or an area, in words.

import type { AreaFeature, AreaRecord } from "../../shared/areas.ts";
import type { Schema } from "../../shared/asking.ts";
import { facts, make, type Child } from "../../shared/elements.ts";
import { ground, metres, number, say, titleOf } from "../../shared/words.ts";

type Post = Schema["Post"];
type OnArea = (code: string, layer: string) => void;

export interface Kin {
  parents: AreaFeature[];
  children: AreaFeature[];
  neighbours: AreaFeature[];
}

const MOST_KIN = 24;
const FEW_POSTS = 2; // of the layers above the one that matters most

/** The answer for a coordinate: the chain from the top layer down, what it is outside of, what has no plan. */
export function resolution(answer: Schema["Resolution"], layers: Schema["LayerInfo"][], onArea: OnArea): HTMLElement[] {
  const { x, y, crs } = answer;
  const where: Child[] = [make("span", { class: "code" }, `${x}, ${y}`), ` ${crs === "EPSG:4326" ? "WGS84" : crs}`];
  if (crs !== "EPSG:4326") {
    where.push(" → ", make("span", { class: "code" }, `${answer.lon.toFixed(7)}, ${answer.lat.toFixed(7)}`), " WGS84");
  }
  const chain = answer.chain.map((area, i) => owner(area, onArea, i === answer.chain.length - 1 ? Infinity : FEW_POSTS));
  const outside = answer.outside.map((layer) =>
    make(
      "li",
      { class: "outside" },
      make("p", { class: "layer" }, titleOf(layer)),
      make("p", { class: "name" }, say("outside")),
      layer.nearest_code === null
        ? null
        : make("p", { class: "fact" }, say("nearest", {
            name: layer.nearest_name ?? "",
            code: layer.nearest_code,
            distance: metres(layer.distance_m ?? 0),
          })),
    ),
  );
  const titles = answer.without_plan.map((name) => layers.find((layer) => layer.name === name)).filter((layer) => layer !== undefined).map(titleOf);
  return [
    make("p", { class: "where" }, ...where, ` · ${answer.at}`),
    make("ol", { class: "chain" }, ...chain, ...outside),
    titles.length ? make("p", { class: "soft" }, say("withoutPlan", { layers: titles.join("、") })) : null,
  ].filter((part) => part !== null);
}

function owner(area: Schema["ResolvedArea"], onArea: OnArea, most: number): HTMLElement {
  const name = make("button", { type: "button", onclick: () => onArea(area.code, area.layer) }, area.name);
  const others = area.candidates.join("、");
  return make(
    "li",
    {},
    make("p", { class: "layer" }, titleOf(area), " · ", make("span", { class: "code" }, area.code)),
    make("p", { class: "name" }, name),
    posts(area.staff, most),
    make("p", { class: "fact" }, `${area.plan} · ${validity(area)} · ${say("toBorder", { distance: metres(area.border_m) })}`),
    area.on_border
      ? make("p", { class: "note" }, others ? say("onBorder", { others }) : say("onOuterBorder"))
      : null,
  );
}

/** The answer for one area: its facts, its staff and its kin. */
export function areaDetail(area: AreaRecord, { parents, children, neighbours }: Kin, onArea: OnArea): HTMLElement[] {
  const kin = (title: string, features: AreaFeature[], text: (other: AreaRecord) => string) =>
    features.length
      ? [
          make("h3", {}, title),
          make("div", { class: "kin" }, features.slice(0, MOST_KIN).map((feature) =>
            make("button", { type: "button", onclick: () => onArea(feature.properties.code, feature.properties.layer) }, text(feature.properties)),
          ), features.length > MOST_KIN ? make("span", { class: "soft" }, say("more")) : null),
        ]
      : [];
  return [
    make("p", { class: "where" }, `${titleOf(area)} · `, make("span", { class: "code" }, area.code)),
    make("p", { class: "chain" }, make("strong", { class: "name" }, area.name)),
    posts(area.staff),
    facts([
      [say("area"), ground(area.area_m2)],
      [say("population"), area.population === null ? null : number(area.population)],
      [say("households"), area.households === null ? null : number(area.households)],
      [say("plan"), `${area.plan} · ${validity(area)}`],
    ]),
    ...kin(say("parents"), parents, (other) => other.name),
    ...kin(say("children"), children, (other) => other.name),
    ...kin(say("neighbours"), neighbours, (other) => `${other.name} ${metres(other.border_m ?? 0)}`),
  ].filter((part) => part !== null);
}

function posts(staff: Post[], most = Infinity): HTMLElement | null {
  if (!staff.length) return null;
  const shown = staff.slice(0, most).map((post) => make("li", {}, served(post)));
  if (staff.length > most) shown.push(make("li", {}, `+${staff.length - most}`));
  return make("ul", { class: "staff" }, shown);
}

/** Who is in a post, how they are reached where that is told, and who stands in for them. */
function served(post: Post): string {
  const deputies = post.deputies.map((one) => one.holder).join(say("comma"));
  return [
    `${post.role} ${post.holder || say("vacant")}`,
    post.phone && ` ${post.phone}`,
    deputies && say("deputies", { names: deputies }),
  ]
    .filter(Boolean)
    .join("");
}

export function validity({ valid_from, valid_to }: { valid_from: string | null; valid_to: string | null }): string {
  const from = valid_from ?? "";
  return valid_to ? say("validTo", { from, to: valid_to }) : say("valid", { from });
}
