// The API's page: the service's own description, with a form for every operation.

import "../../shared/keys.ts";
import { follow, tokenHeaders } from "../../shared/asking.ts";
import { byId, make, type Child } from "../../shared/elements.ts";
import { openHead } from "../../shared/head.ts";
import { coded, problem, signInDoor } from "../../shared/problems.ts";
import { ready } from "../../shared/ready.ts";
import { begin, current, number, onLanguage, say } from "../../shared/words.ts";
import { fieldsOf, typeOf, type Described, type Schemas } from "./schema.ts";
import { words } from "./words.ts";

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema: Described;
  examples?: unknown[] | Record<string, { value: unknown }>;
}

interface Content {
  schema?: Described;
}

interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, { description: string; content?: Record<string, Content> }>;
}

interface Description {
  info: { version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Schemas };
}

interface Shown {
  path: string;
  method: string;
  operation: Operation;
}

interface Field {
  parameter: Parameter;
  input: HTMLInputElement;
}

const FIRST = ["resolve", "areas", "layers", "plans", "checks"];
const LAST = ["service"];
const SAFE = ["get", "head"];
const LONGEST = 20000;

async function open(): Promise<void> {
  begin(words);
  void openHead();
  const holder = byId("operations");
  const [description] = await follow<Description>("/openapi.json");
  onLanguage(() => {
    byId("place").textContent = say("versionOf", { version: description.info.version });
    const opened = new Set([...holder.querySelectorAll("details[open]")].map((details) => details.id));
    holder.replaceChildren(...groups(description));
    for (const id of opened) if (id) byId<HTMLDetailsElement>(id).open = true;
  });
  ready();
  const asked = document.getElementById(location.hash.slice(1));
  if (asked instanceof HTMLDetailsElement) {
    asked.open = true;
    asked.scrollIntoView();
  }
}

function groups(description: Description): HTMLElement[] {
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = new Set(operations.flatMap(({ operation }) => operation.tags));
  const others = [...tags].filter((tag) => ![...FIRST, ...LAST].includes(tag));
  return [...FIRST, ...others, ...LAST].flatMap((tag) => [
    make("h2", {}, say(tag)),
    ...operations
      .filter(({ operation }) => operation.tags.includes(tag))
      .map((one) => shownOperation(one, description.components.schemas)),
  ]);
}

function shownOperation({ path, method, operation }: Shown, schemas: Schemas): HTMLElement {
  const inside = make("div", { class: "inside" });
  const details = make(
    "details",
    { class: "operation", id: operation.operationId },
    make(
      "summary",
      {},
      make("span", { class: "method" }, method.toUpperCase()),
      make("span", { class: "code" }, path),
      make("span", { class: "soft" }, summaryOf(operation)),
    ),
    inside,
  );
  details.addEventListener("toggle", () => {
    if (details.open && !inside.childElementCount) inside.append(...filled(path, method, operation, schemas));
  });
  return details;
}

/** What an operation is for, in the language of the page where its words are known. */
function summaryOf({ operationId, summary }: Operation): string {
  const key = `of_${operationId}`;
  return current() === "en" || say(key) === key ? summary : say(key);
}

function filled(path: string, method: string, operation: Operation, schemas: Schemas): HTMLElement[] {
  const reply = make("div", { class: "reply", "aria-live": "polite" });
  const inputs = (operation.parameters ?? []).map((parameter) => ({ parameter, input: inputFor(parameter, operation.operationId) }));
  const rows = inputs.map(({ parameter, input }) =>
    make(
      "div",
      { class: "row" },
      make(
        "label",
        { for: input.id },
        parameter.name,
        parameter.required ? make("span", { class: "must", title: say("required") }, " *") : null,
        make("small", {}, typeOf(parameter.schema)),
      ),
      input,
      make("p", { class: "soft" }, coded(parameter.description)),
    ),
  );
  const form = make(
    "form",
    { class: "parameters", autocomplete: "off" },
    rows.length ? rows : make("p", { class: "soft" }, say("none")),
    make("div", { class: "send" }, make("button", { class: "primary", type: "submit" }, say("send"))),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(method, addressOf(path, inputs), headersOf(inputs), reply);
  });
  return [
    make("p", {}, coded(operation.description)),
    ...bodies(operation, schemas),
    make("h3", {}, say("parameters")),
    form,
    reply,
    ...answers(operation, schemas),
  ];
}

/** The bodies that an operation takes, field by field: what is sent from here has none. */
function bodies(operation: Operation, schemas: Schemas): HTMLElement[] {
  const kinds = Object.entries(operation.requestBody?.content ?? {});
  if (!kinds.length) return [];
  const shown = kinds.map(([kind, { schema }]) =>
    make("details", {}, make("summary", { class: "code" }, kind), fieldsOf(schema ?? {}, schemas)),
  );
  return [make("h3", {}, say("body")), make("p", { class: "soft" }, say("bodyNote")), ...shown];
}

function inputFor(parameter: Parameter, id: string): HTMLInputElement {
  const example = parameter.examples ?? parameter.schema.examples ?? parameter.schema.anyOf?.[0]?.examples ?? [];
  const first = (Array.isArray(example) ? example[0] : Object.values(example)[0]?.value) as string | number | undefined;
  return make("input", {
    id: `${id}-${parameter.name}`,
    name: parameter.name,
    required: parameter.required,
    value: parameter.required ? (first ?? "") : "",
    placeholder: String(parameter.schema.default ?? first ?? ""),
    spellcheck: "false",
  });
}

function addressOf(path: string, inputs: Field[]): string {
  const query = new URLSearchParams();
  let address = path;
  for (const { parameter, input } of inputs) {
    if (parameter.in === "path") address = address.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    else if (parameter.in === "query" && input.value !== "") query.append(parameter.name, input.value);
  }
  return query.size ? `${address}?${query}` : address;
}

function headersOf(inputs: Field[]): Record<string, string> {
  const given = inputs.filter(({ parameter, input }) => parameter.in === "header" && input.value !== "");
  return Object.fromEntries(given.map(({ parameter, input }) => [parameter.name, input.value]));
}

async function send(method: string, address: string, given: Record<string, string>, reply: HTMLElement): Promise<void> {
  const verb = method.toUpperCase();
  const line = make("p", { class: "code" }, `${verb} `, verb === "GET" ? make("a", { href: address }, address) : address);
  reply.replaceChildren(make("h3", {}, say("reply")), line, make("p", { class: "soft" }, say("sending")));
  const began = performance.now();
  const waiting = reply.lastElementChild as HTMLElement;
  let response: Response;
  let text: string;
  try {
    const token = SAFE.includes(method) ? {} : await tokenHeaders();
    response = await fetch(address, { method: verb, headers: { ...given, ...token } });
    text = await response.text();
  } catch (error) {
    waiting.replaceWith(make("p", { class: "bad" }, say("failed", { text: (error as Error).message })));
    return;
  }
  const time = number(performance.now() - began);
  const size = number(new Blob([text]).size);
  const status = `${response.status} ${response.headers.get("Content-Type") ?? ""}`;
  const long = text.length > LONGEST;
  waiting.replaceWith(
    make("p", { class: response.ok ? "good" : "bad" }, say("took", { status, time, size })),
    make("pre", { tabindex: "0" }, pretty(text, long)),
    ...(response.status === 401 ? [make("p", {}, signInDoor())] : []),
    ...(long ? [make("p", { class: "soft" }, say("cut", { count: number(LONGEST) }))] : []),
  );
}

function pretty(text: string, long: boolean): string {
  if (long) return text.slice(0, LONGEST);
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function answers(operation: Operation, schemas: Schemas): HTMLElement[] {
  const rows = Object.entries(operation.responses).map(([status, response]) => {
    const [type, content] = Object.entries(response.content ?? {})[0] ?? ["", {} as Content];
    const fields = content.schema ? fieldsOf(content.schema, schemas) : null;
    const line: Child[] = [...coded(response.description), " ", make("span", { class: "soft code" }, type)];
    return make("div", {}, make("dt", {}, status), make("dd", {}, fields ? make("details", {}, make("summary", {}, line), fields) : line));
  });
  return [make("h3", {}, say("responses")), make("dl", { class: "responses" }, rows)];
}

open().catch((error: unknown) => {
  byId("operations").replaceChildren(problem(error));
  ready();
});
