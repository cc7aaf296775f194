// Choosing a plan: those in force and the drafts of each layer, a new draft from any of them, and drafts deleted.

import { html, render, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { announce } from "../../../shared/announcing.ts";
import { service, session, told, type Schema } from "../../../shared/asking.ts";
import { askFor } from "../../../shared/dialog.ts";
import { make } from "../../../shared/elements.ts";
import { none, Piece } from "../../../shared/piece.ts";
import { problem } from "../../../shared/problems.ts";
import { ready } from "../../../shared/ready.ts";
import { number, say, shortMoment, titleOf } from "../../../shared/words.ts";
import { askForBranch } from "../branching.ts";

type Plan = Schema["PlanInfo"];
type Last = Pick<Schema["LoggedOperation"], "revision" | "account" | "at">;

/** `<planner-chooser>` lists all plans; `here` is the one that is open. */
@customElement("planner-chooser")
export class PlannerChooser extends Piece {
  @property() here = "";
  @state() private layers: Schema["LayerInfo"][] | null = null;
  @state() private plans: Plan[] = [];
  @state() private last = new Map<string, Last>();
  @state() private mayDraft = false;
  @state() private trouble: unknown = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#read();
  }

  protected override render(): TemplateResult {
    if (this.trouble) return html`<div class="reading">${problem(this.trouble)}</div>`;
    if (!this.layers) return html`<div class="reading"><div class="skeleton"><div></div><div></div><div></div><div></div></div></div>`;
    if (!this.plans.length) return html`<div class="nothing"><strong>${say("plansNone")}</strong>${say("plansNoneText")}</div>`;
    const layers = this.layers.filter(({ name }) => this.plans.some(({ layer }) => layer === name)).reverse(); // the smallest areas first: those that are redrawn
    return html`<div class="reading chooser">
      ${this.here ? none : html`<p>${say("plansText")}</p>`}
      ${layers.map((layer) => this.#layer(layer, this.plans.filter((plan) => plan.layer === layer.name)))}
    </div>`;
  }

  #layer(layer: Schema["LayerInfo"], plans: Plan[]): TemplateResult {
    const [drafts, ended] = [plans.filter(({ status }) => status === "draft"), plans.filter(({ status }) => status === "retired")];
    const inForce = plans.filter(({ status }) => status === "published");
    return html`<section aria-label=${titleOf(layer)}>
      <h2>${titleOf(layer)}</h2>
      <div class="cards">${[...drafts, ...inForce].map((plan) => this.#card(plan))}</div>
      ${drafts.length ? none : html`<p class="soft">${say("plansNoDrafts")}</p>`}
      ${ended.length ? html`<details><summary>${say("plansEnded", { count: ended.length })}</summary><div class="cards">${ended.map((plan) => this.#card(plan))}</div></details>` : none}
    </section>`;
  }

  #card(plan: Plan): TemplateResult {
    const isDraft = plan.status === "draft";
    const isHere = plan.name === this.here;
    const isComing = plan.status === "published" && plan.took_effect_at === null;
    const last = this.last.get(plan.name);
    const facts = [
      plan.scope_code ? say("planScope", { scope: plan.scope_code }) : say("planWhole"),
      say("planAreas", { count: number(plan.areas) }),
      plan.valid_from ? say("planFrom", { from: plan.valid_from }) : null,
      plan.valid_to ? say("planUntil", { to: plan.valid_to }) : null,
      isDraft && plan.based_on ? say("planBasedOn", { base: plan.based_on }) : null,
    ].filter((fact) => fact !== null);
    return html`<article class="card" aria-current=${isHere}>
      <h3>
        <a href=${`#plan=${encodeURIComponent(plan.name)}`} @click=${this.#left}>${plan.name}</a>
        <span class="badge ${isDraft ? "running" : isComing ? "warn" : plan.status === "published" ? "done" : ""}">${say(isComing ? "status_coming" : `status_${plan.status}`)}</span>
        ${isHere ? html`<span class="badge">${say("planOpenNow")}</span>` : none}
      </h3>
      <p class="soft">${facts.join(" · ")}</p>
      <p class="soft">${last ? say("planLast", { ...last, at: shortMoment(last.at) ?? "" }) : (plan.decision ?? plan.author ?? "")}</p>
      <p class="send">
        ${isHere ? none : html`<a class="door small" href=${`#plan=${encodeURIComponent(plan.name)}`} @click=${this.#left}>${say("planOpen")}</a>`}
        ${this.mayDraft && plan.status !== "retired" ? html`<button type="button" class="small" @click=${() => askForBranch(plan.name, { taken: this.plans.map(({ name }) => name) })}>${say("planBranch")}</button>` : none}
        ${this.mayDraft && isDraft && !isHere ? html`<button type="button" class="small danger" @click=${() => this.#remove(plan)}>${say("planDelete")}</button>` : none}
      </p>
    </article>`;
  }

  #left = (): void => {
    this.closest("dialog")?.close();
  };

  async #read(): Promise<void> {
    try {
      const [layers, plans, { rights }] = await Promise.all([
        told(service.GET("/v1/layers")),
        told(service.GET("/v1/plans", { params: { query: { limit: 1000 } } })),
        session(),
      ]);
      [this.layers, this.plans, this.mayDraft, this.trouble] = [layers, plans, rights.includes("plans.draft"), null];
    } catch (error) {
      this.trouble = error;
    }
    ready();
    await this.#learnLast();
  }

  /** Who changed each draft last: one line of each log. */
  async #learnLast(): Promise<void> {
    const changed = this.plans.filter(({ status, revision }) => status === "draft" && revision > 0);
    await Promise.all(
      changed.map(async ({ name }) => {
        const params = { path: { plan: name }, query: { limit: 1 } };
        const [last] = await told(service.GET("/v1/plans/{plan}/operations", { params })).catch(() => []);
        if (last) this.last = new Map([...this.last, [name, last]]);
      }),
    );
  }

  async #remove({ name }: Plan): Promise<void> {
    const went = await askFor({
      title: say("planDeleteAsk"),
      content: [make("p", {}, say("planDeleteText", { name }))],
      action: say("planDelete"),
      act: async () => void (await service.DELETE("/v1/plans/{plan}", { params: { path: { plan: name } } })),
      trouble: problem,
    });
    if (!went) return;
    announce(say("planDeleted", { name }));
    await this.#read();
  }
}

/** The chooser over the page, where a plan is open already. */
export function askForPlan(here: string): void {
  const close = make("button", { type: "button", class: "close", "aria-label": say("cancel") }, "×");
  const inside = make("div", {});
  const title = make("h2", { id: "plans-title" }, say("plansTitle"));
  const dialog = make("dialog", { class: "asked plans", "aria-labelledby": "plans-title" }, make("header", {}, title, close), inside);
  render(html`<planner-chooser .here=${here}></planner-chooser>`, inside);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
