// Administration: the subject of the address, below the ways to all others.

import "../../shared/keys.ts";
import { signInAddress } from "../../shared/addresses.ts";
import { Problem, session } from "../../shared/asking.ts";
import { byId, make } from "../../shared/elements.ts";
import { openHead } from "../../shared/head.ts";
import { problem } from "../../shared/problems.ts";
import { ready } from "../../shared/ready.ts";
import { begin, onLanguage, say } from "../../shared/words.ts";
import { mayOpen, SUBJECTS, subjectWords, tabs } from "./subjects.ts";
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
  if (!mayOpen(subject)) throw new Problem({ type: "/problems/not-allowed", detail: who.account });
  await part();
  byId("content").replaceChildren(make(`admin-${name}` as "div"));
}

open().catch((error: unknown) => {
  onLanguage(() => byId("content").replaceChildren(problem(error)));
  ready();
});
