// What answers have in common: rows of areas, and the facts that a legend states.

import { html, type TemplateResult } from "lit";
import type { Child } from "../../shared/elements.ts";
import { make } from "../../shared/elements.ts";
import { number, say, titleOf } from "../../shared/words.ts";
import type { Row, Values } from "./answer.ts";
import type { Ground } from "./ground.ts";

/** Rows of what the service told of areas: those that the question is narrowed to alone. */
export function areaRows<Told extends { code: string | null; name: string | null }>(
  ground: Ground,
  narrowed: string,
  told: readonly Told[],
  values: (one: Told, people: number | null) => Values,
): Row[] {
  const inside = narrowed ? ground.within(narrowed) : null;
  return told.flatMap((one) => {
    if (!one.code || (inside && !inside.has(one.code))) return [];
    return [{ code: one.code, name: one.name ?? one.code, values: values(one, ground.areas.get(one.code)?.population ?? null) }];
  });
}

/** The layer, its plans and the day. */
export function groundFacts(ground: Ground, at: string): [string, Child][] {
  return [
    [say("legendDay"), at],
    [say("legendPlan"), `${titleOf(ground.layer)} · ${ground.plans.join("、") || "–"}`],
  ];
}

/** The versions of the rules that buildings are rated by, each a way to what they say. */
export function rulesLine(versions: Record<string, number>, unrated: number): [string, Child][] {
  const parts = Object.entries(versions).map(([version, count]) =>
    make("a", { href: `/admin/rules#version=${encodeURIComponent(version)}` }, Object.keys(versions).length > 1 ? `${version} (${number(count)})` : version),
  );
  if (!parts.length) return [[say("legendRules"), unrated ? say("noRating") : "–"]];
  return [[say("legendRules"), make("span", {}, parts.flatMap((part, i) => (i ? [", ", part] : [part])))]];
}

/** A name that may be chosen for the whole, or an area's. */
export function scopeName(ground: Ground, narrowed: string): string {
  return narrowed ? (ground.find(narrowed)?.area.name ?? narrowed) : say("wholeGround");
}

/** A number that opens the list behind it. */
export function opener(text: string, label: string, open: () => void): TemplateResult {
  return html`<button type="button" class="behind" title=${label} aria-label=${label} @click=${(event: Event) => {
    event.stopPropagation();
    open();
  }}>${text}</button>`;
}
