// The page of accounts, for those who manage them: all there are, and a form for a new one.

import "../../shared/keys.ts";
import { signInAddress } from "../../shared/addresses.ts";
import { service, session, told } from "../../shared/asking.ts";
import { byId, make } from "../../shared/elements.ts";
import { openHead } from "../../shared/head.ts";
import { problem } from "../../shared/problems.ts";
import { ready } from "../../shared/ready.ts";
import { begin, onLanguage, say } from "../../shared/words.ts";
import { subjectWords, tabsAbove } from "../admin/subjects.ts";
import { Account, type Info, type Places } from "./account.ts";
import { adding } from "./adding.ts";
import { words } from "./words.ts";

const [trouble, above, list] = ["trouble", "adding", "accounts"].map((id) => byId(id)) as [HTMLElement, HTMLElement, HTMLElement];

let place: Places = { layers: [], departments: [] }; // where roles are held, and for whom people work
let accounts: Account[] = [];
let wrong: unknown = null;

async function open(): Promise<void> {
  begin(subjectWords, words);
  onLanguage(show);
  void openHead().then(() => onLanguage(() => tabsAbove("accounts")));
  const who = await session();
  if (!who.account) {
    location.replace(signInAddress());
    return;
  }
  const [layers, departments, listed] = await Promise.all([told(service.GET("/v1/layers")), told(service.GET("/v1/departments")), told(service.GET("/v1/accounts"))]);
  place = { layers, departments };
  accounts = listed.map(rowOf);
  above.hidden = list.hidden = false;
  show();
}

function rowOf(info: Info): Account {
  const row: Account = new Account(info, place, () => {
    accounts = accounts.filter((other) => other !== row);
    show();
  });
  return row;
}

function show(): void {
  trouble.replaceChildren(...(wrong ? [problem(wrong)] : []));
  if (above.hidden) return;
  above.replaceChildren(adding(place, made));
  accounts.forEach((account) => account.show());
  list.replaceChildren(make("h2", { id: "accounts-name" }, say("accounts")), ...accounts.map(({ element }) => element));
}

function made({ one_time_password: password, ...info }: Info & { one_time_password?: string | null }): void {
  const row = rowOf(info);
  accounts.unshift(row);
  if (password) row.tellOneTime(password);
  show();
  row.element.open = true;
  row.element.scrollIntoView({ block: "nearest" });
  row.element.querySelector("summary")?.focus();
}

open()
  .catch((error: unknown) => {
    wrong = error;
    show();
  })
  .finally(ready);
