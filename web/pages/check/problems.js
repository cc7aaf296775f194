// A problem in the language of the page, with the service's own words below.

import { make } from "../elements.js";
import { say } from "../words.js";

export function problem({ kind = "problem", message, hint = "" }) {
  const known = say(kind);
  const title = known === kind ? say("problem") : known;
  const hints = hint.split("`").map((part, i) => (i % 2 ? make("code", {}, part) : part));
  return make("div", { class: "alarm", role: "alert" }, make("strong", {}, title), message, " ", hints);
}
