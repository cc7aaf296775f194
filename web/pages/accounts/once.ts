// A secret that is shown this once: whoever closes it cannot have it shown again.

import { make } from "../../shared/elements.ts";
import { say } from "../../shared/words.ts";

/** The box with a secret, the button that copies it, and what it is for. */
export function once(title: string, secret: string, hint: string, onClose: () => void): HTMLElement {
  const done = make("span", { class: "soft", role: "status" });
  const field: HTMLInputElement = make("input", { class: "code", readonly: true, value: secret, "aria-label": title, onfocus: () => field.select() });
  const copy = async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(secret);
      done.textContent = say("copied");
    } catch {
      done.textContent = say("copyYourself"); // a browser may keep its clipboard to itself
    }
  };
  return make(
    "div",
    { class: "note once", role: "status" },
    make("strong", {}, title),
    make("div", { class: "send" }, field, make("button", { type: "button", onclick: copy }, say("copy")), done),
    make("p", { class: "soft" }, hint),
    make("div", {}, make("button", { type: "button", onclick: onClose }, say("noted"))),
  );
}
