// A check as it stands: looked at again and again until it has ended.

import { Problem, service, told, type Schema } from "../../shared/asking.ts";
import { facts, make, type Child } from "../../shared/elements.ts";
import { problem } from "../../shared/problems.ts";
import { bar } from "../../shared/progress.ts";
import { ready } from "../../shared/ready.ts";
import { current, moment, onLanguage, say } from "../../shared/words.ts";
import { found } from "./report.ts";

const EVERY_MS = 1000;
const ENDED = ["done", "failed", "cancelled"];

type Info = Schema["CheckInfo"];

export class Check {
  readonly #section: HTMLElement;
  readonly #params: { path: { id: string } };
  readonly #onAnother: () => void;
  readonly #unheard: () => void;
  #timer = 0;
  #info: Info | null = null;
  #trouble: unknown = null;
  #left = false;

  /** @param onAnother asks for the form */
  constructor(section: HTMLElement, id: string, onAnother: () => void) {
    this.#section = section;
    this.#params = { path: { id } };
    this.#onAnother = onAnother;
    this.#unheard = onLanguage(() => this.#show());
    void this.#look();
  }

  leave(): void {
    this.#left = true;
    this.#unheard();
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    try {
      this.#info = await told(service.GET("/v1/checks/{id}", { params: { ...this.#params, query: { defects: false } } }));
      this.#trouble = null;
    } catch (error) {
      this.#trouble = error;
    }
    if (this.#left) return;
    const isGone = this.#trouble instanceof Problem && this.#trouble.kind === "not-found";
    if (isGone) this.#info = null;
    this.#show();
    ready();
    if (!isGone && !ENDED.includes(this.#info?.state ?? "")) this.#timer = window.setTimeout(() => this.#look(), EVERY_MS);
  }

  async #end(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      await told(service.DELETE("/v1/checks/{id}", { params: this.#params }));
    } catch (error) {
      this.#trouble = error;
      this.#show();
      return;
    }
    void this.#look();
  }

  #show(): void {
    const info = this.#info;
    const parts: Child[] = [];
    if (info) {
      document.title = `${info.subject} · ${say(info.state)}`;
      parts.push(make("div", { class: "state" }, make("h2", {}, info.subject), make("span", { class: "soft" }, say(info.state))));
      if (info.state === "running" || info.state === "waiting") parts.push(bar(info.progress));
      if (info.problem) parts.push(problem(new Problem({ ...info.problem, hint: info.problem.hint ?? "" })));
      if (info.report) parts.push(...found(info.report), doors(info.reports));
      parts.push(times(info));
    }
    if (this.#trouble) parts.push(problem(this.#trouble));
    this.#section.replaceChildren(...(parts as Node[]), this.#buttons());
  }

  #buttons(): HTMLElement {
    const buttons: HTMLElement[] = [make("button", { type: "button", onclick: () => this.#onAnother() }, say("another"))];
    if (this.#info) buttons.push(make("a", { href: `/jobs/${encodeURIComponent(this.#params.path.id)}` }, say("log")));
    const state = this.#info?.state;
    if (state && !(this.#trouble instanceof Problem)) {
      const word = ENDED.includes(state) ? "remove" : "cancel";
      buttons.push(make("button", { type: "button", onclick: () => this.#end() }, say(word)));
    }
    return make("div", { class: "send" }, buttons);
  }
}

function doors(reports: Info["reports"]): HTMLElement {
  const door = (form: string, attributes = {}) => make("a", { href: reports[form], ...attributes }, say(`as_${form}`));
  return make(
    "div",
    { class: "doors" },
    make("a", { class: "primary", href: `${reports.html}?language=${current()}`, target: "_blank", rel: "noopener" }, say("as_html")),
    door("gpkg", { download: true }),
    door("geojson", { download: true }),
    door("json"),
  );
}

function times(info: Info): HTMLElement {
  return facts([
    [say("created"), moment(info.created)],
    [say("finished"), moment(info.finished)],
    [say("expires"), moment(info.expires)],
  ]);
}
