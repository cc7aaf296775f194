// Choosing roles: each one everywhere, or in an area of a layer, found by its code or name.

import { ask } from "../../shared/untyped.ts";
import { make } from "../../shared/elements.ts";
import { say, titleOf } from "../../shared/words.ts";

const ROLES = ["viewer", "officer", "dispatcher", "planner", "manager", "administrator"];
const EVERYWHERE = "*"; // of the choice of layers
const WAIT_MS = 200;
const MOST = 20;

let count = 0;

export class RoleEditor {
  #layers;
  #rows = make("div", { class: "roles" });
  #choices = [];

  /** @param layers as the service lists them; @param roles that are held already */
  constructor(layers, roles) {
    this.#layers = layers;
    this.element = make(
      "fieldset",
      { class: "sheet" },
      make("legend", {}, say("roles")),
      this.#rows,
      make("div", {}, make("button", { type: "button", onclick: () => this.#add().focus() }, say("addRole"))),
    );
    roles.forEach((role) => this.#add(role));
    if (!roles.length) this.#add();
  }

  /** The roles that are chosen. @throws what is missing, with the field at fault */
  get roles() {
    return this.#choices.map((choice) => choice.value);
  }

  #add(role = { role: ROLES[0] }) {
    const choice = new RoleChoice(this.#layers, role, () => {
      this.#choices = this.#choices.filter((other) => other !== choice);
      choice.element.remove();
    });
    this.#choices.push(choice);
    this.#rows.append(choice.element);
    return choice;
  }
}

class RoleChoice {
  #role;
  #layer;
  #code;
  #found = make("datalist", { id: `areas-${(count += 1)}` });
  #name = make("span", { class: "soft", role: "status" });
  #areas = [];
  #timer = 0;
  #turn = 0;

  constructor(layers, { role, layer, area_code: code }, onRemove) {
    const option = (value, text, chosen) => make("option", { value, selected: value === chosen }, text);
    this.#role = make("select", { "aria-label": say("role") }, ROLES.map((name) => option(name, say(`role_${name}`), role)));
    this.#layer = make(
      "select",
      { "aria-label": say("where"), onchange: () => this.#moved() },
      layer === undefined ? make("option", { value: "", disabled: true, selected: true }, say("chooseWhere")) : null,
      option(EVERYWHERE, say("everywhere"), layer === null ? EVERYWHERE : ""),
      layers.map((one) => option(one.name, say("inLayer", { layer: titleOf(one) }), layer)),
    );
    this.#code = make("input", {
      "aria-label": say("area"),
      placeholder: say("area"),
      list: this.#found.id,
      value: code ?? "",
      hidden: !layer,
      spellcheck: "false",
      autocomplete: "off",
      oninput: () => this.#typed(),
    });
    const remove = make("button", { type: "button", "aria-label": say("dropRole"), title: say("dropRole"), onclick: onRemove }, "×");
    this.element = make("div", { class: "role" }, this.#role, this.#layer, this.#code, remove, this.#found, this.#name);
    if (code) this.#look();
  }

  focus() {
    this.#role.focus();
  }

  get value() {
    const layer = this.#layer.value;
    for (const field of [this.#layer, this.#code]) field.removeAttribute("aria-invalid");
    if (!layer) throw missing(this.#layer);
    if (layer === EVERYWHERE) return { role: this.#role.value, layer: null, area_code: null };
    const text = this.#code.value.trim();
    const named = this.#areas.filter(({ name }) => name === text);
    const code = named.length === 1 ? named[0].code : text;
    if (!code) throw missing(this.#code);
    return { role: this.#role.value, layer, area_code: code };
  }

  #moved() {
    this.#code.hidden = this.#layer.value === EVERYWHERE;
    this.#code.value = "";
    this.#areas = [];
    this.#found.replaceChildren();
    this.#name.textContent = "";
    if (!this.#code.hidden) this.#code.focus();
  }

  #typed() {
    clearTimeout(this.#timer);
    this.#tellName();
    this.#timer = setTimeout(() => this.#look(), WAIT_MS);
  }

  async #look() {
    const text = this.#code.value.trim();
    this.#turn += 1;
    const turn = this.#turn;
    if (!text) return;
    try {
      const { features } = await ask("/v1/areas", { q: text, layer: this.#layer.value, limit: MOST });
      if (turn !== this.#turn) return;
      this.#areas = features.map(({ properties }) => properties);
    } catch {
      return; // the code can be typed all the same
    }
    this.#found.replaceChildren(...this.#areas.map(({ code, name }) => make("option", { value: code }, name)));
    this.#tellName();
  }

  #tellName() {
    const text = this.#code.value.trim();
    this.#name.textContent = this.#areas.find(({ code, name }) => text && (code === text || name === text))?.name ?? "";
  }
}

function missing(field) {
  field.setAttribute("aria-invalid", "true");
  return Object.assign(new Error(), { kind: "missingArea", field });
}
