// Beginning a draft as a plan is.

import { service, told } from "../../shared/asking.ts";
import { askFor } from "../../shared/dialog.ts";
import { make } from "../../shared/elements.ts";
import { problem } from "../../shared/problems.ts";
import { say } from "../../shared/words.ts";

/** Ask for a name, branch the plan, and open the draft. */
export async function askToBranch(plan: string, taken: readonly string[] = []): Promise<void> {
  const name = make("input", { id: "branch-name", required: true, value: nextName(plan, taken), maxlength: 100 });
  let made = "";
  const went = await askFor({
    title: say("branchTitle"),
    content: [make("p", { class: "soft" }, say("branchHow", { plan })), make("div", { class: "entry" }, make("label", { for: "branch-name" }, say("branchName")), name)],
    action: say("branchGo"),
    act: async () => {
      const branch = await told(service.POST("/v1/plans/{plan}/branches", { params: { path: { plan } }, body: { name: name.value.trim() } }));
      made = branch.plan.name;
    },
    trouble: problem,
  });
  if (went) location.assign(`/planner#plan=${encodeURIComponent(made)}`);
  if (went) location.reload(); // an address that differs behind # alone loads nothing
}

/** A name that is not taken: a year in it counts on, else a number is put behind it. */
export function nextName(plan: string, taken: readonly string[] = []): string {
  const [, stem, count] = /^(.*?)(\d{4}|-\d+)$/.exec(plan) ?? [null, plan, "-1"];
  for (let next = Math.abs(Number(count)) + 1; ; next++) {
    const name = `${stem}${count?.startsWith("-") ? "-" : ""}${next}`;
    if (!taken.includes(name)) return name;
  }
}
