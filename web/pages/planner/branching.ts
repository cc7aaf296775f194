// Beginning a draft as a plan is, or as a draft was at a snapshot.

import { announce } from "../../shared/announcing.ts";
import { service, told } from "../../shared/asking.ts";
import { askFor } from "../../shared/dialog.ts";
import { make } from "../../shared/elements.ts";
import { problem } from "../../shared/problems.ts";
import { current, say } from "../../shared/words.ts";
import { openPlan } from "./where.ts";

export interface BranchOf {
  snapshot?: string;
  /** Names of plans that there are; they are asked for without. */
  taken?: readonly string[];
}

/** Ask for a name, make the draft, and open it. */
export async function askForBranch(plan: string, { snapshot, taken }: BranchOf = {}): Promise<void> {
  const name = make("input", { id: "branch-name", required: true, maxlength: 100, autocomplete: "off" });
  const example = suggestedName(plan, taken ?? (await namesOfPlans().catch(() => [plan])));
  name.value = example;
  const went = await askFor({
    title: say("planBranchAsk", { name: snapshot ?? plan }),
    content: [
      make("p", { class: "soft" }, say("planBranchHow", { plan })),
      make("div", { class: "entry" }, make("label", { for: "branch-name" }, say("planBranchName")), name, make("p", { class: "soft" }, say("planBranchHint", { example }))),
    ],
    action: say("planBranchGo"),
    act: async () => {
      const body = { name: name.value.trim(), ...(snapshot ? { snapshot } : {}) };
      const made = await told(service.POST("/v1/plans/{plan}/branches", { params: { path: { plan } }, body }));
      announce(current() === "zh" ? made.sentence_zh : made.sentence_en);
    },
    trouble: problem,
  });
  if (!went) return;
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  openPlan(name.value.trim());
}

async function namesOfPlans(): Promise<string[]> {
  const plans = await told(service.GET("/v1/plans", { params: { query: { limit: 1000 } } }));
  return plans.map(({ name }) => name);
}

/** A name that is free: a plan of a year is followed by the next year, one with a number by the next, others by 2. */
export function suggestedName(plan: string, taken: readonly string[]): string {
  const [, head = `${plan}-`, count = "1"] = /^(.*?)((?:19|20)\d\d)\D*$/.exec(plan) ?? /^(.*-)(\d{1,6})$/.exec(plan) ?? [];
  for (let next = Number(count) + 1; ; next++) if (!taken.includes(`${head}${next}`)) return `${head}${next}`;
}
