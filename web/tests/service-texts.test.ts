import { expect, test } from "vitest";
import { compiled, inChinese, translated } from "../shared/service-texts.ts";

const KNOWN = compiled({
  "{} is no number.": "{1} 不是数字。",
  "No area is called {} in {}.": "{2} 中没有名为 {1} 的区域。",
  "No area{}.": "没有区域{1}。",
  "Row {}: {}": "第 {1} 行：{2}",
});

test("what was filled in stands where Chinese has it", () => {
  expect(translated("No area is called 'A' in plan.", KNOWN)).toBe("plan 中没有名为 'A' 的区域。");
});

test("the text that says most is the one that is meant", () => {
  expect(translated("No area is called {} in {}.", KNOWN)).toBe("{} 中没有名为 {} 的区域。");
  expect(translated("No area.", KNOWN)).toBe("没有区域。");
});

test("what is filled in may be a text itself", () => {
  expect(translated("Row 3: 'twelve' is no number.", KNOWN)).toBe("第 3 行：'twelve' 不是数字。");
});

test("signs of patterns are only letters here, and lines may break", () => {
  expect(translated("(a|b)\n* is no number.", KNOWN)).toBe("(a|b)\n* 不是数字。");
  expect(translated("No area is called it", KNOWN)).toBeNull();
});

test("the catalogue has the texts of the service, and leaves alone what it does not have", async () => {
  expect(await inChinese("No plan is called 'x'.")).toMatch(/^[^A-Za-z]*'x'[^A-Za-z]*。$/);
  expect(await inChinese("Nobody says this.")).toBe("Nobody says this.");
});
