// The page of a check: without one in the address a form to ask for it, with one how it stands.

import "../keys.js";
import { ask } from "../asking.js";
import { make } from "../elements.js";
import { begin, onLanguage } from "../words.js";
import { Form } from "./form.js";
import { Job } from "./job.js";
import { problem } from "./problems.js";
import { words } from "./words.js";

const form = document.getElementById("form");
const section = document.getElementById("job");
let shown = null;

async function open() {
  begin(words);
  const { upload_max_bytes: most } = await ask("/v1/service");
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
  shown = null;
  const [, id] = location.pathname.match(/^\/checks\/([^/]+)$/) ?? [];
  form.hidden = Boolean(id);
  section.hidden = !id;
  section.replaceChildren();
  if (id) shown = new Job(section, decodeURIComponent(id), { onAnother: () => go("/check") });
}

function fail(error) {
  section.hidden = false;
  section.replaceChildren(problem(error));
}

open().catch((error) => {
  section.hidden = false;
  onLanguage(() => section.replaceChildren(error.kind ? problem(error) : make("p", { class: "alarm" }, error.message)));
});
