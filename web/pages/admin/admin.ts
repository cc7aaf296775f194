// Administration: the subject of the address, below the ways to all others.

import "../../shared/keys.ts";
import { signInAddress } from "../../shared/addresses.ts";
import { Problem, session } from "../../shared/asking.ts";
import { byId, make } from "../../shared/elements.ts";
import { openHead } from "../../shared/head.ts";
import { problem } from "../../shared/problems.ts";
import { ready } from "../../shared/ready.ts";
import { begin, onLanguage, say } from "../../shared/words.ts";
import { MANAGED, mayOpen, SUBJECTS, subjectWords, tabs, type SubjectWay } from "./subjects.ts";
import { words } from "./words.ts";
import { documentWords } from "./words/documents.ts";
import { importWords } from "./words/imports.ts";
import { registerWords } from "./words/register.ts";
import { ruleWords } from "./words/rules.ts";

// each is fetched when it is opened
const PARTS: Record<string, () => Promise<unknown>> = {
  overview: () => import("./overview.ts"),
  layers: () => import("./layers.ts"),
  register: () => import("./register.ts"),
  rules: () => import("./rules.ts"),
  policies: () => import("./policies.ts"),
  calendar: () => import("./calendar.ts"),
  imports: () => import("./imports.ts"),
  audit: () => import("./audit.ts"),
};

/** Subjects of administration that whoever is signed in may open; jobs are everybody's. */
function openTo(): SubjectWay[] {
  return SUBJECTS.filter((subject) => subject.name !== "jobs" && mayOpen(subject));
}

/** Who may open a subject, and which ones are open instead. */
function notAllowed({ name }: SubjectWay): HTMLElement {
  const ways = openTo().map((one) => make("a", { class: "door", href: one.href }, say(`subject_${one.name}`)));
  return make(
    "div",
    { class: "nothing", role: "alert" },
    make("strong", {}, say("notYours", { subject: say(name === "overview" ? "toAdmin" : `subject_${name}`) })),
    make("p", {}, say(name === "overview" || MANAGED.includes(name) ? "managersMay" : "administratorsMay")),
    ways.length ? make("p", {}, say("openInstead")) : null,
    ways.length ? make("p", { class: "send" }, ways) : make("p", {}, make("a", { class: "door", href: "/" }, say("toMap"))),
  );
}

async function open(): Promise<void> {
  begin(subjectWords, words, registerWords, ruleWords, documentWords, importWords);
  const head = openHead();
  const who = await session();
  if (!who.account) {
    location.replace(signInAddress());
    return;
  }
  await head;
  const name = location.pathname.split("/")[2] ?? "overview";
  const part = PARTS[name];
  const subject = SUBJECTS.find((one) => one.name === name);
  onLanguage(() => {
    byId("subjects").replaceChildren(tabs(name));
    document.title = `${say(`subject_${name}`)} · gisgov`;
  });
  if (!part || !subject) throw new Problem({ type: "/problems/not-found", detail: location.pathname });
  if (!mayOpen(subject)) {
    const first = openTo()[0];
    // the link in the head leads to the overview, also those who keep one subject alone
    if (name === "overview" && first) return location.replace(first.href);
    onLanguage(() => byId("content").replaceChildren(notAllowed(subject)));
    return ready();
  }
  await part();
  byId("content").replaceChildren(make(`admin-${name}` as "div"));
}

open().catch((error: unknown) => {
  onLanguage(() => byId("content").replaceChildren(problem(error)));
  ready();
});
