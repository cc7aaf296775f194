// The page of accounts, for those who manage them: all there are, and a form for a new one.

import "../../shared/keys.ts";
import { signInAddress } from "../../shared/addresses.ts";
import { ask, session } from "../../shared/untyped.ts";
import { make } from "../../shared/elements.ts";
import { openHead } from "../../shared/head.ts";
import { problem } from "../../shared/problems.ts";
import { begin, onLanguage, say } from "../../shared/words.ts";
import { Account } from "./account.js";
import { adding } from "./adding.js";
import { words } from "./words.js";

const [trouble, above, list] = ["trouble", "adding", "accounts"].map((id) => document.getElementById(id));

let place = { layers: [], departments: [] }; // where roles are held, and for whom people work
let accounts = [];
let wrong = null;

async function open() {
  begin(words);
  onLanguage(show);
  openHead();
  const who = await session();
  if (!who.account) {
    location.replace(signInAddress());
    return;
  }
  const [layers, departments, listed] = await Promise.all([ask("/v1/layers"), ask("/v1/departments"), ask("/v1/accounts")]);
  place = { layers, departments };
  accounts = listed.map(rowOf);
  above.hidden = list.hidden = false;
  show();
}

function rowOf(info) {
  const row = new Account(info, place, () => {
    accounts = accounts.filter((other) => other !== row);
    show();
  });
  return row;
}

function show() {
  trouble.replaceChildren(...(wrong ? [problem(wrong)] : []));
  if (above.hidden) return;
  above.replaceChildren(adding(place, made));
  accounts.forEach((account) => account.show());
  list.replaceChildren(make("h2", { id: "accounts-name" }, say("accounts")), ...accounts.map(({ element }) => element));
}

function made({ one_time_password: password, ...info }) {
  const row = rowOf(info);
  accounts.unshift(row);
  if (password) row.tellOneTime(password);
  show();
  row.element.open = true;
  row.element.scrollIntoView({ block: "nearest" });
  row.element.querySelector("summary").focus();
}

open().catch((error) => {
  wrong = error;
  show();
});
