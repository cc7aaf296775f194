// The words of the page.

import type { Words } from "../../shared/words.ts";

export const words: Words = {
  zh: {
    title: "事件",
    subtitle: "受理、分拨与处置",
  },
  en: {
    title: "Events",
    subtitle: "Accept, dispatch, follow up",
  },
};
