// A check as it stands: looked at again and again until it has ended.

import { ask, change, Problem } from "../../shared/untyped.ts";
import { facts, make } from "../../shared/elements.ts";
import { problem } from "../../shared/problems.ts";
import { bar } from "../../shared/progress.ts";
import { current, moment, onLanguage, say } from "../../shared/words.ts";
import { found } from "./report.js";

const EVERY_MS = 1000;
const ENDED = ["done", "failed", "cancelled"];

export class Job {
  #section;
  #id;
  #timer = 0;
  #info = null;
  #trouble = null;
  #left = false;

  /** @param onAnother asked for the form */
  constructor(section, id, { onAnother }) {
    this.#section = section;
    this.#id = id;
    this.onAnother = onAnother;
    onLanguage(() => this.#left || this.#show());
    this.#look();
  }

  leave() {
    this.#left = true;
    clearTimeout(this.#timer);
  }

  async #look() {
    try {
      this.#info = await ask(this.#address, { defects: false });
      this.#trouble = null;
    } catch (error) {
      this.#trouble = error;
    }
    if (this.#left) return;
    const isGone = this.#trouble instanceof Problem && this.#trouble.kind === "not-found";
    if (isGone) this.#info = null;
    this.#show();
    if (!isGone && !ENDED.includes(this.#info?.state)) this.#timer = setTimeout(() => this.#look(), EVERY_MS);
  }

  get #address() {
    return `/v1/checks/${encodeURIComponent(this.#id)}`;
  }

  async #end() {
    clearTimeout(this.#timer);
    try {
      await change("DELETE", this.#address);
    } catch (error) {
      this.#trouble = error;
      this.#show();
      return;
    }
    this.#look();
  }

  #show() {
    const info = this.#info;
    const parts = [];
    if (info) {
      document.title = `${info.subject} · ${say(info.state)}`;
      parts.push(make("div", { class: "state" }, make("h2", {}, info.subject), make("span", { class: "soft" }, say(info.state))));
      if (info.state === "running" || info.state === "waiting") parts.push(bar(info.progress));
      if (info.problem) parts.push(problem({ kind: info.problem.type.replace("/problems/", ""), message: info.problem.detail, hint: info.problem.hint }));
      if (info.report) parts.push(...found(info.report), doors(info.reports));
      parts.push(times(info));
    }
    if (this.#trouble) parts.push(problem(this.#trouble));
    this.#section.replaceChildren(...parts, this.#buttons());
  }

  #buttons() {
    const buttons = [make("button", { type: "button", onclick: () => this.onAnother() }, say("another"))];
    if (this.#info) buttons.push(make("a", { href: `/jobs/${encodeURIComponent(this.#id)}` }, say("log")));
    const state = this.#info?.state;
    if (state && !(this.#trouble instanceof Problem)) {
      const word = ENDED.includes(state) ? "remove" : "cancel";
      buttons.push(make("button", { type: "button", onclick: () => this.#end() }, say(word)));
    }
    return make("div", { class: "send" }, buttons);
  }
}

function doors(reports) {
  const door = (form, attributes = {}) => make("a", { href: reports[form], ...attributes }, say(`as_${form}`));
  return make(
    "div",
    { class: "doors" },
    make("a", { class: "primary", href: `${reports.html}?language=${current()}`, target: "_blank", rel: "noopener" }, say("as_html")),
    door("gpkg", { download: true }),
    door("geojson", { download: true }),
    door("json"),
  );
}

function times(info) {
  return facts([
    [say("created"), moment(info.created)],
    [say("finished"), moment(info.finished)],
    [say("expires"), moment(info.expires)],
  ]);
}
