// Why a question has no answer, and the way on: no layers yet, no plan on the day, nothing of the account's own ground.

import { html, type TemplateResult } from "lit";
import { session } from "../../shared/asking.ts";
import { may } from "../../shared/head.ts";
import { none } from "../../shared/piece.ts";
import { say, titleOf } from "../../shared/words.ts";
import type { Row } from "./answer.ts";
import type { Ground } from "./ground.ts";

export type Emptiness = "noLayers" | "noAreas" | "beyond";

/** Why there is nothing to show: an account that holds its roles in some areas is told of those that they reach wholly. */
export async function emptinessOf(ground: Ground, rows: readonly Row[]): Promise<Emptiness | null> {
  if (!ground.areas.size) return "noAreas";
  const { roles } = await session();
  return rows.length || roles.some(({ area_code: code }) => code === null) ? null : "beyond";
}

/** The box that says so. */
export function emptyBox(why: Emptiness, ground: Ground | null): TemplateResult {
  const layer = ground ? titleOf(ground.layer) : "";
  return html`<div class="reading"><div class="nothing" role="status">
    <strong>${say(why === "noLayers" ? "noLayersYet" : why === "beyond" ? "beyondTitle" : "nothingHere")}</strong>
    <p>${say(why === "noLayers" ? (may("layers.write") ? "noLayersSetUp" : "noLayersAsk") : why === "beyond" ? "beyondHint" : "noAreas", { layer })}</p>
    ${why === "noLayers" && may("layers.write") ? html`<a class="door" href="/admin/layers">${say("toLayers")}</a>` : none}
  </div></div>`;
}
