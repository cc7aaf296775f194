// Asking somebody something before the page goes on: the browser's own dialog, with its focus and its Escape.

import { make, type Child } from "./elements.ts";
import { say } from "./words.ts";

export interface Asked {
  title: string;
  content: Child[];
  /** What the button says that goes on; none where something is only read. */
  action?: string;
  /** Called before the dialog closes with yes; what it throws is told in the dialog, which stays open. */
  act?: () => Promise<void> | void;
  /** How what went wrong is told. */
  trouble?: (error: unknown) => HTMLElement;
}

/** Open a dialog; the answer is whether somebody went on. */
export function askFor({ title, content, action, act, trouble }: Asked): Promise<boolean> {
  return new Promise((resolve) => {
    let went = false;
    let busy = false;
    const wrong = make("div", { "aria-live": "polite" });
    const go = make("button", { type: "submit", class: "primary" }, action ?? say("close"));
    const stop = make("button", { type: "button", onclick: () => dialog.close() }, say("cancel"));
    const form: HTMLFormElement = make(
      "form",
      { class: "sheet", novalidate: false },
      make("h2", { id: "dialog-title" }, title),
      ...content,
      wrong,
      make("div", { class: "send" }, go, action === undefined ? null : stop),
    );
    const dialog: HTMLDialogElement = make("dialog", { class: "asked", "aria-labelledby": "dialog-title" }, form);
    form.addEventListener("submit", async (event: Event) => {
      event.preventDefault();
      busy = go.disabled = stop.disabled = true;
      try {
        await act?.();
        went = true;
        dialog.close();
      } catch (error) {
        wrong.replaceChildren(trouble ? trouble(error) : String(error));
      } finally {
        busy = go.disabled = stop.disabled = false;
      }
    });
    // what was sent cannot be called back: its end is waited for, and told
    dialog.addEventListener("cancel", (event) => busy && event.preventDefault());
    dialog.addEventListener("close", () => {
      if (busy) return dialog.showModal(); // browsers let a second Escape through
      dialog.remove();
      resolve(went);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
