// The form for a new account; what it is given is an account of the list.

import { Problem, service, told, type Schema } from "../../shared/asking.ts";
import { make } from "../../shared/elements.ts";
import { problem } from "../../shared/problems.ts";
import { say } from "../../shared/words.ts";
import { Missing } from "./missing.ts";
import { DepartmentChoice } from "./departments.ts";
import { RoleEditor } from "./roles.ts";
import type { Places } from "./account.ts";

const KINDS = ["person", "client"] as const;
type Made = Schema["NewAccount"];

/** The form, closed at first; `onMade` gets the account, with its one-time password if it is a person's. */
export function adding({ layers, departments }: Places, onMade: (made: Made) => void): HTMLElement {
  const editor = new RoleEditor(layers, []);
  const department = new DepartmentChoice(departments, null);
  const trouble = make("div");
  const name = make("input", { id: "name", maxlength: 64, autocapitalize: "off", autocomplete: "off", spellcheck: "false", "aria-describedby": "name-hint" });
  const kinds = KINDS.map((kind, i) => make("label", { class: "tick" }, make("input", { type: "radio", name: "kind", value: kind, checked: i === 0 }), make("span", {}, say(`kind_${kind}`))));
  const send = make("button", { type: "submit", class: "primary" }, say("create"));
  const form = make(
    "form",
    { class: "sheet inside", novalidate: true, autocomplete: "off" },
    make("div", { class: "entry" }, make("label", { for: "name" }, say("name")), name, make("p", { id: "name-hint", class: "soft" }, say("nameHint"))),
    make("fieldset", { class: "kinds" }, make("legend", {}, say("kind")), kinds, make("p", { class: "soft" }, say("kindHint"))),
    editor.element,
    department.element,
    trouble,
    make("div", {}, send),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    name.removeAttribute("aria-invalid");
    try {
      const fields = { account: named(name), kind: new FormData(form).get("kind") as (typeof KINDS)[number], roles: editor.roles, department: department.value };
      onMade(await told(service.POST("/v1/accounts", { body: fields })));
    } catch (error) {
      trouble.replaceChildren(problem(error));
      if (error instanceof Problem && error.kind === "name-taken") name.setAttribute("aria-invalid", "true");
      (error instanceof Missing ? error.field : name).focus();
    } finally {
      send.disabled = false;
    }
  });
  return make("details", { class: "account" }, make("summary", {}, make("strong", {}, say("add"))), form);
}

function named(field: HTMLInputElement): string {
  const name = field.value.trim();
  if (name) return name;
  field.setAttribute("aria-invalid", "true");
  throw new Missing("missingName", field);
}
