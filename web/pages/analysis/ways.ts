// The ways from one question to another, which take along what is asked about.

import { html, type TemplateResult } from "lit";
import { none } from "../../shared/piece.ts";
import { say } from "../../shared/words.ts";
import { NAMES } from "./questions.ts";
import type { Asked } from "./view.ts";

/** The tabs of the questions; `here` is the one that is open, null the overview. */
export function ways(here: string | null | undefined, asked: Asked): TemplateResult {
  return html`<nav class="tabs questions" aria-label=${say("questions")}>
    <a href=${`/analysis${location.hash}`} aria-current=${here === null ? "page" : none}>${say("overview")}</a>
    ${NAMES.map((name) => html`<a href=${`/analysis/${name}${carried(asked)}`} aria-current=${here === name ? "page" : none}>${say(`q_${name}`)}</a>`)}
  </nav>`;
}

/** What other questions are asked of too. */
function carried({ layer, area, at, first, last, lang }: Asked): string {
  const kept = Object.entries({ layer, area, at, first, last, lang }).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return kept.length ? `#${new URLSearchParams(kept)}` : "";
}
