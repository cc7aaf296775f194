// Choosing the department whose people an account is; hidden where the register has none.

import { make } from "../../shared/elements.ts";
import { current, say } from "../../shared/words.ts";

let count = 0;

/** What a department is called. */
export function departmentTitle(departments, code) {
  const one = departments.find((department) => department.code === code);
  return one ? (current() === "en" && one.title_en) || one.title : code;
}

export class DepartmentChoice {
  #select;

  constructor(departments, code) {
    const id = `department-${(count += 1)}`;
    const option = (value, text) => make("option", { value, selected: value === (code ?? "") }, text);
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
  get value() {
    return this.#select.value || null;
  }
}
