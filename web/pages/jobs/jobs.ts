// The page of jobs: all that one may see, or the one of the address, as they go on.

import "../../shared/keys.ts";
import { signInAddress } from "../../shared/addresses.ts";
import { Problem, service, session, told, type Schema } from "../../shared/asking.ts";
import { byId, make } from "../../shared/elements.ts";
import { openHead } from "../../shared/head.ts";
import { problem } from "../../shared/problems.ts";
import { ready } from "../../shared/ready.ts";
import { begin, onLanguage, say } from "../../shared/words.ts";
import { subjectWords, tabsAbove } from "../admin/subjects.ts";
import { ENDED, Row } from "./row.ts";
import { Watch } from "./watch.ts";
import { words } from "./words.ts";

type Job = Schema["JobInfo"];

const EVERY_MS = 2000; // while something goes on
const SELDOM_MS = 15000;
const PAGE = 50;
const MOST_WATCHED = 2; // a browser holds few connections open
const STATES: Job["state"][] = ["waiting", "running", ...ENDED];

const [choice, note, list, more, trouble] = ["choice", "note", "jobs", "more", "trouble"].map((id) => byId(id)) as [HTMLElement, HTMLElement, HTMLElement, HTMLElement, HTMLElement];
const state = byId<HTMLSelectElement>("state");
const [, alone] = location.pathname.match(/^\/jobs\/([^/]+)$/) ?? [];

const rows = new Map<string, Row>();
const watches = new Map<string, Watch>();
let seesAll = false;
let shown = PAGE; // jobs
let wrong: unknown = null;
let timer = 0;
let turn = 0;

async function open(): Promise<void> {
  begin(subjectWords, words);
  onLanguage(show);
  void openHead().then(() => onLanguage(() => tabsAbove("jobs")));
  const who = await session();
  if (!who.account) {
    location.replace(signInAddress());
    return;
  }
  seesAll = who.rights.includes("jobs.manage");
  choice.hidden = Boolean(alone);
  state.addEventListener("change", () => void look());
  more.addEventListener("click", () => {
    shown += PAGE;
    void look();
  });
  document.addEventListener("visibilitychange", () => document.hidden || void look());
  show();
  await look();
}

/** Read how the jobs stand, and do so again later. */
async function look(): Promise<void> {
  clearTimeout(timer);
  turn += 1;
  const mine = turn;
  try {
    const jobs = alone ? [await told(service.GET("/v1/jobs/{id}", { params: { path: { id: alone } } }))] : await listed();
    if (mine !== turn) return; // asked anew meanwhile
    wrong = null;
    take(jobs);
  } catch (error) {
    if (mine !== turn) return;
    wrong = error;
    const kind = error instanceof Problem ? error.kind : "";
    if (kind === "not-found") take([]);
    showTrouble();
    if (["not-found", "not-signed-in", "not-allowed"].includes(kind)) return;
  }
  const isOn = [...rows.values()].some((row) => !row.isEnded);
  timer = window.setTimeout(() => (document.hidden ? null : void look()), isOn ? EVERY_MS : SELDOM_MS);
}

async function listed(): Promise<Job[]> {
  const jobs: Job[] = [];
  let after: string | undefined;
  do {
    const query = { limit: PAGE, ...(state.value ? { state: state.value as Job["state"] } : {}), ...(after ? { after } : {}) };
    const page = await told(service.GET("/v1/jobs", { params: { query } }));
    jobs.push(...page);
    after = page.length === PAGE ? page.at(-1)?.id : undefined;
  } while (after && jobs.length < shown);
  more.hidden = !after;
  return jobs;
}

function take(jobs: Job[]): void {
  const kept = new Set(jobs.map(({ id }) => id));
  for (const id of [...rows.keys()].filter((one) => !kept.has(one))) rows.delete(id);
  for (const job of jobs) {
    const row = rows.get(job.id);
    if (row) row.update(job);
    else rows.set(job.id, new Row(job, { alone: Boolean(alone), withAccount: seesAll, onChange: () => void look() }));
  }
  const elements = jobs.flatMap(({ id }) => rows.get(id)?.element ?? []);
  const same = elements.length === list.children.length && elements.every((element, i) => element === list.children[i]);
  if (!same) list.replaceChildren(...elements);
  watch(jobs);
  showTrouble();
}

/** Hear of the running jobs as they go on. */
function watch(jobs: Job[]): void {
  const running = jobs.filter((job) => job.state === "running").slice(0, MOST_WATCHED).map(({ id }) => id);
  for (const [id, one] of watches) {
    if (running.includes(id)) continue;
    one.leave();
    watches.delete(id);
  }
  for (const id of running) {
    if (!watches.has(id)) watches.set(id, new Watch(id, heard));
  }
}

function heard(job: Job): void {
  rows.get(job.id)?.update(job);
  if (ENDED.includes(job.state)) void look();
}

function show(): void {
  const chosen = state.value;
  state.replaceChildren(make("option", { value: "" }, say("everyState")), ...STATES.map((name) => make("option", { value: name }, say(name))));
  state.value = chosen;
  note.textContent = say(seesAll ? "all" : "own");
  rows.forEach((row) => row.show());
  showTrouble();
}

function showTrouble(): void {
  const parts: HTMLElement[] = wrong ? [problem(wrong)] : [];
  if (!wrong && turn && !rows.size) parts.push(make("p", { class: "note" }, say(state.value ? "noneOfState" : "none")));
  if (alone) parts.push(make("p", {}, make("a", { href: "/jobs" }, say("back"))));
  trouble.replaceChildren(...parts);
  if (turn || wrong) ready();
}

open().catch((error: unknown) => {
  wrong = error;
  showTrouble();
});
