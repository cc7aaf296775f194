// One event as a whole: where it stands, who is responsible, by when, what happened so far, and what may be done next.

import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { announce } from "../../shared/announcing.ts";
import { Problem, service, told, type Schema } from "../../shared/asking.ts";
import { none, Piece } from "../../shared/piece.ts";
import { problem } from "../../shared/problems.ts";
import { say, titleOf } from "../../shared/words.ts";
import { about, history, limits, people, place, proposals } from "./detail-parts.ts";
import { gradePart, gradeEvent } from "./disputes.ts";
import { actionTitle, stateTitle } from "./register.ts";
import type { Told } from "./rows.ts";
import { conflictBox, isConflict, KEYS, ordered, takeStep, type Next } from "./steps.ts";
import { answerWhistle, callDepartments, closeWhistle, whistlePart } from "./whistles.ts";

type Steps = Schema["EventStepInfo"][];
type Posts = Schema["StaffPostInfo"][];

/**
 * `<event-detail .eventId>`; `close`, `show` (another event's id), `stand` (the event as it stands), `locate`.
 * Of what it shows beside the event each part comes when it comes, and none holds up the others.
 */
@customElement("event-detail")
export class EventDetail extends Piece {
  @property({ attribute: false }) eventId: number | null = null;
  @property({ attribute: false }) now = 0;
  @state() private event: Told | null = null;
  @state() private wrong: unknown = null;
  @state() private trouble: HTMLElement | null = null;
  @state() private steps: Steps | null = null;
  @state() private posts: Posts | null = null;
  @state() private building: Schema["BuildingRisk"] | null = null;
  @state() private near: Schema["LikelyDuplicate"][] | null = null;
  @state() private whistles: Schema["WhistleInfo"][] | null = null;
  @state() private isBusy = false;

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has("eventId")) return;
    this.event = this.wrong = this.trouble = this.steps = this.posts = this.building = this.near = this.whistles = null;
    if (this.eventId !== null) void this.read();
  }

  /** Number of the last step that is shown. */
  get step(): number {
    return this.event?.step_number ?? 0;
  }

  /** Ask for everything anew; what is shown stays until the answers are there. */
  async read(): Promise<void> {
    const id = this.eventId;
    if (id === null) return;
    const path = { params: { path: { id } } };
    const still = <T>(take: (answer: T) => void) => (answer: T) => {
      if (this.eventId === id) take(answer);
    };
    const quietly = () => undefined; // the event itself tells what is wrong
    void told(service.GET("/v1/events/{id}/steps", path)).then(still((steps) => (this.steps = steps)), quietly);
    void told(service.GET("/v1/whistles", { params: { query: { event: id } } })).then(still((all) => (this.whistles = all)), quietly);
    void told(service.GET("/v1/events/{id}/duplicates", path)).then(still((found) => (this.near = found.proposals)), quietly);
    try {
      still<Told>((event) => this.#take(event))(await told(service.GET("/v1/events/{id}", path)));
    } catch (error) {
      still<unknown>((wrong) => (this.wrong = wrong))(error);
    }
  }

  #take(event: Told): void {
    const desk = (one: Told | null) => `${one?.desk?.layer}:${one?.desk?.code}`;
    if (desk(event) !== desk(this.event) || this.posts === null) void this.#readPosts(event);
    if (event.building && event.building.id !== this.building?.id) void this.#readBuilding(event.building.id);
    this.event = event;
    this.wrong = null;
    this.dispatchEvent(new CustomEvent<Told>("stand", { detail: event }));
  }

  async #readBuilding(id: number): Promise<void> {
    const found = await told(service.GET("/v1/buildings/{id}/risk", { params: { path: { id } } })).catch(() => null); // who may not see it sees its number
    if (found && this.event?.building?.id === id) this.building = found;
  }

  async #readPosts({ id, desk, areas }: Told): Promise<void> {
    const last = areas.filter(({ code }) => code).at(-1);
    const [layer, area] = desk?.layer && desk.code ? [desk.layer, desk.code] : [last?.layer, last?.code];
    if (!layer || !area) return void (this.posts = []);
    try {
      const posts = await told(service.GET("/v1/layers/{layer}/staff", { params: { path: { layer }, query: { area } } }));
      if (this.eventId === id) this.posts = posts;
    } catch {
      this.posts = []; // who may not see posts sees none
    }
  }

  protected override render(): TemplateResult {
    if (this.wrong && !this.event) return html`${this.#head(`#${this.eventId}`)}<div class="inside">${isMissing(this.wrong) ? html`<p class="note" role="alert">${say("noSuchNumber", { q: `#${this.eventId}` })}</p>` : problem(this.wrong)}</div>`;
    const event = this.event;
    if (!event) return html`${this.#head(`#${this.eventId}`)}<div class="inside"><div class="skeleton" aria-hidden="true"><i></i><i></i><i></i><i></i><i></i></div></div>`;
    const canHandle = event.next_steps.some(({ action }) => action === "note");
    const merge = event.next_steps.find(({ action }) => action === "merge");
    return html`
      ${this.#head(`#${event.id}`)}
      <div class="inside">
        ${about(event, this.now)} ${this.trouble ?? none} ${this.#actions(event, canHandle)}
        ${place(event, this.building, () => this.#tell("locate", event.id))} ${people(event, this.posts)} ${limits(event, this.now)}
        ${proposals(event, this.near, merge ? (into) => void this.#step(merge, { merged_into: into }) : null, (id) => this.#tell("show", id))}
        ${whistlePart(this.whistles, canHandle, {
          answer: (whistle, department) => void this.#act(() => answerWhistle(whistle, department)),
          close: (whistle) => void this.#act(() => closeWhistle(whistle)),
        })}
        ${gradePart(event, canHandle ? () => void this.#act(() => gradeEvent(event)) : null)} ${history(this.steps)}
      </div>
    `;
  }

  #head(title: string): TemplateResult {
    return html`<header>
      <h2 tabindex="-1">${say("event")} ${title}</h2>
      <button type="button" class="close" aria-label=${say("close")} title=${say("close")} @click=${() => this.#tell("close", null)}>×</button>
    </header>`;
  }

  #actions(event: Told, canHandle: boolean): TemplateResult {
    const { first, beside, rarer } = ordered(event.next_steps);
    if (!event.next_steps.length) return html`<p class="soft">${say("nothingToDo")}</p>`;
    const button = (step: Next, kind: string) => html`<button
      type="button"
      class=${kind}
      data-action=${step.action}
      aria-disabled=${this.isBusy}
      @click=${() => void this.#step(step)}
    >${titleOf(step)}${KEYS[step.action] ? html` <kbd>${KEYS[step.action]?.toUpperCase()}</kbd>` : none}</button>`;
    return html`
      <div class="actions" role="group" aria-label=${say("nextSteps")}>
        ${first ? button(first, "primary") : none} ${beside.map((step) => button(step, ""))}
        ${canHandle && event.desk?.kind === "area" ? html`<button type="button" data-action="whistle" @click=${() => this.whistle()}>${say("whistle")} <kbd>W</kbd></button>` : none}
        ${rarer.length
          ? html`<details class="rarer"><summary>${say("moreSteps")}</summary><div class="actions">${rarer.map((step) => button(step, "small"))}</div></details>`
          : none}
      </div>
    `;
  }

  /** Take a step by its name, if it is legal. */
  async stepBy(action: string): Promise<boolean> {
    const step = this.event?.next_steps.find((one) => one.action === action);
    if (step) await this.#step(step);
    return Boolean(step);
  }

  /** Call departments to the event, if its desk is an area's. */
  whistle(): void {
    const event = this.event;
    if (event?.desk?.kind === "area" && event.next_steps.some(({ action }) => action === "note")) void this.#act(() => callDepartments(event));
  }

  async #step(step: Next, given: { merged_into?: number } = {}): Promise<void> {
    const event = this.event;
    if (!event || this.isBusy) return;
    this.isBusy = true;
    this.trouble = null;
    try {
      const done = await takeStep(event, step, given);
      if (done) {
        this.#take(done);
        announce(say("stepTaken", { step: actionTitle(step.action), state: stateTitle(done.state), id: done.id }));
      }
      await this.read(); // also after a form that was given up because somebody was faster
    } catch (error) {
      this.trouble = conflictBox(error, event);
      if (isConflict(error) || (error instanceof Problem && error.kind === "not-found")) await this.read();
    } finally {
      this.isBusy = false;
    }
  }

  async #act(act: () => Promise<unknown>): Promise<void> {
    this.trouble = null;
    try {
      if (await act()) await this.read();
    } catch (error) {
      this.trouble = problem(error);
    }
  }

  #tell(kind: string, detail: number | null): void {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }
}

/** Whether there is no such event, or none that may be seen. */
function isMissing(wrong: unknown): boolean {
  return wrong instanceof Problem && wrong.kind === "event-unknown";
}
