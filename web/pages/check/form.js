// The form: files and what the service must know of them; the upload with its progress.

import { problemOf, tokenHeaders } from "../../shared/untyped.ts";
import { make } from "../../shared/elements.ts";
import { number, onLanguage, say } from "../../shared/words.ts";

const SUFFIXES = ".gpkg,.geojson,.json,.zip,.shz,.parquet,.geoparquet,.fgb,.kml";
const FURTHER = [
  ["parents", "file"],
  ["parents_code_field", "text"],
  ["parent_field", "text"],
  ["parents_crs", "text"],
  ["scope_crs", "text"],
  ["file_layer", "text"],
  ["scope_layer", "text"],
  ["parents_layer", "text"],
  ["sliver_width_m", "number"],
  ["vertex_tolerance_m", "number"],
  ["min_gap_m2", "number"],
  ["overlay", "checkbox"],
];

export class Form {
  #form;
  #send;
  #limit;
  #further = document.getElementById("further");

  /** @param most bytes of an upload; @param onAsked id of the check; @param onProblem what went wrong */
  constructor(form, { most, onAsked, onProblem }) {
    Object.assign(this, { most, onAsked, onProblem });
    this.#form = form;
    this.#send = form.querySelector("button[type=submit]");
    this.#limit = document.getElementById("limit");
    this.#further.append(...FURTHER.map(([name, type]) => row(name, type)));
    for (const input of form.querySelectorAll("input[type=file]")) input.accept = SUFFIXES;
    onLanguage(() => {
      for (const label of this.#further.querySelectorAll("label")) label.textContent = say(label.htmlFor);
      for (const hint of this.#further.querySelectorAll("p")) hint.textContent = say(`${hint.dataset.of}Hint`);
      this.#limit.textContent = say("limit", { size: number(most / 1e6) });
    });
    form.addEventListener("submit", (event) => this.#submit(event));
  }

  #submit(event) {
    event.preventDefault();
    const fields = new FormData(this.#form);
    for (const [name, value] of [...fields]) {
      if (value instanceof File ? !value.name : !value.trim()) fields.delete(name);
    }
    const size = [...fields.values()].reduce((sum, value) => sum + (value.size ?? 0), 0);
    if (size > this.most) {
      this.onProblem({ kind: "too-large", message: say("limit", { size: number(this.most / 1e6) }) });
      return;
    }
    this.#upload(fields).catch((error) => this.#failed(error));
  }

  // by the older way of asking: it is the one that tells how far an upload is
  async #upload(fields) {
    this.#send.disabled = true;
    const headers = await tokenHeaders();
    const request = new XMLHttpRequest();
    request.open("POST", "/v1/check");
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.setRequestHeader("Prefer", "respond-async");
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      this.#limit.textContent = say("uploading", { share: number((100 * loaded) / (total || 1)) });
    });
    request.addEventListener("load", () => this.#answered(request));
    request.addEventListener("error", () => this.#failed({ kind: "unreachable", message: "" }));
    request.send(fields);
  }

  #answered(request) {
    try {
      const body = JSON.parse(request.responseText);
      if (request.status >= 400) return this.#failed(problemOf(body, request.getResponseHeader("Retry-After")));
      this.#ready();
      this.#form.reset();
      this.onAsked(body.id);
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error) {
    this.#ready();
    this.onProblem(error);
  }

  #ready() {
    this.#send.disabled = false;
    this.#limit.textContent = say("limit", { size: number(this.most / 1e6) });
  }
}

function row(name, type) {
  const more = type === "number" ? { min: 0, step: "any" } : type === "checkbox" ? { value: "true" } : {};
  return make(
    "div",
    { class: "row" },
    make("label", { for: name }),
    make("input", { id: name, name, type, spellcheck: "false", ...more }),
    make("p", { class: "soft", "data-of": name }),
  );
}
