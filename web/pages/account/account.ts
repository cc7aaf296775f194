// The page of one's own account: its roles and where they are held, its password.

import "../../shared/keys.ts";
import { signInAddress } from "../../shared/addresses.ts";
import { areasOf, type AreaRecord } from "../../shared/areas.ts";
import { forget, Problem, service, session, told, type Session } from "../../shared/asking.ts";
import { byId, make } from "../../shared/elements.ts";
import { openHead } from "../../shared/head.ts";
import { LEAST, showWith, wrongWithNew } from "../../shared/passwords.ts";
import { problem } from "../../shared/problems.ts";
import { ready } from "../../shared/ready.ts";
import { begin, current, moment, onLanguage, say, titleOf } from "../../shared/words.ts";
import { words } from "./words.ts";

type Role = Session["roles"][number];

const form = byId<HTMLFormElement>("form");
const old = byId<HTMLInputElement>("old");
const fresh = byId<HTMLInputElement>("fresh");
const again = byId<HTMLInputElement>("again");
const send = byId<HTMLButtonElement>("send");

let who: Session | null = null;
let places = new Map<string, AreaRecord>(); // by "layer code"
let below: (() => HTMLElement) | null = null; // what stands below the fields

async function open(): Promise<void> {
  begin(words);
  onLanguage(show);
  void openHead();
  who = await session();
  if (!who.account) {
    location.replace(signInAddress());
    return;
  }
  byId<HTMLInputElement>("name").value = who.account;
  showWith(byId<HTMLInputElement>("shown"), [old, fresh, again]);
  form.addEventListener("submit", submit);
  byId("password").hidden = who.kind !== "person";
  show();
  ready();
  if (location.hash === "#password") old.focus();
  places = await namesOf(who.roles);
  show();
}

function show(): void {
  byId("rule").textContent = say("rule", { least: LEAST });
  byId("trouble").replaceChildren(...(below ? [below()] : []));
  if (!who?.account) return;
  byId("who-i-am").replaceChildren(
    make("h2", {}, who.account),
    make("p", { class: "soft" }, [say(`kind_${who.kind}`), who.expires && say("until", { moment: moment(who.expires) ?? "" })].filter(Boolean).join(" · ")),
    who.roles.length ? table(who.roles) : make("p", { class: "note" }, say("noRoles")),
  );
}

function table(roles: Role[]): HTMLElement {
  const head = make("thead", {}, make("tr", {}, make("th", { scope: "col" }, say("role")), make("th", { scope: "col" }, say("where"))));
  const rows = roles.map((role) => make("tr", {}, make("td", {}, current() === "zh" ? role.title_zh : role.title_en), make("td", {}, placeOf(role))));
  return make("table", {}, head, make("tbody", {}, rows));
}

function placeOf({ layer, area_code: code }: Role): string {
  if (code === null) return say("everywhere");
  const known = places.get(`${layer} ${code}`);
  return known ? `${titleOf(known)} ${known.name} (${code})` : `${layer} ${code}`;
}

/** The names of the areas where roles are held, as far as they are in force today. */
async function namesOf(roles: Role[]): Promise<typeof places> {
  const held = roles.filter((role) => role.area_code !== null);
  const asked = held.map(({ layer, area_code: q }) =>
    told(service.GET("/v1/areas", { params: { query: { q: q ?? "", ...(layer && { layer }) } } })).then(
      (found) => areasOf(found).map(({ properties }) => [`${layer} ${properties.code}`, properties] as const),
      () => [], // an area of another time goes by its code
    ),
  );
  return new Map((await Promise.all(asked)).flat());
}

async function submit(event: Event): Promise<void> {
  event.preventDefault();
  const wrong = old.value ? wrongWithNew(old, fresh, again) : { kind: "missing", field: old };
  if (wrong) {
    tell(() => problem(new Problem({ type: wrong.kind, detail: "" })), wrong.field);
    return;
  }
  send.disabled = true;
  try {
    await told(service.PUT("/v1/session/password", { body: { password: old.value, new_password: fresh.value } }));
    forget(); // this browser got another session
    form.reset();
    tell(() => make("p", { class: "note", role: "status" }, say("changed")));
  } catch (error) {
    tell(() => problem(error), error instanceof Problem && error.kind === "sign-in-refused" ? old : fresh);
  } finally {
    send.disabled = false;
  }
}

function tell(content: () => HTMLElement, field: HTMLInputElement | null = null): void {
  below = content;
  for (const one of [old, fresh, again]) one.removeAttribute("aria-invalid");
  field?.setAttribute("aria-invalid", "true");
  show();
  field?.focus();
}

open().catch((error: unknown) => {
  tell(() => problem(error));
  ready();
});
