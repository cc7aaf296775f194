// Lists of buildings, the most points first, each leading to why it has its class.

import { html } from "lit";
import { everyPage, service, type Schema } from "../../shared/asking.ts";
import type { Column } from "../../shared/table.ts";
import { isSaid, say } from "../../shared/words.ts";
import type { Listing } from "./answer.ts";
import { AT_ONCE } from "./listings.ts";

export type Building = Schema["BuildingInfo"];

export interface BuildingsAsked {
  layer?: string;
  area?: string;
  risk_class?: string;
  at?: string;
}

export function buildingsListing(title: string, asked: BuildingsAsked): Listing<Building> {
  return {
    title,
    keyOf: ({ id }) => String(id),
    building: ({ id }) => id,
    atOnce: AT_ONCE,
    load: (signal) => everyPage(service.GET("/v1/buildings", { params: { query: { ...asked, sort: "points", limit: AT_ONCE } }, signal }), signal),
    columns: buildingColumns,
  };
}

export function buildingColumns(): Column<Building>[] {
  return [
    { key: "name", title: say("building"), value: nameOf },
    { key: "risk", title: say("riskClass"), value: ({ risk_points }) => risk_points, text: ({ risk_class: risk }) => riskBadge(risk) },
    { key: "points", title: say("points"), value: ({ risk_points }) => risk_points },
    { key: "floors", title: say("floors"), value: ({ floors }) => floors },
    { key: "built", title: say("builtYear"), value: (one) => one.built_year, text: (one) => String(one.built_year ?? "–") },
    { key: "use", title: say("use"), value: ({ use }) => (use ? useOf(use) : null) },
  ];
}

/** What a building is called: its name, else its code. */
export function nameOf({ name, code }: { name: string | null; code: string }): string {
  return name || code;
}

/** A class in words, with its colour beside. */
export function riskBadge(risk: string | null) {
  return html`<span class="risk ${risk ?? "unclassified"}">${say(`risk_${risk ?? "unclassified"}`)}</span>`;
}

function useOf(use: string): string {
  return isSaid(`use_${use}`) ? say(`use_${use}`) : use;
}
