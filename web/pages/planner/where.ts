// What of the page stands in its address.

import { Place } from "../../shared/place.ts";

export const PANELS = ["areas", "problems", "compare", "history"] as const;
export type PanelName = (typeof PANELS)[number];

/** The address of the page: writing one key keeps the others. */
export const where = new Place(["plan", "view", "tool", "areas", "by", "panel", "problem"]);

export function isPanel(name: string | undefined): name is PanelName {
  return (PANELS as readonly string[]).includes(name ?? "");
}

/** Open another plan: the page listens to the address. */
export function openPlan(name: string): void {
  location.hash = `plan=${encodeURIComponent(name)}`;
}
