// Whistles: departments that an area calls to an event, their terms, and what they answered.

import { html, type TemplateResult } from "lit";
import { service, told, type Schema } from "../../shared/asking.ts";
import { askFor } from "../../shared/dialog.ts";
import { make } from "../../shared/elements.ts";
import { none } from "../../shared/piece.ts";
import { problem } from "../../shared/problems.ts";
import { say } from "../../shared/words.ts";
import { reasonField } from "./fields.ts";
import { departments, departmentTitle } from "./register.ts";
import type { Told } from "./rows.ts";
import { clock } from "./spans.ts";

type Whistle = Schema["WhistleInfo"];

interface Acts {
  answer: (whistle: Whistle, department: string) => void;
  close: (whistle: Whistle) => void;
}

export function whistlePart(whistles: readonly Whistle[] | null, canHandle: boolean, acts: Acts): TemplateResult | typeof none {
  if (!whistles?.length) return none;
  return html`<section><h3>${say("whistles")}</h3><ul class="whistles">${whistles.map((one) => whistleLine(one, canHandle, acts))}</ul></section>`;
}

function whistleLine(whistle: Whistle, canHandle: boolean, acts: Acts): TemplateResult {
  const isOpen = whistle.closed_at === null;
  return html`<li>
    <p><strong>${whistle.reason}</strong> <span class="soft">${clock(whistle.called_at)} · ${whistle.called_by}</span></p>
    <dl class="facts">
      ${whistle.calls.map(
        (call) => html`<dt>${call.title}</dt>
          <dd>
            ${call.answer === null
              ? html`<span class=${call.state === "overdue" ? "late" : ""}>${say(`call_${call.state}`)}</span> ${say("until", { when: clock(call.due_at) })}
                ${canHandle && isOpen ? html`<button type="button" class="small" @click=${() => acts.answer(whistle, call.department)}>${say("answer")}</button>` : none}`
              : html`${call.answer} <span class="soft">${call.answered_at ? clock(call.answered_at) : ""} · ${call.answered_by}${call.on_behalf ? ` (${say("onBehalf")})` : ""}</span>`}
          </dd>`,
      )}
    </dl>
    ${isOpen && canHandle ? html`<button type="button" class="small" @click=${() => acts.close(whistle)}>${say("closeWhistle")}</button>` : none}
    ${isOpen ? none : html`<p class="soft">${say("whistleClosed", { when: clock(whistle.closed_at ?? 0) })}</p>`}
  </li>`;
}

/** Ask which departments are called, why and by when; whether they were. */
export async function callDepartments(event: Told): Promise<boolean> {
  const all = await departments();
  const boxes = all.map((one) => make("input", { type: "checkbox", value: one.code, checked: one.code === event.desk?.department }));
  const list = all.map((one, at) => make("label", { class: "tick" }, boxes[at], make("span", {}, departmentTitle(one))));
  const why = reasonField(true);
  const sameDay = make("input", { type: "checkbox" });
  return askFor({
    title: `${say("whistle")} · #${event.id}`,
    content: [
      make("fieldset", { class: "ticks columns" }, make("legend", {}, say("whichDepartments")), list),
      ...why.content,
      make("label", { class: "tick" }, sameDay, make("span", {}, say("sameDay"))),
    ],
    action: say("whistle"),
    act: async () => {
      const called = boxes.filter(({ checked }) => checked).map(({ value }) => value);
      if (!called.length) throw new Error(say("chooseDepartment"));
      const body = { departments: called, reason: why.read().reason ?? "", same_day: sameDay.checked };
      await told(service.POST("/v1/events/{id}/whistles", { params: { path: { id: event.id } }, body }));
    },
    trouble: problem,
  });
}

export function answerWhistle({ id, calls }: Whistle, department: string): Promise<boolean> {
  const title = calls.find((call) => call.department === department)?.title ?? department;
  const words = reasonField(true, say("answerWords"));
  return askFor({
    title: `${say("answer")} · ${title}`,
    content: words.content,
    action: say("answer"),
    act: async () => {
      const body = { department, answer: words.read().reason ?? "" };
      await told(service.POST("/v1/whistles/{id}/answers", { params: { path: { id } }, body }));
    },
    trouble: problem,
  });
}

export function closeWhistle({ id }: Whistle): Promise<boolean> {
  const why = reasonField(true);
  return askFor({
    title: say("closeWhistle"),
    content: why.content,
    action: say("closeWhistle"),
    act: async () => {
      await told(service.POST("/v1/whistles/{id}/closure", { params: { path: { id } }, body: { reason: why.read().reason ?? "" } }));
    },
    trouble: problem,
  });
}
