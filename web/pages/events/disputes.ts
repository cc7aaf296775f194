// How grave a dispute is: the facts that the table in force asks for, and the grade that it gives.

import { html, type TemplateResult } from "lit";
import { service, told } from "../../shared/asking.ts";
import { askFor } from "../../shared/dialog.ts";
import { make } from "../../shared/elements.ts";
import { none } from "../../shared/piece.ts";
import { problem } from "../../shared/problems.ts";
import { current, say, titleOf } from "../../shared/words.ts";
import { entry } from "./fields.ts";
import type { Told } from "./rows.ts";

/** A fact of the table, as its document writes it. */
interface Fact {
  name: string;
  title_zh: string;
  title_en: string;
  kind: string;
  unit_zh?: string;
  unit_en?: string;
  least?: number;
  most?: number;
  choices?: { value: string; title_zh: string; title_en: string }[];
}

export function gradePart({ dispute_grade: grade }: Told, ask: (() => void) | null): TemplateResult | typeof none {
  if (!grade && !ask) return none;
  return html`<section class="grade">
    <h3>${say("dispute")}</h3>
    <p>
      ${grade ? html`<span class="badge">${say(`grade_${grade}`)}</span>` : html`<span class="soft">${say("notGraded")}</span>`}
      ${ask ? html`<button type="button" class="small" data-action="grade" @click=${ask}>${say(grade ? "gradeAnew" : "gradeIt")}</button>` : none}
    </p>
  </section>`;
}

/** Ask for what is known of a dispute, and write its grade into the event's history. */
export async function gradeEvent({ id }: Told): Promise<boolean> {
  const policies = await told(service.GET("/v1/policies/{kind}", { params: { path: { kind: "dispute-grades" } } }));
  const table = policies.find(({ is_in_force }) => is_in_force);
  const facts = ((table?.definition as { facts?: Fact[] } | undefined)?.facts ?? []).map((fact) => ({ fact, control: controlOf(fact) }));
  return askFor({
    title: `${say("dispute")} · #${id}`,
    content: [
      make("p", { class: "soft" }, table ? `${titleOf(table)} ${table.version}` : ""),
      ...facts.map(({ fact, control }) => entry(unitOf(fact), control)),
    ],
    action: say("gradeIt"),
    act: async () => {
      const known = Object.fromEntries(facts.map(({ fact, control }) => [fact.name, valueOf(fact, control.value)]));
      await told(service.POST("/v1/events/{id}/dispute", { params: { path: { id } }, body: { facts: known } }));
    },
    trouble: problem,
  });
}

function controlOf({ kind, choices, least, most }: Fact): HTMLInputElement | HTMLSelectElement {
  const unknown = make("option", { value: "" }, say("unknown"));
  if (choices) return make("select", {}, unknown, choices.map((one) => make("option", { value: one.value }, titleOf(one))));
  if (kind === "boolean") return make("select", {}, unknown, make("option", { value: "true" }, say("yes")), make("option", { value: "false" }, say("no")));
  return make("input", { type: "number", min: least, max: most, step: kind === "integer" ? 1 : "any", placeholder: say("unknown") });
}

function unitOf(fact: Fact): string {
  const unit = current() === "zh" ? fact.unit_zh : fact.unit_en;
  return unit ? `${titleOf(fact)} (${unit})` : titleOf(fact);
}

function valueOf({ kind, choices }: Fact, text: string): string | number | boolean | null {
  if (!text) return null;
  if (choices) return text;
  return kind === "boolean" ? text === "true" : Number(text);
}
