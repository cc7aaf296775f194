import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "../shared/asking.ts";
import { problem } from "../shared/problems.ts";

/** As much of an element as is needed to read what a box says. */
class Piece {
  children: (Piece | string)[] = [];
  addEventListener() {}
  setAttribute() {}
  append(...children: (Piece | string)[]) {
    this.children.push(...children);
  }
  get textContent(): string {
    return this.children.map((child) => (typeof child === "string" ? child : child.textContent)).join("");
  }
}

beforeEach(() => vi.stubGlobal("document", { createElement: () => new Piece() }));
afterEach(() => vi.unstubAllGlobals());

const told = (hint: string) => problem(new Problem({ type: "/problems/gone-astray", detail: "There is no such plan.", hint })).textContent;

test("a hint is shown that can be followed on a page", () => {
  expect(told("Give `x` first.")).toContain("There is no such plan. Give x first.");
});

test("commands are not for those who look at a page", () => {
  expect(told("`gisgov plan list` shows them all.")).toMatch(/There is no such plan\. $/);
  expect(told("Run `make web` in the project folder.")).not.toContain("make");
});
