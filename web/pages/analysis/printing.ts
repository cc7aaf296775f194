// A sheet of paper: A3 across, with map, legend and table, and room for the review number and the secrecy.

import { html, type TemplateResult } from "lit";
import { askFor } from "../../shared/dialog.ts";
import { make } from "../../shared/elements.ts";
import { say } from "../../shared/words.ts";

/** What stands on a sheet by order: 审图号 and 密级; lines to write on, where they are empty. */
export interface Slots {
  review: string;
  secrecy: string;
}

/** Ask what is to stand on the sheet; null if nothing is to be printed. */
export async function askForSheet(before: Slots): Promise<Slots | null> {
  const { content, read } = slotFields(before);
  const goes = await askFor({ title: say("printTitle"), content: [make("p", { class: "soft" }, say("printWhat")), ...content], action: say("print") });
  return goes ? read() : null;
}

/** The fields of the slots for a dialog, and what was filled in. */
export function slotFields(before: Slots): { content: HTMLElement[]; read: () => Slots } {
  const review = make("input", { id: "review", maxlength: 60, value: before.review, placeholder: say("reviewExample") });
  const secrecy = make("select", { id: "secrecy" }, ["", "public", "internal", "secret"].map((one) => make("option", { value: one, selected: one === before.secrecy }, say(`secrecy_${one || "none"}`))));
  const entry = (label: string, field: HTMLElement) => make("div", { class: "entry" }, make("label", { for: field.id }, label), field);
  return {
    content: [entry(say("reviewNumber"), review), entry(say("secrecy"), secrecy)],
    read: () => ({ review: review.value.trim(), secrecy: secrecy.value }),
  };
}

/** The head of a sheet; on paper alone. */
export function sheetHead(title: string, scope: string, { secrecy }: Slots): TemplateResult {
  return html`<header class="sheet-head"><h1>${title}</h1><p>${scope}</p><p class="secrecy">${say("secrecy")}：<span class="slot">${secrecy ? say(`secrecy_${secrecy}`) : ""}</span></p></header>`;
}

/** The foot of a sheet. */
export function sheetFoot({ review }: Slots): TemplateResult {
  return html`<footer class="sheet-foot"><span>${say("reviewNumber")}：<span class="slot">${review}</span></span><span>${say("printedBy")} · ${new Date().toLocaleString()}</span></footer>`;
}

/** Call `draw` when a sheet is laid out, and when the screen is back: also where the browser itself is told to print. */
export function keepSheets(draw: (printing: boolean) => void): void {
  const lay = (printing: boolean): void => {
    if (document.body.classList.contains("printing") === printing) return;
    document.body.classList.toggle("printing", printing); // the screen is laid out as the sheet, so that the map has its size
    draw(printing);
  };
  addEventListener("beforeprint", () => lay(true));
  addEventListener("afterprint", () => lay(false));
  addEventListener(LAY, () => lay(true));
}

const LAY = "gisgov:sheet";

/** Lay the sheet out, wait until it is `drawn`, and print. */
export async function printSheet(drawn: () => Promise<void>): Promise<void> {
  dispatchEvent(new Event(LAY));
  await drawn();
  print();
}
