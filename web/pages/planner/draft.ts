// A draft as the page works on it: blocks and areas as of now, strokes on their way to the service, what others did.
// A published plan is the same to look at, and nothing of it changes.

import { Problem, session, service, told, type Schema } from "../../shared/asking.ts";
import { Blocks, type BlocksAnswer } from "./blocks.ts";
import { figuresNow, loadTerms, type AreaFigures, type AreaNow } from "./figures.ts";
import type { Changed, Clash, Present } from "./events.ts";
import { beganAs, blocksOf, countedOf } from "./reading.ts";
import { Sending } from "./sending.ts";
import { foreseeAll, foreseen, provisional, type Operation, type Stroke } from "./strokes.ts";

export type { Changed, Named, News, Present, Trouble } from "./events.ts";
export type { AreaNow } from "./figures.ts";
export type { Operation } from "./strokes.ts";
/** A stroke that is being painted: where to, and where its blocks were. */
interface Hand {
  into: string | null;
  isNew: boolean;
  before: Map<number, string | null>;
}

const FIGURES_MS = 250; // nobody reads figures faster, and each time the tables are laid out anew

/**
 * Events: `areas` (figures), `blocks` (`Changed`), `state` (revision, waiting, online, who, problems, undoable …),
 * `news` (`News`), `trouble` (`Trouble`), `clash` (what is to be decided; see `clash`), `done` (an `EditAnswer`),
 * `named` (an area that was new got its code: `Named`).
 */
export class Draft extends EventTarget {
  readonly plan: string;
  info!: Schema["PlanInfo"];
  layer!: Schema["LayerDetail"];
  revision = 0;
  readonly!: boolean;
  mayBranch = false;
  account = "";
  basedOn: string | null = null;
  replacedBy: string | null = null;
  readonly blocks = new Blocks();
  areas: ReadonlyMap<string, AreaNow> = new Map();
  problems: Schema["DraftProblem"][] = [];
  snapshots: Schema["Snapshot"][] = [];
  undoable: string | null = null;
  redoable: string | null = null;
  others: Present[] = [];
  /** The area that each block was in when the draft began, by the block's code; null where that is not known. */
  before: ReadonlyMap<string, string | null> | null = null;
  #figures = new Map<string, AreaFigures>();
  #beforePeople: Map<string, number> | null = null;
  #sending!: Sending;
  #hand: Hand | null = null;
  #figuring = 0;

  private constructor(plan: string) {
    super();
    this.plan = plan;
  }

  /** Open a plan: a draft to be changed by whoever may, anything else to look at. */
  static async open(plan: string): Promise<Draft> {
    const draft = new Draft(plan);
    const blocks = blocksOf(plan); // the longest: asked for first
    blocks.catch(() => {}); // what is wrong with the plan itself is told before
    const [{ plan: info }, { account, rights }] = await Promise.all([
      told(service.GET("/v1/plans/{plan}", { params: { path: { plan } } })),
      session(),
    ]);
    draft.info = info;
    draft.account = account ?? "";
    draft.mayBranch = rights.includes("plans.draft");
    draft.readonly = info.status !== "draft" || !draft.mayBranch;
    const layer = told(service.GET("/v1/layers/{layer}", { params: { path: { layer: info.layer } } }));
    await draft.#read(blocks);
    draft.layer = await layer;
    if (info.status !== "draft") draft.#figures = await countedOf(info, draft.layer.layer, draft.blocks);
    draft.#sending = new Sending(draft);
    draft.#foresee();
    draft.#sending.start();
    draft.figure();
    return draft;
  }

  /** Blocks that no area has. */
  get unassigned(): number {
    return this.blocks.in(null).length;
  }

  /** How many operations were not answered yet. */
  get waiting(): number {
    return this.#sending.strokes.length;
  }

  get online(): boolean {
    return this.#sending.online;
  }

  /** What others did that strokes of one's own wait for a decision on; null where there is nothing. */
  get clash(): Clash | null {
    return this.#sending.clash;
  }

  /** Say whose blocks stand where both put them elsewhere. */
  decide(whose: "mine" | "theirs"): void {
    this.#sending.decide(whose);
  }

  /** What to call an area: its name, or its code where it has none. */
  nameOf(area: string): string {
    return this.areas.get(area)?.name || area;
  }

  /**
   * Do something on the draft: shown at once as far as it can be foreseen, sent in its turn.
   * The answer comes when it was done, or was told not to be (`trouble`).
   */
  operate(operation: Operation): Promise<void> {
    if (this.readonly) return Promise.resolve();
    const codes = operation.kind === "assign" || operation.kind === "new-area" ? operation.blocks : [];
    const before = Object.fromEntries(codes.map((code) => [code, this.blocks.areaOf(this.blocks.at.get(code) ?? -1)]));
    const done = this.#sending.add(operation, before);
    this.foresee();
    return done;
  }

  /** Begin a stroke into an area, null for none, or a new area without a code; the answer is what that goes by. */
  take(area: string | null | undefined): string | null {
    const into = area === undefined ? provisional({ id: this.#sending.next }) : area;
    this.#hand = { into, isNew: area === undefined, before: new Map() };
    return into;
  }

  /** Whether a stroke is being painted. */
  get isPainting(): boolean {
    return this.#hand !== null;
  }

  /** What the stroke that is being painted goes into, if anything was painted. */
  get painted(): string | null {
    return this.#hand?.before.size ? this.#hand.into : null;
  }

  /** Paint blocks: shown at once, and no operation yet. */
  paint(some: Iterable<number>): void {
    const hand = this.#hand;
    if (!hand) return;
    const [area, painted] = [this.blocks.numberOf(hand.into), [] as number[]];
    for (const block of some) {
      if (this.blocks.area[block] === area || !this.blocks.alive[block]) continue;
      if (!hand.before.has(block)) hand.before.set(block, this.blocks.areaOf(block));
      this.blocks.area[block] = area;
      painted.push(block);
    }
    if (!painted.length) return;
    this.dispatchEvent(new CustomEvent<Changed>("blocks", { detail: { blocks: painted, shapes: false } }));
    this.#figureSoon();
  }

  /** End the stroke: what was painted becomes one operation; without `keep` it becomes what it was. */
  release(keep = true): Promise<void> {
    const hand = this.#hand;
    this.#hand = null;
    if (!hand?.before.size || !keep) {
      this.foresee();
      return Promise.resolve();
    }
    const blocks = [...hand.before.keys()].map((block) => this.blocks.codes[block] as string);
    const before = Object.fromEntries(blocks.map((code, i) => [code, [...hand.before.values()][i] ?? null]));
    const operation: Operation = hand.isNew ? { kind: "new-area", blocks } : { kind: "assign", blocks, area: hand.into };
    const done = this.#sending.add(operation, before);
    this.foresee();
    return done;
  }

  #figureSoon(): void {
    if (this.#figuring) return;
    this.#figuring = window.setTimeout(() => {
      this.#figuring = 0;
      this.figure();
    }, FIGURES_MS);
  }

  /** Take back the last stroke if it was not sent yet, else ask the service to undo the last operation. */
  undo(): Promise<void> {
    if (!this.#sending.takeBack()) return this.operate({ kind: "undo" });
    this.foresee();
    return Promise.resolve();
  }

  redo(): Promise<void> {
    return this.operate({ kind: "redo" });
  }

  /** Ask for everything anew. */
  async reload(): Promise<void> {
    const shown = this.blocks.area.slice();
    await this.#read(blocksOf(this.plan));
    this.#tellBlocks(shown, true);
  }

  /** Take who else is here. */
  met(others: Present[]): void {
    this.others = others;
    this.#sending.connected(true);
    this.tellState();
  }

  /** Take in what others did, when the service is at another revision and nothing of one's own is on its way. */
  async heard(revision: number): Promise<void> {
    if (revision > this.revision && !this.#sending.busy) await this.#sending.follow();
  }

  /** Note that the service could not be asked. */
  lost(isUnreachable: boolean): void {
    if (isUnreachable) this.#sending.connected(false);
  }

  /** Take what changed at the service since; returns the blocks of which it was told. */
  async catchUp(): Promise<number[]> {
    const shown = this.blocks.area.slice();
    const answer = await blocksOf(this.plan, this.revision);
    const taken = this.blocks.take(answer);
    this.revision = answer.revision;
    this.#tellBlocks(shown, taken.shapes);
    return taken.blocks;
  }

  /** Take the figures of all areas as the service has them; they are of the revision that the answer names. */
  async measure(): Promise<void> {
    const answer = await told(service.GET("/v1/plans/{plan}/draft", { params: { path: { plan: this.plan } } }));
    this.#take(answer);
    this.figure();
  }

  /** Take the answer to an operation in. */
  settle(stroke: Stroke, answer: Schema["EditAnswer"]): void {
    for (const [block, area] of foreseen(stroke, this.blocks)) this.blocks.settled[block] = this.blocks.numberOf(area);
    this.revision = answer.revision;
    for (const code of answer.ended) this.#figures.delete(code);
    for (const figures of answer.areas) this.#figures.set(figures.code, figures);
    this.problems = answer.problems;
    [this.undoable, this.redoable] = [answer.undoable, answer.redoable];
    this.dispatchEvent(new CustomEvent("done", { detail: answer }));
  }

  /** Whether the service knows an area of this code. */
  knows(area: string): boolean {
    return this.#figures.has(area);
  }

  /** Show the strokes that wait on top of what the service has. */
  foresee(): void {
    const shown = this.blocks.area.slice();
    this.#tellBlocks(shown, false);
  }

  /** Tell that something besides blocks and figures is another. */
  tellState(): void {
    this.dispatchEvent(new Event("state"));
  }

  /** Work the figures of areas out anew. */
  figure(): void {
    this.areas = figuresNow(this.#figures, this.blocks, loadTerms(this.layer.layer.targets), this.#beforePeople);
    this.dispatchEvent(new Event("areas"));
    this.tellState();
  }

  /** Learn where blocks were when the draft began, so that changes can be told; what has no blocks tells nothing. */
  async learnBefore(): Promise<void> {
    if (!this.basedOn) return;
    try {
      const { areas, people } = await beganAs(this.basedOn);
      [this.before, this.#beforePeople] = [areas, people];
      this.figure();
    } catch (error) {
      if (!(error instanceof Problem)) throw error; // changes are left blank
    }
  }

  async #read(asked: Promise<BlocksAnswer>): Promise<void> {
    const draft = () => told(service.GET("/v1/plans/{plan}/draft", { params: { path: { plan: this.plan } } }));
    if (this.info.status === "draft") this.#take(await draft());
    let answer = await asked;
    // somebody may have changed it between the two answers
    if (this.info.status === "draft" && answer.revision < this.revision) answer = await blocksOf(this.plan);
    if (this.info.status === "draft" && answer.revision > this.revision) this.#take(await draft());
    this.blocks.take(answer);
    this.revision = answer.revision;
  }

  #take(answer: Schema["DraftAnswer"]): void {
    this.revision = answer.revision;
    [this.basedOn, this.replacedBy] = [answer.based_on, answer.replaced_by];
    [this.problems, this.snapshots] = [answer.problems, answer.snapshots];
    [this.undoable, this.redoable] = [answer.undoable, answer.redoable];
    this.#figures = new Map(answer.areas.map((figures) => [figures.code, figures]));
  }

  #foresee(): void {
    foreseeAll(this.#sending.strokes, this.blocks);
    const hand = this.#hand;
    if (hand) for (const block of hand.before.keys()) if (this.blocks.alive[block]) this.blocks.area[block] = this.blocks.numberOf(hand.into);
  }

  #tellBlocks(shown: number[], shapes: boolean): void {
    this.#foresee();
    const { area } = this.blocks;
    const blocks: number[] = [];
    for (let block = 0; block < area.length; block++) if (area[block] !== shown[block]) blocks.push(block);
    if (blocks.length || shapes) this.dispatchEvent(new CustomEvent<Changed>("blocks", { detail: { blocks, shapes } }));
    this.figure();
  }
}
