// Snapshots of a draft, and the log of its operations: who did what and when, with the way back.

import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { announce } from "../../../shared/announcing.ts";
import { answered, follow, nextPage, service, told, type Schema } from "../../../shared/asking.ts";
import { askFor } from "../../../shared/dialog.ts";
import { make } from "../../../shared/elements.ts";
import { none, Piece } from "../../../shared/piece.ts";
import { problem } from "../../../shared/problems.ts";
import { isSaid, number, say, shortMoment } from "../../../shared/words.ts";
import type { Draft } from "../draft.ts";
import { askForBranch } from "../branching.ts";

type Logged = Schema["LoggedOperation"];

const AT_ONCE = 50;
const NAMED = 3; // areas that a line of the log names

@customElement("planner-history")
export class PlannerHistory extends Piece {
  @property({ attribute: false }) draft!: Draft;
  @state() private log: Logged[] | null = null;
  @state() private next: string | null = null;
  @state() private name = "";
  @state() private trouble: unknown = null;
  #revision = -1;
  #ended = () => {};

  override connectedCallback(): void {
    super.connectedCallback();
    const look = () => {
      this.requestUpdate();
      if (this.draft.revision !== this.#revision) void this.#read();
    };
    this.draft.addEventListener("state", look);
    this.#ended = () => this.draft.removeEventListener("state", look);
    look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#ended();
  }

  protected override render(): TemplateResult {
    return html`
      ${this.trouble ? problem(this.trouble) : none}
      ${this.draft.info.status === "draft" ? this.#snapshots() : none}
      <section class="log" aria-label=${say("log")}>
        <h3>${say("log")}</h3>
        ${this.log === null
          ? html`<div class="skeleton"><div></div><div></div><div></div></div>`
          : this.log.length
            ? html`<ol>${this.log.map((one) => this.#line(one))}</ol>`
            : html`<p class="soft">${say("logNone")}</p>`}
        ${this.next ? html`<button type="button" class="small" @click=${this.#more}>${say("logMore")}</button>` : none}
      </section>
    `;
  }

  #snapshots(): TemplateResult {
    const { draft } = this;
    return html`<section class="snapshots" aria-label=${say("snapshots")}>
      <h3>${say("snapshots")}</h3>
      ${draft.readonly
        ? none
        : html`<form class="send" @submit=${this.#take}>
            <input id="snapshot-name" required maxlength="100" placeholder=${say("snapshotName")} aria-label=${say("snapshotName")} .value=${this.name} @input=${(event: InputEvent) => (this.name = (event.target as HTMLInputElement).value)} />
            <button type="submit" ?disabled=${!this.name.trim()}>${say("snapshotTake")}</button>
          </form>`}
      ${draft.snapshots.length ? none : html`<p class="soft">${say("snapshotsNone")}</p>`}
      <ul>
        ${draft.snapshots.map(
          (one) => html`<li>
            <span class="what"><strong>${one.name}</strong><span class="soft">${say("snapshotOf", { revision: one.revision, account: one.account, at: shortMoment(one.at) ?? "" })}</span></span>
            ${draft.readonly ? none : html`<button type="button" class="small" @click=${() => this.#restore({ snapshot: one.name }, one.name)}>${say("restore")}</button>`}
            <button type="button" class="small" @click=${() => askForBranch(draft.plan, { snapshot: one.name })}>${say("branchFrom")}</button>
          </li>`,
        )}
      </ul>
    </section>`;
  }

  #line(one: Logged): TemplateResult {
    const kind = isSaid(`op_${one.kind}`) ? say(`op_${one.kind}`) : one.kind;
    const isNow = one.revision === this.draft.revision;
    return html`<li>
      <span class="at">${one.revision}</span>
      <span class="what">
        <strong>${kind}</strong> ${one.undoes === null ? none : html`<span class="soft">${say("undoesRevision", { revision: one.undoes })}</span>`}
        <span class="soft">${one.account} · ${shortMoment(one.at)} · ${say("logEffect", { blocks: number(one.blocks), areas: number(one.areas.length) })}</span>
        <span class="soft areas">${one.areas.slice(0, NAMED).map((code) => this.draft.nameOf(code)).join(say("listComma"))}${one.areas.length > NAMED ? " …" : ""}</span>
      </span>
      ${isNow || this.draft.readonly ? none : html`<button type="button" class="small quiet" @click=${() => this.#restore({ revision: one.revision }, `${say("revision")} ${one.revision}`)}>${say("restoreHere")}</button>`}
    </li>`;
  }

  async #read(): Promise<void> {
    this.#revision = this.draft.revision;
    try {
      const params = { path: { plan: this.draft.plan }, query: { limit: AT_ONCE } };
      const [log, response] = await answered(service.GET("/v1/plans/{plan}/operations", { params }));
      [this.log, this.next, this.trouble] = [log, nextPage(response), null];
    } catch (error) {
      [this.log, this.trouble] = [[], error];
    }
  }

  #more = async (): Promise<void> => {
    if (!this.next) return;
    try {
      const [log, response] = await follow<Logged[]>(this.next);
      [this.log, this.next] = [[...(this.log ?? []), ...log], nextPage(response)];
    } catch (error) {
      this.trouble = error;
    }
  };

  #take = async (event: Event): Promise<void> => {
    event.preventDefault();
    const name = this.name.trim();
    try {
      await told(service.POST("/v1/plans/{plan}/snapshots", { params: { path: { plan: this.draft.plan } }, body: { name } }));
      [this.name, this.trouble] = ["", null];
      await this.draft.measure();
      announce(say("snapshotTaken", { name }));
    } catch (error) {
      this.trouble = error;
    }
  };

  async #restore(to: { snapshot: string } | { revision: number }, name: string): Promise<void> {
    await askFor({
      title: say("restoreAsk"),
      content: [make("p", {}, say("restoreText", { name }))],
      action: say("restore"),
      act: () => this.draft.operate({ kind: "restore", ...to }),
      trouble: problem,
    });
  }
}
