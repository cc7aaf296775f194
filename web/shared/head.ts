// The head of every page: the ways to the other pages, and who is signed in.

import { forget, Problem, service, session, SIGNED_OUT, told, type Schema, type Session } from "./asking.ts";
import { byId, make, type Child } from "./elements.ts";
import { signInDoor } from "./problems.ts";
import { current, onLanguage, say, titleOf } from "./words.ts";

interface Way {
  href: string;
  word: string;
  /** One of these rights is enough; `self` is that of every account. */
  rights?: string[];
}

const PAGES: Way[] = [
  { href: "/", word: "toMap" },
  { href: "/planner", word: "toPlanner", rights: ["plans.read"] },
  { href: "/events", word: "toEvents", rights: ["events.read"] },
  { href: "/analysis", word: "toRisk", rights: ["areas.read"] },
  { href: "/admin", word: "toAdmin", rights: ["layers.write", "registers.propose", "risk.rate", "audit.read", "buildings.write"] },
  { href: "/check", word: "toCheck" },
  { href: "/jobs", word: "toJobs", rights: ["self"] },
];

// Behind the name of whoever is signed in.
const RARER: Way[] = [
  { href: "/docs", word: "toDocs" },
  { href: "/about", word: "toAbout" },
];

const SIGN = "☰"; // of the menu when nobody is signed in
const NOBODY: Pick<Session, "account" | "roles" | "rights"> = { account: null, roles: [], rights: [] };
let who: Pick<Session, "account" | "roles" | "rights"> | null = null; // not known yet

/** Fill the head, and keep it as the session stands. */
export function openHead(): Promise<void> {
  onLanguage(show);
  addEventListener(SIGNED_OUT, look);
  addEventListener("pageshow", ({ persisted }) => persisted && lookAnew());
  document.addEventListener("click", ({ target }) => {
    if (!(target as Element).closest("#who")) close();
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && close(true));
  return look();
}

async function look(): Promise<void> {
  try {
    who = await session();
  } catch {
    who = NOBODY; // the page tells what is wrong when it asks for something itself
  }
  show();
}

/** A page that the browser kept and shows again may be somebody else's by now. */
async function lookAnew(): Promise<void> {
  const before = who?.account;
  forget();
  await look();
  if (who?.account !== before) location.reload();
}

function show(): void {
  const here = location.pathname;
  const links = (ways: Way[]) =>
    ways
      .filter(({ rights }) => !rights || rights.some(may))
      .map(({ href, word }) => make("a", { href, "aria-current": currency(href, here) }, say(word)));
  document.querySelector(".head nav")?.setAttribute("aria-label", say("pages"));
  byId("pages").replaceChildren(...links(PAGES));
  const all = [...links(PAGES).map(narrow), ...links(RARER)];
  const parts: Child[] = [who?.account ? menu(who.account, [...signedIn(), ...all]) : menu(SIGN, all)];
  if (who && !who.account && here !== "/sign-in") parts.push(signInDoor());
  byId("who").replaceChildren(...(parts as Node[]));
}

/** Whether a link leads to the page that is open (`page`), or to the one that it belongs to (`true`). */
function currency(href: string, here: string): "page" | "true" | null {
  if (here === href) return "page";
  // a check's own page stands under the plural: /checks/…
  return href !== "/" && (here.startsWith(`${href}/`) || here.startsWith(`${href}s/`)) ? "true" : null;
}

/** Whether whoever is signed in holds a right somewhere. */
export function may(right: string): boolean {
  return right === "self" ? Boolean(who?.account) : Boolean(who?.rights.includes(right));
}

function narrow(link: HTMLElement): HTMLElement {
  link.classList.add("narrow");
  return link;
}

function menu(title: string, items: Child[]): HTMLElement {
  const roles = who?.account ? who.roles.map((role) => roleText(role)) : [];
  return make(
    "details",
    { class: "menu" },
    make("summary", { title: roles.join("\n") || null, "aria-label": title === SIGN ? say("menu") : null }, make("span", {}, title)),
    make("div", {}, roles.length ? make("p", { class: "soft" }, roles.flatMap((role) => [role, make("br")]).slice(0, -1)) : null, items),
  );
}

function signedIn(): Child[] {
  return [
    make("a", { href: "/account" }, say("toAccount")),
    make("a", { href: "/account#password" }, say("toPassword")),
    make("button", { type: "button", onclick: leave }, say("signOut")),
  ];
}

/** A role and where it is held: "调度员 · 街道 440305"; a layer that is not known goes by its name. */
export function roleText(
  role: Schema["SessionInfo"]["roles"][number],
  layers: { name: string; title_zh: string; title_en: string }[] = [],
): string {
  const layer = layers.find(({ name }) => name === role.layer);
  const where = role.area_code === null ? say("everywhere") : `${layer ? titleOf(layer) : role.layer} ${role.area_code}`;
  return `${current() === "zh" ? role.title_zh : role.title_en} · ${where}`;
}

async function leave(): Promise<void> {
  try {
    await told(service.DELETE("/v1/session"));
  } catch (error) {
    if (!(error instanceof Problem && ["not-signed-in", "not-found"].includes(error.kind))) {
      alert(`${say("problem")}: ${(error as Error).message}`);
      return;
    }
  }
  forget();
  location.assign("/sign-in?left=yes");
}

function close(andFocus = false): void {
  const opened = document.querySelector<HTMLDetailsElement>("#who details[open]");
  if (!opened) return;
  opened.open = false;
  if (andFocus) opened.querySelector("summary")?.focus();
}
