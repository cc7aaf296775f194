// The dispatcher's page: events as they come, on a list and a map, what is open, and what may be done with it.

import "../../shared/keys.ts";
import "../../shared/map/legend.ts";
import "./detail.ts";
import "./facets.ts";
import "./list.ts";
import "./report.ts";
import "./settings.ts";
import { Problem, service, told } from "../../shared/asking.ts";
import { byId } from "../../shared/elements.ts";
import { may, openHead } from "../../shared/head.ts";
import type { Legend } from "../../shared/map/legend.ts";
import { problem } from "../../shared/problems.ts";
import { ready } from "../../shared/ready.ts";
import { begin, onLanguage, say } from "../../shared/words.ts";
import { Desk } from "./desk.ts";
import type { EventDetail } from "./detail.ts";
import { EventMap } from "./event-map.ts";
import { eventWords } from "./event-words.ts";
import { Ground } from "./ground.ts";
import { listenToKeys } from "./pressing.ts";
import { layersFromTop, readWords } from "./register.ts";
import { readFirst } from "./reading.ts";
import type { EventReport } from "./report.ts";
import type { Told } from "./rows.ts";
import { followEvents, type Line } from "./stream.ts";
import { words } from "./words.ts";

const AREAS_AGAIN = 300_000; // milliseconds until the areas are looked at anew

async function open(): Promise<void> {
  begin(words, eventWords);
  try {
    const [first] = await Promise.all([readFirst(), readWords(), openHead()]); // who may not see events is told so
    work(first);
  } catch (error) {
    byId("content").classList.replace("desk", "refused");
    byId("content").replaceChildren(problem(error));
    ready();
  }
}

function work(first: Told[]): void {
  const report = byId<EventReport>("report");
  const ground = new Ground();
  const map = new EventMap(byId("map"), {
    event: ({ id }) => desk.open(id),
    ground: (lon, lat) => (report.hidden ? ground.ask(lon, lat) : report.setPlace(lon, lat)),
    hover: (lon, lat) => ground.hover(lon, lat),
    leave: () => ground.leave(),
    over: (cluster) => ground.over(cluster),
    isPlacing: () => !report.hidden,
  });
  const desk: Desk = new Desk(map, showPanel);
  const mayReport = may("events.report");
  const begun = (lon?: number, lat?: number) => {
    if (!mayReport) return;
    if (desk.chosen !== null) desk.close();
    if (report.hidden) report.begin();
    showPanel("report");
    if (lon !== undefined && lat !== undefined) report.setPlace(lon, lat);
    report.takeScan();
  };

  const leave = () => {
    if (report.hidden) return void (desk.chosen !== null && desk.close());
    map.setPlace(null);
    showPanel(null);
  };

  byId("new").hidden = !mayReport;
  byId("new").addEventListener("click", () => begun());
  ground.onFilter = (key) => desk.wantArea(key);
  ground.onReport = mayReport ? begun : null;
  report.addEventListener("place", (event) => map.setPlace((event as CustomEvent<[number, number]>).detail));
  report.addEventListener("near", (event) => map.district.show(...(event as CustomEvent<[number, number]>).detail, 17));
  report.addEventListener("centre", () => report.setPlace(...middle(map)));
  report.addEventListener("close", leave);
  report.addEventListener("reported", (event) => {
    map.setPlace(null);
    desk.open((event as CustomEvent<number>).detail);
  });
  byId("detail").addEventListener("locate", () => desk.locate());
  listenToKeys({ desk, detail: byId<EventDetail>("detail"), begin: begun, close: leave });
  keepView(map, desk);
  keepShape();
  byId("map").addEventListener("keydown", ({ key }) => key === "Enter" && void ground.ask(...middle(map)));
  map.district.ol.on("moveend", () => document.activeElement === byId("map") && ground.hover(...middle(map), say("middle")));
  onLanguage(tellSigns);
  onLanguage(tellLine);
  void map.showAreas(layersFromTop()).then(() => restoreView(map, desk));
  setInterval(() => map.refreshAreas(), AREAS_AGAIN);

  desk.board.load(first);
  desk.openAsAsked();
  followEvents({
    load: () => void desk.load().then(calm, trouble),
    event: (event) => desk.put(event),
    left: (id) => desk.board.drop(id),
    line: showLine,
    refused: () => void told(service.GET("/v1/events", { params: { query: { limit: 1 } } })).then(calm, trouble),
  });
}

/** Which of the panels beside the map is open; none leaves the map its room. */
function showPanel(which: "detail" | "report" | null): void {
  byId("detail").hidden = which !== "detail";
  byId("report").hidden = which !== "report";
  byId("panel").hidden = which === null;
  byId("content").classList.toggle("open", which !== null);
  if (which) byId("panel").querySelector<HTMLElement>(`#${which} h2`)?.focus();
}

/** On paper the map keeps its shape, and fills the width. */
function keepShape(): void {
  const stage = byId("map").parentElement as HTMLElement;
  addEventListener("beforeprint", () => (stage.style.aspectRatio = `${stage.clientWidth} / ${stage.clientHeight}`));
  addEventListener("afterprint", () => (stage.style.aspectRatio = ""));
}

function middle(map: EventMap): [number, number] {
  const [wide, high] = map.district.ol.getSize() ?? [0, 0];
  return map.district.at([(wide ?? 0) / 2, (high ?? 0) / 2]);
}

function keepView(map: EventMap, desk: Desk): void {
  map.district.ol.on("moveend", () => {
    if (map.isHome) desk.place.write({ view: map.district.view });
  });
}

function restoreView(map: EventMap, desk: Desk): void {
  const { view } = desk.place.read();
  if (view) map.district.view = view;
  map.isHome = true;
}

let line: { stands: Line; since: number } = { stands: "connecting", since: Date.now() };

function showLine(stands: Line, since: number): void {
  line = { stands, since };
  tellLine();
}

function tellLine(): void {
  const { stands, since } = line;
  const place = byId("line");
  place.className = `status ${{ live: "good", cut: "bad", connecting: "busy" }[stands]}`;
  const at = new Date(since).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  place.textContent = say(`line_${stands}`, { since: at });
}

function trouble(error: unknown): void {
  if (error instanceof Problem && error.kind === "unreachable") return; // the line says so
  byId("trouble").replaceChildren(problem(error));
}

function calm(): void {
  byId("trouble").replaceChildren();
}

/** What the shapes and colours of the map mean, and the names of its parts. */
function tellSigns(): void {
  for (const part of document.querySelectorAll<HTMLElement>("[data-label]")) part.setAttribute("aria-label", say(part.dataset.label ?? ""));
  const levels = ["1", "2", "3"].map((level) => ({ key: level, sign: `level-${level}`, label: say(`level_${level}`) }));
  const limits = ["overdue", "due-soon", "running", "none"].map((stands) => ({ key: stands, sign: `stands ${stands}`, label: say(`due_${stands}`) }));
  (byId("legend") as Legend).groups = [{ keys: [...levels, ...limits] }];
}

void open();
