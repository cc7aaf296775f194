// Steps with an event: which are legal the service says; what they need is asked for, and a conflict is told of in words.

import { Problem, service, told, type Schema } from "../../shared/asking.ts";
import { askFor } from "../../shared/dialog.ts";
import { make, type Child } from "../../shared/elements.ts";
import { problem } from "../../shared/problems.ts";
import { say, shortMoment, titleOf } from "../../shared/words.ts";
import { categoryField, deskField, limitField, mergeField, reasonField, type Field, type Filled } from "./fields.ts";
import { actionTitle, stateTitle } from "./register.ts";
import type { Told } from "./rows.ts";

export type Next = Schema["NextStep"];

/** The steps of the ordinary way, in its order; the first that is legal is the one that the page proposes. */
export const WAY = ["accept", "dispatch", "start", "handle", "review", "close", "revisit", "resume"] as const;
/** Those that stand beside it in sight. */
const BESIDE = ["verify", "hand-over", "correct-on-the-spot", "return", "rework", "reopen"];

/** The key that takes a step, while no field has the focus. */
export const KEYS: Readonly<Record<string, string>> = {
  accept: "a",
  dispatch: "d",
  start: "s",
  handle: "h",
  review: "r",
  close: "c",
  revisit: "v",
  "hand-over": "t",
  merge: "m",
  note: "o",
};

/** The legal steps by where they stand: proposed, beside it, and the rarer ones. */
export function ordered(next: readonly Next[]): { first: Next | null; beside: Next[]; rarer: Next[] } {
  const way: string[] = [...WAY];
  const along = next.filter(({ action }) => way.includes(action)).sort((one, other) => way.indexOf(one.action) - way.indexOf(other.action));
  // whoever may start may finish at once: the shorter way is proposed
  const first = along.find(({ action }) => action === "handle") ?? along[0] ?? null;
  const beside = [...along.filter((one) => one !== first), ...next.filter(({ action }) => BESIDE.includes(action))];
  return { first, beside, rarer: next.filter((one) => one !== first && !beside.includes(one)) };
}

/**
 * Take a step, asking for what it needs; the answer is where the event stands then, or null where somebody thought better.
 * @param given what is known already of what it needs
 * @throws Problem of a step that needs nothing; one with a form tells of it there
 */
export async function takeStep(event: Told, step: Next, given: Filled = {}): Promise<Told | null> {
  const fields = await fieldsOf(event, step, given);
  const send = async (filled: Filled) =>
    told(
      service.POST("/v1/events/{id}/steps", {
        params: { path: { id: event.id }, header: { "If-Match": `"${event.step_number}"` } },
        body: { action: step.action, ...filled },
      }),
    );
  if (!fields.length) return send(given);
  let done: Told | null = null;
  await askFor({
    title: `${titleOf(step)} · #${event.id}`,
    content: fields.flatMap(({ content }) => content),
    action: titleOf(step),
    act: async () => {
      done = await send(Object.assign({ ...given }, ...fields.map(({ read }) => read())));
    },
    trouble: (error) => conflictBox(error, event),
  });
  return done;
}

async function fieldsOf(event: Told, step: Next, given: Filled): Promise<Field[]> {
  const needs = new Set(step.needs);
  const fields: Field[] = [];
  if (needs.has("desk")) fields.push(await deskField(event, null));
  if (needs.has("known-desk")) fields.push(await deskField(event, isKnown(event) ? deskText(event) : null));
  if (needs.has("event")) fields.push(mergeField(await proposalsOf(event), given.merged_into ?? null));
  if (needs.has("category")) fields.push(await categoryField(event));
  if (needs.has("limit")) fields.push(limitField(event));
  const isDone = step.action === "handle";
  if (needs.has("reason")) fields.push(reasonField(true, say(isDone ? "whatWasDone" : "reason")));
  else if (fields.length) fields.push(reasonField(false));
  return fields;
}

function isKnown({ desk }: Told): boolean {
  return desk?.kind === "area" || desk?.kind === "department";
}

/** Whose desk an event lies on, in words. */
export function deskText({ desk }: Pick<Told, "desk">): string {
  if (!desk || desk.kind === "triage") return [say("triage"), desk?.department_title].filter(Boolean).join(" · ");
  return [desk.name, desk.department_title].filter(Boolean).join(" · ");
}

async function proposalsOf({ id }: Told): Promise<Schema["LikelyDuplicate"][]> {
  const { proposals } = await told(service.GET("/v1/events/{id}/duplicates", { params: { path: { id } } }));
  return proposals;
}

/** Whether somebody was faster. */
export function isConflict(error: unknown): error is Problem {
  return error instanceof Problem && ["step-conflict", "illegal-transition"].includes(error.kind);
}

/** What went wrong with a step: where somebody was faster, who did what. */
export function conflictBox(error: unknown, event: Pick<Told, "id" | "step_number">): HTMLElement {
  if (!isConflict(error)) return problem(error);
  const words = make("span", {}, say("meanwhileUnknown"));
  void meanwhile(event).then((lines) => lines.length && words.replaceChildren(...lines));
  return make("div", { class: "caution", role: "alert" }, make("strong", {}, say("meanwhile")), words);
}

async function meanwhile({ id, step_number }: Pick<Told, "id" | "step_number">): Promise<Child[] & Node[]> {
  const history = await told(service.GET("/v1/events/{id}/steps", { params: { path: { id } } }));
  return history
    .filter(({ number }) => number > step_number)
    .map((step) =>
      make("p", {}, say("meanwhileLine", { who: step.by_name, when: shortMoment(step.at) ?? "", what: actionTitle(step.action), state: stateTitle(step.to_state) })),
    );
}
