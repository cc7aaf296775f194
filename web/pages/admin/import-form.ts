// The form of one import, made of what the service says of it: the file, what it must know, and the rest folded away.

import { html, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Schema } from "../../shared/asking.ts";
import { none, Piece } from "../../shared/piece.ts";
import { current, isSaid, say, titleOf } from "../../shared/words.ts";
import { columnsOf } from "./columns-of.ts";
import type { Field } from "./import-fields.ts";

const SYSTEMS = ["wgs84", "cgcs2000", "gcj02", "bd09"];
const OTHER = "other";
const STATED = "stated"; // by the file itself

/** `<import-form>` tells `send` with the filled-in form, without `dry_run`; `edited` when anything was changed. */
@customElement("import-form")
export class ImportForm extends Piece {
  @property({ attribute: false }) fields: Field[] = [];
  @property({ attribute: false }) layers: Schema["LayerInfo"][] = [];
  @property({ attribute: false }) drafts: string[] = [];
  @property() what = "";
  @property({ type: Boolean }) busy = false;
  /** Whether the same was tried before, so that it may be brought in. */
  @property({ type: Boolean }) tried = false;
  @state() private columns: string[] = [];
  @state() private system = "";
  @state() private publishes = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("what")) return;
    this.columns = [];
    this.system = "";
    this.publishes = false;
    this.querySelector("form")?.reset();
  }

  protected override render(): TemplateResult {
    const isFirst = ({ required, kind, name }: Field) => required || kind === "crs" || (kind === "file" && name === "file") || name === "source" || name === "strict";
    const columns = this.fields.filter(({ kind }) => kind === "column" || kind === "columns");
    const rest = this.fields.filter((field) => !isFirst(field) && !columns.includes(field));
    // an import that publishes cannot be tried: the service says so too
    const mayBring = this.tried || this.publishes;
    return html`<form class="sheet" @submit=${(event: Event) => this.#send(event)} @input=${() => this.dispatchEvent(new Event("edited"))}>
      <div class="fields">${this.fields.filter(isFirst).map((field) => this.#row(field))}</div>
      ${columns.length
        ? html`<details><summary>${say("columnsOfFile")}</summary><p class="soft">${say("columnsHint")}</p><div class="fields">${columns.map((field) => this.#row(field))}</div></details>`
        : none}
      ${rest.length ? html`<details><summary>${say("furtherOptions")}</summary><div class="fields">${rest.map((field) => this.#row(field))}</div></details>` : none}
      <datalist id="columns-of-file">${this.columns.map((name) => html`<option value=${name}></option>`)}</datalist>
      <datalist id="drafts-there">${this.drafts.map((name) => html`<option value=${name}></option>`)}</datalist>
      <div class="send">
        <button type="submit" name="how" value="try" class=${mayBring ? "" : "primary"} ?disabled=${this.busy || this.publishes}>${say("tryImport")}</button>
        <button type="submit" name="how" value="bring" class=${mayBring ? "primary" : ""} ?disabled=${this.busy || !mayBring}>${say("bringIn")}</button>
        <span class="soft">${say(mayBring ? "triedHint" : "tryHint")}</span>
      </div>
    </form>`;
  }

  #row(field: Field): TemplateResult {
    const id = `in-${field.name}`;
    const label = isSaid(`in_${this.what}_${field.name}`) ? say(`in_${this.what}_${field.name}`) : say(`in_${field.name}`);
    const hint = current() === "en" && field.kind !== "file" ? field.hint : "";
    if (field.kind === "flag") {
      return html`<div class="fieldrow"><span></span><label class="tick"><input type="checkbox" name=${field.name} value="true"
        @change=${(event: Event) => field.name === "publish" && (this.publishes = (event.target as HTMLInputElement).checked)} /> ${label}</label></div>`;
    }
    return html`<div class="fieldrow">
      <label for=${id}>${label}${field.required ? html`<span aria-hidden="true"> *</span>` : none}</label>
      ${this.#control(field, id)}
      ${field.kind === "crs" ? html`<span class="soft">${say("crsHint")}</span>` : hint && field.kind !== "column" ? html`<span class="soft">${hint}</span>` : none}
    </div>`;
  }

  #control(field: Field, id: string): TemplateResult {
    const { name, kind, required } = field;
    if (kind === "file") {
      const file = html`<input type="file" id=${id} name=${name} ?required=${required} @change=${(event: Event) => this.#chosen(event, name)} />`;
      return name === "scope" ? html`<span class="sheet">${file}<input name="scope_text" aria-label=${say("scopeByCode")} placeholder=${say("scopeByCode")} /></span>` : file;
    }
    if (kind === "crs") return this.#systems(id);
    if (kind === "choice") {
      return html`<select id=${id} name=${name}>${field.choices.map((one) => html`<option value=${one} ?selected=${one === field.usual}>${say(`in_${name}_${one}`)}</option>`)}</select>`;
    }
    if (kind === "layer") {
      return html`<select id=${id} name=${name} ?required=${required}><option value="">${say("choose")}</option>${this.layers.map((one) => html`<option value=${one.name}>${titleOf(one)}</option>`)}</select>`;
    }
    if (kind === "date") return html`<input type="date" id=${id} name=${name} ?required=${required} />`;
    if (kind === "number") return html`<input type="number" min="0" id=${id} name=${name} ?required=${required} />`;
    const list = kind === "column" || kind === "columns" ? "columns-of-file" : kind === "plan" ? "drafts-there" : null;
    return html`<input id=${id} name=${name} ?required=${required} maxlength="200" list=${list ?? ""} autocomplete="off" />`;
  }

  /** No system is taken silently: somebody has to choose one. */
  #systems(id: string): TemplateResult {
    return html`<span class="send">
      <select id=${id} required @change=${(event: Event) => (this.system = (event.target as HTMLSelectElement).value)}>
        <option value="">${say("chooseSystem")}</option>
        ${SYSTEMS.map((one) => html`<option value=${one}>${say(`crs_${one}`)}</option>`)}
        <option value=${OTHER}>${say("crs_other")}</option>
        <option value=${STATED}>${say("crs_stated")}</option>
      </select>
      ${this.system === OTHER ? html`<input name="crs_code" required aria-label=${say("crs_other")} placeholder="EPSG:4547" />` : none}
    </span>`;
  }

  async #chosen(event: Event, name: string): Promise<void> {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (name === "file") this.columns = file ? await columnsOf(file).catch(() => []) : [];
  }

  #send(event: Event): void {
    event.preventDefault();
    const { submitter, target } = event as SubmitEvent;
    const form = filledIn(new FormData(target as HTMLFormElement), this.system);
    const dry = (submitter as HTMLButtonElement | null)?.value !== "bring";
    this.dispatchEvent(new CustomEvent("send", { detail: { form, dry } }));
  }
}

/** What is sent: nothing that is empty, the system by its name, the scope as a file or as a code. */
function filledIn(form: FormData, system: string): FormData {
  const sent = new FormData();
  for (const [name, value] of form) {
    if (value instanceof File ? !value.name : !value.trim()) continue;
    if (name === "crs_code") sent.set("crs", value);
    else if (name === "scope_text") {
      if (!sent.has("scope")) sent.set("scope", value);
    } else sent.append(name, value);
  }
  if (SYSTEMS.includes(system)) sent.set("crs", system);
  return sent;
}
