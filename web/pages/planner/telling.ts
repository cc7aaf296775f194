// What a planner is told while working: what others did, what could not be done, whose blocks stand.

import { announce } from "../../shared/announcing.ts";
import { askFor } from "../../shared/dialog.ts";
import { make } from "../../shared/elements.ts";
import { problem } from "../../shared/problems.ts";
import { isSaid, number, say } from "../../shared/words.ts";
import type { Draft, News, Trouble } from "./draft.ts";
import type { LoggedOperation } from "./strokes.ts";

const FEW = 3;
const BLOCKS_SHOWN = 12;

/** Tell of everything that a draft says; `element` takes what stays until it was read. */
export function tellOf(draft: Draft, element: HTMLElement): void {
  let door: HTMLElement | null = null; // to signing in: one, however many strokes wait for it
  draft.addEventListener("news", (event) => {
    const { operations } = (event as CustomEvent<News>).detail;
    announce(newsOf(draft, operations), 10);
  });
  draft.addEventListener("trouble", (event) => {
    const { error, operation } = (event as CustomEvent<Trouble>).detail;
    if (!operation) {
      door?.remove();
      element.append((door = closable(make("p", {}, say("keptUntilSignedIn")), problem(error))));
      return;
    }
    const what = isSaid(`kind_${operation.kind}`) ? say("notDoneKind", { what: say(`kind_${operation.kind}`) }) : say("notDone");
    element.append(closable(make("p", {}, what), problem(error)));
  });
  draft.addEventListener("state", () => {
    if (!draft.waiting) door?.remove();
  });
  draft.addEventListener("clash", () => void askWhose(draft));
  if (draft.clash) void askWhose(draft); // of strokes that the browser kept over a reload
}

/** What others did in one sentence. */
export function newsOf(draft: Draft, operations: readonly LoggedOperation[]): string {
  const whose = [...new Set(operations.map(({ account }) => account))];
  return whose
    .map((who) => {
      const theirs = operations.filter(({ account }) => account === who);
      const areas = [...new Set(theirs.flatMap((one) => one.areas))];
      const names = areas.slice(0, FEW).map((area) => draft.nameOf(area)).join(say("comma")) + (areas.length > FEW ? " …" : "");
      const kinds = new Set(theirs.map(({ kind }) => kind));
      const kind = `did_${theirs[0]?.kind}`;
      const what = kinds.size === 1 && isSaid(kind) ? say(kind) : say("didAny", { count: number(theirs.length) });
      return areas.length ? say("newsOf", { who, what, areas: names }) : say("news", { who, what });
    })
    .join("; ");
}

let isAsking = false;

/** Ask whose blocks stand; closing the dialog decides nothing: nothing is sent, and the foot of the page leads back to it. */
async function askWhose(draft: Draft): Promise<void> {
  const { clash } = draft;
  if (!clash || isAsking) return;
  isAsking = true;
  const who = [...new Set(clash.operations.map(({ account }) => account))].join(say("comma")) || say("nobody");
  const name = (area: string | null) => (area === null ? say("noArea") : area.startsWith("*") ? say("newArea") : draft.nameOf(area));
  const rows = clash.blocks.slice(0, BLOCKS_SHOWN).map(({ block, mine, theirs }) => make("tr", {}, make("td", {}, block), make("td", {}, name(mine)), make("td", {}, name(theirs))));
  const more = clash.blocks.length - rows.length;
  const theirs = make("button", { type: "button", onclick: () => decide("theirs") }, say("keepTheirs"));
  const head = ["clashBlock", "clashMine", "clashTheirs"].map((key) => make("th", { scope: "col" }, say(key)));
  const decide = (whose: "mine" | "theirs") => {
    theirs.closest("dialog")?.close();
    draft.decide(whose);
  };
  const yes = await askFor({
    title: say("clashTitle"),
    content: [
      make("p", {}, say("clashWhat", { count: number(clash.blocks.length), who })),
      make("table", { class: "figures plain" }, make("thead", {}, make("tr", {}, head)), make("tbody", {}, rows)),
      more > 0 ? make("p", { class: "soft" }, say("clashMore", { count: number(more) })) : null,
      make("p", {}, theirs),
    ],
    action: say("keepMine"),
  });
  isAsking = false;
  if (yes) draft.decide("mine");
  else draft.tellState();
}

function closable(...content: Node[]): HTMLElement {
  const box: HTMLElement = make("div", { class: "told-box" }, ...content, make("button", { type: "button", class: "close", "aria-label": say("close"), onclick: () => box.remove() }, "×"));
  return box;
}
