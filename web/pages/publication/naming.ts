// How areas are named, and where links lead.

import { html, type TemplateResult } from "lit";
import { say } from "../../shared/words.ts";

/** An area by its name and code; `null` is ground that no area has. */
export function areaText(code: string | null, name?: string | null): TemplateResult {
  if (code === null) return html`<span class="soft">${say("noArea")}</span>`;
  return name ? html`${name} <code class="soft">${code}</code>` : html`<code>${code}</code>`;
}

/** The planner, at a problem or a panel of a draft. */
export function plannerAddress(plan: string, where: { panel?: string; problem?: string } = {}): string {
  return `/planner#${new URLSearchParams({ plan, ...where })}`;
}
