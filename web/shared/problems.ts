// A problem in the language of the page, and the way on where there is one.

import { signInAddress } from "./addresses.ts";
import { Problem } from "./asking.ts";
import { make, type Child } from "./elements.ts";
import { inChinese } from "./service-texts.ts";
import { current, isSaid, number, say } from "./words.ts";

const ENOUGH = ["account-locked", "too-many-requests"]; // said by the title and when to try again

/** The box that tells of a problem. */
export function problem(error: unknown): HTMLElement {
  const { kind, message, hint, wait } = toldOf(error);
  const box = (...children: (Child | Child[])[]) => make("div", { class: "alarm", role: "alert" }, make("strong", {}, titleOf(kind)), ...children);
  if (kind === "not-signed-in") return make("div", { class: "note", role: "alert" }, make("strong", {}, say(kind)), signInDoor());
  const own = `${detailOf(kind)} ${waitOf(wait)}`.trim();
  if (own || ENOUGH.includes(kind) || !message) return box(own);
  return box(inWords(message, isForBrowsers(hint) ? hint : ""));
}

/** What the service says of it; its own words stay at hand for whoever is asked for help. */
function inWords(message: string, hint: string): HTMLElement {
  const isOurs = !/^[ -~]/.test(message); // pages say some themselves, in their language
  const shown = make("span", isOurs ? {} : { lang: "en" }, message, " ", coded(hint));
  if (current() === "zh" && !isOurs)
    void Promise.all([inChinese(message), inChinese(hint)]).then(([text, way]) => {
      if (text === message) return;
      shown.setAttribute("lang", "zh");
      shown.setAttribute("title", `${message} ${hint}`.trim());
      shown.replaceChildren(text, ...coded(way));
    });
  return shown;
}

/** Whether a hint can be followed on a page: commands are for whoever works on the machine of the service. */
function isForBrowsers(hint: string): boolean {
  return !/`(?:gisgov|make|docker) /.test(hint);
}

/** The link to the sign-in page, which leads back to what is shown when it is followed. */
export function signInDoor(): HTMLAnchorElement {
  const link = make("a", { class: "door", href: signInAddress() }, say("signIn"));
  link.addEventListener("click", () => link.setAttribute("href", signInAddress()));
  return link;
}

function toldOf(error: unknown): { kind: string; message: string; hint: string; wait: number | null } {
  if (error instanceof Problem) return error;
  return { kind: "problem", message: error instanceof Error ? error.message : String(error), hint: "", wait: null };
}

function titleOf(kind: string): string {
  return say(isSaid(kind) ? kind : "problem");
}

function detailOf(kind: string): string {
  return isSaid(`${kind}Detail`) ? say(`${kind}Detail`) : "";
}

/** When to try again, in minutes where there are some. */
function waitOf(wait: number | null): string {
  if (!wait) return "";
  return wait < 90 ? say("waitSeconds", { count: number(wait) }) : say("waitMinutes", { count: number(Math.ceil(wait / 60)) });
}

/** A text whose `names in backticks` become code. */
export function coded(text = ""): (HTMLElement | string)[] {
  return text.split("`").map((part, i) => (i % 2 ? make("code", {}, part) : part));
}
