// The form: files and what the service must know of them; the upload with its progress.

import { Problem, problemOf, tokenHeaders } from "../../shared/asking.ts";
import { byId, make } from "../../shared/elements.ts";
import { number, onLanguage, say } from "../../shared/words.ts";

const SUFFIXES = ".gpkg,.geojson,.json,.zip,.shz,.parquet,.geoparquet,.fgb,.kml";
const FURTHER: [name: string, type: string][] = [
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

export interface FormTells {
  /** Bytes of an upload. */
  most: number;
  /** Called with the id of the check. */
  onAsked: (id: string) => void;
  onProblem: (error: unknown) => void;
}

export class Form {
  readonly #form: HTMLFormElement;
  readonly #tells: FormTells;
  readonly #send: HTMLButtonElement;
  readonly #limit = byId("limit");

  constructor(form: HTMLFormElement, tells: FormTells) {
    this.#form = form;
    this.#tells = tells;
    this.#send = form.querySelector("button[type=submit]") as HTMLButtonElement;
    const further = byId("further");
    further.append(...FURTHER.map(([name, type]) => row(name, type)));
    for (const input of form.querySelectorAll<HTMLInputElement>("input[type=file]")) input.accept = SUFFIXES;
    onLanguage(() => {
      for (const label of further.querySelectorAll("label")) label.textContent = say(label.htmlFor);
      for (const hint of further.querySelectorAll("p")) hint.textContent = say(`${hint.dataset.of}Hint`);
      this.#limit.textContent = say("limit", { size: number(tells.most / 1e6) });
    });
    form.addEventListener("submit", (event) => this.#submit(event));
  }

  #submit(event: Event): void {
    event.preventDefault();
    const fields = new FormData(this.#form);
    for (const [name, value] of [...fields]) {
      if (value instanceof File ? !value.name : !value.trim()) fields.delete(name);
    }
    const size = [...fields.values()].reduce((sum, value) => sum + (value instanceof File ? value.size : 0), 0);
    if (size > this.#tells.most) {
      this.#tells.onProblem(new Problem({ type: "too-large", detail: say("limit", { size: number(this.#tells.most / 1e6) }) }));
      return;
    }
    this.#upload(fields).catch((error) => this.#failed(error));
  }

  // by the older way of asking: it is the one that tells how far an upload is
  async #upload(fields: FormData): Promise<void> {
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
    request.addEventListener("error", () => this.#failed(new Problem({ type: "unreachable", detail: "" })));
    request.send(fields);
  }

  #answered(request: XMLHttpRequest): void {
    try {
      const body = JSON.parse(request.responseText);
      if (request.status >= 400) return this.#failed(problemOf(body, request.getResponseHeader("Retry-After")));
      this.#ready();
      this.#form.reset();
      this.#tells.onAsked(body.id);
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    this.#ready();
    this.#tells.onProblem(error);
  }

  #ready(): void {
    this.#send.disabled = false;
    this.#limit.textContent = say("limit", { size: number(this.#tells.most / 1e6) });
  }
}

function row(name: string, type: string): HTMLElement {
  const more: Record<string, string | number> = type === "number" ? { min: 0, step: "any" } : type === "checkbox" ? { value: "true" } : {};
  return make(
    "div",
    { class: "row" },
    make("label", { for: name }),
    make("input", { id: name, name, type, spellcheck: "false", ...more }),
    make("p", { class: "soft", "data-of": name }),
  );
}
