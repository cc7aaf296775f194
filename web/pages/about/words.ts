// The words of the page about gisgov.

import type { Words } from "../../shared/words.ts";

export const words: Words = {
  zh: {
    title: "关于 gisgov",
    subtitle: "组成与许可",
    what: "gisgov {version}：网格治理的空间数据服务。",
    own: "gisgov 以 Apache-2.0 许可发布。页面不向本服务以外的任何地址发出请求。",
    carried: "页面所含的开源软件",
    package: "软件",
    version: "版本",
    licence: "许可",
    text: "许可全文",
    read: "查看",
  },
  en: {
    title: "About gisgov",
    subtitle: "What it is made of",
    what: "gisgov {version}: the spatial service of governance by grids.",
    own: "gisgov is published under Apache-2.0. Its pages ask nothing of any address but this service's own.",
    carried: "Open-source software that the pages carry",
    package: "Package",
    version: "Version",
    licence: "Licence",
    text: "Text",
    read: "Read",
  },
};
