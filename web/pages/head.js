// The head of every page: the ways to the other pages, and who is signed in.

import { change, forget, session, SIGNED_OUT } from "./asking.js";
import { make } from "./elements.js";
import { signInDoor } from "./problems.js";
import { current, onLanguage, say, titleOf } from "./words.js";

const PAGES = [
  { href: "/", word: "toMap" },
  { href: "/check", word: "toCheck" },
  { href: "/jobs", word: "toJobs", right: "self" },
  { href: "/accounts", word: "toAccounts", right: "accounts.manage" },
  { href: "/docs", word: "toDocs" },
];

const SIGN = "☰"; // of the menu when nobody is signed in
const NOBODY = { account: null, roles: [], rights: [] };
let who = null; // not known yet

/** Fill the head, and keep it as the session stands. */
export function openHead() {
  onLanguage(show);
  addEventListener(SIGNED_OUT, look);
  addEventListener("pageshow", ({ persisted }) => persisted && lookAnew());
  document.addEventListener("click", ({ target }) => target.closest("#who") || close());
  document.addEventListener("keydown", (event) => event.key === "Escape" && close(true));
  return look();
}

async function look() {
  try {
    who = await session();
  } catch {
    who = NOBODY; // the page tells what is wrong when it asks for something itself
  }
  show();
}

/** A page that the browser kept and shows again may be somebody else's by now. */
async function lookAnew() {
  const before = who?.account;
  forget();
  await look();
  if (who.account !== before) location.reload();
}

function show() {
  const here = location.pathname;
  const ways = PAGES.filter(({ right }) => !right || may(right));
  const links = () => ways.map(({ href, word }) => make("a", { href, "aria-current": here === href ? "page" : null }, say(word)));
  document.querySelector(".head nav").setAttribute("aria-label", say("pages"));
  document.getElementById("pages").replaceChildren(...links());
  const parts = who?.account ? [menu(who.account, [...signedIn(), ...links().map(narrow)])] : [menu(SIGN, links(), "narrow")];
  if (who && !who.account && here !== "/sign-in") parts.push(signInDoor());
  document.getElementById("who").replaceChildren(...parts);
}

function may(right) {
  return right === "self" ? Boolean(who?.account) : Boolean(who?.rights.includes(right));
}

function narrow(link) {
  link.classList.add("narrow");
  return link;
}

function menu(title, items, name = "") {
  const roles = who?.account ? who.roles.map((role) => roleText(role)) : [];
  return make(
    "details",
    { class: `menu ${name}` },
    make("summary", { title: roles.join("\n") || null, "aria-label": title === SIGN ? say("menu") : null }, make("span", {}, title)),
    make("div", {}, roles.length ? make("p", { class: "soft" }, roles.flatMap((role) => [role, make("br")]).slice(0, -1)) : null, items),
  );
}

function signedIn() {
  return [
    make("a", { href: "/account" }, say("toAccount")),
    make("a", { href: "/account#password" }, say("toPassword")),
    make("button", { type: "button", onclick: leave }, say("signOut")),
  ];
}

/** A role and where it is held: "调度员 · 街道 440305"; a layer that is not known goes by its name. */
export function roleText(role, layers = []) {
  const layer = layers.find(({ name }) => name === role.layer);
  const where = role.area_code === null ? say("everywhere") : `${layer ? titleOf(layer) : role.layer} ${role.area_code}`;
  return `${current() === "zh" ? role.title_zh : role.title_en} · ${where}`;
}

async function leave() {
  try {
    await change("DELETE", "/v1/session");
  } catch (error) {
    if (!["not-signed-in", "not-found"].includes(error.kind)) {
      alert(`${say("problem")}: ${error.message}`);
      return;
    }
  }
  forget();
  location.assign("/sign-in?left=yes");
}

function close(andFocus = false) {
  const opened = document.querySelector("#who details[open]");
  if (!opened) return;
  opened.open = false;
  if (andFocus) opened.querySelector("summary").focus();
}
