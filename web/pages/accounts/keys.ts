// The keys of an account: which there are, a new one, one in the place of another, and the end of one.

import { Problem, service, told, type Schema } from "../../shared/asking.ts";
import { make } from "../../shared/elements.ts";
import { problem } from "../../shared/problems.ts";
import { moment, say } from "../../shared/words.ts";
import { once } from "./once.ts";
import { SCOPES } from "./rights.ts";

const USUAL_DAYS = 90;

export class Keys {
  #listed = make("div", { class: "sheet" });
  #making = make("details");
  element = make("section", { class: "sheet" }, this.#listed, this.#making);
  readonly #account: string;
  #keys: Schema["KeyInfo"][] | null = null;
  #told: (() => HTMLElement) | null = null;

  constructor(account: string) {
    this.#account = account;
  }

  #read(): Promise<Schema["KeyInfo"][]> {
    return told(service.GET("/v1/accounts/{account}/keys", { params: { path: { account: this.#account } } }));
  }

  /** Ask which keys there are. The form stays as it is: somebody may be filling it in. */
  async read(): Promise<void> {
    await this.#try(async () => {
      this.#keys = await this.#read();
    });
    this.#list();
  }

  show(): void {
    this.#list();
    this.#making.open = false;
    this.#making.replaceChildren(make("summary", {}, say("makeKey")), this.#form());
  }

  #list(): void {
    const list = this.#keys?.length ? make("ul", { class: "keys" }, this.#keys.map((key) => this.#row(key))) : make("p", { class: "soft" }, say("noKeys"));
    this.#listed.replaceChildren(make("h3", {}, say("keys")), ...(this.#told ? [this.#told()] : []), ...(this.#keys ? [list] : []));
  }

  #row(key: Schema["KeyInfo"]): HTMLElement {
    const isOver = key.expires && new Date(key.expires) < new Date();
    const facts = [
      key.title || null,
      key.scopes?.length ? key.scopes.map((scope) => say(`right_${scope}`)).join("、") : say("allRights"),
      isOver ? say("expired") : say("expires", { moment: moment(key.expires) ?? "" }),
      key.last_used ? say("lastUsed", { moment: moment(key.last_used) ?? "" }) : say("neverUsed"),
    ];
    const button = (word: string, act: () => void) => make("button", { type: "button", "aria-label": `${say(word)} ${key.id}`, onclick: act }, say(word));
    return make(
      "li",
      {},
      make("span", { class: "code" }, key.id),
      make("span", { class: "soft" }, facts.filter(Boolean).join(" · ")),
      make("span", { class: "send" }, button("rotate", () => void this.#rotate(key)), button("revoke", () => void this.#revoke(key))),
    );
  }

  #form(): HTMLFormElement {
    const day = new Date(Date.now() + USUAL_DAYS * 86_400_000).toISOString().slice(0, 10);
    const until = make("input", { type: "date", name: "until", required: true, value: day });
    const title = make("input", { name: "title", maxlength: 200, autocomplete: "off" });
    const ticks = SCOPES.map((scope) => make("label", { class: "tick" }, make("input", { type: "checkbox", name: "scope", value: scope }), make("span", {}, say(`right_${scope}`))));
    const form = make(
      "form",
      { class: "sheet", novalidate: true },
      make("label", { class: "entry" }, make("span", {}, say("purpose")), title),
      make("label", { class: "entry" }, make("span", {}, say("until")), until),
      make("fieldset", { class: "scopes" }, make("legend", {}, say("scopes"), make("small", { class: "soft" }, ` ${say("scopesHint")}`)), ticks),
      make("div", {}, make("button", { type: "submit", class: "primary" }, say("makeKey"))),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#make(title.value.trim(), until.value, new FormData(form).getAll("scope").map(String));
    });
    return form;
  }

  async #make(title: string, day: string, scopes: string[]): Promise<void> {
    if (!day) {
      this.#tell(() => problem(new Problem({ type: "/problems/missingDay", detail: "" })));
      return;
    }
    const expires = new Date(`${day}T23:59:59`).toISOString();
    await this.#try(async () => {
      const made = await told(service.POST("/v1/accounts/{account}/keys", { params: { path: { account: this.#account } }, body: { title, scopes: scopes.length ? scopes : null, expires } }));
      this.#showOnce(made, "keyHint");
      this.#keys = await this.#read();
      this.show();
    });
    this.#list();
  }

  async #rotate(key: Schema["KeyInfo"]): Promise<void> {
    await this.#try(async () => {
      this.#showOnce(await told(service.POST("/v1/keys/{key}/rotation", { params: { path: { key: key.id } } })), "rotatedHint");
      this.#keys = await this.#read();
    });
    this.#list();
  }

  async #revoke(key: Schema["KeyInfo"]): Promise<void> {
    await this.#try(async () => {
      await told(service.DELETE("/v1/keys/{key}", { params: { path: { key: key.id } } }));
      this.#told = null;
      this.#keys = await this.#read();
    });
    this.#list();
  }

  #showOnce(made: { key: string }, hint: string): void {
    const title = () => say("keyTitle", { account: this.#account });
    this.#told = () => once(title(), made.key, say(hint), () => this.#tell(null));
  }

  async #try(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#told = () => problem(error);
    }
  }

  #tell(telling: (() => HTMLElement) | null): void {
    this.#told = telling;
    this.#list();
  }
}
