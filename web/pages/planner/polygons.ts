// A plan of plain polygons has no blocks to show or to paint: what is told of it, and the way on.

import { html, type TemplateResult } from "lit";
import { Problem, session } from "../../shared/asking.ts";
import { none } from "../../shared/piece.ts";
import { say } from "../../shared/words.ts";
import { askForBranch } from "./branching.ts";

/** Whether a plan could not be opened because it is not made of blocks: nothing else stands against looking at one. */
export function isOfPolygons(error: unknown): boolean {
  return error instanceof Problem && error.kind === "conflict";
}

/** Say so, with the way to a draft for who may make one. */
export async function polygonsNote(plan: string): Promise<() => TemplateResult> {
  const { rights } = await session();
  const branch = () => html`<p><button type="button" class="primary" @click=${() => void askForBranch(plan)}>${say("branch")}</button></p>`;
  return () => html`<div class="note"><strong>${say("polygons", { plan })}</strong>${say("polygonsHow")}${rights.includes("plans.draft") ? branch() : none}</div>`;
}
