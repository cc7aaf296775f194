// Whether a draft can be published: what forbids it, each with the way to mend it, and what is only warned of.

import { html, type TemplateResult } from "lit";
import { none } from "../../shared/piece.ts";
import { isSaid, number, say } from "../../shared/words.ts";
import { against, sentenceOf, type Against, type Impact } from "./impact.ts";
import { plannerAddress } from "./links.ts";

const PANELS: Record<string, string> = { "stale-base": "compare" };

export function verdict({ plan, preview }: Impact): TemplateResult {
  const found = against(preview);
  const isFree = preview.refusals.length === 0;
  const warnings = preview.problems.filter((one) => !one.refused);
  return html`
    ${isFree
      ? html`<div class="note good" id="verdict"><strong>${say("verdictGood")}</strong>${say("verdictGoodText")}</div>`
      : forbidden(plan.name, found)}
    ${warnings.length
      ? html`<div class="caution">
          <strong>${say("warnings")}</strong>
          <ul class="reasons">${warnings.map((one) => html`<li>${sentenceOf(one)} ${place(plan.name, one.kind)}</li>`)}</ul>
        </div>`
      : none}
    <details class="soft proof">
      <summary>${say(preview.certified ? "certified" : "notCertified")}</summary>
      <p lang="en">${preview.proof}</p>
    </details>
  `;
}

function forbidden(plan: string, { problems, faults, others, acceptable }: Against): TemplateResult {
  const mild = acceptable && others.length === 0;
  const list = faults.map(([kind, count]) => `${say(`kind_${kind}`)} ${number(count)}`).join(say("comma"));
  return html`<div class=${mild ? "caution" : "alarm"} id="verdict" role="alert">
    <strong>${say(mild ? "verdictAccept" : "verdictBad")}</strong>
    ${say(mild ? "verdictAcceptText" : "verdictBadText")}
    <ul class="reasons">
      ${problems.map((one) => html`<li>${sentenceOf(one)} ${place(plan, one.kind)}</li>`)}
      ${faults.length ? html`<li>${say("faultsFound", { list })} ${place(plan)}</li>` : none}
      ${others.map(
        (one) => html`<li>
          ${say(isSaid(`against_${one.slug}`) ? `against_${one.slug}` : "against_other")}
          ${one.slug === "stale-base" ? html`<a class="noprint" href=${plannerAddress(plan, { panel: PANELS[one.slug] as string })}>${say("rebase")}</a>` : none}
          <details><summary>${say("serviceSays")}</summary><p lang="en">${one.sentence} ${one.hint}</p></details>
        </li>`,
      )}
    </ul>
  </div>`;
}

function place(plan: string, kind?: string): TemplateResult {
  return html`<a class="noprint" href=${plannerAddress(plan, kind ? { panel: "problems", problem: kind } : {})}>${say("seePlace")}</a>`;
}
