// The tools at work: which one is taken, what keys and the pointer mean to it, and what is done without one.

import type MapBrowserEvent from "ol/MapBrowserEvent.js";
import { announce } from "../../shared/announcing.ts";
import { say } from "../../shared/words.ts";
import type { Board } from "./board.ts";
import { Cursor } from "./cursor.ts";
import type { Sign } from "./icons.ts";
import { ARROWS } from "./in-view.ts";
import { Border } from "./tools/border.ts";
import { Paint } from "./tools/paint.ts";
import { Select } from "./tools/select.ts";
import { Split } from "./tools/split.ts";
import type { Tool, ToolName } from "./tools/tool.ts";

export type PanelName = "areas" | "problems" | "history" | "compare" | "redivide" | "plans";

const KEYS_OF_MAP = [" ", "Enter", "Tab"]; // elsewhere they are what they are on every page

/** What is beside the map. */
export interface Panel {
  open: (name: PanelName) => void;
  /** Step to the next problem. */
  next: () => void;
}

/** Something with a sign and a key: a tool that stays taken, or something that is done at once. */
export interface Action {
  name: Sign;
  key: string;
  changes: boolean;
  run: () => void;
  isPressed?: () => boolean;
  isIdle?: () => boolean;
}

/** Event `change`: another tool, or what its bar shows. */
export class Workshop extends EventTarget {
  readonly board: Board;
  readonly cursor: Cursor;
  readonly actions: Action[];
  readonly #tools: Record<ToolName, Tool>;
  readonly #panel: Panel;
  #tool: Tool;

  constructor(board: Board, panel: Panel, showKeys: () => void) {
    super();
    [this.board, this.#panel] = [board, panel];
    this.cursor = new Cursor(board);
    const bench = { board, cursor: this.cursor, refresh: () => this.#tell(), take: (name: ToolName) => this.take(name) };
    this.#tools = { select: new Select(bench), paint: new Paint(bench), border: new Border(bench), split: new Split(bench) };
    this.#tool = this.#tools.select;
    this.#tool.begin();
    this.actions = this.#listed(showKeys);
    const { ol } = board.map;
    ol.on("click", (event) => this.#tool.click?.(event as MapBrowserEvent));
    board.selection.addEventListener("change", () => this.#tell());
  }

  get tool(): Tool {
    return this.#tool;
  }

  take(name: ToolName): void {
    if (this.board.draft.readonly && name !== "select") return;
    if (this.#tool.name !== name) {
      this.#tool.end();
      this.#tool = this.#tools[name];
      this.#tool.begin();
    }
    this.#tell();
  }

  /** Take a key that was pressed anywhere but in a field. */
  key(event: KeyboardEvent, isOnMap: boolean): boolean {
    const command = event.ctrlKey || event.metaKey;
    if (event.altKey) return false;
    if (command) return this.#command(event);
    if ((isOnMap || !(event.key in ARROWS || KEYS_OF_MAP.includes(event.key))) && this.#tool.key?.(event)) return true;
    if (isOnMap && this.cursor.key(event)) return true;
    if (event.key === "Escape") return this.#leave();
    const action = this.actions.find(({ key }) => key === (event.key.length === 1 ? event.key.toUpperCase() : event.key));
    if (!action || event.repeat) return false;
    if (!action.changes || !this.board.draft.readonly) action.run(); // what lacks something says so
    if (action.changes && action.isPressed?.()) this.board.map.ol.getTargetElement()?.focus({ preventScroll: true }); // arrows go on from here
    return true;
  }

  merge(): void {
    const { draft, selection } = this.board;
    const areas = [...selection.areas];
    if (areas.length < 2) return announce(say("mergeChoose"));
    const locked = areas.find((area) => draft.areas.get(area)?.locked);
    if (locked) return announce(say("lockedArea", { area: draft.nameOf(locked) }));
    const people = (area: string) => draft.areas.get(area)?.load ?? draft.areas.get(area)?.population ?? 0;
    const into = areas.reduce((best, area) => (people(area) > people(best) ? area : best));
    void draft.operate({ kind: "merge", areas, into });
    selection.set([into]);
  }

  lock(): void {
    const { draft, selection } = this.board;
    const areas = [...selection.areas];
    if (!areas.length) return announce(say("lockChoose"));
    const isLocked = areas.every((area) => draft.areas.get(area)?.locked);
    void draft.operate({ kind: isLocked ? "unlock" : "lock", areas });
  }

  undo(): void {
    void this.board.draft.undo();
  }

  redo(): void {
    void this.board.draft.redo();
  }

  #listed(showKeys: () => void): Action[] {
    const { draft, selection } = this.board;
    const tool = (name: ToolName, key: string): Action => ({ name, key, changes: name !== "select", run: () => this.take(name), isPressed: () => this.#tool.name === name });
    return [
      tool("select", "V"),
      tool("paint", "B"),
      tool("border", "E"),
      tool("split", "S"),
      { name: "merge", key: "M", changes: true, run: () => this.merge(), isIdle: () => selection.areas.size < 2 },
      { name: "lock", key: "L", changes: true, run: () => this.lock(), isIdle: () => !selection.areas.size },
      { name: "redivide", key: "R", changes: true, run: () => this.#panel.open("redivide") },
      { name: "next", key: "N", changes: false, run: () => this.#panel.next() },
      { name: "compare", key: "C", changes: false, run: () => this.#panel.open("compare") },
      { name: "undo", key: "Ctrl+Z", changes: true, run: () => this.undo(), isIdle: () => !draft.undoable && !draft.waiting },
      { name: "redo", key: "Ctrl+Y", changes: true, run: () => this.redo(), isIdle: () => !draft.redoable },
      { name: "keys", key: "?", changes: false, run: showKeys },
    ];
  }

  #command(event: KeyboardEvent): boolean {
    if (this.board.draft.readonly) return false;
    const key = event.key.toLowerCase();
    const name = key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : null;
    const action = this.actions.find((one) => one.name === name);
    if (!action) return false;
    if (!action.isIdle?.()) action.run();
    return true;
  }

  #leave(): boolean {
    const { selection } = this.board;
    if (this.cursor.block >= 0) this.cursor.hide();
    else if (this.#tool.name !== "select") this.take("select");
    else if (selection.areas.size || selection.blocks.size) selection.clear();
    else return false;
    return true;
  }

  #tell(): void {
    this.dispatchEvent(new Event("change"));
  }
}
