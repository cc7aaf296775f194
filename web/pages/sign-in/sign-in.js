// The sign-in page: account and password, a new password where the old one was made for one use, or the city's own sign-on.

import "../../shared/keys.ts";
import { wayBack } from "../../shared/addresses.ts";
import { change, forget, session } from "../../shared/untyped.ts";
import { make } from "../../shared/elements.ts";
import { openHead } from "../../shared/head.ts";
import { LEAST, showWith, wrongWithNew } from "../../shared/passwords.ts";
import { problem } from "../../shared/problems.ts";
import { begin, onLanguage, say } from "../../shared/words.ts";
import { words } from "./words.js";

const asked = new URLSearchParams(location.search);
const [form, notice, renewal, trouble, signOn] = ["form", "notice", "renewal", "trouble", "sign-on"].map((id) => document.getElementById(id));
const [account, password, newPassword, again] = ["account", "password", "new_password", "again"].map((id) => document.getElementById(id));
const [send, back] = ["send", "back"].map((id) => document.getElementById(id));

let who = null;
let wrong = null; // what stands below the fields

async function open() {
  begin(words);
  onLanguage(show);
  form.addEventListener("submit", submit);
  back.addEventListener("click", () => renew(false));
  showWith(document.getElementById("shown"), [password, newPassword, again]);
  account.focus();
  await openHead();
  try {
    who = await session();
  } catch (error) {
    wrong = error;
  }
  show();
}

function show() {
  send.textContent = say(renewal.hidden ? "enter" : "enterAnew");
  document.getElementById("rule").textContent = say("rule", { least: LEAST });
  trouble.replaceChildren(...(wrong ? [problem(wrong)] : []));
  notice.replaceChildren(...notices());
  const ways = who?.sign_on ?? [];
  signOn.hidden = !ways.length;
  signOn.replaceChildren(make("p", { class: "or" }, make("span", {}, say("or"))), ...ways.map(byAnother));
}

/** What led here: a sign-on that failed, a sign-out; or that there is nothing to do. */
function notices() {
  if (who?.account) {
    const onward = make("a", { class: "door", href: wayBack(asked.get("next")) }, say("onward"));
    return [make("p", { class: "note" }, say("already", { account: who.account }), " ", onward)];
  }
  const kind = asked.get("problem");
  if (kind) return [problem({ kind })];
  return asked.has("left") ? [make("p", { class: "note", role: "status" }, say("signedOut"))] : [];
}

function byAnother({ title, href }) {
  const there = new URL(href, location.origin);
  there.searchParams.set("next", pathOf(wayBack(asked.get("next"))));
  return make("a", { class: "door wide", href: there.href }, say("by", { title }));
}

function pathOf(address) {
  return address.slice(location.origin.length);
}

async function submit(event) {
  event.preventDefault();
  const fields = { account: account.value.trim(), password: password.value };
  const missing = missingField();
  if (missing) {
    tell({ kind: missing.kind }, missing.field);
    return;
  }
  if (!renewal.hidden) fields.new_password = newPassword.value;
  send.disabled = true;
  try {
    await change("POST", "/v1/session", fields);
    forget();
    location.replace(wayBack(asked.get("next")));
  } catch (error) {
    refused(error);
  } finally {
    send.disabled = false;
  }
}

function missingField() {
  if (!account.value.trim()) return { kind: "missing", field: account };
  if (!password.value) return { kind: "missing", field: password };
  return renewal.hidden ? null : wrongWithNew(password, newPassword, again);
}

function refused(error) {
  if (error.kind === "password-expired" && renewal.hidden) {
    renew(true);
  } else if (error.kind === "sign-in-refused") {
    renew(false);
    password.value = "";
    tell(error, password);
  } else {
    tell(error, renewal.hidden ? password : newPassword);
  }
}

/** Ask for a new password too, or not any more. */
function renew(isAsked) {
  renewal.hidden = back.hidden = !isAsked;
  account.readOnly = password.readOnly = isAsked;
  newPassword.value = again.value = "";
  tell(null, isAsked ? newPassword : password);
}

function tell(error, field) {
  wrong = error;
  for (const one of [account, password, newPassword, again]) one.removeAttribute("aria-invalid");
  if (error) field.setAttribute("aria-invalid", "true");
  show();
  field.focus();
}

open();
