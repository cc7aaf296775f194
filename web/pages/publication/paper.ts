// What stands on paper in the place of the form.

import { html, type TemplateResult } from "lit";
import { say } from "../../shared/words.ts";
import type { Decision } from "./terms.ts";

/** The terms as they stand, and room for signatures. */
export function paper(decision: Decision): TemplateResult {
  const rows: [string, string | null][] = [
    [say("validFrom"), decision.valid_from],
    [say("validTo"), decision.valid_to],
    [say("decision"), decision.decision],
    [say("decidedOn"), decision.decided_on],
    [say("author"), decision.author],
    [say("corrects"), decision.corrects],
    [say("reason"), decision.reason],
    [say("acceptDefects"), decision.accept_defects],
  ];
  return html`<section class="paper">
    <h2>${say("printedTerms")}</h2>
    <dl class="facts">${rows.filter(([, value]) => value).map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`)}</dl>
    <p class="signed"><span>${say("signature")}</span><span>${say("signedOn")}</span></p>
  </section>`;
}
