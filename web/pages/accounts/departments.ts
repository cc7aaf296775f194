// Choosing the department whose people an account is; hidden where the register has none.

import { make } from "../../shared/elements.ts";
import type { Schema } from "../../shared/asking.ts";
import { current, say } from "../../shared/words.ts";

let count = 0;

/** What a department is called. */
export function departmentTitle(departments: Schema["DepartmentInfo"][], code: string): string {
  const one = departments.find((department) => department.code === code);
  return one ? (current() === "en" && one.title_en) || one.title : code;
}

export class DepartmentChoice {
  readonly element: HTMLElement;
  readonly #select: HTMLSelectElement;

  constructor(departments: Schema["DepartmentInfo"][], code: string | null) {
    const id = `department-${(count += 1)}`;
    const option = (value: string, text: string) => make("option", { value, selected: value === (code ?? "") }, text);
    this.#select = make(
      "select",
      { id, "aria-describedby": `${id}-hint` },
      option("", say("noDepartment")),
      departments.map((one) => option(one.code, departmentTitle(departments, one.code))),
    );
    this.element = make(
      "div",
      { class: "entry", hidden: !departments.length },
      make("label", { for: id }, say("department")),
      this.#select,
      make("p", { id: `${id}-hint`, class: "soft" }, say("departmentHint")),
    );
  }

  /** The code that is chosen; null for none. */
  get value(): string | null {
    return this.#select.value || null;
  }
}
