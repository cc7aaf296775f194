// The page of a check: without one in the address a form to ask for it, with one how it stands.

import "../../shared/keys.ts";
import { ask, session } from "../../shared/untyped.ts";
import { openHead } from "../../shared/head.ts";
import { problem } from "../../shared/problems.ts";
import { begin, onLanguage } from "../../shared/words.ts";
import { Form } from "./form.js";
import { Job } from "./job.js";
import { words } from "./words.js";

const form = document.getElementById("form");
const section = document.getElementById("job");
let shown = null;
let told = null; // what the page says is wrong
let refusal = null; // why nobody can check a file here

async function open() {
  begin(words);
  onLanguage(() => told && fail(told));
  openHead();
  const [{ upload_max_bytes: most }, who] = await Promise.all([ask("/v1/service"), session()]);
  if (!who.rights.includes("files.check")) refusal = { kind: who.account ? "not-allowed" : "not-signed-in" };
  new Form(form, { most, onAsked: (id) => go(`/checks/${id}`), onProblem: fail });
  addEventListener("popstate", show);
  show();
}

function go(address) {
  history.pushState(null, "", address);
  show();
}

function show() {
  shown?.leave();
  shown = told = null;
  const [, id] = location.pathname.match(/^\/checks\/([^/]+)$/) ?? [];
  form.hidden = Boolean(id || refusal);
  section.hidden = !form.hidden;
  section.replaceChildren();
  if (id) shown = new Job(section, decodeURIComponent(id), { onAnother: () => go("/check") });
  else if (refusal) fail(refusal);
}

function fail(error) {
  section.hidden = false;
  section.replaceChildren(problem(error));
  told = error;
}

open().catch(fail);
