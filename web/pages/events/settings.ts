// What this desk wishes: sound, from which level on, keys. A menu above the list.

import { html, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { Piece } from "../../shared/piece.ts";
import { say } from "../../shared/words.ts";
import { keepWishes, ring, wishes, type Wishes } from "./alarm.ts";
import { actionTitle, levelTitle } from "./register.ts";
import { KEYS } from "./steps.ts";

/** `<event-settings>`; what is wished is kept by alarm.ts, and read there. */
@customElement("event-settings")
export class EventSettings extends Piece {
  @state() private wished: Wishes = wishes();

  protected override render(): TemplateResult {
    const tick = (name: "sound" | "overdue" | "keys") => html`<label class="tick">
      <input type="checkbox" name=${name} .checked=${this.wished[name]} @change=${(event: Event) => this.#keep({ [name]: (event.target as HTMLInputElement).checked })} />
      <span>${say(`wish_${name}`)}</span>
    </label>`;
    return html`
      <details class="facet settings" @toggle=${() => this.requestUpdate()} @keydown=${this.#escape}>
        <summary aria-label=${say("settings")} title=${say("settings")}>${this.wished.sound ? "♪" : "⚙"}</summary>
        <fieldset class="words">
          <legend class="unseen">${say("settings")}</legend>
          ${tick("sound")}
          <label class="line"><span>${say("wish_level")}</span>
            <select @change=${(event: Event) => this.#keep({ level: (event.target as HTMLSelectElement).value as Wishes["level"] })}>
              ${(["1", "2", "3"] as const).map((level) => html`<option value=${level} ?selected=${level === this.wished.level}>${say("andAbove", { level: levelTitle(level) })}</option>`)}
            </select>
          </label>
          ${tick("overdue")}
          <button type="button" class="small" @click=${() => ring()}>${say("tryIt")}</button>
          ${tick("keys")}
          <dl class="facts keys">
            ${[["n", say("newEvent")], ["b", say("scanShort")], ["/", say("seekShort")], ...Object.entries(KEYS).map(([action, key]) => [key, actionTitle(action)]), ["w", say("whistle")], ["Esc", say("close")]].map(
              ([key, what]) => html`<dt><kbd>${key?.toUpperCase()}</kbd></dt><dd>${what}</dd>`,
            )}
          </dl>
        </fieldset>
      </details>
    `;
  }

  #keep(changed: Partial<Wishes>): void {
    this.wished = keepWishes(changed);
    if (changed.sound) ring(); // the browser allows sound once somebody asked for it
  }

  #escape = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    (event.currentTarget as HTMLDetailsElement).open = false;
  };
}
