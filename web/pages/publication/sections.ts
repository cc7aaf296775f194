// What a publication changes, section by section: figures, ground, areas, codes.

import { html, type TemplateResult } from "lit";
import "../../shared/table.ts";
import { none } from "../../shared/piece.ts";
import { ground, number, percent, say } from "../../shared/words.ts";
import type { Schema } from "../../shared/asking.ts";
import { areaText } from "../../shared/plan-changes.ts";
import type { Column } from "../../shared/table.ts";
import { vacantThen, type Ahead, type Impact } from "./impact.ts";

/** A section with its heading; `count` stands beside it. */
export function section(id: string, title: string, content: unknown, count: number | null = null): TemplateResult {
  return html`<section class="part" aria-labelledby=${`${id}-title`} id=${id}>
    <h2 id=${`${id}-title`}>${title} ${count === null ? none : html`<span class="badge">${number(count)}</span>`}</h2>
    ${content}
  </section>`;
}

/** The figures that people look at first. */
export function tallies({ comparison }: Ahead, impact: Impact | null): TemplateResult {
  const total = comparison?.total;
  const vacant = impact?.vacancies ? vacantThen(impact).reduce((sum, { missing }) => sum + missing, 0) : null;
  const share = (part: number, all: number) => (all > 0 ? say("shareOf", { share: percent(part / all) }) : "");
  const tally = (label: string, value: string | null, note = "") =>
    html`<div class="tally"><strong class=${value === null ? "untold" : ""}>${value ?? say("notTold")}</strong>${say(label)}${note ? html`<span>${note}</span>` : none}</div>`;
  const counted = (value: number | null | undefined) => (value === null || value === undefined ? null : number(value));
  return html`<div class="tallies">
    ${total && comparison
      ? html`${tally("tallyGround", ground(total.ground_m2), share(total.ground_m2, comparison.all_ground_m2))}
        ${tally("tallyPeople", number(total.people), share(total.people, comparison.all_people))}
        ${tally("tallyBuildings", counted(total.buildings))} ${tally("tallyEvents", counted(total.open_events))}`
      : none}
    ${impact ? tally("tallyPosts", number(impact.preview.posts.length)) : none} ${vacant === null ? none : tally("tallyVacant", number(vacant))}
    ${impact?.preview.effect
      ? html`${tally("tallyNew", number(impact.preview.effect.codes_given.length))} ${tally("tallyEnds", number(impact.preview.effect.codes_retired.length))}`
      : none}
  </div>`;
}

/** What becomes of each area that does not stay as it is. */
export function areasSection({ comparison }: Ahead): TemplateResult {
  if (!comparison) return html``;
  const changed = comparison.former_areas.filter(({ fate }) => fate !== "kept");
  const added = comparison.areas.filter(({ origin }) => origin === "new" || origin === "split" || origin === "merged");
  const kept = comparison.former_areas.length - changed.length;
  if (!changed.length && !added.length) return section("areas", say("areasTitle"), html`<p>${say("areasSame", { kept: number(kept) })}</p>`);
  type Former = Schema["FormerArea"];
  type Later = Schema["LaterArea"];
  const formerColumns: Column<Former>[] = [
    { key: "code", title: say("code"), value: ({ code }) => code, text: ({ code }) => html`<code>${code}</code>` },
    { key: "name", title: say("name"), value: ({ name }) => name },
    { key: "fate", title: say("became"), value: ({ fate }) => say(`fate_${fate}`) },
    { key: "in", title: say("goesOnIn"), value: (row) => row.goes_on_in, text: (row) => (row.goes_on_in ? html`<code>${row.goes_on_in}</code>` : "–") },
    { key: "into", title: say("groundGoesTo"), value: ({ into }) => codesOf(into), text: ({ into }) => shares(into) },
    { key: "people", title: say("changePeople"), value: ({ people }) => people },
  ];
  const laterColumns: Column<Later>[] = [
    { key: "code", title: say("code"), value: ({ code }) => code, text: ({ code }) => html`<code>${code}</code>` },
    { key: "name", title: say("name"), value: ({ name }) => name },
    { key: "origin", title: say("changeHow"), value: ({ origin }) => say(`origin_${origin}`) },
    { key: "from", title: say("comesFrom"), value: ({ out_of }) => codesOf(out_of), text: ({ out_of }) => shares(out_of) },
    { key: "people", title: say("changePeople"), value: ({ people }) => people },
    { key: "ground", title: say("changeGround"), value: (row) => row.ground_m2, text: (row) => number(row.ground_m2 / 1e6, 3) },
  ];
  return section(
    "areas",
    say("areasTitle"),
    html`<p>${say("areasText", { kept: number(kept), count: number(changed.length) })}</p>
      ${changed.length
        ? html`<h3>${say("formerAreas")}</h3>
            <div class="wide"><g-table .columns=${formerColumns} .rows=${changed} .keyOf=${({ code }: Former) => code} caption=${say("formerAreas")} sortedBy="code"></g-table></div>`
        : none}
      ${added.length
        ? html`<h3>${say("newAreas")}</h3>
            <div class="wide"><g-table .columns=${laterColumns} .rows=${added} .keyOf=${({ code }: Later) => code} caption=${say("newAreas")} sortedBy="code"></g-table></div>`
        : none}`,
    changed.length,
  );
}

function codesOf(into: readonly Schema["AreaShare"][]): string {
  return into.map(({ code }) => code ?? "").join(" ");
}

function shares(into: readonly Schema["AreaShare"][]): TemplateResult {
  return html`<ul class="shares">
    ${into.slice(0, 5).map((one) => html`<li>${areaText(one.code, one.name)} ${percent(one.ground_share, 0)}</li>`)}
    ${into.length > 5 ? html`<li class="soft">… ${number(into.length - 5)}</li>` : none}
  </ul>`;
}

/** Codes that publishing numbers anew, or keeps though they were in force elsewhere. */
export function codesSection({ preview }: Impact): TemplateResult {
  const renumbered = Object.entries(preview.effect?.renumbered ?? {});
  const carried = preview.effect?.codes_carried ?? [];
  if (!renumbered.length && !carried.length) return html``;
  return section(
    "codes",
    say("renumberedTitle"),
    html`${renumbered.length
      ? html`<p>${say("renumberedText")}</p><ul class="pairs">${renumbered.map(([from, to]) => html`<li><code>${from}</code> → <code>${to}</code></li>`)}</ul>`
      : none}
    ${carried.length ? html`<p>${say("carriedText")}</p><ul class="pairs">${carried.map((code) => html`<li><code>${code}</code></li>`)}</ul>` : none}`,
    renumbered.length + carried.length,
  );
}
