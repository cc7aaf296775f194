// What all subjects share: being fetched, being told what went wrong, and being shown.

import { html, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { Piece } from "../../shared/piece.ts";
import { problem } from "../../shared/problems.ts";
import { ready } from "../../shared/ready.ts";

export abstract class Subject extends Piece {
  @state() protected trouble: unknown = null;
  @state() protected stands = false;

  /** Ask the service for what is shown. */
  protected abstract load(): Promise<void>;

  /** What is shown once it is there. */
  protected abstract body(): TemplateResult;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.again();
  }

  /** Ask anew; what stands stays until the answer is there. */
  protected async again(): Promise<void> {
    await this.attempt(async () => {
      await this.load();
      this.stands = true;
    });
    await this.updateComplete;
    ready();
  }

  /** Do something; what goes wrong is told above what is shown, and nothing of it is lost. */
  protected async attempt(act: () => Promise<void>): Promise<boolean> {
    this.trouble = null;
    try {
      await act();
      return true;
    } catch (error) {
      this.trouble = error;
      await this.updateComplete;
      this.querySelector(".alarm")?.scrollIntoView({ block: "nearest" }); // the form may be far below
      return false;
    }
  }

  protected override render(): TemplateResult {
    const trouble = this.trouble ? problem(this.trouble) : null;
    if (!this.stands) return html`${trouble ?? skeleton()}`;
    return html`${trouble}${this.body()}`;
  }
}

/** Lines in the shape of what comes. */
export function skeleton(): TemplateResult {
  return html`<div class="skeleton" aria-hidden="true">${[1, 2, 3, 4, 5, 6].map(() => html`<div></div>`)}</div>`;
}
