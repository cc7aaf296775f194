// What a draft has to be mended, kind by kind and place by place; stepped through from the map by a key.

import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { announce } from "../../../shared/announcing.ts";
import { none, Piece } from "../../../shared/piece.ts";
import { current, isSaid, number, percent, say } from "../../../shared/words.ts";
import type { Board } from "../board.ts";
import type { Draft } from "../draft.ts";
import type { Selection } from "../selection.ts";
import { keyOf, KINDS, stepped, stopsOf, type Kind, type Stop } from "./stepping.ts";

const MOST = 40; // places of a kind that are listed; stepping goes through all

/** The places of a draft as it stands. */
export function stopsOfDraft(draft: Draft, board: Board): Stop[] {
  const { blocks, areas, layer, problems } = draft;
  return stopsOf({
    areas: areas.values(),
    unassigned: blocks.in(null),
    codeOf: (block) => blocks.codes[block] as string,
    neighbours: (block) => board.topology.neighbours(block),
    nested: layer.layer.nesting === "nested",
    differing: problems.find(({ kind }) => kind === "counts-differ")?.codes ?? [],
  });
}

@customElement("planner-problems")
export class PlannerProblems extends Piece {
  @property({ attribute: false }) draft!: Draft;
  @property({ attribute: false }) selection!: Selection;
  @property({ attribute: false }) board!: Board;
  /** The kind that is shown alone; all without it. */
  @property() only = "";
  @state() private at: string | null = null;
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

  /** Go to the next place, or the one before, and show it on the map. */
  step(by: 1 | -1): void {
    const stops = this.#stops();
    const stop = stepped(stops, this.at, by);
    if (!stop) return announce(say("problemsDone"));
    this.#show(stop);
    const at = stops.findIndex((one) => keyOf(one) === keyOf(stop)) + 1;
    announce(`${say(`kind_${stop.kind}`)} · ${this.#textOf(stop)} · ${say("problemsAt", { at, count: stops.length })}`);
  }

  protected override render(): TemplateResult {
    const stops = this.#stops();
    if (!stops.length) return html`<div class="nothing"><strong>${say("problemsNone")}</strong>${say("problemsNoneText")}${this.#publish()}</div>`;
    const kinds = KINDS.filter((kind) => stops.some((stop) => stop.kind === kind));
    const at = stops.findIndex((stop) => keyOf(stop) === this.at) + 1;
    return html`
      <div class="toolbar">
        <button type="button" @click=${() => this.step(-1)}>← ${say("problemsBefore")}</button>
        <button type="button" class="primary" @click=${() => this.step(1)}>${say("problemsNext")} → <kbd>N</kbd></button>
        <span class="soft">${at ? say("problemsAt", { at, count: stops.length }) : number(stops.length)}</span>
      </div>
      ${this.only ? html`<button type="button" class="chip" aria-pressed="true" @click=${() => (this.only = "")}>${say(isSaid(`kind_${this.only}`) ? `kind_${this.only}` : "filterAll")} ×</button>` : none}
      ${kinds.map((kind) => this.#group(kind, stops.filter((stop) => stop.kind === kind)))}
      <section class="card"><h3>${say("afterPublish")}</h3><p class="soft">${say("afterPublishText")}</p>${this.#publish()}</section>
    `;
  }

  #group(kind: Kind, stops: Stop[]): TemplateResult {
    const told = this.draft.problems.find((problem) => problem.kind === kind);
    const refused = told?.refused ?? kind === "unassigned";
    return html`<section class="problems" aria-label=${say(`kind_${kind}`)}>
      <h3>${say(`kind_${kind}`)} <span class="badge">${number(stops.length)}</span> <span class="badge ${refused ? "failed" : "warn"}">${say(refused ? "refusesIt" : "warnsOnly")}</span></h3>
      ${told && kind === "counts-differ" ? html`<p class="soft">${current() === "zh" ? told.sentence_zh : told.sentence_en}</p>` : none}
      <ul>
        ${stops.slice(0, MOST).map(
          (stop) => html`<li>
            <button type="button" class="quiet stop" aria-current=${keyOf(stop) === this.at ? "true" : "false"} @click=${() => this.#show(stop)}>${this.#textOf(stop)}</button>
            ${kind === "unassigned" && stops.length > 1 && !this.draft.readonly
              ? html`<button type="button" class="small" @click=${() => this.#fill(stop.blocks)}>${say("mendFillThese")}</button>`
              : none}
          </li>`,
        )}
      </ul>
      ${kind === "unassigned" && !this.draft.readonly ? html`<p><button type="button" id="fill-all" @click=${() => this.#fill(null)}>${say("mendFill")}</button></p>` : none}
    </section>`;
  }

  #publish(): TemplateResult {
    if (this.draft.info.status !== "draft") return html``;
    return html`<p><a class="door" href=${`/planner/publication#plan=${encodeURIComponent(this.draft.plan)}`}>${say("publishThis")}</a></p>`;
  }

  #stops(): Stop[] {
    const all = stopsOfDraft(this.draft, this.board);
    return this.only ? all.filter(({ kind }) => kind === this.only) : all;
  }

  #show(stop: Stop): void {
    this.at = keyOf(stop);
    this.selection.set(stop.areas, stop.blocks);
    this.board.zoomTo(stop);
  }

  async #fill(blocks: string[] | null): Promise<void> {
    await this.draft.operate(blocks ? { kind: "fill", blocks } : { kind: "fill" });
    announce(say("mendDone"));
  }

  #textOf({ kind, areas, blocks }: Stop): string {
    const { draft } = this;
    if (kind === "unassigned") {
      const people = blocks.reduce((sum, code) => sum + (draft.blocks.population[draft.blocks.at.get(code) ?? -1] ?? 0), 0);
      return say("stopBlocks", { count: number(blocks.length), people: number(people) });
    }
    const area = draft.areas.get(areas[0] ?? "");
    const name = draft.nameOf(areas[0] ?? "");
    if (kind === "several-parts") return say("stopParts", { name, count: area?.parts ?? 0 });
    if (kind === "crossed-parents") return say("stopParents", { name, count: area?.parent_codes.length ?? 0 });
    if (kind === "over-limit") return say("stopLoad", { name, share: percent(area?.deviation ?? 0, 0, true) });
    return name;
  }
}
