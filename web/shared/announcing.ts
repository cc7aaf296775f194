// Telling everybody, also those who hear the page, what just happened.

import { make } from "./elements.ts";

let region: HTMLElement | null = null;
let ends = 0;

/** Show a line for some seconds, and have it read out. */
export function announce(text: string, seconds = 6): void {
  region ??= document.body.appendChild(make("p", { class: "pill told", role: "status" }));
  region.textContent = text;
  region.hidden = false;
  clearTimeout(ends);
  ends = window.setTimeout(() => region && (region.hidden = true), seconds * 1000);
}
