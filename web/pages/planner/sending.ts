// The way of strokes to the service: one after the other, each for the revision that the draft has then. A lost
// connection lets them wait; what others did in between is taken in first, and asked about where both did the same.

import { Problem, service, told, type Schema } from "../../shared/asking.ts";
import { AGAIN_MS, FAULT, FAULTS_BORNE, LATER, NOT_HERE, OF_LAST } from "./failing.ts";
import type { Draft } from "./draft.ts";
import type { Clash, Named, News, Trouble } from "./events.ts";
import { operationsSince } from "./reading.ts";
import {
  areasOf,
  contested,
  foreseen,
  isProvisional,
  isSame,
  Kept,
  provisional,
  renamed,
  without,
  type LoggedOperation,
  type Operation,
  type Stroke,
} from "./strokes.ts";

export class Sending {
  strokes: Stroke[];
  online = true;
  clash: Clash | null = null;
  readonly #draft: Draft;
  readonly #kept: Kept;
  readonly #done = new Map<number, () => void>();
  #next: number;
  #sending = false;
  #again = 0;
  #faults = 0; // one after the other, of the stroke that is first

  constructor(draft: Draft) {
    this.#draft = draft;
    this.#kept = new Kept(draft.plan, draft.account);
    this.strokes = draft.readonly ? [] : this.#kept.read();
    this.#next = Math.max(0, ...this.strokes.map(({ id }) => id)) + 1;
  }

  /** Send what the browser kept, and go on when the connection is back. */
  start(): void {
    addEventListener("online", () => this.wake());
    if (this.strokes.length) void this.#resume();
  }

  /** What was kept was made for an earlier state perhaps: nothing is sent before what happened since is known. */
  async #resume(): Promise<void> {
    const { plan, revision, account } = this.#draft;
    let operations: LoggedOperation[] = [];
    this.#sending = true;
    try {
      const since = await operationsSince(plan, Math.min(...this.strokes.map((stroke) => stroke.revision)), revision);
      operations = since.filter((one) => !this.strokes.some(({ operation }) => one.account === account && isSame(operation, one)));
    } catch (error) {
      if (!(error instanceof Problem)) throw error; // who did it is not told then
    }
    this.#sending = false;
    this.#ask(operations);
    this.wake();
  }

  /** Take a stroke; the answer comes when it was done or given up. */
  add(operation: Operation, before: Stroke["before"]): Promise<void> {
    const stroke: Stroke = { id: this.#next++, operation, before, revision: this.#draft.revision };
    this.strokes = [...this.strokes, stroke];
    this.#kept.write(this.strokes);
    const done = new Promise<void>((resolve) => this.#done.set(stroke.id, resolve));
    queueMicrotask(() => void this.#send()); // what it changes is shown first
    return done;
  }

  /** The number that the next stroke goes by. */
  get next(): number {
    return this.#next;
  }

  /** Take the last stroke back, if it is not on its way yet; to undo further is no reason to take an undo back. */
  takeBack(): boolean {
    const last = this.strokes.at(-1);
    if (!last || OF_LAST.includes(last.operation.kind) || (this.#sending && this.strokes.length === 1)) return false;
    this.#dropAll(last);
    return true;
  }

  /** Try now what waits. */
  wake(): void {
    clearTimeout(this.#again);
    void this.#send();
  }

  /** Say whose blocks stand where both put them elsewhere. */
  decide(whose: "mine" | "theirs"): void {
    const { clash } = this;
    if (!clash) return;
    this.clash = null;
    if (whose === "theirs") {
      for (const stroke of [...this.strokes]) {
        const left = without(stroke, new Set(clash.blocks.filter((one) => one.stroke === stroke.id).map(({ block }) => block)));
        if (left) this.#put(left);
        else this.#drop(stroke);
      }
    }
    this.#acknowledge();
    this.#draft.foresee();
    this.wake();
  }

  async #send(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    try {
      while (this.strokes.length && !this.clash) if (!(await this.#sendFirst())) break;
    } finally {
      this.#sending = false;
      this.#draft.tellState();
    }
  }

  /** Send the first stroke; the answer is whether to go on with the next. */
  async #sendFirst(): Promise<boolean> {
    const stroke = this.strokes[0] as Stroke;
    const draft = this.#draft;
    try {
      const answer = await told(
        service.POST("/v1/plans/{plan}/operations", {
          params: { path: { plan: draft.plan }, header: { "If-Match": `"${draft.revision}"` } },
          body: stroke.operation,
        }),
      );
      this.#connected(true);
      this.#faults = 0;
      await this.#settle(stroke, answer);
      return true;
    } catch (error) {
      return this.#failed(stroke, error);
    }
  }

  async #settle(stroke: Stroke, answer: Schema["EditAnswer"]): Promise<void> {
    const draft = this.#draft;
    const revision = draft.revision;
    const made = answer.areas.filter(({ code }) => !draft.knows(code)).map(({ code }) => code);
    if (stroke.operation.kind === "new-area" && made[0]) {
      const now = provisional(stroke);
      const to = made[0];
      draft.dispatchEvent(new CustomEvent<Named>("named", { detail: { from: now, to } }));
      this.strokes = this.strokes.map((one) => (one === stroke ? one : renamed(one, now, to)));
    }
    draft.settle(stroke, answer);
    this.#leave(stroke);
    if (stroke.operation.kind !== "assign" || answer.revision !== revision + 1) {
      draft.revision = revision; // what blocks became is not told by the answer
      await draft.catchUp();
    } else draft.foresee();
    this.#finish(stroke);
  }

  async #failed(stroke: Stroke, error: unknown): Promise<boolean> {
    if (!(error instanceof Problem)) throw error;
    const isFault = error.kind === FAULT && ++this.#faults < FAULTS_BORNE;
    if (isFault || LATER.includes(error.kind)) {
      if (!isFault) this.#connected(false);
      this.#again = window.setTimeout(() => this.wake(), (error.wait ?? 0) * 1000 || AGAIN_MS);
      return false;
    }
    if (NOT_HERE.includes(error.kind)) {
      this.#tell("trouble", { error, operation: null });
      return false;
    }
    try {
      if (error.kind === "draft-changed") return await this.#overtaken(stroke, error);
      this.#faults = 0;
      this.#dropAll(stroke);
      this.#tell("trouble", { error, operation: stroke.operation });
      await this.follow();
      return true;
    } catch (another) {
      return this.#failed(stroke, another);
    }
  }

  /** Somebody else changed the draft first: take that in, then go on where the strokes still mean what they meant. */
  async #overtaken(stroke: Stroke, problem: Problem): Promise<boolean> {
    const since = (problem.body as unknown as { since?: LoggedOperation[] }).since ?? [];
    const lost = since.find((one) => one.account === this.#draft.account && isSame(stroke.operation, one));
    if (lost) this.#leave(stroke); // it had arrived, only its answer had not
    const operations = since.filter((one) => one !== lost);
    await this.follow(operations);
    if (lost) this.#finish(stroke);
    else if (operations.length) this.#check(stroke, problem, operations);
    return !this.clash;
  }

  #check(stroke: Stroke, problem: Problem, operations: LoggedOperation[]): void {
    const theirs = new Set(operations.flatMap(({ areas }) => areas));
    const { kind } = stroke.operation;
    const isPainted = kind === "assign" || kind === "new-area";
    const isGone = kind === "assign" && stroke.operation.area !== null && !isProvisional(stroke.operation.area) && !this.#draft.knows(stroke.operation.area);
    if (isGone || OF_LAST.includes(kind) || (!isPainted && areasOf(stroke.operation).some((area) => theirs.has(area)))) {
      this.#drop(stroke);
      this.#tell("trouble", { error: problem, operation: stroke.operation });
    }
    this.#ask(operations);
  }

  /** Ask about blocks that both put elsewhere; blocks that are cut or gone cannot be put anywhere any more. */
  #ask(operations: LoggedOperation[]): void {
    const { blocks } = this.#draft;
    const isThere = (code: string) => blocks.alive[blocks.at.get(code) ?? -1] === true;
    const found = contested(this.strokes, blocks);
    const gone = new Set(found.filter(({ block }) => !isThere(block)).map(({ block }) => block));
    for (const stroke of gone.size ? [...this.strokes] : []) {
      const left = without(stroke, gone);
      if (left) this.#put(left);
      else this.#drop(stroke);
    }
    const open = found.filter(({ block }) => !gone.has(block));
    if (open.length) this.clash = { operations, blocks: open };
    else this.#acknowledge();
    this.#draft.foresee();
    if (this.clash) this.#draft.dispatchEvent(new Event("clash"));
  }

  /** What the service has now is what the strokes were decided upon. */
  #acknowledge(): void {
    const { blocks } = this.#draft;
    const now = new Map<string, string | null>();
    this.strokes = this.strokes.map((stroke) => {
      const before = { ...stroke.before };
      for (const code of Object.keys(before)) {
        const block = blocks.at.get(code);
        before[code] = now.has(code) ? (now.get(code) ?? null) : block === undefined ? null : blocks.settledOf(block);
      }
      for (const [block, area] of foreseen(stroke, blocks)) now.set(blocks.codes[block] as string, area);
      return { ...stroke, before, revision: this.#draft.revision };
    });
    this.#kept.write(this.strokes);
  }

  /** Take in what others did, and tell of it. */
  async follow(operations?: LoggedOperation[]): Promise<void> {
    const draft = this.#draft;
    const revision = draft.revision;
    const blocks = await draft.catchUp();
    const news = operations ?? (await operationsSince(draft.plan, revision, draft.revision));
    await draft.measure();
    if (news.length) this.#tell("news", { operations: news, blocks });
  }

  /** Whether strokes are on their way: the revision moves by one's own work then. */
  get busy(): boolean {
    return this.#sending || this.clash !== null;
  }

  /** Note whether the service can be reached. */
  connected(online: boolean): void {
    this.#connected(online);
    if (online && this.strokes.length && !this.busy) this.wake();
  }

  #connected(online: boolean): void {
    if (this.online === online) return;
    this.online = online;
    this.#draft.tellState();
  }

  #put(stroke: Stroke): void {
    this.strokes = this.strokes.map((one) => (one.id === stroke.id ? stroke : one));
    this.#kept.write(this.strokes);
  }

  #leave(stroke: Stroke): void {
    this.strokes = this.strokes.filter(({ id }) => id !== stroke.id);
    this.#kept.write(this.strokes);
  }

  #drop(stroke: Stroke): void {
    this.#leave(stroke);
    this.#finish(stroke);
  }

  /** Drop a stroke and those that mean the area which it would have made. */
  #dropAll(stroke: Stroke): void {
    const made = provisional(stroke);
    for (const one of this.strokes.filter(({ operation }) => areasOf(operation).includes(made))) this.#drop(one);
    this.#drop(stroke);
  }

  #finish(stroke: Stroke): void {
    this.#done.get(stroke.id)?.();
    this.#done.delete(stroke.id);
  }

  #tell(name: string, detail: News | Trouble): void {
    this.#draft.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
