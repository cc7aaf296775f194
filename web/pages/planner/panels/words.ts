// The words of the panels, together.

import { changeWords } from "../../../shared/plan-changes.ts";
import type { Words } from "../../../shared/words.ts";
import { areasWords } from "./words/areas.ts";
import { compareWords } from "./words/compare.ts";
import { historyWords } from "./words/history.ts";
import { plansWords } from "./words/plans.ts";
import { problemsWords } from "./words/problems.ts";
import { rebaseWords } from "./words/rebase.ts";
import { redivideWords } from "./words/redivide.ts";

const PARTS: Words[] = [changeWords, areasWords, problemsWords, rebaseWords, historyWords, compareWords, redivideWords, plansWords];

export const panelWords: Words = {
  zh: Object.assign({}, ...PARTS.map(({ zh }) => zh)),
  en: Object.assign({}, ...PARTS.map(({ en }) => en)),
};
