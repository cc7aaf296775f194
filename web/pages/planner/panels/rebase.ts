// The plan that a draft began as was replaced: telling so, and putting the changes of the draft on to the new one.

import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { announce } from "../../../shared/announcing.ts";
import { Problem, service, told, type Schema } from "../../../shared/asking.ts";
import "../../../shared/table.ts";
import type { Column } from "../../../shared/table.ts";
import { none, Piece } from "../../../shared/piece.ts";
import { problem } from "../../../shared/problems.ts";
import { isSaid, number, say } from "../../../shared/words.ts";
import type { Draft } from "../draft.ts";

type Conflict = Schema["Conflict"];

@customElement("planner-rebase")
export class PlannerRebase extends Piece {
  @property({ attribute: false }) draft!: Draft;
  @state() private conflicts: Conflict[] = [];
  @state() private busy = false;
  @state() private trouble: unknown = null;
  #ended = () => {};

  override connectedCallback(): void {
    super.connectedCallback();
    const again = () => this.requestUpdate();
    this.draft.addEventListener("state", again);
    this.#ended = () => this.draft.removeEventListener("state", again);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#ended();
  }

  protected override render(): TemplateResult | typeof none {
    const { basedOn, replacedBy, readonly } = this.draft;
    if (!replacedBy || readonly) return none;
    return html`<div class="caution" role="status">
      <strong>${say("baseReplaced", { base: basedOn ?? "", newer: replacedBy })}</strong>
      ${say("baseReplacedText")}
      ${this.conflicts.length
        ? this.#contested()
        : html`<p class="send"><button type="button" id="rebase" ?disabled=${this.busy} @click=${() => this.#rebase(null)}>
            ${this.busy ? say("rebasing") : say("rebase", { newer: replacedBy })}
          </button></p>`}
      ${this.trouble ? problem(this.trouble) : none}
    </div>`;
  }

  #contested(): TemplateResult {
    const columns: Column<Conflict>[] = [
      { key: "what", title: say("rebaseWhat"), value: ({ kind }) => kind, text: ({ kind, code }) => html`${say(isSaid(`conflict_${kind}`) ? `conflict_${kind}` : kind)} <code>${code}</code>` },
      { key: "base", title: say("rebaseBase"), value: ({ base }) => this.#named(base) },
      { key: "ours", title: say("rebaseOurs"), value: ({ ours }) => this.#named(ours) },
      { key: "theirs", title: say("rebaseTheirs"), value: ({ theirs }) => this.#named(theirs) },
    ];
    return html`<h3>${say("rebaseTitle")}</h3>
      <p>${say("rebaseText", { count: number(this.conflicts.length) })}</p>
      <div class="scrolls contested">
        <g-table .columns=${columns} .rows=${this.conflicts} .keyOf=${({ kind, code }: Conflict) => `${kind} ${code}`} caption=${say("rebaseTitle")}></g-table>
      </div>
      <p class="send">
        <button type="button" class="primary" ?disabled=${this.busy} @click=${() => this.#rebase("ours")}>${say("rebaseKeepOurs")}</button>
        <button type="button" ?disabled=${this.busy} @click=${() => this.#rebase("theirs")}>${say("rebaseKeepTheirs")}</button>
        <button type="button" class="quiet" @click=${() => (this.conflicts = [])}>${say("cancel")}</button>
      </p>`;
  }

  /** Sides of a block are areas by their codes, those of an area are names already. */
  #named(side: string | null): string {
    return side === null ? say("noArea") : this.draft.nameOf(side);
  }

  /** Asked for beside the queue of strokes, because its answer may be a question. */
  async #rebase(onConflict: "ours" | "theirs" | null): Promise<void> {
    const { draft } = this;
    if (draft.waiting) return announce(say("rebaseWaiting"));
    [this.busy, this.trouble] = [true, null];
    try {
      const params = { path: { plan: draft.plan }, header: { "If-Match": `"${draft.revision}"` } };
      const body = { kind: "rebase", onto: draft.replacedBy, on_conflict: onConflict } as const;
      await told(service.POST("/v1/plans/{plan}/operations", { params, body }));
      this.conflicts = [];
      await draft.reload();
      void draft.learnBefore();
      announce(say("rebaseDone"));
    } catch (error) {
      const conflicts = error instanceof Problem && error.kind === "rebase-conflict" ? (error.body as { conflicts?: Conflict[] }).conflicts : null;
      if (conflicts?.length) this.conflicts = conflicts;
      else this.trouble = error;
    } finally {
      this.busy = false;
    }
  }
}
