// One job as it stands. Its parts stay where they are while it goes on, so that the focus stays too.

import { Problem, service, told, type Schema } from "../../shared/asking.ts";
import { make } from "../../shared/elements.ts";
import { problem } from "../../shared/problems.ts";
import { bar } from "../../shared/progress.ts";
import { isSaid, moment, number, say } from "../../shared/words.ts";

type Job = Schema["JobInfo"];

export const ENDED: Job["state"][] = ["done", "failed", "cancelled"];

export class Row {
  readonly element: HTMLElement;
  #job: Job;
  readonly #alone: boolean;
  readonly #withAccount: boolean;
  readonly #onChange: () => void;
  #trouble: unknown = null;
  #ending = false;
  #title = make("h2");
  #state = make("span", { class: "badge", "aria-live": "polite" });
  #line = make("p", { class: "soft" });
  #bar = make("div");
  #told = make("div", { class: "sheet" });
  #buttons = make("div", { class: "send" });
  #logTitle = make("summary");
  #lines = make("pre", { tabindex: "0" });
  #log = make("details", { class: "log" }, this.#logTitle, this.#lines);

  /** @param alone on a page of its own; @param withAccount says whose it is; @param onChange it was changed from here */
  constructor(job: Job, { alone = false, withAccount = false, onChange }: { alone?: boolean; withAccount?: boolean; onChange: () => void }) {
    this.#job = job;
    this.#alone = alone;
    this.#withAccount = withAccount;
    this.#onChange = onChange;
    this.element = make(alone ? "div" : "li", { class: "job" }, make("div", { class: "state" }, this.#title, this.#state), this.#line);
    this.element.append(this.#bar, this.#told, this.#buttons, this.#log);
    this.#log.addEventListener("toggle", () => this.#log.open && void this.#readLog());
    this.#log.open = alone;
    this.show();
  }

  get isEnded(): boolean {
    return ENDED.includes(this.#job.state);
  }

  /** Take over how the job stands now. */
  update(job: Job): void {
    const another = job.state !== this.#job.state || job.attempt !== this.#job.attempt;
    this.#job = job;
    if (another) this.#ending = false;
    if (another || !this.isEnded) this.show(another);
    if (this.#log.open && (another || !this.isEnded)) void this.#readLog();
  }

  /** Show it in the language of the moment; buttons are made anew only where they change. */
  show(another = true): void {
    const { id, title, kind, state, progress } = this.#job;
    const name = [isSaid(`kind_${kind}`) ? say(`kind_${kind}`) : kind, title].filter(Boolean).join(" · ");
    if (another) {
      this.#title.replaceChildren(this.#alone ? name : make("a", { href: `/jobs/${encodeURIComponent(id)}` }, name));
      this.#state.className = `badge ${state}`;
      this.#state.textContent = say(state);
      this.#logTitle.textContent = say("log");
      this.#told.replaceChildren(...this.#tellings());
      this.#buttons.replaceChildren(...this.#ways());
    }
    this.#line.textContent = this.#facts().join(" · ");
    this.#bar.replaceChildren(...(state === "running" ? [bar(progress)] : []));
  }

  #facts(): string[] {
    const { account, created, started, finished, expires, attempt, attempts_left: left } = this.#job;
    const times = Object.entries({ created, started, finished, expires }).filter(([, time]) => time);
    return [
      this.#withAccount && account ? `${say("by")} ${account}` : null,
      ...times.map(([word, time]) => `${say(word)} ${moment(time)}`),
      attempt > 1 ? say("attempt", { attempt: number(attempt), left: number(left ?? 0) }) : null,
    ].filter((one) => one !== null);
  }

  #tellings(): HTMLElement[] {
    const { problem: wrong, results } = this.#job;
    const parts: HTMLElement[] = [];
    if (wrong) parts.push(problem(new Problem({ type: wrong.type, detail: wrong.detail, ...(wrong.hint ? { hint: wrong.hint } : {}) })));
    if (this.#trouble) parts.push(problem(this.#trouble));
    if (results.length) {
      const files = results.map((file) => make("li", {}, fileLink(file), make("span", { class: "soft" }, ` ${size(file.bytes)}`)));
      parts.push(make("ul", { class: "files", "aria-label": say("results") }, files));
    }
    return parts;
  }

  #ways(): HTMLElement[] {
    const { href, state } = this.#job;
    const button = (word: string, act: () => void) => make("button", { type: "button", onclick: act }, say(word));
    return [
      href ? make("a", { class: "door", href }, say("open")) : null,
      state === "failed" ? button("retry", () => void this.#ask(() => service.POST("/v1/jobs/{id}/retry", { params: { path: { id: this.#job.id } } }))) : null,
      this.#ending ? make("span", { class: "soft", role: "status" }, say("cancelling")) : null,
      this.#ending ? null : button(this.isEnded ? "remove" : "cancel", () => void this.#end()),
    ].filter((one) => one !== null);
  }

  async #end(): Promise<void> {
    this.#ending = !this.isEnded;
    this.show();
    await this.#ask(() => service.DELETE("/v1/jobs/{id}", { params: { path: { id: this.#job.id } } }));
  }

  async #ask(change: () => Promise<{ data?: unknown }>): Promise<void> {
    this.#trouble = null;
    try {
      await told(change());
    } catch (error) {
      this.#ending = false;
      this.#trouble = error;
      this.show();
      return;
    }
    this.#onChange();
  }

  async #readLog(): Promise<void> {
    const place = this.#lines;
    try {
      const lines = await told(service.GET("/v1/jobs/{id}/log", { params: { path: { id: this.#job.id } } }));
      const text = lines.map(({ at, line }) => `${moment(at)}  ${line}`).join("\n");
      const isAtEnd = place.scrollTop + place.clientHeight >= place.scrollHeight - 4;
      place.textContent = text || say("emptyLog");
      if (isAtEnd) place.scrollTop = place.scrollHeight;
    } catch (error) {
      place.textContent = (error as Error).message;
    }
  }
}

/** A page opens beside this one; any other file is kept. */
function fileLink({ name, href, media_type: type }: Schema["JobResult"]): HTMLElement {
  const way = type.startsWith("text/html") ? { target: "_blank", rel: "noopener" } : { download: true };
  return make("a", { href, ...way }, name);
}

function size(bytes: number): string {
  if (bytes < 1000) return `${number(bytes)} B`;
  return bytes < 1e6 ? `${number(bytes / 1e3)} kB` : `${number(bytes / 1e6, 1)} MB`;
}
