// One job as it stands. Its parts stay where they are while it goes on, so that the focus stays too.

import { ask, change } from "../../shared/untyped.ts";
import { make } from "../../shared/elements.ts";
import { problem } from "../../shared/problems.ts";
import { bar } from "../../shared/progress.ts";
import { moment, number, say } from "../../shared/words.ts";

export const ENDED = ["done", "failed", "cancelled"];

export class Row {
  #job;
  #alone;
  #withAccount;
  #trouble = null;
  #ending = false;
  #title = make("h2");
  #state = make("span", { class: "badge", "aria-live": "polite" });
  #line = make("p", { class: "soft" });
  #bar = make("div");
  #told = make("div", { class: "sheet" });
  #buttons = make("div", { class: "send" });
  #log = make("details", { class: "log" }, make("summary"), make("pre", { tabindex: "0" }));

  /** @param alone on a page of its own; @param withAccount says whose it is; @param onChange it was changed from here */
  constructor(job, { alone = false, withAccount = false, onChange }) {
    this.#job = job;
    this.#alone = alone;
    this.#withAccount = withAccount;
    this.onChange = onChange;
    this.element = make(alone ? "div" : "li", { class: "job" }, make("div", { class: "state" }, this.#title, this.#state), this.#line);
    this.element.append(this.#bar, this.#told, this.#buttons, this.#log);
    this.#log.addEventListener("toggle", () => this.#log.open && this.#readLog());
    this.#log.open = alone;
    this.show();
  }

  get job() {
    return this.#job;
  }

  get isEnded() {
    return ENDED.includes(this.#job.state);
  }

  /** Take over how the job stands now. */
  update(job) {
    const another = job.state !== this.#job.state || job.attempt !== this.#job.attempt;
    this.#job = job;
    if (another) this.#ending = false;
    if (another || !this.isEnded) this.show(another);
    if (this.#log.open && (another || !this.isEnded)) this.#readLog();
  }

  /** Show it in the language of the moment; buttons are made anew only where they change. */
  show(another = true) {
    const { id, title, kind, state, progress } = this.#job;
    const known = say(`kind_${kind}`);
    const name = [known === `kind_${kind}` ? kind : known, title].filter(Boolean).join(" · ");
    if (another) {
      this.#title.replaceChildren(this.#alone ? name : make("a", { href: `/jobs/${encodeURIComponent(id)}` }, name));
      this.#state.className = `badge ${state}`;
      this.#state.textContent = say(state);
      this.#log.querySelector("summary").textContent = say("log");
      this.#told.replaceChildren(...this.#tellings());
      this.#buttons.replaceChildren(...this.#ways());
    }
    this.#line.textContent = this.#facts().join(" · ");
    this.#bar.replaceChildren(...(state === "running" ? [bar(progress)] : []));
  }

  #facts() {
    const { account, created, started, finished, expires, attempt, attempts_left: left } = this.#job;
    const times = Object.entries({ created, started, finished, expires }).filter(([, time]) => time);
    return [
      this.#withAccount && account ? `${say("by")} ${account}` : null,
      ...times.map(([word, time]) => `${say(word)} ${moment(time)}`),
      attempt > 1 ? say("attempt", { attempt: number(attempt), left: number(left ?? 0) }) : null,
    ].filter(Boolean);
  }

  #tellings() {
    const { problem: wrong, results } = this.#job;
    const parts = [];
    if (wrong) parts.push(problem({ kind: wrong.type.replace("/problems/", ""), message: wrong.detail, hint: wrong.hint }));
    if (this.#trouble) parts.push(problem(this.#trouble));
    if (results?.length) {
      const files = results.map((file) => make("li", {}, fileLink(file), make("span", { class: "soft" }, ` ${size(file.bytes)}`)));
      parts.push(make("ul", { class: "files", "aria-label": say("results") }, files));
    }
    return parts;
  }

  #ways() {
    const { href, state } = this.#job;
    const button = (word, act) => make("button", { type: "button", onclick: act }, say(word));
    return [
      href ? make("a", { class: "door", href }, say("open")) : null,
      state === "failed" ? button("retry", () => this.#ask("POST", "/retry")) : null,
      this.#ending ? make("span", { class: "soft", role: "status" }, say("cancelling")) : null,
      this.#ending ? null : button(this.isEnded ? "remove" : "cancel", () => this.#end()),
    ].filter(Boolean);
  }

  async #end() {
    this.#ending = !this.isEnded;
    this.show();
    await this.#ask("DELETE");
  }

  async #ask(method, further = "") {
    this.#trouble = null;
    try {
      await change(method, `/v1/jobs/${encodeURIComponent(this.#job.id)}${further}`);
    } catch (error) {
      this.#ending = false;
      this.#trouble = error;
      this.show();
      return;
    }
    this.onChange();
  }

  async #readLog() {
    const place = this.#log.querySelector("pre");
    try {
      const lines = await ask(`/v1/jobs/${encodeURIComponent(this.#job.id)}/log`);
      const text = lines.map(({ at, line }) => `${moment(at)}  ${line}`).join("\n");
      const isAtEnd = place.scrollTop + place.clientHeight >= place.scrollHeight - 4;
      place.textContent = text || say("emptyLog");
      if (isAtEnd) place.scrollTop = place.scrollHeight;
    } catch (error) {
      place.textContent = error.message;
    }
  }
}

/** A page opens beside this one; any other file is kept. */
function fileLink({ name, href, media_type: type }) {
  const way = type.startsWith("text/html") ? { target: "_blank", rel: "noopener" } : { download: true };
  return make("a", { href, ...way }, name);
}

function size(bytes) {
  if (bytes < 1000) return `${number(bytes)} B`;
  return bytes < 1e6 ? `${number(bytes / 1e3)} kB` : `${number(bytes / 1e6, 1)} MB`;
}
