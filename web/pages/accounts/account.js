// One account of the list: opened, its roles, its one-time password, its keys, and its end.

import { change } from "../../shared/untyped.ts";
import { make } from "../../shared/elements.ts";
import { roleText } from "../../shared/head.ts";
import { problem } from "../../shared/problems.ts";
import { say } from "../../shared/words.ts";
import { DepartmentChoice, departmentTitle } from "./departments.js";
import { Keys } from "./keys.js";
import { once } from "./once.js";
import { RoleEditor } from "./roles.js";

export class Account {
  #info;
  #layers;
  #departments;
  #keys;
  #told = null;
  #asksRemoval = false;
  #summary = make("summary");
  #inside = make("div", { class: "sheet inside" });
  element = make("details", { class: "account" }, this.#summary, this.#inside);

  /** @param onRemoved the account is no more */
  constructor(info, { layers, departments }, onRemoved) {
    this.#info = info;
    this.#layers = layers;
    this.#departments = departments;
    this.onRemoved = onRemoved;
    this.#keys = new Keys(info.account);
    this.element.addEventListener("toggle", () => this.element.open && this.#opened());
    this.show();
  }

  show() {
    const { account, kind, roles, department, disabled } = this.#info;
    this.#summary.replaceChildren(
      make("strong", {}, account),
      make("span", { class: "soft" }, say(`kind_${kind}`)),
      ...(department ? [make("span", { class: "badge" }, departmentTitle(this.#departments, department))] : []),
      ...(disabled ? [make("span", { class: "badge failed" }, say("disabled"))] : []),
      make("span", { class: "soft held" }, roles.length ? roles.map((role) => roleText(role, this.#layers)).join("；") : say("noRoles")),
    );
    if (this.element.open) this.#fill();
  }

  #opened() {
    this.#fill();
    this.#keys.read();
  }

  #fill() {
    const editor = new RoleEditor(this.#layers, this.#info.roles);
    const department = new DepartmentChoice(this.#departments, this.#info.department);
    const form = make("form", { class: "sheet", novalidate: true }, editor.element, department.element, make("div", {}, make("button", { type: "submit", class: "primary" }, say("saveRoles"))));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save(editor, department);
    });
    this.#keys.show();
    this.#inside.replaceChildren(...(this.#told ? [this.#told()] : []), form, this.#buttons(), this.#keys.element);
  }

  #buttons() {
    const { account, kind, disabled } = this.#info;
    const button = (word, act) => make("button", { type: "button", onclick: act }, say(word));
    if (this.#asksRemoval) {
      const answer = (isSure) => () => {
        this.#asksRemoval = false;
        if (isSure) this.#remove();
        else this.#fill();
      };
      return make("div", { class: "send alarm", role: "alertdialog" }, say("sure", { account }), button("yes", answer(true)), button("no", answer(false)));
    }
    return make(
      "div",
      { class: "send" },
      kind === "person" ? button("oneTime", () => this.#oneTime()) : null,
      button(disabled ? "enable" : "disable", () => this.#patch({ disabled: !disabled })),
      button("remove", () => {
        this.#asksRemoval = true;
        this.#fill();
      }),
    );
  }

  get #address() {
    return `/v1/accounts/${encodeURIComponent(this.#info.account)}`;
  }

  #save(editor, department) {
    let roles;
    try {
      roles = editor.roles;
    } catch (error) {
      error.field.focus();
      this.#inside.prepend(problem(error));
      return;
    }
    this.#patch({ roles, department: department.value });
  }

  async #patch(changes) {
    await this.#try(async () => {
      this.#info = await change("PATCH", this.#address, changes);
      this.#told = () => make("p", { class: "note", role: "status" }, say("saved"));
    });
  }

  async #oneTime() {
    await this.#try(async () => {
      const made = await change("POST", `${this.#address}/one-time-password`);
      this.tellOneTime(made.one_time_password);
    });
  }

  /** Show a one-time password, until it is closed. */
  tellOneTime(password) {
    const title = () => say("oneTimeTitle", { account: this.#info.account });
    this.#told = () => once(title(), password, say("oneTimeHint"), () => {
      this.#told = null;
      this.#fill();
    });
  }

  async #remove() {
    await this.#try(async () => {
      await change("DELETE", this.#address);
      this.onRemoved();
    });
  }

  async #try(act) {
    try {
      await act();
    } catch (error) {
      this.#told = () => problem(error);
    }
    this.show();
  }
}
