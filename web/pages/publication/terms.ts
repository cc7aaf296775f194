// The terms of a publication: its day, the decision it rests on, and the words that somebody types to go on.

import { html, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { none, Piece } from "../../shared/piece.ts";
import { problem } from "../../shared/problems.ts";
import { isSaid, say } from "../../shared/words.ts";
import { against, type Plan, type Preview, type Terms } from "./impact.ts";
import { words } from "./words.ts";

export interface Decision extends Terms {
  decision: string | null;
  decided_on: string | null;
  author: string | null;
}

/** What a form holds before somebody writes into it. */
export const BLANK: Decision = {
  valid_from: "",
  valid_to: null,
  corrects: null,
  reason: null,
  accept_defects: null,
  keep_codes: false,
  over_newer: false,
  decision: null,
  decided_on: null,
  author: null,
};

/** What the words are that accept: those of either language. */
export function accepts(typed: string): boolean {
  const said = typed.trim().toLowerCase();
  return [words.zh.iAccept, words.en.iAccept].some((one) => one?.toLowerCase() === said);
}

/** What is still lacking before a plan can be published, as keys of words. */
export function lacking(asked: Decision, preview: Preview | null, typed: string): string[] {
  if (!preview) return ["lackPreview"];
  const { problems, faults, others, acceptable } = against(preview);
  const defective = problems.length + faults.length > 0;
  const givenUp = others.filter(({ slug }) => !(slug === "stale-base" && asked.over_newer));
  const isForbidden = givenUp.length > 0 || (defective && !acceptable);
  return [
    isForbidden ? "lackMend" : null,
    asked.valid_from ? null : "lackDate",
    asked.decision?.trim() ? null : "lackDecision",
    asked.corrects && !asked.reason?.trim() ? "lackReason" : null,
    defective && acceptable && !asked.accept_defects?.trim() ? "lackAccept" : null,
    accepts(typed) ? null : "lackWords",
  ].filter((key) => key !== null);
}

/**
 * `<publication-terms>` tells by `terms` that what the preview rests on was changed, and by `publish` that it is to be
 * done; what was written stays whatever comes of it.
 */
@customElement("publication-terms")
export class PublicationTerms extends Piece {
  /** On these terms; null while it is tried out. */
  @property({ attribute: false }) preview: Preview | null = null;
  /** Plans that this one may correct. */
  @property({ attribute: false }) earlier: readonly Plan[] = [];
  @property({ attribute: false }) decision: Decision = { ...BLANK };
  @property({ type: Boolean }) allowed = false;
  @property({ type: Boolean }) busy = false;
  @property({ attribute: false }) trouble: unknown = null;
  @state() private typed = "";

  /** The words accept what was shown: they are typed anew where that is worked out anew. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.get("preview")) this.typed = "";
  }

  protected override render(): TemplateResult {
    const { decision: asked } = this;
    const acceptable = asked.accept_defects !== null || (this.preview !== null && against(this.preview).acceptable);
    const lacks = lacking(asked, this.preview, this.typed);
    const accept = say("iAccept");
    return html`
      <h2>${say("decideTitle")}</h2>
      ${this.allowed ? html`<p class="soft">${say("decideText")}</p>` : html`<div class="note">${say("cannotPublish")}</div>`}
      <form class="sheet" @submit=${this.#publish}>
        ${this.#field("valid_from", "date", { required: true, retold: true })} ${this.#field("decision", "text", { required: true })}
        <div class="pair">${this.#field("decided_on", "date")} ${this.#field("author", "text")}</div>
        ${acceptable
          ? html`<div class="entry">
              <label for="accept_defects">${say("acceptDefects")}</label>
              <textarea id="accept_defects" rows="3" maxlength="2000" .value=${asked.accept_defects ?? ""} @input=${this.#written("accept_defects")}></textarea>
              <p class="soft">${say("acceptDefectsHint")}</p>
            </div>`
          : none}
        <details ?open=${Boolean(asked.corrects || asked.valid_to || asked.keep_codes || asked.over_newer)}>
          <summary>${say("more")}</summary>
          <div class="sheet">
            ${this.#field("valid_to", "date", { retold: true })}
            <div class="entry">
              <label for="corrects">${say("corrects")}</label>
              <select id="corrects" .value=${asked.corrects ?? ""} @change=${this.#retold("corrects")}>
                <option value="">${say("correctsNone")}</option>
                ${this.earlier.map(({ name }) => html`<option value=${name} ?selected=${name === asked.corrects}>${name}</option>`)}
              </select>
            </div>
            ${asked.corrects ? this.#field("reason", "text", { required: true }) : none}
            ${this.#tick("keep_codes", "keepCodes")} ${this.#tick("over_newer", "overNewer")}
          </div>
        </details>
        ${this.allowed
          ? html`<div class="entry">
                <label for="typed">${say("iAcceptLabel", { words: accept })}</label>
                <input id="typed" autocomplete="off" placeholder=${accept} .value=${this.typed} @input=${(event: InputEvent) => (this.typed = (event.target as HTMLInputElement).value)} />
              </div>
              <button type="submit" class="primary" ?disabled=${this.busy || lacks.length > 0} aria-describedby="lacks">
                ${say(this.busy ? "publishing" : "publish")}
              </button>
              <p class="soft" id="lacks" aria-live="polite">
                ${lacks.length && !this.busy ? html`${say("lacks")}${lacks.map((key) => say(key, { words: accept })).join(say("comma"))}` : none}
              </p>`
          : none}
        ${this.trouble ? problem(this.trouble) : none}
      </form>
    `;
  }

  #field(name: keyof Decision & string, type: "date" | "text", { required = false, retold = false } = {}): TemplateResult {
    const key = TITLES[name] as string;
    const hint = `${key}Hint`;
    const value = this.decision[name];
    return html`<div class="entry">
      <label for=${name}>${say(key)}</label>
      <input
        id=${name}
        type=${type}
        maxlength=${type === "text" ? 500 : none}
        ?required=${required}
        .value=${typeof value === "string" ? value : ""}
        aria-describedby=${isSaid(hint) ? `${name}-hint` : none}
        @input=${retold ? none : this.#written(name)}
        @change=${retold ? this.#retold(name) : none}
      />
      ${isSaid(hint) ? html`<p class="soft" id=${`${name}-hint`}>${say(hint)}</p>` : none}
    </div>`;
  }

  #tick(name: "keep_codes" | "over_newer", key: string): TemplateResult {
    const changed = (event: Event) => this.#take(name, (event.target as HTMLInputElement).checked, true);
    return html`<label class="tick"><input type="checkbox" id=${name} .checked=${this.decision[name]} @change=${changed} />${say(key)}</label>`;
  }

  #written(name: keyof Decision): (event: Event) => void {
    return (event) => this.#take(name, (event.target as HTMLInputElement).value || null, false);
  }

  #retold(name: keyof Decision): (event: Event) => void {
    return (event) => this.#take(name, (event.target as HTMLInputElement).value || null, true);
  }

  #take(name: keyof Decision, value: string | boolean | null, isRetold: boolean): void {
    const decision = { ...this.decision, [name]: value };
    if (!decision.corrects) decision.reason = null;
    this.decision = decision;
    this.dispatchEvent(new CustomEvent(isRetold ? "terms" : "written", { detail: decision }));
  }

  #publish = (event: Event): void => {
    event.preventDefault();
    if (lacking(this.decision, this.preview, this.typed).length) return;
    this.dispatchEvent(new CustomEvent("publish", { detail: this.decision }));
  };
}

const TITLES: Partial<Record<keyof Decision, string>> = {
  valid_from: "validFrom",
  valid_to: "validTo",
  decision: "decision",
  decided_on: "decidedOn",
  author: "author",
  reason: "reason",
};
