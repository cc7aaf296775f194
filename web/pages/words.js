// Two languages for every page: words by key, numbers and dates as each language writes them.

import { everywhere } from "./everywhere.js";

const KEPT = "gisgov.language";
const TAGS = { zh: "zh-CN", en: "en" };
const NAMES = { zh: "中文", en: "EN" };

const tables = { zh: {}, en: {} };
let language = "zh";
const listeners = [];

/** Begin with the words of a page; the language is the one of the address, else the one chosen last, else Chinese. */
export function begin(words) {
  for (const tag of Object.keys(TAGS)) tables[tag] = { ...everywhere[tag], ...words[tag] };
  const asked = new URLSearchParams(location.hash.slice(1)).get("lang");
  choose(asked in TAGS ? asked : kept());
  const group = document.getElementById("language");
  group.setAttribute("aria-label", "语言 / Language");
  for (const tag of Object.keys(TAGS)) {
    const button = document.createElement("button");
    button.type = "button";
    button.lang = TAGS[tag];
    button.textContent = NAMES[tag];
    button.dataset.language = tag;
    button.addEventListener("click", () => choose(tag));
    group.append(button);
  }
  showChosen();
}

/** Call `listener` now and whenever another language is chosen. */
export function onLanguage(listener) {
  listeners.push(listener);
  listener();
}

/** The language of the moment: "zh" or "en". */
export function current() {
  return language;
}

/** The words for a key, with `{name}` replaced by the values given. */
export function say(key, values = {}) {
  const table = [tables[language], tables.zh].find((words) => Object.hasOwn(words, key));
  const text = table ? table[key] : key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** The title of a layer or area record in the language of the moment. */
export function titleOf(record) {
  return language === "zh" ? record.title_zh : record.title_en;
}

export function number(value, digits = 0) {
  return new Intl.NumberFormat(TAGS[language], { maximumFractionDigits: digits }).format(value);
}

/** Metres as a person says them: 12.3 m, 4.56 km. */
export function metres(value) {
  return value < 1000 ? `${number(value, 1)}\u00a0m` : `${number(value / 1000, 2)}\u00a0km`;
}

/** A moment as a person reads it, by the clock of the browser; null where there is none. */
export function moment(text) {
  return text ? new Date(text).toLocaleString(TAGS[language], { dateStyle: "medium", timeStyle: "medium" }) : null;
}

function choose(tag) {
  language = tag;
  document.documentElement.lang = TAGS[tag];
  try {
    localStorage.setItem(KEPT, tag);
  } catch {
    // a browser that keeps nothing still shows the page
  }
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = say(element.dataset.text);
  showChosen();
  listeners.forEach((listener) => listener());
}

function kept() {
  try {
    const tag = localStorage.getItem(KEPT);
    return tag in TAGS ? tag : "zh";
  } catch {
    return "zh";
  }
}

function showChosen() {
  for (const button of document.querySelectorAll("#language button")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
}
