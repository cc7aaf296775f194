// A page of analysis: the ways to the questions, what they are asked of, and the answer: map, figures, table, lists.

import "../../shared/table.ts";
import "../../shared/map/legend.ts";
import "./bar.ts";
import "./drawer.ts";
import "./overview.ts";
import { html, type PropertyValues, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { LegendGroup } from "../../shared/map/legend.ts";
import type { RiskClass } from "../../shared/map/palette.ts";
import { Problem } from "../../shared/asking.ts";
import { may } from "../../shared/head.ts";
import { none, Piece } from "../../shared/piece.ts";
import { problem } from "../../shared/problems.ts";
import { ready } from "../../shared/ready.ts";
import type { Table } from "../../shared/table.ts";
import { current, number, say } from "../../shared/words.ts";
import { figureOf, type Answer, type Figure, type Listing, type Question, type Row } from "./answer.ts";
import type { Changes } from "./bar.ts";
import { chart } from "./charts.ts";
import { colouring, type Colouring } from "./colouring.ts";
import { exportFile, type Exported } from "./exporting.ts";
import { columnsOf, headline, measureChips } from "./figures.ts";
import { emptinessOf, emptyBox, type Emptiness } from "./emptiness.ts";
import type { Ground } from "./ground.ts";
import { Known } from "./known.ts";
import { changeKeys, classKeys, withBeyond } from "./legend-keys.ts";
import { askForSheet, keepSheets, printSheet, sheetFoot, sheetHead, type Slots } from "./printing.ts";
import { nameOf, questionOf } from "./questions.ts";
import { Stage } from "./stage.ts";
import { scopeName } from "./telling.ts";
import { place, type Asked, type View } from "./view.ts";
import { ways } from "./ways.ts";
import { written } from "./writing.ts";

const NARROW_PX = 820; // from there on the map has no room for an open legend
const ON_PAPER = 40; // rows; analysis.css leaves out the others

@customElement("g-analysis")
export class Analysis extends Piece {
  readonly #name = nameOf(location.pathname);
  readonly #known = new Known();
  @state() private asked: Asked = place.read();
  @state() private question: Question | null = null;
  @state() private view: View | null = null;
  @state() private ground: Ground | null = null;
  @state() private coming: Promise<Ground> | null = null;
  @state() private answer: Answer | null = null;
  @state() private isAsking = false;
  @state() private wrong: unknown = null;
  @state() private empty: Emptiness | null = null;
  @state() private slots: Slots = { review: "", secrecy: "" };
  @state() private pointed = "";
  @state() private exported: Exported | null = null;
  #rows = new Map<string, Row>();
  #colouring: Colouring | null = null;
  #stage: Stage | null = null;
  #staging: number | null = null;
  #asking: AbortController | null = null;
  #opener: Element | null = null; // the number that a list was opened by

  override connectedCallback(): void {
    super.connectedCallback();
    place.onChange(() => {
      this.asked = place.read();
      void this.#ask();
    });
    keepSheets((printing) => this.#stage?.print(printing));
    void this.#ask();
  }

  /** Ask what the address asks for. */
  async #ask(): Promise<void> {
    this.#asking?.abort();
    const { signal } = (this.#asking = new AbortController());
    [this.isAsking, this.wrong, this.empty] = [true, null, null];
    try {
      if (this.#name === undefined) throw new Problem({ type: "/problems/not-found", detail: say("noQuestion", { name: location.pathname }) });
      if (!(await this.#known.layers()).length) {
        if (!signal.aborted) this.#nothing("noLayers", null);
        return;
      }
      await this.#refuseUnknown();
      const coming = this.#known.ground(this.asked);
      coming.catch(() => undefined); // told where it is waited for
      const question = this.#name ? await questionOf(this.#name) : null;
      const view = await this.#known.view(this.asked, { period: !question || question.heeds.includes("period") });
      if (signal.aborted) return;
      [this.view, this.question, this.coming] = [view, question, coming];
      const backwards = backwardsIn(view, question);
      if (backwards) {
        [this.ground, this.answer] = [await coming, null];
        throw backwards;
      }
      if (question && !may(question.right)) throw new Problem({ type: "/problems/not-allowed", detail: say("notAllowedTo", { what: say(`q_${question.name}`) }) });
      const loading = question?.load(view, coming, signal) ?? null;
      loading?.catch(() => undefined); // told where it is waited for
      const ground = await coming;
      if (signal.aborted) return;
      if (!this.answer) this.ground = ground; // the bar stands before the figures do
      const answer = ground.areas.size ? await loading : null;
      const empty = await emptinessOf(ground, answer?.rows ?? []);
      if (signal.aborted) return;
      if (empty && (answer || empty === "noAreas")) return this.#nothing(empty, ground);
      [this.ground, this.answer] = [ground, answer];
      if (!answer) return;
      this.#rows = new Map(answer.rows.map((row) => [row.code, row]));
      void this.#fill(answer, signal);
    } catch (error) {
      if (signal.aborted) return;
      this.wrong = error;
    } finally {
      if (!signal.aborted) {
        this.isAsking = false;
        if (this.#name !== null || this.wrong || this.empty) await this.updateComplete.then(ready);
      }
    }
  }

  /** Say that the address names no layer there is; the bar stands, so that another is chosen. */
  async #refuseUnknown(): Promise<void> {
    const { layer } = this.asked;
    if (!layer || (await this.#known.layers()).some(({ name }) => name === layer)) return;
    const rest = { ...this.asked, layer: undefined, area: undefined };
    [this.view, this.ground, this.answer] = [await this.#known.view(rest, { period: false }), await this.#known.ground(rest), null];
    throw new Problem({ type: "/problems/not-found", detail: say("noLayer", { name: layer }) });
  }

  #nothing(why: Emptiness, ground: Ground | null): void {
    [this.empty, this.ground, this.answer] = [why, ground, null];
  }

  /** Ask for the figures that take longer; what stands already stays where they cannot be had. */
  async #fill(answer: Answer, signal: AbortSignal): Promise<void> {
    try {
      const fuller = await answer.fuller?.();
      if (!fuller || signal.aborted) return;
      this.#rows = new Map(fuller.rows.map((row) => [row.code, row]));
      this.answer = fuller;
    } catch (error) {
      if (!signal.aborted) this.wrong = error;
    }
  }

  #change(changes: Changes, again: boolean): void {
    place.write(changes, { step: true });
    this.asked = place.read();
    if (again) void this.#ask();
  }

  protected override updated(changed: PropertyValues): void {
    document.title = `${this.#name ? say(`q_${this.#name}`) : say("title")} · gisgov`;
    const target = this.querySelector<HTMLElement>(".map");
    if (this.#stage && this.#stage.target !== target) {
      this.#stage.map.ol.setTarget(undefined); // its place was taken by charts, or by nothing
      [this.#stage, this.#staging] = [null, null];
    }
    if (!target || !this.answer || !this.ground || !this.view) return;
    if (!this.#stage) {
      // figures first: the map is made when these are seen
      this.#staging ??= requestAnimationFrame(() =>
        setTimeout(() => {
          this.#staging = null;
          if (!target.isConnected) return this.requestUpdate();
          this.#stage = this.#makeStage(target);
          void this.#draw().catch((error: unknown) => (this.wrong = error));
        }),
      );
      return;
    }
    if (changed.has("answer") || changed.has("asked")) void this.#draw().catch((error: unknown) => (this.wrong = error));
    else this.#stage.redraw();
  }

  #makeStage(target: HTMLElement): Stage {
    const stage = new Stage(target);
    stage.wanted = this.asked.map ?? null;
    stage.map.ol.on("moveend", () => place.write({ map: stage.map.view }));
    stage.map.ol.on("click", (event) => {
      const { area, building } = stage.at(event.pixel);
      const chosen = area && this.#rows.has(area) ? area : null;
      this.#change({ chosen, ...(building ? { building: String(building), list: null } : {}) }, false);
      if (chosen) void this.querySelector<Table>(".answer g-table")?.reveal(chosen);
    });
    stage.map.ol.on("pointermove", (event) => {
      if (event.dragging) return;
      const { area } = stage.at(event.pixel);
      this.pointed = area ?? "";
    });
    return stage;
  }

  async #draw(): Promise<void> {
    const { answer, ground, view, question } = this;
    if (!answer || !ground || !view || !question || answer.charts) return;
    await this.#stage?.show({
      ground,
      narrowed: view.area,
      at: view.isToday ? null : view.at,
      rows: this.#rows,
      colouring: this.#colouring,
      buildings: this.#drawsBuildings,
      hidden: this.#hidden,
      chosen: this.asked.chosen ?? null,
      marked: answer.marked ?? null,
      beyond: this.#beyond,
    });
  }

  /** Areas that are asked about, and not told: those beyond the account's own ground. */
  get #beyond(): Set<string> {
    const { answer, ground, view } = this;
    if (!answer || answer.charts || !ground || !view) return new Set();
    return new Set([...ground.within(view.area)].filter((code) => !this.#rows.has(code)));
  }

  get #hidden(): Set<RiskClass> {
    return new Set((this.asked.hide ?? "").split(",").filter(Boolean) as RiskClass[]);
  }

  get #measure(): Figure | undefined {
    return this.#measurable.find(({ key }) => key === this.asked.measure) ?? this.#measurable[0];
  }

  /** What the map can be coloured by: figures that some area has. */
  get #measurable(): Figure[] {
    const { figures = [], rows = [] } = this.answer ?? {};
    return figures.filter(({ key, scale }) => scale && rows.some((row) => figureOf(row, key) !== null));
  }

  get #listing(): Listing | null {
    const [key, code] = (this.asked.list ?? "").split(/:(.*)/s);
    return (key && this.answer?.list(key, code ?? "")) || null;
  }

  protected override render(): TemplateResult {
    return html`
      ${ways(this.#name, this.asked)}
      <div class="asked-bar" ?hidden=${!this.ground && (!this.isAsking || this.#name === undefined)}>
        <g-bar .view=${this.view} .ground=${this.ground} .question=${this.question} .today=${this.#known.today} @ask=${(event: CustomEvent<Changes>) => this.#change(event.detail, true)}></g-bar>
        ${this.question && this.answer && this.view
          ? html`<div class="send noprint">
              ${this.exported ? html`<a class="door" href=${this.exported.href} download=${this.exported.name}>${say("download")} ${this.exported.name}</a>` : none}
              ${this.question.drawing ? html`<button type="button" @click=${() => void this.#export()}>${say("export")}</button>` : none}
              ${this.question.workbook ? html`<a class="door" href=${this.question.workbook(this.view, current())} download>${say("form_xlsx")}</a>` : none}
              <button type="button" @click=${() => void this.#print()}>${say("print")}</button>
            </div>`
          : none}
      </div>
      ${this.empty ? emptyBox(this.empty, this.ground) : this.#name === null && !this.wrong ? html`<g-overview .view=${this.view} .ground=${this.coming}></g-overview>` : this.#question()}
    `;
  }

  #question(): TemplateResult {
    const { answer, ground, view } = this;
    if (!answer || !ground || !view) {
      return html`<div class="reading">${this.wrong ? problem(this.wrong) : html`<div class="skeleton" aria-label=${say("loading")} role="status"><i></i><i></i><i></i><i></i><i></i></div>`}</div>`;
    }
    const measure = this.#measure;
    this.#colouring = measure && !answer.charts ? colouring(measure, answer.rows) : null;
    const listing = this.#listing;
    const building = Number(this.asked.building) || null;
    const beyond = this.#beyond.size;
    return html`
      ${sheetHead(say(`q_${this.#name}`), `${scopeName(ground, view.area)} · ${view.at}`, this.slots)}
      <div class=${answer.charts ? "split charted" : answer.figures.length > 6 ? "split wide" : "split"} aria-busy=${this.isAsking ? "true" : "false"}>
        ${answer.charts
          ? html`<div class="stage charts scrolls" tabindex="0">${answer.charts.map((one) => chart(one, answer, this.#open))}${this.#legend([], "panel-legend")}</div>`
          : html`<div class="stage">
              <div class="map" tabindex="0" role="application" aria-label=${say("mapOf", { what: say(`q_${this.#name}`) })}></div>
              ${this.#pointedBox()} ${this.#legend(this.#groups(answer), "overmap")}
            </div>`}
        <section class="panel answer" aria-label=${say("figures")}>
          ${this.wrong ? problem(this.wrong) : none}
          ${headline(answer, this.#open)}
          ${answer.aside?.(this.#open) ?? none}
          ${[...(beyond ? [say("ownGround", { count: number(answer.rows.length), beyond: number(beyond) })] : []), ...(answer.notes?.() ?? [])].map((note) => html`<p class="note">${note}</p>`)}
          ${measure && !answer.charts ? measureChips(this.#measurable, measure, (key) => this.#change({ measure: key }, false)) : none}
          ${answer.rows.length
            ? html`<g-table class="scrolls-wide" .columns=${columnsOf(answer, say(answer.charts ? this.#rowName : "area"), this.#open)} .rows=${answer.rows} .keyOf=${({ code }: Row) => code}
                caption=${say(`q_${this.#name}`)} .chosen=${this.asked.chosen ?? null} sortedBy=${answer.sortedBy} .descending=${!answer.rising} @choose=${(event: CustomEvent<Row>) => this.#choose(event.detail)}></g-table>`
            : html`<div class="nothing"><strong>${say("nothingHere")}</strong><p>${say("noAreas")}</p></div>`}
          ${answer.rows.length > ON_PAPER ? html`<p class="only-paper">${say("moreOnPaper", { count: number(answer.rows.length - ON_PAPER) })}</p>` : none}
        </section>
        ${listing || building
          ? html`<g-behind .listing=${listing} .listed=${this.asked.list ?? ""} .building=${building} .at=${view.isToday ? null : view.at}
              @close=${() => void this.#closeList()}
              @building=${(event: CustomEvent<number | null>) => this.#change({ building: event.detail === null ? null : String(event.detail) }, false)}
              @place=${(event: CustomEvent<[number, number]>) => this.#stage?.map.show(...event.detail, 17)}></g-behind>`
          : none}
      </div>
      ${sheetFoot(this.slots)}
    `;
  }

  get #rowName(): string {
    return this.view?.by && this.question?.parts ? `by_${this.view.by}` : "month";
  }

  #groups(answer: Answer): LegendGroup[] {
    const areas = this.#colouring ? [withBeyond(this.#colouring.legend(), this.#beyond.size)] : [];
    if (answer.marked) return [changeKeys(answer), ...areas];
    return this.#drawsBuildings ? [classKeys(answer, this.#hidden), ...areas] : areas;
  }

  get #drawsBuildings(): boolean {
    return this.question?.buildings !== undefined && may("buildings.read");
  }

  #legend(groups: LegendGroup[], name: string): TemplateResult {
    return html`<details class=${`legend-box ${name}`} ?open=${innerWidth > NARROW_PX}>
      <summary>${say(groups.length ? "legend" : "basis")}</summary>
      <g-legend .groups=${groups} .facts=${this.answer?.facts() ?? []} @toggle=${(event: CustomEvent<RiskClass>) => this.#toggle(event.detail)}></g-legend>
    </details>`;
  }

  #pointedBox(): TemplateResult | typeof none {
    const row = this.#rows.get(this.pointed);
    const figure = this.#colouring?.figure;
    if (!row || !figure) return none;
    return html`<p class="overmap pointed" aria-hidden="true">${row.name} · ${say(`f_${figure.key}`)} <strong>${written(row.values[figure.key], figure.kind)}</strong></p>`;
  }

  #toggle(risk: RiskClass): void {
    const hidden = this.#hidden;
    if (!hidden.delete(risk)) hidden.add(risk);
    this.#change({ hide: [...hidden].join(",") || null }, false);
  }

  #choose(row: Row): void {
    if (this.answer?.charts) return;
    this.#change({ chosen: row.code }, false);
    const area = this.ground?.areas.get(row.code);
    if (area) this.#stage?.reveal(area);
  }

  readonly #open = (key: string, code: string): void => {
    this.#opener = document.activeElement;
    this.#change({ list: `${key}:${code}`, building: null, ...(this.#rows.has(code) && !this.answer?.charts ? { chosen: code } : {}) }, false);
  };

  /** Close the list, and go on where it was opened. */
  async #closeList(): Promise<void> {
    this.#change({ list: null, building: null }, false);
    await this.updateComplete;
    const opener = this.#opener instanceof HTMLElement && this.#opener.matches("g-analysis button, g-analysis .map") && this.#opener.isConnected ? this.#opener : null;
    (opener ?? this.querySelector<HTMLElement>(".answer .behind, .map"))?.focus();
    this.#opener = null;
  }

  async #export(): Promise<void> {
    const { question, view, ground } = this;
    if (!question?.drawing || !view || !ground) return;
    const asked = { drawing: question.drawing, title: say(`q_${question.name}`), view, ground, measure: this.#measure?.key ?? "" };
    this.exported = (await exportFile(asked, this.slots, (slots) => (this.slots = slots))) ?? this.exported;
  }

  async #print(): Promise<void> {
    const slots = await askForSheet(this.slots);
    if (!slots) return;
    this.slots = slots;
    await this.updateComplete;
    await printSheet(async () => this.#stage?.drawn());
  }
}

/** What is wrong with a period that ends before it begins: it is not asked for. */
function backwardsIn({ first, last, since, at }: View, question: Question | null): Problem | null {
  const heeds = question?.heeds ?? [];
  const told = heeds.includes("period") && first > last ? say("periodBackwards", { first, last }) : heeds.includes("since") && since >= at ? say("sinceTooLate", { since, at }) : "";
  return told ? new Problem({ type: "/problems/invalid-input", detail: told }) : null;
}
