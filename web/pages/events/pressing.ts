// Keys of the page: what is open goes a step further by one of them. They can be put away in the settings.

import { wishes } from "./alarm.ts";
import type { Desk } from "./desk.ts";
import type { EventDetail } from "./detail.ts";
import { KEYS } from "./steps.ts";

interface Parts {
  desk: Desk;
  detail: EventDetail;
  /** Begin a new event. */
  begin: () => void;
  close: () => void;
}

const FIELDS = "input, textarea, select, [contenteditable]";

export function listenToKeys({ desk, detail, begin, close }: Parts): void {
  const acts: Record<string, () => void> = {
    n: begin,
    b: begin, // a scanner types into the field that has the focus then
    w: () => desk.chosen !== null && detail.whistle(),
    "/": () => document.getElementById("seek")?.focus(),
  };
  for (const [action, key] of Object.entries(KEYS)) acts[key] = () => desk.chosen !== null && void detail.stepBy(action);
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return close();
    if (!wishes().keys || (event.target as Element).closest(FIELDS)) return;
    const act = acts[event.key.toLowerCase()];
    if (!act || event.repeat) return;
    event.preventDefault();
    act();
  });
}
