// The words of the page.

import type { Words } from "../../shared/words.ts";

export const words: Words = {
  zh: {
    title: "发布方案",
    subtitle: "发布前的影响预览",
  },
  en: {
    title: "Publish a plan",
    subtitle: "What a publication will change",
  },
};
