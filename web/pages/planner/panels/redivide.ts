// Dividing areas anew: what is wished, the alternatives as small maps beside their figures, and one of them taken.

import { html, render, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { announce } from "../../../shared/announcing.ts";
import { follow, service, told, type Schema } from "../../../shared/asking.ts";
import { make } from "../../../shared/elements.ts";
import { whenDone } from "../../../shared/jobs.ts";
import { none, Piece } from "../../../shared/piece.ts";
import { problem } from "../../../shared/problems.ts";
import { bar } from "../../../shared/progress.ts";
import { current, number, percent, say } from "../../../shared/words.ts";
import type { AreaNow, Draft } from "../draft.ts";
import type { Selection } from "../selection.ts";
import { countByRule, meant, redivisionBody, rowsOf, type Row, type Wish } from "./division.ts";
import { parentNames, parentText } from "./parents.ts";
import { smallMap, type Drawn } from "./small-map.ts";

type Info = Schema["RedivisionInfo"];

const MOST_ALTERNATIVES = 5;
const SHARES = ["within", "mean", "largest", "streets"]; // figures that are shares of one

/** Open the dialog; it closes when an alternative was taken, or nothing. */
export function redivide(draft: Draft, selection: Selection): void {
  const close = make("button", { type: "button", class: "close", "aria-label": say("cancel") }, "×");
  const inside = make("div", {});
  const title = make("h2", { id: "redivide-title" }, say("redivideTitle"));
  const dialog = make("dialog", { class: "asked redivide", "aria-labelledby": "redivide-title" }, make("header", {}, title, close), inside);
  const end = () => dialog.close();
  render(html`<planner-redivide .draft=${draft} .selected=${[...selection.areas]} .onEnd=${end}></planner-redivide>`, inside);
  close.addEventListener("click", end);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

@customElement("planner-redivide")
export class PlannerRedivide extends Piece {
  @property({ attribute: false }) draft!: Draft;
  @property({ attribute: false }) selected: string[] = [];
  @property({ attribute: false }) onEnd = () => {};
  @state() private wish: Wish | null = null;
  @state() private info: Info | null = null;
  @state() private drawn: (Drawn | null)[] = [];
  @state() private above: ReadonlyMap<string, string> = new Map();
  @state() private busy = false;
  @state() private trouble: unknown = null;
  #asking = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    void parentNames(this.draft).then((names) => (this.above = names));
    if (this.draft.areas.size) this.#begin();
    else this.draft.addEventListener("areas", this.#begin, { once: true }); // figures come a moment after the blocks
  }

  #begin = (): void => {
    const parents = this.#parents();
    const areas = this.selected.filter((code) => this.draft.areas.has(code));
    this.#mean({ areas, parent: areas.length ? null : (parents[0] ?? null) });
  };

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asking.abort();
    if (this.info && this.info.state !== "done") void this.#stop();
  }

  protected override render(): TemplateResult {
    const { wish } = this;
    if (!wish) return html``;
    return html`
      ${this.#form(wish)} ${this.trouble ? problem(this.trouble) : none}
      ${this.busy && this.info && this.info.state !== "done"
        ? html`<div class="note" role="status">${say("redivideWorking")}${bar(this.info.progress)}<button type="button" class="small" @click=${this.#stop}>${say("redivideCancel")}</button></div>`
        : none}
      ${this.info?.report ? this.#alternatives(this.info.report) : none}
    `;
  }

  #form(wish: Wish): TemplateResult {
    const some = meant(wish, this.draft.areas.values());
    const parents = this.#parents();
    const locked = some.filter((area) => area.locked).length;
    const several = this.#isNested && this.#parentsMeant.length > 1;
    const figure = (key: "count" | "movement" | "seed" | "alternatives", label: string, hint: string, limits: { min: number; max: number; step?: number }, off = false) =>
      html`<div class="entry">
        <label for=${`redivide-${key}`}>${label}</label>
        <input id=${`redivide-${key}`} type="number" min=${limits.min} max=${limits.max} step=${limits.step ?? 1} ?disabled=${off} .value=${String(wish[key])} @change=${(event: Event) => (this.wish = { ...wish, [key]: Number((event.target as HTMLInputElement).value) })} />
        ${hint ? html`<p class="soft">${hint}</p>` : none}
      </div>`;
    return html`<form class="wish" @submit=${this.#ask}>
      <fieldset class="entry">
        <legend>${say("redivideWhat")}</legend>
        <label class="tick"><input type="radio" name="ground" .checked=${wish.parent === null} ?disabled=${!this.selected.length} @change=${() => this.#mean({ areas: this.selected, parent: null })} />${say("redivideSelection", { count: this.selected.length })}</label>
        ${parents.length
          ? html`<label class="tick"><input type="radio" name="ground" .checked=${wish.parent !== null} @change=${() => this.#mean({ areas: [], parent: parents[0] ?? null })} />${say("redivideParent")}
              <select aria-label=${say("redivideParent")} ?disabled=${wish.parent === null} @change=${(event: Event) => this.#mean({ areas: [], parent: (event.target as HTMLSelectElement).value })}>
                ${parents.map((code) => html`<option value=${code} ?selected=${code === wish.parent}>${parentText(this.above, code)}</option>`)}
              </select></label>`
          : none}
      </fieldset>
      ${figure("count", say("redivideCount"), say("redivideCountHint", { now: some.length, locked, rule: countByRule(some) }), { min: Math.max(1, locked), max: 200 }, several)}
      ${figure("movement", say("redivideMovement"), say("redivideMovementHint"), { min: 0, max: 100, step: 0.5 })}
      ${figure("alternatives", say("redivideAlternatives"), "", { min: 2, max: MOST_ALTERNATIVES })} ${figure("seed", say("redivideSeed"), say("redivideSeedHint"), { min: 0, max: 1_000_000 })}
      <div class="send">
        <button type="submit" class="primary" id="redivide-ask" ?disabled=${this.busy || !some.length}>${say(this.info?.report ? "redivideAgain" : "redivideAsk")}</button>
        <button type="button" id="redivide-quick" title=${say("redivideQuickHint")} ?disabled=${this.busy || !some.length} @click=${this.#quick}>${say("redivideQuick")}</button>
        <span class="soft">${say(some.length ? "redivideLocked" : "redivideNothing")}</span>
      </div>
    </form>`;
  }

  #alternatives({ alternatives, alternatives_asked: asked }: Schema["RedivisionReport"]): TemplateResult {
    const rows = rowsOf(alternatives.map(({ figures }) => figures));
    return html`
      ${alternatives.length < asked ? html`<p class="note">${say("redivideFewer", { found: alternatives.length, asked })}</p>` : none}
      <p class="soft">${this.#isOfSome ? say("redivideWhole", { names: this.#parentsMeant.map((code) => parentText(this.above, code)).join(current() === "zh" ? "、" : ", ") }) : none} ${say("redivideBest")} ${this.info?.page ? html`<a href=${`${this.info.page}?language=${current()}`} target="_blank" rel="noopener">${say("redividePage")}</a>` : none}</p>
      <div class="alternatives">
        ${alternatives.map(({ number: at, obstacles }, i) => {
          const drawn = this.drawn[i];
          return html`<section class="card alternative" aria-label=${say("alternative", { number: at })}>
            <h3>${say("alternative", { number: at })}</h3>
            ${drawn ? smallMap(drawn, null, say("alternative", { number: at })) : html`<div class="skeleton smallmap"><div></div><div></div><div></div></div>`}
            <dl class="facts">${rows.map((row) => html`<dt>${say(`fig_${row.key}`)}</dt><dd>${row.best[i] ? html`<b>${textOf(row, i)}</b>` : textOf(row, i)}</dd>`)}</dl>
            ${obstacles.length
              ? html`<details><summary>${say("obstacles")} <span class="badge warn">${obstacles.length}</span></summary>
                  <ul>${obstacles.map((one) => html`<li>${current() === "zh" ? one.sentence_zh : one.sentence_en}</li>`)}</ul></details>`
              : none}
            <button type="button" class="primary choose" ?disabled=${this.busy} @click=${() => this.#take(at)}>${say("redivideChoose")}</button>
          </section>`;
        })}
      </div>
    `;
  }

  get #isNested(): boolean {
    return this.draft.layer.layer.nesting === "nested";
  }

  /** Whether only some of the areas in those above are divided anew, though all are divided in one. */
  get #isOfSome(): boolean {
    return this.#isNested && this.wish?.parent === null;
  }

  /** The areas above of what is divided anew. */
  get #parentsMeant(): string[] {
    return this.wish ? [...new Set(meant(this.wish, this.draft.areas.values()).flatMap(({ parent_codes }) => parent_codes))].sort() : [];
  }

  #parents(): string[] {
    return this.#isNested ? [...new Set([...this.draft.areas.values()].flatMap(({ parent_codes }) => parent_codes))].sort() : [];
  }

  #mean(ground: { areas: string[]; parent: string | null }): void {
    const some = meant(ground, this.draft.areas.values());
    const { movement = 2, alternatives = 3, seed = 1 } = this.wish ?? {};
    this.wish = { ...ground, count: Math.max(1, some.length), movement, alternatives, seed };
  }

  #ask = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!this.wish) return;
    const again = this.info?.report ? { ...this.wish, seed: this.wish.seed + this.wish.alternatives } : this.wish;
    this.wish = again;
    this.#asking.abort();
    const { signal } = (this.#asking = new AbortController());
    [this.busy, this.trouble, this.info, this.drawn] = [true, null, null, []];
    try {
      const all: AreaNow[] = [...this.draft.areas.values()];
      const params = { path: { plan: this.draft.plan } };
      const first = await told(service.POST("/v1/plans/{plan}/redivide", { params, body: redivisionBody(again, all, this.#isNested) }));
      const look = () => told(service.GET("/v1/redivisions/{id}", { params: { path: { id: first.id } }, signal }));
      const done = await whenDone(first, look, (now) => (this.info = now), signal);
      const count = done.report?.alternatives.length ?? 0;
      this.drawn = Array.from({ length: count }, () => null);
      await Promise.all(this.drawn.map((_, i) => this.#draw(first.id, i, signal)));
    } catch (error) {
      if (!signal.aborted) this.trouble = error;
    }
    if (!signal.aborted) this.busy = false;
  };

  async #draw(id: string, i: number, signal: AbortSignal): Promise<void> {
    const [drawn] = await follow<Drawn>(`/v1/redivisions/${encodeURIComponent(id)}/areas?alternative=${i + 1}`, signal);
    this.drawn = this.drawn.map((one, at) => (at === i ? drawn : one));
  }

  #stop = async (): Promise<void> => {
    this.#asking.abort();
    const id = this.info?.id;
    [this.busy, this.info] = [false, null];
    if (id) await service.DELETE("/v1/redivisions/{id}", { params: { path: { id } } }).catch(() => {});
  };

  async #take(alternative: number): Promise<void> {
    const { draft, info } = this;
    if (!info) return;
    if (draft.waiting) return announce(say("rebaseWaiting"));
    [this.busy, this.trouble] = [true, null];
    try {
      const params = { path: { id: info.id }, header: { "If-Match": `"${draft.revision}"` } };
      await told(service.POST("/v1/redivisions/{id}/choice", { params, body: { alternative } }));
      await draft.reload();
      announce(say("redivideChosen", { number: alternative }));
      this.onEnd();
    } catch (error) {
      this.trouble = error;
    }
    this.busy = false;
  }

  #quick = async (): Promise<void> => {
    if (!this.wish) return;
    const { areas, parent, count, movement, seed } = this.wish;
    this.onEnd();
    const counted = this.#isNested && this.#parentsMeant.length > 1 ? {} : { count };
    await this.draft.operate({ kind: "redivide", ...(parent === null ? { areas } : { parents: [parent] }), ...counted, movement, seed });
  };
}

function textOf({ key, values }: Row, i: number): string {
  const value = values[i];
  if (value === null || value === undefined) return "–";
  return SHARES.includes(key) ? percent(value) : number(value, key === "compact" ? 2 : 0);
}
