// The words of the page.

import type { Words } from "../../shared/words.ts";

export const words: Words = {
  zh: {
    title: "研判",
    subtitle: "风险、负荷与成效",
  },
  en: {
    title: "Analysis",
    subtitle: "Risk, load and results",
  },
};
