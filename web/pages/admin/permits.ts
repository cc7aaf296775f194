// Deciding about items of the register: a day where it holds from one on, a reason, then once for all of them.

import { announce } from "../../shared/announcing.ts";
import { service, told, type Schema } from "../../shared/asking.ts";
import { askFor } from "../../shared/dialog.ts";
import { make } from "../../shared/elements.ts";
import { problem } from "../../shared/problems.ts";
import { number, say } from "../../shared/words.ts";

type Act = Schema["PermitAct"];
type Item = Schema["CategoryInfo"];

const WITH_DAY: Act[] = ["enforce", "retire"];
const SINGLE: Act[] = ["propose", "propose-retirement", "keep"]; // the service decides them one by one
const MOST_NAMED = 6;

/** What can be decided about all of some items at once. */
export function sharedActs(items: readonly Item[]): Act[] {
  const [first, ...others] = items;
  const acts = (first?.acts ?? []).filter((act) => others.every((item) => item.acts.includes(act)));
  return items.length > 1 ? acts.filter((act) => !SINGLE.includes(act)) : acts;
}

/** Ask for what a decision needs, and give it; whether it was given. */
export async function decide(act: Act, items: readonly Item[]): Promise<boolean> {
  const reason = make("textarea", { id: "reason", rows: 2, maxlength: 200 });
  const day = make("input", { id: "from-day", type: "date", value: today() });
  const names = items.slice(0, MOST_NAMED).map(({ code, title }) => `${code} ${title}`);
  if (items.length > MOST_NAMED) names.push(say("andMore", { count: number(items.length - MOST_NAMED) }));
  return askFor({
    title: say("decideTitle", { act: say(`act_${act}`), count: number(items.length) }),
    content: [
      make("p", {}, names.join(say("listed"))),
      WITH_DAY.includes(act) ? make("div", { class: "entry" }, make("label", { for: "from-day" }, say("fromDay")), day) : null,
      make("div", { class: "entry" }, make("label", { for: "reason" }, say("reason")), reason),
    ],
    action: say(`act_${act}`),
    trouble: problem,
    act: async () => {
      const said = { act, reason: reason.value.trim() || null, ...(WITH_DAY.includes(act) ? { day: day.value || null } : {}) };
      announce(toldBack(await given(said, items)));
    },
  });
}

function given(said: { act: Act; reason: string | null; day?: string | null }, items: readonly Item[]): Promise<Schema["PermitsTold"]> {
  const [only] = items;
  if (items.length === 1 && only) {
    const body = { ...said, version: only.version };
    return told(service.POST("/v1/categories/{code}/permit", { params: { path: { code: only.code } }, body }));
  }
  return told(service.POST("/v1/categories/permits", { body: { ...said, codes: items.map(({ code }) => code), all: false } }));
}

function toldBack({ act, categories, closed, job }: Schema["PermitsTold"]): string {
  const parts = [say("decided", { act: say(`act_${act}`), count: number(categories.length) })];
  if (closed.length) parts.push(say("closedBefore", { count: number(closed.length) }));
  if (job) parts.push(say("classifyingNow"));
  return parts.join(" ");
}

function today(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}
