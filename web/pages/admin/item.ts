// One item of the register: its versions, the latest first, who decided what, and what can be decided now.

import { html, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { service, told, type Schema } from "../../shared/asking.ts";
import { none, Piece } from "../../shared/piece.ts";
import { problem } from "../../shared/problems.ts";
import { current, moment, say } from "../../shared/words.ts";
import { decide } from "./permits.ts";
import { limitsText } from "./register-texts.ts";
import { skeleton } from "./subject.ts";

type Version = Schema["CategoryVersion"];

/** `<admin-item .code>`: tells `close` when it is to go, `decided` when something was. */
@customElement("admin-item")
export class RegisterItem extends Piece {
  @property() code = "";
  @state() private versions: readonly Version[] | null = null;
  @state() private trouble: unknown = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("code")) void this.#read();
  }

  async #read(): Promise<void> {
    const { code } = this;
    this.versions = this.trouble = null;
    try {
      const { versions } = await told(service.GET("/v1/categories/{code}", { params: { path: { code } } }));
      if (code === this.code) this.versions = [...versions].sort((one, other) => other.category.version - one.category.version);
    } catch (error) {
      this.trouble = error;
    }
  }

  protected override render(): TemplateResult {
    const latest = this.versions?.[0]?.category;
    return html`
      <div class="send">
        <h2 tabindex="-1">${latest ? html`<span class="code">${this.code}</span> ${(current() === "en" && latest.title_en) || latest.title}` : this.code}</h2>
        <span class="grow"></span>
        <button type="button" class="close" aria-label=${say("close")} @click=${() => this.dispatchEvent(new Event("close"))}>×</button>
      </div>
      ${this.trouble ? problem(this.trouble) : none}
      ${this.versions ? this.versions.map((version) => this.#version(version)) : this.trouble ? none : skeleton()}
    `;
  }

  #version({ category: item, permits }: Version): TemplateResult {
    const row = (word: string, value: string | null) => (value ? html`<dt>${say(word)}</dt><dd>${value}</dd>` : none);
    const grade = { "in-force": "done", proposed: "warn", approved: "running", refused: "failed", retired: "" }[item.permit];
    return html`<section class="version">
      <h3>${say("versionOf", { version: item.version })} <span class="badge ${grade}">${say(`permit_${item.permit}`)}</span>
        ${item.retirement_proposed ? html`<span class="badge warn">${say("retirementProposed")}</span>` : none}
        ${item.is_example ? html`<span class="badge">${say("example")}</span>` : none}</h3>
      <dl class="facts">
        ${row("function", `${item.function} · ${item.group}`)}
        ${row("itemKind", say(`itemKind_${item.kind}`))}
        ${row("level", say(`level_${item.level}`))}
        ${row("department", item.department)}
        ${row("limits", limitsText(item) ?? say("limitsOfPolicy"))}
        ${row("layersByLevel", Object.entries(item.layers).map(([level, layer]) => `${level}: ${layer}`).join(say("listed")))}
        ${row("inForceFrom", item.valid_from)}
        ${row("inForceTo", item.valid_to)}
        ${row("source", item.source)}
      </dl>
      <ol class="lines">
        ${permits.map((entry) => html`<li>${say(`permit_${entry.permit}`)} <span class="soft">${moment(entry.at)} · ${entry.by}${entry.reason ? ` · ${entry.reason}` : ""}</span></li>`)}
      </ol>
      ${item.acts.length
        ? html`<div class="toolbar">${item.acts.map((act) => html`<button type="button" class="small" @click=${() => this.#decide(act, item)}>${say(`act_${act}`)}</button>`)}</div>`
        : none}
    </section>`;
  }

  async #decide(act: Schema["PermitAct"], item: Schema["CategoryInfo"]): Promise<void> {
    if (!(await decide(act, [item]))) return;
    this.dispatchEvent(new Event("decided"));
    await this.#read();
  }
}
