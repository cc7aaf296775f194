// The page of one's own account: its roles and where they are held, its password.

import "../../shared/keys.ts";
import { signInAddress } from "../../shared/addresses.ts";
import { ask, change, forget, session } from "../../shared/untyped.ts";
import { make } from "../../shared/elements.ts";
import { openHead } from "../../shared/head.ts";
import { LEAST, showWith, wrongWithNew } from "../../shared/passwords.ts";
import { problem } from "../../shared/problems.ts";
import { begin, current, moment, onLanguage, say, titleOf } from "../../shared/words.ts";
import { words } from "./words.js";

const [section, form, trouble] = ["who-i-am", "form", "trouble"].map((id) => document.getElementById(id));
const [old, fresh, again, send] = ["old", "fresh", "again", "send"].map((id) => document.getElementById(id));

let who = null;
let places = new Map(); // of areas: "layer code" → their names
let told = null; // what stands below the fields

async function open() {
  begin(words);
  onLanguage(show);
  openHead();
  who = await session();
  if (!who.account) {
    location.replace(signInAddress());
    return;
  }
  document.getElementById("name").value = who.account;
  showWith(document.getElementById("shown"), [old, fresh, again]);
  form.addEventListener("submit", submit);
  document.getElementById("password").hidden = who.kind !== "person";
  show();
  if (location.hash === "#password") old.focus();
  places = await namesOf(who.roles);
  show();
}

function show() {
  document.getElementById("rule").textContent = say("rule", { least: LEAST });
  trouble.replaceChildren(...(told ? [told()] : []));
  if (!who?.account) return;
  section.replaceChildren(
    make("h2", {}, who.account),
    make("p", { class: "soft" }, [say(`kind_${who.kind}`), who.expires && say("until", { moment: moment(who.expires) })].filter(Boolean).join(" · ")),
    who.roles.length ? table(who.roles) : make("p", { class: "note" }, say("noRoles")),
  );
}

function table(roles) {
  const head = make("thead", {}, make("tr", {}, make("th", { scope: "col" }, say("role")), make("th", { scope: "col" }, say("where"))));
  const rows = roles.map((role) => make("tr", {}, make("td", {}, current() === "zh" ? role.title_zh : role.title_en), make("td", {}, placeOf(role))));
  return make("table", {}, head, make("tbody", {}, rows));
}

function placeOf({ layer, area_code: code }) {
  if (code === null) return say("everywhere");
  const known = places.get(`${layer} ${code}`);
  return known ? `${titleOf(known)} ${known.name} (${code})` : `${layer} ${code}`;
}

/** The names of the areas where roles are held, as far as they are in force today. */
async function namesOf(roles) {
  const held = roles.filter((role) => role.area_code !== null);
  const asked = held.map(({ layer, area_code: code }) =>
    ask("/v1/areas", { q: code, layer }).then(
      ({ features }) => features.map(({ properties }) => [`${layer} ${properties.code}`, properties]),
      () => [], // an area of another time goes by its code
    ),
  );
  return new Map((await Promise.all(asked)).flat());
}

async function submit(event) {
  event.preventDefault();
  const wrong = old.value ? wrongWithNew(old, fresh, again) : { kind: "missing", field: old };
  if (wrong) {
    tell(() => problem(wrong), wrong.field);
    return;
  }
  send.disabled = true;
  try {
    await change("PUT", "/v1/session/password", { password: old.value, new_password: fresh.value });
    forget(); // this browser got another session
    form.reset();
    tell(() => make("p", { class: "note", role: "status" }, say("changed")));
  } catch (error) {
    tell(() => problem(error), error.kind === "sign-in-refused" ? old : fresh);
  } finally {
    send.disabled = false;
  }
}

function tell(content, field = null) {
  told = content;
  for (const one of [old, fresh, again]) one.removeAttribute("aria-invalid");
  field?.setAttribute("aria-invalid", "true");
  show();
  field?.focus();
}

open().catch((error) => tell(() => problem(error)));
