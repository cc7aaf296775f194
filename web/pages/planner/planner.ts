// Planning: a draft on a map, tools that change it, panels beside it. Without a plan in the address: which to open.

import "../../shared/keys.ts";
import "./legend.ts";
import "./panels/panels.ts";
import "./standing.ts";
import "./toolbar.ts";
import { html, render } from "lit";
import type MapBrowserEvent from "ol/MapBrowserEvent.js";
import { byId, make } from "../../shared/elements.ts";
import { openHead } from "../../shared/head.ts";
import { DistrictMap } from "../../shared/map/map.ts";
import { problem } from "../../shared/problems.ts";
import { ready } from "../../shared/ready.ts";
import { begin, onLanguage, say } from "../../shared/words.ts";
import { Board } from "./board.ts";
import { askForBranch } from "./branching.ts";
import { Draft } from "./draft.ts";
import { showKeys } from "./keys-shown.ts";
import type { Legend } from "./legend.ts";
import { panelWords } from "./panels/words.ts";
import { isOfPolygons, polygonsNote } from "./polygons.ts";
import { keepPresent } from "./presence.ts";
import { Selection } from "./selection.ts";
import type { Standing } from "./standing.ts";
import { tellOf } from "./telling.ts";
import type { ToolName } from "./tools/tool.ts";
import { toolWords } from "./tools/words.ts";
import { where as place } from "./where.ts";
import { words } from "./words.ts";
import { Workshop, type Panel } from "./workshop.ts";

const TOOLS: readonly string[] = ["select", "paint", "border", "split"] satisfies ToolName[];
const FIELDS = "input, select, textarea, [contenteditable], dialog";

let shown: string | undefined;

begin(panelWords, toolWords, words);
void openHead();
place.onChange(() => {
  if (place.read().plan !== shown) location.reload(); // another draft begins from nothing
});
void open();

async function open(): Promise<void> {
  shown = place.read().plan;
  if (!shown) {
    render(html`<planner-chooser></planner-chooser>`, byId("content"));
    return ready();
  }
  const content = byId("content");
  const ended = onLanguage(() => render(waiting(shown ?? ""), content));
  try {
    const draft = await Draft.open(shown);
    ended();
    render(html``, content);
    lay(draft, content);
  } catch (error) {
    const told = isOfPolygons(error) ? await polygonsNote(shown) : () => problem(error);
    ended();
    onLanguage(() => render(html`<div class="reading">${told()}<p><a href="/planner">${say("toList")}</a></p></div>`, content));
  }
  ready();
}

function waiting(plan: string) {
  return html`<div class="reading" role="status"><p>${say("loading", { plan })}</p><div class="skeleton" aria-hidden="true"><i></i><i></i><i></i><i></i><i></i></div></div>`;
}

/** Lay out a draft: tools, map, bars, panel. */
function lay(draft: Draft, content: HTMLElement): void {
  const selection = new Selection();
  const target = make("div", { class: "map", id: "map", tabindex: 0, role: "application" });
  const told = make("div", { class: "told-boxes", role: "status" });
  const stage = make("div", { class: "stage" }, target, told);
  const aside = make("section", { class: "panel" });
  content.classList.add("split");
  content.append(stage, aside);

  const map = new DistrictMap(target);
  const board = new Board(map, draft, selection);
  const panel = document.createElement("planner-panel") as HTMLElement & Panel;
  Object.assign(panel, { draft, selection, board });
  const workshop = new Workshop(board, panel, () => showKeys(workshop.actions));
  const bar = make("div", { class: "overmap bar" });
  const legend = make("div", { class: "overmap legends" });
  const foot = make("footer", { class: "foot" });
  stage.append(bar, legend, foot);
  const tools = make("div", { class: "tools" });
  stage.prepend(tools);
  render(html`<planner-tools .workshop=${workshop}></planner-tools>`, tools);
  render(html`<planner-bar .workshop=${workshop}></planner-bar>`, bar);
  render(html`<planner-legend .board=${board}></planner-legend>`, legend);
  render(html`<planner-standing .draft=${draft}></planner-standing>`, foot);
  aside.append(panel);
  const standing = foot.querySelector("planner-standing") as Standing;

  onLanguage(() => {
    target.setAttribute("aria-label", say("map"));
    byId("place").textContent = `${draft.plan} · ${draft.info.scope_code}`;
    byId("place").removeAttribute("data-text");
    document.title = `${draft.plan} · ${say("title")} · gisgov`;
  });
  if (draft.readonly) stage.prepend(readonlyNote(draft));
  tellOf(draft, told);
  listen(workshop, target, standing);
  keepPlace(workshop, legend.querySelector("planner-legend") as Legend);
  if (!draft.readonly) keepPresent(draft, () => workshop.tool.doing());
  void draft.learnBefore();
}

function readonlyNote(draft: Draft): HTMLElement {
  const note = make("div", { class: "note readonly" });
  onLanguage(() => {
    const isPlan = draft.info.status !== "draft";
    const text = isPlan ? say("readonlyPlan", { status: say(`status_${draft.info.status}`) }) : say("readonlyRight");
    const branch = draft.mayBranch ? make("button", { type: "button", class: "small", onclick: () => void askForBranch(draft.plan) }, say("branch")) : null;
    note.replaceChildren(text, " ", ...(branch ? [branch] : []));
  });
  return note;
}

function listen(workshop: Workshop, target: HTMLElement, standing: Standing): void {
  const { board, cursor } = workshop;
  board.map.ol.on("pointermove", (event) => {
    if (event.dragging) return;
    standing.block = board.blockAt(event.coordinate);
    workshop.tool.move?.(event as MapBrowserEvent);
  });
  cursor.addEventListener("move", () => (standing.block = cursor.block));
  document.addEventListener("keydown", (event) => {
    const from = event.target as HTMLElement;
    if (event.defaultPrevented || from.closest(FIELDS) || document.querySelector("dialog[open]")) return;
    if (workshop.key(event, target.contains(from))) event.preventDefault();
  });
}

/** What is shown stands in the address. */
function keepPlace(workshop: Workshop, legend: Legend): void {
  const { board } = workshop;
  const { draft, selection } = board;
  const asked = place.read();
  if (asked.view) board.map.view = asked.view;
  if (asked.by === "load" && draft.layer.layer.targets) board.colouredBy = "load";
  if (asked.areas) selection.set(asked.areas.split(",").filter((area) => draft.areas.has(area)));
  if (asked.tool && TOOLS.includes(asked.tool)) workshop.take(asked.tool as ToolName);
  if (asked.areas && !asked.view) board.zoomTo({ areas: selection.areas });
  const write = () => {
    const areas = [...selection.areas].filter((area) => draft.knows(area)).slice(0, 30);
    const { name } = workshop.tool;
    place.write({ view: board.map.view, tool: name === "select" ? null : name, areas: areas.join(","), by: board.colouredBy === "load" ? "load" : null });
  };
  board.map.ol.on("moveend", write);
  workshop.addEventListener("change", write);
  legend.addEventListener("by", write);
}
