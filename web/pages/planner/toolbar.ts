// The tools beside the map, with their keys; and the bar of the tool that is taken.

import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { none, Piece } from "../../shared/piece.ts";
import { say } from "../../shared/words.ts";
import { sign } from "./icons.ts";
import type { Action, Workshop } from "./workshop.ts";

@customElement("planner-tools")
export class Tools extends Piece {
  @property({ attribute: false }) workshop!: Workshop;

  override connectedCallback(): void {
    super.connectedCallback();
    this.workshop.addEventListener("change", () => this.requestUpdate());
    this.workshop.board.draft.addEventListener("state", () => this.requestUpdate());
  }

  protected override render() {
    const isReadonly = this.workshop.board.draft.readonly;
    const shown = this.workshop.actions.filter(({ changes }) => !changes || !isReadonly);
    return html`<div class="toolbar upright" role="toolbar" aria-orientation="vertical" aria-label=${say("tools")} @keydown=${this.#rove}>
      ${shown.map((action, i) => this.#button(action, i === 0))}
    </div>`;
  }

  #button({ name, key, run, isPressed, isIdle }: Action, isFirst: boolean) {
    const pressed = isPressed?.();
    const title = say(`tool_${name}`);
    const stop = pressed || (isFirst && !this.workshop.actions.some((one) => one.isPressed?.())) ? 0 : -1;
    return html`<button type="button" class="tool" data-tool=${name} title="${title} (${key})" aria-label=${title} aria-keyshortcuts=${key.replace("Ctrl", "Control")}
      aria-pressed=${pressed === undefined ? none : pressed} aria-disabled=${isIdle?.() ? "true" : none} tabindex=${stop} @click=${run}>${sign(name)}</button>`;
  }

  /** Arrows lead from tool to tool: the bar is one stop of Tab. */
  #rove(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const buttons = [...this.querySelectorAll<HTMLButtonElement>("button")];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const next = buttons[(at + step + buttons.length) % buttons.length];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next?.focus();
    event.preventDefault();
    event.stopPropagation();
  }
}

@customElement("planner-bar")
export class ToolBar extends Piece {
  @property({ attribute: false }) workshop!: Workshop;

  override connectedCallback(): void {
    super.connectedCallback();
    const draw = () => this.requestUpdate();
    this.workshop.addEventListener("change", draw);
    this.workshop.board.draft.addEventListener("areas", draw);
  }

  protected override render() {
    return this.workshop.board.draft.readonly && this.workshop.tool.name !== "select" ? none : this.workshop.tool.bar();
  }
}
