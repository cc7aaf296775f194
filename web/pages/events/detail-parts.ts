// The parts of one event's page that are told as they are: nothing here changes anything.

import { html, type TemplateResult } from "lit";
import type { Schema } from "../../shared/asking.ts";
import { none } from "../../shared/piece.ts";
import { metres, moment, number, say } from "../../shared/words.ts";
import { actionTitle, layerTitle, levelTitle, sourceTitle, stageTitle, stateTitle, subjectOf } from "./register.ts";
import { rowOf, standing, type Told } from "./rows.ts";
import { clock, dueText, span } from "./spans.ts";
import { deskText } from "./steps.ts";

const LOADING = html`<div class="skeleton" aria-hidden="true"><i></i><i></i></div>`;

const part = (title: string, content: unknown) => html`<section><h3>${title}</h3>${content}</section>`;

export function about(event: Told, now: number): TemplateResult {
  const row = rowOf(event);
  const due = dueText(row, now);
  return html`
    <div class="about">
      <p class="subject"><span class="sign level-${row.level ?? "none"}" aria-hidden="true"></span><strong>${subjectOf(row)}</strong></p>
      <p class="badges">
        <span class="badge">${stateTitle(event.state)}</span>
        <span class="badge">${levelTitle(event.level)}</span>
        ${due ? html`<span class="badge due ${standing(row, now)}">${row.stage ? stageTitle(row.stage) : ""} ${due}</span>` : none}
        ${event.duplicates ? html`<span class="badge">${say("hasDuplicates", { count: number(event.duplicates) })}</span>` : none}
      </p>
      ${event.description ? html`<p class="description">${event.description}</p>` : none}
      <p class="soft">${sourceTitle(event.source)} ${event.external_id} · ${moment(event.occurred_at)}</p>
    </div>
  `;
}

/** A building by its name and code; by its number alone to whoever may not see it. */
function buildingTitle(id: number, known: Schema["BuildingRisk"] | null): TemplateResult {
  if (known?.id !== id) return html`<span class="code">#${id}</span>`;
  return html`${known.name ? html`<strong>${known.name}</strong> ` : none}<span class="soft code">${known.external_id}</span>`;
}

export function place(event: Told, building: Schema["BuildingRisk"] | null, locate: () => void): TemplateResult {
  const { lon, lat, device_id: device } = event.place;
  const chain = event.areas.map(({ layer, code, name, orphan_reason: orphan }) => html`<li><span class="soft">${layerTitle(layer)}</span> ${code ? html`${name} <span class="soft code">${code}</span>` : say(orphan === "outside" ? "outside" : "noPlace")}</li>`);
  return part(
    say("place"),
    html`
      <ul class="chain">${chain}</ul>
      ${event.building ? html`<p>${say(`building_${event.building.how}`, { distance: metres(event.building.distance_m) })} ${buildingTitle(event.building.id, building)}</p>` : none}
      ${device ? html`<p>${say("device")} <span class="code">${device}</span></p>` : none}
      ${lon === null || lat === null
        ? html`<p class="soft">${say("noPlace")}</p>`
        : html`<p><span class="code">${lon.toFixed(6)}, ${lat.toFixed(6)}</span> <button type="button" class="small" @click=${locate}>${say("showOnMap")}</button></p>`}
    `,
  );
}

export function people(event: Told, posts: readonly Schema["StaffPostInfo"][] | null): TemplateResult {
  const holders = (posts ?? []).filter(({ deputy_for }) => deputy_for === null);
  const deputies = (of: number) => (posts ?? []).filter(({ deputy_for }) => deputy_for === of);
  const name = ({ holder, phone }: Schema["StaffPostInfo"]) => html`${holder}${phone ? html` <a href="tel:${phone}">${phone}</a>` : none}`;
  return part(
    say("responsible"),
    html`
      <p><strong>${deskText(event)}</strong></p>
      ${posts === null ? LOADING : none}
      ${posts?.length === 0 && event.desk?.kind === "area" ? html`<p class="soft">${say("noPosts")}</p>` : none}
      <dl class="facts">
        ${holders.map((post) => html`<dt>${post.role}</dt><dd>${name(post)}${deputies(post.id).map((one) => html` <span class="soft">${say("deputy")}</span> ${name(one)}`)}</dd>`)}
      </dl>
    `,
  );
}

export function limits(event: Told, now: number): TemplateResult | typeof none {
  if (!event.limits.length) return none;
  const text = ({ due_at, state }: Schema["EventLimit"]) => {
    const left = Date.parse(due_at) - now;
    if (state === "kept" || state === "missed" || state === "void" || state === "paused") return say(`limit_${state}`);
    return say(left < 0 ? "overdueBy" : "leftFor", { span: span(left) });
  };
  const isLate = ({ due_at, state }: Schema["EventLimit"]) => state === "missed" || (["running", "due-soon", "overdue"].includes(state) && Date.parse(due_at) < now);
  return part(
    say("limits"),
    html`<table class="figures limits">
      <thead><tr><th scope="col">${say("stage")}</th><th scope="col">${say("dueAt")}</th><th scope="col">${say("stands")}</th></tr></thead>
      <tbody>
        ${event.limits.map((limit) => html`<tr class=${isLate(limit) ? "late" : limit.state}><td>${stageTitle(limit.stage)}</td><td title=${moment(limit.due_at) ?? ""}>${clock(limit.due_at, now)}</td><td>${text(limit)}</td></tr>`)}
      </tbody>
    </table>`,
  );
}

export function proposals(
  event: Told,
  near: readonly Schema["LikelyDuplicate"][] | null,
  merge: ((into: number) => void) | null,
  show: (id: number) => void,
): TemplateResult | typeof none {
  const into = event.merged_into;
  if (into !== null) return part(say("duplicates"), html`<p>${say("mergedInto")} <button type="button" class="small" @click=${() => show(into)}>#${into}</button></p>`);
  if (!near?.length) return none;
  return part(
    say("duplicatesNear"),
    html`<ul class="near">
      ${near.map(
        (one) => html`<li>
          <button type="button" class="quiet" @click=${() => show(one.event_id)}>#${one.event_id}</button>
          ${metres(one.distance_m)} · ${say("hours", { count: number(one.hours_apart, 1) })} · ${stateTitle(one.state)}
          <span class="soft">${one.description ?? ""}</span>
          ${merge ? html`<button type="button" class="small" data-merge=${one.event_id} @click=${() => merge(one.event_id)}>${say("mergeHere")}</button>` : none}
        </li>`,
      )}
    </ul>`,
  );
}

export function history(steps: readonly Schema["EventStepInfo"][] | null): TemplateResult {
  if (steps === null) return part(say("history"), LOADING);
  const line = (step: Schema["EventStepInfo"]) => html`<li value=${step.number}>
    <p><strong>${actionTitle(step.action)}</strong> <span class="soft">${clock(step.at)} · ${step.by_kind === "service" ? say("byService") : step.by_name}</span></p>
    ${step.reason ? html`<p class="why">${step.reason}</p>` : none}
    ${step.desk ? html`<p class="soft">→ ${deskText({ desk: step.desk })}</p>` : none}
  </li>`;
  return part(say("history"), html`<ol class="history" reversed>${[...steps].reverse().map(line)}</ol>`);
}
