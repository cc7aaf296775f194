// Two languages for every page: words by key, numbers and dates as each language writes them.

import { everywhere } from "./everywhere.ts";

export type Language = "zh" | "en";
/** Words by their keys, in both languages. */
export type Words = Record<Language, Record<string, string>>;
export type Value = string | number;

const KEPT = "gisgov.language";
const TAGS: Record<Language, string> = { zh: "zh-CN", en: "en" };
const NAMES: Record<Language, string> = { zh: "中文", en: "EN" };
const LANGUAGES: Language[] = ["zh", "en"];

const tables: Words = { zh: {}, en: {} };
let language: Language = "zh";
const listeners = new Set<() => void>();

/** Begin with the words of a page; the language is the one of the address, else the one chosen last, else Chinese. */
export function begin(...words: Words[]): void {
  for (const tag of LANGUAGES) tables[tag] = Object.assign({}, everywhere[tag], ...words.map((some) => some[tag]));
  const asked = new URLSearchParams(location.hash.slice(1)).get("lang");
  choose(isLanguage(asked) ? asked : kept());
  const group = document.getElementById("language");
  group?.setAttribute("aria-label", "语言 / Language");
  for (const tag of LANGUAGES) {
    const button = document.createElement("button");
    button.type = "button";
    button.lang = TAGS[tag];
    button.textContent = NAMES[tag];
    button.dataset.language = tag;
    button.addEventListener("click", () => {
      choose(tag);
      tellAddress(tag);
    });
    group?.append(button);
  }
  showChosen();
}

/** Call `listener` now and whenever another language is chosen; the answer ends that. */
export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  listener();
  return () => listeners.delete(listener);
}

/** The language of the moment. */
export function current(): Language {
  return language;
}

/** The words for a key, with `{name}` replaced by the values given; the key itself where there are none. */
export function say(key: string, values: Record<string, Value> = {}): string {
  const text = [tables[language], tables.zh].find((words) => Object.hasOwn(words, key))?.[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Whether there are words for a key. */
export function isSaid(key: string): boolean {
  return Object.hasOwn(tables[language], key) || Object.hasOwn(tables.zh, key);
}

/** The title of a layer or area record in the language of the moment. */
export function titleOf(record: { title_zh: string; title_en: string }): string {
  return language === "zh" ? record.title_zh : record.title_en;
}

export function number(value: number, digits = 0): string {
  return new Intl.NumberFormat(TAGS[language], { maximumFractionDigits: digits }).format(value);
}

/** A share from 0 to 1 as a percentage: 12.5 %; signed where a sign tells something. */
export function percent(share: number, digits = 1, signed = false): string {
  const options: Intl.NumberFormatOptions = { style: "percent", maximumFractionDigits: digits };
  if (signed) options.signDisplay = "exceptZero";
  return new Intl.NumberFormat(TAGS[language], options).format(share);
}

/** Metres as a person says them: 12.3 m, 4.56 km. */
export function metres(value: number): string {
  return value < 1000 ? `${number(value, 1)}\u00a0m` : `${number(value / 1000, 2)}\u00a0km`;
}

/** Square metres as a person says them: 9,500 m², 0.51 km². */
export function ground(area_m2: number): string {
  return area_m2 < 1e4 ? `${number(area_m2)}\u00a0m²` : `${number(area_m2 / 1e6, area_m2 < 1e5 ? 3 : 2)}\u00a0km²`;
}

/** A moment as a person reads it, by the clock of the browser; null where there is none. */
export function moment(text: string | null | undefined): string | null {
  return text ? new Date(text).toLocaleString(TAGS[language], { dateStyle: "medium", timeStyle: "medium" }) : null;
}

/** The same without seconds, and without this year, for lists. */
export function shortMoment(text: string | null | undefined): string | null {
  if (!text) return null;
  const day = new Date(text);
  const year = day.getFullYear() === new Date().getFullYear() ? {} : ({ year: "numeric" } as const);
  const how: Intl.DateTimeFormatOptions = { ...year, month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" };
  return day.toLocaleString(TAGS[language], how).replaceAll(" ", "\u00a0"); // on one line, in a narrow column too
}

function choose(tag: Language): void {
  language = tag;
  document.documentElement.lang = TAGS[tag];
  try {
    localStorage.setItem(KEPT, tag);
  } catch {
    // a browser that keeps nothing still shows the page
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-text]")) {
    element.textContent = say(element.dataset.text ?? "");
  }
  showChosen();
  for (const listener of listeners) listener();
}

/** Where the address names a language, it names the one chosen: else a reload would bring the other back. */
function tellAddress(tag: Language): void {
  const asked = new URLSearchParams(location.hash.slice(1));
  if (!asked.has("lang")) return;
  asked.set("lang", tag);
  history.replaceState(history.state, "", `#${asked}`);
}

function isLanguage(tag: string | null): tag is Language {
  return tag === "zh" || tag === "en";
}

function kept(): Language {
  try {
    const tag = localStorage.getItem(KEPT);
    return isLanguage(tag) ? tag : "zh";
  } catch {
    return "zh";
  }
}

function showChosen(): void {
  for (const button of document.querySelectorAll<HTMLElement>("#language button")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
}
