// The sign-in page: account and password, a new password where the old one was made for one use, or the city's own sign-on.

import "../../shared/keys.ts";
import { wayBack } from "../../shared/addresses.ts";
import { forget, Problem, service, session, told, type Session } from "../../shared/asking.ts";
import { byId, make } from "../../shared/elements.ts";
import { openHead } from "../../shared/head.ts";
import { LEAST, showWith, wrongWithNew } from "../../shared/passwords.ts";
import { problem } from "../../shared/problems.ts";
import { ready } from "../../shared/ready.ts";
import { begin, onLanguage, say } from "../../shared/words.ts";
import { words } from "./words.ts";

const asked = new URLSearchParams(location.search);
const form = byId<HTMLFormElement>("form");
const account = byId<HTMLInputElement>("account");
const password = byId<HTMLInputElement>("password");
const newPassword = byId<HTMLInputElement>("new_password");
const again = byId<HTMLInputElement>("again");
const send = byId<HTMLButtonElement>("send");
const renewal = byId("renewal");
const back = byId("back");

let who: Session | null = null;
let wrong: unknown = null; // what stands below the fields

async function open(): Promise<void> {
  begin(words);
  onLanguage(show);
  form.addEventListener("submit", submit);
  back.addEventListener("click", () => renew(false));
  showWith(byId<HTMLInputElement>("shown"), [password, newPassword, again]);
  account.focus();
  await openHead();
  try {
    who = await session();
  } catch (error) {
    wrong = error;
  }
  show();
  ready();
}

function show(): void {
  send.textContent = say(renewal.hidden ? "enter" : "enterAnew");
  byId("rule").textContent = say("rule", { least: LEAST });
  byId("trouble").replaceChildren(...(wrong ? [problem(wrong)] : []));
  byId("notice").replaceChildren(...notices());
  const ways = who?.sign_on ?? [];
  const signOn = byId("sign-on");
  signOn.hidden = !ways.length;
  signOn.replaceChildren(make("p", { class: "or" }, make("span", {}, say("or"))), ...ways.map(byAnother));
}

/** What led here: a sign-on that failed, a sign-out; or that there is nothing to do. */
function notices(): HTMLElement[] {
  if (who?.account) {
    const onward = make("a", { class: "door", href: wayBack(asked.get("next")) }, say("onward"));
    return [make("p", { class: "note" }, say("already", { account: who.account }), " ", onward)];
  }
  const kind = asked.get("problem");
  if (kind) return [problem(new Problem({ type: kind, detail: "" }))];
  return asked.has("left") ? [make("p", { class: "note", role: "status" }, say("signedOut"))] : [];
}

function byAnother({ title, href }: Session["sign_on"][number]): HTMLElement {
  const there = new URL(href, location.origin);
  there.searchParams.set("next", pathOf(wayBack(asked.get("next"))));
  return make("a", { class: "door wide", href: there.href }, say("by", { title }));
}

function pathOf(address: string): string {
  return address.slice(location.origin.length);
}

async function submit(event: Event): Promise<void> {
  event.preventDefault();
  const body: { account: string; password: string; new_password?: string } = { account: account.value.trim(), password: password.value };
  const missing = missingField();
  if (missing) {
    tell(new Problem({ type: missing.kind, detail: "" }), missing.field);
    return;
  }
  if (!renewal.hidden) body.new_password = newPassword.value;
  send.disabled = true;
  try {
    await told(service.POST("/v1/session", { body }));
    forget();
    location.replace(wayBack(asked.get("next")));
  } catch (error) {
    refused(error);
  } finally {
    send.disabled = false;
  }
}

function missingField(): { kind: string; field: HTMLInputElement } | null {
  if (!account.value.trim()) return { kind: "missing", field: account };
  if (!password.value) return { kind: "missing", field: password };
  return renewal.hidden ? null : wrongWithNew(password, newPassword, again);
}

function refused(error: unknown): void {
  const kind = error instanceof Problem ? error.kind : "";
  if (kind === "password-expired" && renewal.hidden) {
    renew(true);
  } else if (kind === "sign-in-refused") {
    renew(false);
    password.value = "";
    tell(error, password);
  } else {
    tell(error, renewal.hidden ? password : newPassword);
  }
}

/** Ask for a new password too, or not any more. */
function renew(isAsked: boolean): void {
  renewal.hidden = back.hidden = !isAsked;
  account.readOnly = password.readOnly = isAsked;
  newPassword.value = again.value = "";
  tell(null, isAsked ? newPassword : password);
}

function tell(error: unknown, field: HTMLInputElement): void {
  wrong = error;
  for (const one of [account, password, newPassword, again]) one.removeAttribute("aria-invalid");
  if (error) field.setAttribute("aria-invalid", "true");
  show();
  field.focus();
}

void open();
