// The words of the page.

import type { Words } from "../../shared/words.ts";

export const words: Words = {
  zh: {
    title: "管理",
    subtitle: "网层、清单、规则与数据",
  },
  en: {
    title: "Administration",
    subtitle: "Layers, register, rules and data",
  },
};
