// A part of a page, as an element: drawn by Lit, in the page's own styles, anew when the language changes.

import { LitElement, nothing } from "lit";
import { onLanguage } from "./words.ts";

export class Piece extends LitElement {
  #ended = () => {};

  // no shadow: page.css, printing, labels and `aria-labelledby` go through
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#ended = onLanguage(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#ended();
  }
}

/** What a template shows where there is nothing to show. */
export const none = nothing;
