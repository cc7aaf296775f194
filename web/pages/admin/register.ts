// The category register: items by what is asked for, one of them with all its versions, decisions about one or many.

import "../../shared/table.ts";
import "./item.ts";
import { html, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { service, told, type Schema } from "../../shared/asking.ts";
import { none } from "../../shared/piece.ts";
import { Place } from "../../shared/place.ts";
import type { Column } from "../../shared/table.ts";
import { current, number, say } from "../../shared/words.ts";
import { decide, sharedActs } from "./permits.ts";
import { limitsText } from "./register-texts.ts";
import { Subject } from "./subject.ts";

type Item = Schema["CategoryInfo"];

const PERMITS = ["in-force", "proposed", "approved", "retired", "refused"] as const;
const place = new Place(["permit", "function", "department", "q", "item"]);

/** What a version is called in lists: an item may have several. */
const keyOf = ({ code, version }: Item) => `${code}/${version}`;

@customElement("admin-register")
export class Register extends Subject {
  @state() private items: Item[] = [];
  @state() private picked = new Set<string>();
  @state() private asked = place.read();

  protected override async load(): Promise<void> {
    const all = await Promise.all(PERMITS.map((permit) => told(service.GET("/v1/categories", { params: { query: { permit } } }))));
    this.items = all.flat();
    this.picked = new Set([...this.picked].filter((key) => this.items.some((one) => keyOf(one) === key)));
  }

  #ask(changes: Partial<typeof this.asked>): void {
    place.write(changes);
    this.asked = place.read();
    this.picked = new Set();
  }

  get #permit(): string {
    return this.asked.permit ?? "in-force";
  }

  get #found(): Item[] {
    const { function: of, department, q } = this.asked;
    const words = (q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    return this.items.filter(
      (item) =>
        item.permit === this.#permit &&
        (!of || item.function === of) &&
        (!department || item.department_code === department) &&
        words.every((word) => `${item.code} ${item.title} ${item.title_en ?? ""} ${item.group}`.toLowerCase().includes(word)),
    );
  }

  protected override body(): TemplateResult {
    const found = this.#found;
    return html`
      <h2 class="unseen">${say("subject_register")}</h2>
      <div class="chips" role="group" aria-label=${say("permit")}>
        ${PERMITS.map((permit) => {
          const count = this.items.filter((item) => item.permit === permit).length;
          return html`<button type="button" class="chip" aria-pressed=${permit === this.#permit} @click=${() => this.#ask({ permit, item: undefined })}>
            ${say(`permit_${permit}`)} <span class="count">${number(count)}</span>
          </button>`;
        })}
      </div>
      ${this.#filters()}
      ${this.#many(found)}
      <div class=${this.asked.item ? "beside" : ""}>
        <div class="scrolls">${this.#table(found)}</div>
        ${this.asked.item
          ? html`<admin-item class="card" .code=${this.asked.item} @close=${() => this.#ask({ item: undefined })} @decided=${() => this.again()}></admin-item>`
          : none}
      </div>
    `;
  }

  #filters(): TemplateResult {
    const functions = [...new Set(this.items.map((item) => item.function))];
    const departments = new Map(this.items.flatMap((item) => (item.department_code ? [[item.department_code, item.department ?? item.department_code]] : [])));
    const choice = (key: "function" | "department", values: [string, string][]) => html`<label>${say(key)}
      <select @change=${(event: Event) => this.#ask({ [key]: (event.target as HTMLSelectElement).value })}>
        <option value="">${say("all")}</option>
        ${values.map(([value, text]) => html`<option value=${value} ?selected=${value === this.asked[key]}>${text}</option>`)}
      </select>
    </label>`;
    return html`<div class="filters">
      <label>${say("search")}<input type="search" .value=${this.asked.q ?? ""} placeholder=${say("searchItems")} @input=${(event: Event) => this.#ask({ q: (event.target as HTMLInputElement).value })} /></label>
      ${choice("function", functions.map((name) => [name, name]))}
      ${choice("department", [...departments])}
      <a class="door" href="/admin/imports#what=categories">${say("importItems")}</a>
    </div>`;
  }

  /** What can be decided about all that are picked. */
  #many(found: Item[]): TemplateResult {
    const picked = found.filter((item) => this.picked.has(keyOf(item)));
    const acts = sharedActs(picked);
    return html`<div class="toolbar" role="group" aria-label=${say("decisions")}>
      <span role="status">${picked.length ? say("pickedOf", { count: number(picked.length), all: number(found.length) }) : say("itemsFound", { count: number(found.length) })}</span>
      ${found.length ? html`<button type="button" class="small" @click=${() => this.#pick(picked.length === found.length ? [] : found)}>${say(picked.length === found.length ? "pickNone" : "pickAll")}</button>` : none}
      ${acts.map((act) => html`<button type="button" class="small" @click=${() => this.#decide(act, picked)}>${say(`act_${act}`)}</button>`)}
      ${picked.length && !acts.length ? html`<span class="soft">${say("noActForAll")}</span>` : none}
    </div>`;
  }

  #pick(items: Item[]): void {
    this.picked = new Set(items.map(keyOf));
  }

  async #decide(act: Schema["PermitAct"], items: Item[]): Promise<void> {
    if (!(await decide(act, items))) return;
    this.picked = new Set();
    await this.again();
  }

  #table(found: Item[]): TemplateResult {
    const columns: Column<Item>[] = [
      { key: "pick", title: say("pick"), value: (item) => Number(this.picked.has(keyOf(item))) || null, text: (item) => this.#tick(item) },
      { key: "code", title: say("code"), value: ({ code }) => code, text: ({ code }) => html`<span class="code">${code}</span>` },
      { key: "title", title: say("item"), value: titleOfItem },
      { key: "function", title: say("function"), value: (item) => item.function },
      { key: "group", title: say("group"), value: ({ group }) => group },
      { key: "level", title: say("level"), value: ({ level }) => say(`level_${level}`) },
      { key: "department", title: say("department"), value: ({ department }) => department },
      { key: "limits", title: say("limits"), value: limitsText },
      { key: "from", title: say("inForceFrom"), value: ({ valid_from: from }) => from },
    ];
    if (this.asked.item) columns.splice(3); // the rest stands beside
    return html`<g-table
      .columns=${columns}
      .rows=${found}
      .keyOf=${keyOf}
      .chosen=${found.map(keyOf).find((key) => key.startsWith(`${this.asked.item}/`)) ?? null}
      caption=${say("subject_register")}
      @choose=${({ detail }: CustomEvent<Item>) => this.#open(detail.code)}
    ></g-table>`;
  }

  #open(code: string): void {
    place.write({ item: code });
    this.asked = place.read();
  }

  #tick(item: Item): TemplateResult {
    const key = keyOf(item);
    return html`<input
      type="checkbox"
      aria-label=${say("pickItem", { title: `${item.code} ${titleOfItem(item)}` })}
      .checked=${this.picked.has(key)}
      @click=${(event: Event) => event.stopPropagation()}
      @change=${() => {
        const picked = new Set(this.picked);
        if (!picked.delete(key)) picked.add(key);
        this.picked = picked;
      }}
    />`;
  }
}

function titleOfItem({ title, title_en: english }: Item): string {
  return (current() === "en" && english) || title;
}
