// One account of the list: opened, its roles, its one-time password, its keys, and its end.

import { service, told, type Schema } from "../../shared/asking.ts";
import type { paths } from "../../shared/openapi.d.ts";
import { make } from "../../shared/elements.ts";
import { roleText } from "../../shared/head.ts";
import { problem } from "../../shared/problems.ts";
import { say } from "../../shared/words.ts";
import { DepartmentChoice, departmentTitle } from "./departments.ts";
import { Keys } from "./keys.ts";
import { Missing } from "./missing.ts";
import { once } from "./once.ts";
import { RoleEditor } from "./roles.ts";

type Changes = NonNullable<paths["/v1/accounts/{account}"]["patch"]["requestBody"]>["content"]["application/json"];

export type Info = Schema["AccountInfo"];

/** Where roles are held, and for whom people work. */
export interface Places {
  layers: Schema["LayerInfo"][];
  departments: Schema["DepartmentInfo"][];
}

export class Account {
  #info: Info;
  readonly #places: Places;
  readonly #onRemoved: () => void;
  readonly #keys: Keys;
  #told: (() => HTMLElement) | null = null;
  #asksRemoval = false;
  #summary = make("summary");
  #inside = make("div", { class: "sheet inside" });
  element = make("details", { class: "account" }, this.#summary, this.#inside);

  /** @param onRemoved the account is no more */
  constructor(info: Info, places: Places, onRemoved: () => void) {
    this.#info = info;
    this.#places = places;
    this.#onRemoved = onRemoved;
    this.#keys = new Keys(info.account);
    this.element.addEventListener("toggle", () => this.element.open && this.#opened());
    this.show();
  }

  show(): void {
    const { account, kind, roles, department, disabled } = this.#info;
    this.#summary.replaceChildren(
      make("strong", {}, account),
      make("span", { class: "soft" }, say(`kind_${kind}`)),
      ...(department ? [make("span", { class: "badge" }, departmentTitle(this.#places.departments, department))] : []),
      ...(disabled ? [make("span", { class: "badge failed" }, say("disabled"))] : []),
      make("span", { class: "soft held" }, roles.length ? roles.map((role) => roleText(role, this.#places.layers)).join("；") : say("noRoles")),
    );
    if (this.element.open) this.#fill();
  }

  #opened(): void {
    this.#fill();
    void this.#keys.read();
  }

  #fill(): void {
    const editor = new RoleEditor(this.#places.layers, this.#info.roles);
    const department = new DepartmentChoice(this.#places.departments, this.#info.department);
    const form = make("form", { class: "sheet", novalidate: true }, editor.element, department.element, make("div", {}, make("button", { type: "submit", class: "primary" }, say("saveRoles"))));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#save(editor, department);
    });
    this.#keys.show();
    this.#inside.replaceChildren(...(this.#told ? [this.#told()] : []), form, this.#buttons(), this.#keys.element);
  }

  #buttons(): HTMLElement {
    const { account, kind, disabled } = this.#info;
    const button = (word: string, act: () => void) => make("button", { type: "button", onclick: act }, say(word));
    if (this.#asksRemoval) {
      const answer = (isSure: boolean) => () => {
        this.#asksRemoval = false;
        if (isSure) void this.#remove();
        else this.#fill();
      };
      return make("div", { class: "send alarm", role: "alertdialog" }, say("sure", { account }), button("yes", answer(true)), button("no", answer(false)));
    }
    return make(
      "div",
      { class: "send" },
      kind === "person" ? button("oneTime", () => void this.#oneTime()) : null,
      button(disabled ? "enable" : "disable", () => void this.#patch({ disabled: !disabled })),
      button("remove", () => {
        this.#asksRemoval = true;
        this.#fill();
      }),
    );
  }

  get #params() {
    return { path: { account: this.#info.account } };
  }

  async #save(editor: RoleEditor, department: DepartmentChoice): Promise<void> {
    let roles: RoleEditor["roles"];
    try {
      roles = editor.roles;
    } catch (error) {
      if (error instanceof Missing) error.field.focus();
      this.#inside.prepend(problem(error));
      return;
    }
    await this.#patch({ roles, department: department.value });
  }

  async #patch(changes: Changes): Promise<void> {
    await this.#try(async () => {
      this.#info = await told(service.PATCH("/v1/accounts/{account}", { params: this.#params, body: changes }));
      this.#told = () => make("p", { class: "note", role: "status" }, say("saved"));
    });
  }

  async #oneTime(): Promise<void> {
    await this.#try(async () => {
      const made = await told(service.POST("/v1/accounts/{account}/one-time-password", { params: this.#params }));
      this.tellOneTime(made.one_time_password);
    });
  }

  /** Show a one-time password, until it is closed. */
  tellOneTime(password: string): void {
    const title = () => say("oneTimeTitle", { account: this.#info.account });
    this.#told = () => once(title(), password, say("oneTimeHint"), () => {
      this.#told = null;
      this.#fill();
    });
  }

  async #remove(): Promise<void> {
    await this.#try(async () => {
      await told(service.DELETE("/v1/accounts/{account}", { params: this.#params }));
      this.#onRemoved();
    });
  }

  async #try(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#told = () => problem(error);
    }
    this.show();
  }
}
