// The layers of the district, each with what it must fulfil; and loading a set of them.

import "../../shared/table.ts";
import { html, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { announce } from "../../shared/announcing.ts";
import { service, told, type Schema } from "../../shared/asking.ts";
import { none } from "../../shared/piece.ts";
import { Place } from "../../shared/place.ts";
import type { Column } from "../../shared/table.ts";
import { isSaid, number, say, titleOf } from "../../shared/words.ts";
import { documentView } from "./document-view.ts";
import { DOCUMENTS, sendDocument } from "./documents.ts";
import { Subject } from "./subject.ts";

type Layer = Schema["LayerInfo"];
type Profile = Schema["ProfileInfo"];
type LayersLoaded = Schema["LayersLoaded"];

const place = new Place(["layer"]);

@customElement("admin-layers")
export class Layers extends Subject {
  @state() private details: Schema["LayerDetail"][] = [];
  @state() private profiles: Profile[] = [];
  @state() private chosen: string | null = null;
  @state() private tried: LayersLoaded | null = null;
  @state() private busy = false;
  #picked: File | { shipped: string } | null = null;

  protected override async load(): Promise<void> {
    const [layers, profiles] = await Promise.all([told(service.GET("/v1/layers")), told(service.GET("/v1/profiles"))]);
    this.details = await Promise.all(layers.map(({ name }) => told(service.GET("/v1/layers/{layer}", { params: { path: { layer: name } } }))));
    this.profiles = profiles;
    this.chosen = place.read().layer ?? layers[0]?.name ?? null;
  }

  protected override body(): TemplateResult {
    const detail = this.details.find(({ layer }) => layer.name === this.chosen);
    return html`
      <div class="beside">
        <section aria-labelledby="layers-name">
          <h2 id="layers-name">${say("subject_layers")}</h2>
          ${this.details.length ? this.#table() : html`<div class="nothing"><strong>${say("noLayers")}</strong>${say("noLayersHint")}</div>`}
        </section>
        <section class="sheet" aria-live="polite">${detail ? this.#detail(detail) : none}</section>
      </div>
      ${this.#loading()}
    `;
  }

  #table(): TemplateResult {
    const columns: Column<Schema["LayerDetail"]>[] = [
      { key: "title", title: say("layer"), value: ({ layer }) => titleOf(layer), text: ({ layer }) => html`${titleOf(layer)} <span class="soft code">${layer.name}</span>` },
      { key: "kind", title: say("kind"), value: ({ layer }) => say(`kind_${layer.kind}`) },
      { key: "parent", title: say("parent"), value: ({ layer }) => this.#parent(layer) },
      { key: "code", title: say("codeScheme"), value: ({ layer }) => layer.code_scheme },
      { key: "areas", title: say("areasInForce"), value: ({ in_force: plans }) => plans.reduce((sum, { areas }) => sum + areas, 0) },
      { key: "drafts", title: say("drafts"), value: ({ drafts }) => drafts.length },
    ];
    return html`<div class="scrolls"><g-table
      .columns=${columns}
      .rows=${this.details}
      .keyOf=${({ layer }: Schema["LayerDetail"]) => layer.name}
      .chosen=${this.chosen}
      caption=${say("subject_layers")}
      @choose=${({ detail }: CustomEvent<Schema["LayerDetail"]>) => this.#choose(detail.layer.name)}
    ></g-table></div>`;
  }

  #choose(name: string): void {
    this.chosen = name;
    place.write({ layer: name });
  }

  #parent(layer: Layer): string | null {
    const parent = this.details.find((one) => one.layer.name === layer.parent)?.layer;
    return parent ? `${titleOf(parent)} · ${say(`nesting_${layer.nesting}`)}` : null;
  }

  #detail({ layer, children, code_scheme: scheme, in_force: plans, drafts }: Schema["LayerDetail"]): TemplateResult {
    const row = (word: string, value: unknown) => (value === null || value === "" ? none : html`<dt>${say(word)}</dt><dd>${value}</dd>`);
    const named = (name: string) => this.details.find((one) => one.layer.name === name)?.layer;
    return html`
      <h2>${titleOf(layer)}</h2>
      <dl class="facts">
        ${row("kind", say(`kindLong_${layer.kind}`))}
        ${row("parent", this.#parent(layer))}
        ${row("children", children.map((name) => titleOf(named(name) ?? { title_zh: name, title_en: name })).join(say("listed")))}
        ${row("targets", targetsText(layer))}
        ${row("staffing", layer.staffing)}
      </dl>
      <h3>${say("plansInForce")}</h3>
      ${plans.length
        ? html`<ul class="lines">
            ${plans.map((plan) => html`<li><span>${plan.name}</span> <span class="soft">${say("planFacts", { from: plan.valid_from ?? "", areas: number(plan.areas) })}${plan.decision ? ` · ${plan.decision}` : ""}</span></li>`)}
          </ul>`
        : html`<p class="soft">${say("noPlan")}</p>`}
      ${drafts.length
        ? html`<h3>${say("drafts")}</h3>
            <ul class="lines">${drafts.map((name) => html`<li><a href=${`/planner#plan=${encodeURIComponent(name)}`}>${name}</a></li>`)}</ul>`
        : none}
      ${scheme ? html`<details><summary>${say("codeSchemeOf", { name: layer.code_scheme ?? "" })}</summary>${documentView(scheme)}</details>` : none}
    `;
  }

  #loading(): TemplateResult {
    return html`<section class="card" aria-labelledby="loading-name">
      <h2 id="loading-name">${say("loadLayers")}</h2>
      <p class="soft">${say("loadHint")}</p>
      <form class="filters" @submit=${(event: Event) => this.#send(event, true)}>
        <label>${say("shipped")}
          <select name="shipped" @change=${(event: Event) => this.#pickShipped(event.target as HTMLSelectElement)}>
            <option value="">${say("noneShipped")}</option>
            ${this.profiles.map((one) => html`<option value=${one.name} title=${one.source}>${titleOf(one)}</option>`)}
          </select>
        </label>
        <label>${say("ownFile")}<input type="file" name="file" accept=${DOCUMENTS} @change=${(event: Event) => this.#pickFile(event.target as HTMLInputElement)} /></label>
        <button type="submit" class="primary" ?disabled=${this.busy}>${say("tryLoading")}</button>
      </form>
      ${this.tried ? this.#told(this.tried) : none}
    </section>`;
  }

  #pickShipped(select: HTMLSelectElement): void {
    this.#picked = select.value ? { shipped: select.value } : null;
    this.tried = null;
    const file = this.querySelector<HTMLInputElement>("input[type=file]");
    if (file) file.value = "";
  }

  #pickFile(input: HTMLInputElement): void {
    this.#picked = input.files?.[0] ?? null;
    this.tried = null;
    const select = this.querySelector("select");
    if (select) select.value = "";
  }

  #told(loaded: LayersLoaded): TemplateResult {
    const rows = [...loaded.layers.map((one) => ({ ...one, what: "layer" })), ...loaded.code_schemes.map((one) => ({ ...one, what: "codeScheme" }))];
    const changes = rows.filter(({ change }) => change !== "unchanged").length;
    return html`
      <p role="status"><strong>${changes ? say("wouldChange", { count: number(changes) }) : say("wouldChangeNothing")}</strong>
        ${loaded.others.length ? say("othersStay", { names: loaded.others.join(say("listed")) }) : ""}</p>
      <div class="scrolls"><table class="plain">
        <thead><tr><th scope="col">${say("what")}</th><th scope="col">${say("name")}</th><th scope="col">${say("change")}</th><th scope="col">${say("changedFields")}</th></tr></thead>
        <tbody>
          ${rows.map((one) => html`<tr>
            <td>${say(one.what)}</td><td class="code">${one.name}</td>
            <td><span class="status ${one.change === "unchanged" ? "" : one.change === "added" ? "good" : "warn"}">${say(`change_${one.change}`)}</span></td>
            <td>${one.fields.map((field) => (isSaid(`field_of_${field}`) ? say(`field_of_${field}`) : field)).join(say("listed"))}</td>
          </tr>`)}
        </tbody>
      </table></div>
      ${changes ? html`<div><button type="button" class="primary" ?disabled=${this.busy} @click=${(event: Event) => this.#send(event, false)}>${say("load")}</button></div>` : none}
    `;
  }

  async #send(event: Event, dry: boolean): Promise<void> {
    event.preventDefault();
    const picked = this.#picked;
    if (!picked) {
      this.querySelector<HTMLElement>("select[name=shipped]")?.focus();
      announce(say("chooseFirst"));
      return;
    }
    this.busy = true;
    await this.attempt(async () => {
      const loaded = await sendDocument<LayersLoaded>(`/v1/layers?dry_run=${dry}`, picked);
      if (dry) {
        this.tried = loaded;
        return;
      }
      this.tried = null;
      announce(say("loadedLayers"));
      await this.load();
    });
    this.busy = false;
  }
}

function targetsText({ targets }: Layer): string | null {
  if (!targets) return null;
  const { area_km2: area, population, terms } = targets;
  const parts = [
    area === null ? null : `${number(area, 2)} km²`,
    population === null ? null : say("people", { count: number(population) }),
    ...terms.map((term) => `${term.attribute} ${number(term.target, 2)}`),
  ];
  return parts.filter((one) => one !== null).join(say("listed"));
}
