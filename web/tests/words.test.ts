import { beforeEach, expect, test, vi } from "vitest";
import { everywhere } from "../shared/everywhere.ts";
import { stages } from "../shared/progress.ts";
import { begin, ground, isSaid, metres, number, onLanguage, percent, say, titleOf, type Words } from "../shared/words.ts";

const PAGE = { zh: { title: "事件", count: "共 {count} 件，{rest}", only: "只有中文" }, en: { title: "Events", count: "{count} in all, {rest}" } };

function opened(language: "zh" | "en"): void {
  vi.stubGlobal("location", { hash: `#lang=${language}` });
  vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => {} });
  vi.stubGlobal("document", { documentElement: {}, getElementById: () => null, querySelectorAll: () => [], createElement: () => ({ dataset: {}, addEventListener: () => {} }) });
  begin(PAGE);
}

beforeEach(() => opened("zh"));

test("words of a page come in the language of the address, those of every page beside them", () => {
  expect([say("title"), say("cancel")]).toEqual(["事件", "取消"]);
  opened("en");
  expect([say("title"), say("cancel")]).toEqual(["Events", "Cancel"]);
});

test("what has no words in a language is said in Chinese, what has none at all by its key", () => {
  opened("en");
  expect(say("only")).toBe("只有中文");
  expect(say("nobody-knows")).toBe("nobody-knows");
  expect([isSaid("only"), isSaid("nobody-knows"), isSaid("toString")]).toEqual([true, false, false]);
});

test("values go where they are named; what is not given stays to be seen", () => {
  expect(say("count", { count: 3, rest: "{count}" })).toBe("共 3 件，{count}");
  expect(say("count", { count: 3 })).toBe("共 3 件，{rest}");
});

test("figures are written as people write them", () => {
  expect(number(1234567.891, 1)).toBe("1,234,567.9");
  expect([percent(0.1256), percent(0.05, 0, true)]).toEqual(["12.6%", "+5%"]);
  expect([metres(12.34), metres(4560)]).toEqual(["12.3\u00a0m", "4.56\u00a0km"]);
  expect([ground(9500), ground(51_234), ground(510_000)]).toEqual(["9,500\u00a0m²", "0.051\u00a0km²", "0.51\u00a0km²"]);
});

test("a language that is chosen stands in an address that names one", () => {
  const buttons: (() => void)[] = [];
  const addresses: string[] = [];
  opened("en");
  vi.stubGlobal("location", { hash: "#plan=a%26b&lang=en" });
  vi.stubGlobal("history", { state: null, replaceState: (_: unknown, __: string, address: string) => addresses.push(address) });
  const button = () => ({ dataset: {}, addEventListener: (_: string, press: () => void) => buttons.push(press) });
  vi.stubGlobal("document", { documentElement: {}, getElementById: () => null, querySelectorAll: () => [], createElement: button });
  begin(PAGE);
  buttons[0]?.();
  expect([say("title"), addresses]).toEqual(["事件", ["#plan=a%26b&lang=zh"]]);
  vi.stubGlobal("location", { hash: "#plan=a" });
  buttons[1]?.();
  expect([say("title"), addresses.length]).toEqual(["Events", 1]);
});

test("a listener hears the language at once, and no more after it left", () => {
  const heard: string[] = [];
  const leave = onLanguage(() => heard.push(titleOf({ title_zh: "街道", title_en: "Street" })));
  opened("en");
  leave();
  opened("zh");
  expect(heard).toEqual(["街道", "Street"]);
});

// what the service says itself in English has words in Chinese alone
const OWN = /^(of|label)_/;
const PAGES = import.meta.glob<Record<string, Words>>(["../pages/**/*words.ts", "../pages/**/words/*.ts"], { eager: true });
const TABLES: [string, Words][] = [["shared", everywhere], ["progress", stages]];
for (const [file, tables] of Object.entries(PAGES)) for (const table of Object.values(tables)) TABLES.push([file, table]);

test("every page has words", () => expect(TABLES.length).toBeGreaterThan(10));

test.each(TABLES)("%s says the same in both languages", (_, { zh, en }) => {
  const said = (keys: object) => Object.keys(keys).filter((key) => !OWN.test(key)).sort();
  expect(said(en)).toEqual(said(zh));
});
