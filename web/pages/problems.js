// A problem in the language of the page, with the service's own words below, and the way on where there is one.

import { signInAddress } from "./addresses.js";
import { make } from "./elements.js";
import { number, say } from "./words.js";

const ENOUGH = ["account-locked", "too-many-requests"]; // said by the title and when to try again

/** The box that tells of a problem. */
export function problem({ kind = "problem", message = "", hint = "", wait = null }) {
  const box = (...children) => make("div", { class: "alarm", role: "alert" }, make("strong", {}, titleOf(kind)), ...children);
  if (kind === "not-signed-in") return make("div", { class: "note", role: "alert" }, make("strong", {}, say(kind)), signInDoor());
  const own = `${detailOf(kind)} ${waitOf(wait)}`.trim();
  return own || ENOUGH.includes(kind) || !message ? box(own) : box(message, " ", coded(hint));
}

/** The link to the sign-in page, which leads back to what is shown when it is followed. */
export function signInDoor() {
  const link = make("a", { class: "door", href: signInAddress() }, say("signIn"));
  link.addEventListener("click", () => link.setAttribute("href", signInAddress()));
  return link;
}

function titleOf(kind) {
  const known = say(kind);
  return known === kind ? say("problem") : known;
}

function detailOf(kind) {
  const known = say(`${kind}Detail`);
  return known === `${kind}Detail` ? "" : known;
}

/** When to try again, in minutes where there are some. */
function waitOf(wait) {
  if (!wait) return "";
  return wait < 90 ? say("waitSeconds", { count: number(wait) }) : say("waitMinutes", { count: number(Math.ceil(wait / 60)) });
}

/** A text whose `names in backticks` become code. */
export function coded(text = "") {
  return text.split("`").map((part, i) => (i % 2 ? make("code", {}, part) : part));
}
