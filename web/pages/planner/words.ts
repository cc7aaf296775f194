// The words of the page.

import type { Words } from "../../shared/words.ts";

export const words: Words = {
  zh: {
    title: "划分",
    subtitle: "编制网格划分方案",
  },
  en: {
    title: "Planning",
    subtitle: "Divide the ground among grids",
  },
};
