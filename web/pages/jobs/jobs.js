// The page of jobs: all that one may see, or the one of the address, as they go on.

import "../../shared/keys.ts";
import { signInAddress } from "../../shared/addresses.ts";
import { ask, session } from "../../shared/untyped.ts";
import { make } from "../../shared/elements.ts";
import { openHead } from "../../shared/head.ts";
import { problem } from "../../shared/problems.ts";
import { begin, onLanguage, say } from "../../shared/words.ts";
import { ENDED, Row } from "./row.js";
import { Watch } from "./watch.js";
import { words } from "./words.js";

const EVERY_MS = 2000; // while something goes on
const SELDOM_MS = 15000;
const PAGE = 50;
const MOST_WATCHED = 2; // a browser holds few connections open
const STATES = ["waiting", "running", ...ENDED];

const [choice, state, note, list, more, trouble] = ["choice", "state", "note", "jobs", "more", "trouble"].map((id) => document.getElementById(id));
const [, alone] = location.pathname.match(/^\/jobs\/([^/]+)$/) ?? [];

const rows = new Map();
const watches = new Map();
let seesAll = false;
let shown = PAGE; // jobs
let wrong = null;
let timer = 0;
let turn = 0;

async function open() {
  begin(words);
  onLanguage(show);
  openHead();
  const who = await session();
  if (!who.account) {
    location.replace(signInAddress());
    return;
  }
  seesAll = who.rights.includes("jobs.manage");
  choice.hidden = Boolean(alone);
  state.addEventListener("change", look);
  more.addEventListener("click", () => {
    shown += PAGE;
    look();
  });
  document.addEventListener("visibilitychange", () => document.hidden || look());
  show();
  await look();
}

/** Read how the jobs stand, and do so again later. */
async function look() {
  clearTimeout(timer);
  turn += 1;
  const mine = turn;
  try {
    const jobs = alone ? [await ask(`/v1/jobs/${alone}`)] : await listed();
    if (mine !== turn) return; // asked anew meanwhile
    wrong = null;
    take(jobs);
  } catch (error) {
    if (mine !== turn) return;
    wrong = error;
    if (error.kind === "not-found") take([]);
    showTrouble();
    if (["not-found", "not-signed-in", "not-allowed"].includes(error.kind)) return;
  }
  const isOn = [...rows.values()].some((row) => !row.isEnded);
  timer = setTimeout(() => (document.hidden ? null : look()), isOn ? EVERY_MS : SELDOM_MS);
}

async function listed() {
  const jobs = [];
  let after;
  do {
    const page = await ask("/v1/jobs", { state: state.value, limit: PAGE, after });
    jobs.push(...page);
    after = page.length === PAGE ? page.at(-1).id : null;
  } while (after && jobs.length < shown);
  more.hidden = !after;
  return jobs;
}

function take(jobs) {
  const kept = new Set(jobs.map(({ id }) => id));
  for (const id of [...rows.keys()].filter((one) => !kept.has(one))) rows.delete(id);
  for (const job of jobs) {
    if (rows.has(job.id)) rows.get(job.id).update(job);
    else rows.set(job.id, new Row(job, { alone: Boolean(alone), withAccount: seesAll, onChange: look }));
  }
  const elements = jobs.map(({ id }) => rows.get(id).element);
  const same = elements.length === list.children.length && elements.every((element, i) => element === list.children[i]);
  if (!same) list.replaceChildren(...elements);
  watch(jobs);
  showTrouble();
}

/** Hear of the running jobs as they go on. */
function watch(jobs) {
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

function heard(job) {
  rows.get(job.id)?.update(job);
  if (ENDED.includes(job.state)) look();
}

function show() {
  const chosen = state.value;
  state.replaceChildren(make("option", { value: "" }, say("everyState")), ...STATES.map((name) => make("option", { value: name }, say(name))));
  state.value = chosen;
  note.textContent = say(seesAll ? "all" : "own");
  rows.forEach((row) => row.show());
  showTrouble();
}

function showTrouble() {
  const parts = wrong ? [problem(wrong)] : [];
  if (!wrong && turn && !rows.size) parts.push(make("p", { class: "note" }, say(state.value ? "noneOfState" : "none")));
  if (alone) parts.push(make("p", {}, make("a", { href: "/jobs" }, say("back"))));
  trouble.replaceChildren(...parts);
}

open().catch((error) => {
  wrong = error;
  showTrouble();
});
