// Beginning a draft as a plan is.

import { service, told } from "../../shared/asking.ts";
import { askFor } from "../../shared/dialog.ts";
import { make } from "../../shared/elements.ts";
import { problem } from "../../shared/problems.ts";
import { say } from "../../shared/words.ts";

/** Ask for a name, branch the plan, and open the draft. */
export async function askToBranch(plan: string): Promise<void> {
  const name = make("input", { id: "branch-name", required: true, value: nextName(plan), maxlength: 100 });
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

/** A year in the name counts on; else something is put behind it. */
export function nextName(plan: string): string {
  const year = /^(.*?)(\d{4})$/.exec(plan);
  return year ? `${year[1]}${Number(year[2]) + 1}` : `${plan}-2`;
}
