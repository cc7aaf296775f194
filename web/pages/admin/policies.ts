// Policies that are documents: what counts now, what counted before, and a new one, looked at before it is adopted.

import { html, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { announce } from "../../shared/announcing.ts";
import { service, told, type Schema } from "../../shared/asking.ts";
import { none } from "../../shared/piece.ts";
import { Place } from "../../shared/place.ts";
import { moment, number, say, titleOf } from "../../shared/words.ts";
import { differences } from "./differences.ts";
import { documentView } from "./document-view.ts";
import { DOCUMENTS, sendDocument } from "./documents.ts";
import { Subject } from "./subject.ts";

type Policy = Schema["PolicyInfo"];

const place = new Place(["kind", "version"]);

@customElement("admin-policies")
export class Policies extends Subject {
  @state() private policies: Policy[] = [];
  @state() private asked = place.read();
  @state() private tried: Policy | null = null;
  #file: File | null = null;

  protected override async load(): Promise<void> {
    this.policies = await told(service.GET("/v1/policies"));
  }

  get #kind(): string {
    return this.asked.kind ?? this.policies[0]?.kind ?? "";
  }

  #ask(changes: Partial<typeof this.asked>): void {
    place.write(changes);
    this.asked = place.read();
    this.tried = null;
  }

  protected override body(): TemplateResult {
    const kinds = [...new Set(this.policies.map(({ kind }) => kind))];
    const versions = this.policies.filter(({ kind }) => kind === this.#kind);
    const shown = versions.find(({ version }) => version === this.asked.version) ?? versions.find(({ is_in_force: counts }) => counts);
    return html`
      <h2 class="unseen">${say("subject_policies")}</h2>
      <div class="chips" role="group" aria-label=${say("policyKind")}>
        ${kinds.map((kind) => html`<button type="button" class="chip" aria-pressed=${kind === this.#kind} @click=${() => this.#ask({ kind, version: undefined })}>${say(`policy_${kind}`)}</button>`)}
      </div>
      ${shown ? this.#shown(shown, versions) : none}
      ${this.#adopting(versions.find(({ is_in_force: counts }) => counts))}
    `;
  }

  #shown(policy: Policy, versions: Policy[]): TemplateResult {
    return html`<section class="card" aria-labelledby="policy-name">
      <div class="send">
        <h2 id="policy-name">${titleOf(policy)} <span class="code">${policy.version}</span></h2>
        <span class="badge ${policy.is_in_force ? "done" : ""}">${say(policy.is_in_force ? "policyCounts" : "policyFormer")}</span>
        ${policy.is_example ? html`<span class="badge warn">${say("example")}</span>` : none}
      </div>
      <p class="soft">${policy.adopted_at ? say("adoptedAt", { when: moment(policy.adopted_at) ?? "" }) : say("neverAdopted")} · ${policy.source}</p>
      ${versions.length > 1
        ? html`<div class="filters"><label>${say("version")}
            <select @change=${(event: Event) => this.#ask({ version: (event.target as HTMLSelectElement).value })}>
              ${versions.map(({ version }) => html`<option value=${version} ?selected=${version === policy.version}>${version}</option>`)}
            </select></label></div>`
        : none}
      ${documentView(policy.definition)}
    </section>`;
  }

  #adopting(inForce: Policy | undefined): TemplateResult {
    return html`<section class="card" aria-labelledby="adopting-name">
      <h2 id="adopting-name">${say("adoptPolicy")}</h2>
      <p class="soft">${say("adoptPolicyHint")}</p>
      <form class="filters" @submit=${(event: Event) => this.#try(event)}>
        <label>${say("policyFile", { kind: say(`policy_${this.#kind}`) })}<input type="file" name="file" required accept=${DOCUMENTS} @change=${() => (this.tried = null)} /></label>
        <button type="submit" class="primary">${say("tryPolicy")}</button>
      </form>
      ${this.tried ? this.#told(this.tried, inForce) : none}
    </section>`;
  }

  #told(policy: Policy, inForce: Policy | undefined): TemplateResult {
    const found = differences(inForce?.definition ?? {}, policy.definition);
    return html`
      ${found.length
        ? html`<div class="scrolls"><table class="plain">
            <caption>${say("differences", { before: inForce?.version ?? "–", after: policy.version, count: number(found.length) })}</caption>
            <thead><tr><th scope="col">${say("place_")}</th><th scope="col">${inForce?.version ?? "–"}</th><th scope="col">${policy.version}</th></tr></thead>
            <tbody>${found.map((one) => html`<tr><td class="code">${one.place}</td><td>${one.before ?? "–"}</td><td>${one.after ?? "–"}</td></tr>`)}</tbody>
          </table></div>`
        : html`<p class="note">${say("noDifference", { before: inForce?.version ?? "–", after: policy.version })}</p>`}
      ${found.length ? html`<div><button type="button" class="primary" @click=${() => this.#adopt()}>${say("adoptThis", { version: policy.version })}</button></div>` : none}
    `;
  }

  async #try(event: Event): Promise<void> {
    event.preventDefault();
    const field = (event.target as HTMLFormElement).elements.namedItem("file") as HTMLInputElement;
    this.#file = field.files?.[0] ?? null;
    if (!this.#file) return;
    const file = this.#file;
    await this.attempt(async () => {
      this.tried = (await sendDocument<Schema["PolicyAdopted"]>(`/v1/policies/${this.#kind}?dry_run=true`, file)).policy;
    });
  }

  async #adopt(): Promise<void> {
    const file = this.#file;
    if (!file) return;
    await this.attempt(async () => {
      const { policy } = await sendDocument<Schema["PolicyAdopted"]>(`/v1/policies/${this.#kind}`, file);
      this.#ask({ kind: policy.kind, version: policy.version });
      announce(say("policyAdopted", { version: policy.version }));
      await this.load();
    });
  }
}
