// All keys, in a dialog.

import { askFor } from "../../shared/dialog.ts";
import { facts, make } from "../../shared/elements.ts";
import { say } from "../../shared/words.ts";
import type { Action } from "./workshop.ts";

export function showKeys(actions: readonly Action[]): void {
  const key = (...names: string[]) => make("span", {}, names.flatMap((name) => [make("kbd", {}, name), " "]));
  const pairs: [string, HTMLElement][] = [
    ...actions.map(({ name, key: one }): [string, HTMLElement] => [say(`tool_${name}`), key(one)]),
    [say("keyArrows"), key("←", "→", "↑", "↓")],
    [say("keySpace"), key("Space")],
    [say("keyEnterPaint"), key("Enter")],
    [say("keyCrosshair"), key("←", "→", "↑", "↓")],
    [say("keySetPoint"), key("Space", "Enter")],
    [say("keyTakeBack"), key("Backspace")],
    [say("keyBorders"), key("Tab")],
    [say("keyBrackets"), key("[", "]")],
    [say("keyEscape"), key("Esc")],
    [say("keyDrag"), key("⊙")],
  ];
  void askFor({ title: say("keysTitle"), content: [facts(pairs, "facts keys-list")] });
}
