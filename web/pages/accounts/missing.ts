// What somebody has still to fill in, and in which field; told like what the service refuses.

import { Problem } from "../../shared/asking.ts";

export class Missing extends Problem {
  /** @param word the key of what is said; @param field the field at fault */
  constructor(
    word: string,
    readonly field: HTMLElement,
  ) {
    super({ type: `/problems/${word}`, detail: "" });
  }
}
