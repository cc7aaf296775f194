// The page of a check: without one in the address a form to ask for it, with one how it stands.

import "../../shared/keys.ts";
import { Problem, serviceInfo, session } from "../../shared/asking.ts";
import { byId } from "../../shared/elements.ts";
import { openHead } from "../../shared/head.ts";
import { problem } from "../../shared/problems.ts";
import { ready } from "../../shared/ready.ts";
import { begin, onLanguage } from "../../shared/words.ts";
import { Form } from "./form.ts";
import { Check } from "./job.ts";
import { words } from "./words.ts";

const form = byId<HTMLFormElement>("form");
const section = byId("job");
let shown: Check | null = null;
let told: unknown = null; // what the page says is wrong
let refusal: Problem | null = null; // why nobody can check a file here

async function open(): Promise<void> {
  begin(words);
  onLanguage(() => told && fail(told));
  void openHead();
  const [{ upload_max_bytes: most }, who] = await Promise.all([serviceInfo(), session()]);
  if (!who.rights.includes("files.check")) refusal = new Problem({ type: who.account ? "not-allowed" : "not-signed-in", detail: "" });
  new Form(form, { most, onAsked: (id) => go(`/checks/${id}`), onProblem: fail });
  addEventListener("popstate", show);
  show();
}

function go(address: string): void {
  history.pushState(null, "", address);
  show();
}

function show(): void {
  shown?.leave();
  shown = told = null;
  const id = /^\/checks\/([^/]+)$/.exec(location.pathname)?.[1];
  form.hidden = Boolean(id || refusal);
  section.hidden = !form.hidden;
  section.replaceChildren();
  if (id) shown = new Check(section, decodeURIComponent(id), () => go("/check"));
  else if (refusal) fail(refusal);
  else ready();
}

function fail(error: unknown): void {
  section.hidden = false;
  section.replaceChildren(problem(error));
  told = error;
  ready();
}

open().catch(fail);
