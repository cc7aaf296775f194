// Choosing roles: each one everywhere, or in an area of a layer, found by its code or name.

import { service, told, type Schema } from "../../shared/asking.ts";
import { make } from "../../shared/elements.ts";
import { say, titleOf } from "../../shared/words.ts";
import { Missing } from "./missing.ts";

const ROLES = ["viewer", "officer", "dispatcher", "planner", "manager", "administrator"] as const;
const EVERYWHERE = "*"; // of the choice of layers
const WAIT_MS = 200;
const MOST = 20;

let count = 0;

/** A role as it is asked for; without a layer nobody has chosen yet where it is held. */
export interface Held {
  role: string;
  layer?: string | null;
  area_code?: string | null;
}

/** A role with the place where it is held; everywhere without one. */
export interface Chosen {
  role: (typeof ROLES)[number];
  layer: string | null;
  area_code: string | null;
}

type Layer = Schema["LayerInfo"];

export class RoleEditor {
  readonly element: HTMLElement;
  readonly #layers: Layer[];
  #rows = make("div", { class: "roles" });
  #choices: RoleChoice[] = [];

  /** @param layers as the service lists them; @param roles that are held already */
  constructor(layers: Layer[], roles: Held[]) {
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
  get roles(): Chosen[] {
    return this.#choices.map((choice) => choice.value);
  }

  #add(role: Held = { role: ROLES[0] }): RoleChoice {
    const choice: RoleChoice = new RoleChoice(this.#layers, role, () => {
      this.#choices = this.#choices.filter((other) => other !== choice);
      choice.element.remove();
    });
    this.#choices.push(choice);
    this.#rows.append(choice.element);
    return choice;
  }
}

class RoleChoice {
  readonly element: HTMLElement;
  readonly #role: HTMLSelectElement;
  readonly #layer: HTMLSelectElement;
  readonly #code: HTMLInputElement;
  #found = make("datalist", { id: `areas-${(count += 1)}` });
  #name = make("span", { class: "soft", role: "status" });
  #areas: { code: string; name: string }[] = [];
  #timer = 0;
  #turn = 0;

  constructor(layers: Layer[], { role, layer, area_code: code }: Held, onRemove: () => void) {
    const option = (value: string, text: string, chosen?: string | null) => make("option", { value, selected: value === chosen }, text);
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
    if (code) void this.#look();
  }

  focus(): void {
    this.#role.focus();
  }

  get value(): Chosen {
    const layer = this.#layer.value;
    const role = this.#role.value as Chosen["role"];
    for (const field of [this.#layer, this.#code]) field.removeAttribute("aria-invalid");
    if (!layer) throw missing(this.#layer);
    if (layer === EVERYWHERE) return { role, layer: null, area_code: null };
    const text = this.#code.value.trim();
    const named = this.#areas.filter(({ name }) => name === text);
    const code = named.length === 1 && named[0] ? named[0].code : text;
    if (!code) throw missing(this.#code);
    return { role, layer, area_code: code };
  }

  #moved(): void {
    this.#code.hidden = this.#layer.value === EVERYWHERE;
    this.#code.value = "";
    this.#areas = [];
    this.#found.replaceChildren();
    this.#name.textContent = "";
    if (!this.#code.hidden) this.#code.focus();
  }

  #typed(): void {
    clearTimeout(this.#timer);
    this.#tellName();
    this.#timer = window.setTimeout(() => void this.#look(), WAIT_MS);
  }

  async #look(): Promise<void> {
    const text = this.#code.value.trim();
    this.#turn += 1;
    const turn = this.#turn;
    if (!text) return;
    try {
      const { features } = await told(service.GET("/v1/areas", { params: { query: { q: text, layer: this.#layer.value, limit: MOST } } }));
      if (turn !== this.#turn) return;
      this.#areas = features.map(({ properties }) => properties as unknown as { code: string; name: string });
    } catch {
      return; // the code can be typed all the same
    }
    this.#found.replaceChildren(...this.#areas.map(({ code, name }) => make("option", { value: code }, name)));
    this.#tellName();
  }

  #tellName(): void {
    const text = this.#code.value.trim();
    this.#name.textContent = this.#areas.find(({ code, name }) => text && (code === text || name === text))?.name ?? "";
  }
}

function missing(field: HTMLElement): Missing {
  field.setAttribute("aria-invalid", "true");
  return new Missing("missingArea", field);
}
