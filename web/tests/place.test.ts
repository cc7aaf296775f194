import { beforeEach, expect, test, vi } from "vitest";
import { Place } from "../shared/place.ts";

beforeEach(() => {
  const location = { hash: "", pathname: "/planner", search: "" };
  const put = (_state: unknown, _title: string, address: string) => {
    location.hash = address.startsWith("#") ? address : "";
  };
  vi.stubGlobal("location", location);
  vi.stubGlobal("history", { replaceState: vi.fn(put), pushState: vi.fn(put) });
});

test("what is shown stands in the address, and is read back", () => {
  const place = new Place(["plan", "area"]);

  place.write({ plan: "方案 2027", area: "3" });
  expect(place.read()).toEqual({ plan: "方案 2027", area: "3" });

  place.write({ area: null, lang: "en" });
  expect(place.read()).toEqual({ plan: "方案 2027", lang: "en" });
});

test("keys that the page does not know stay out", () => {
  location.hash = "#plan=a&evil=b";
  expect(new Place(["plan"]).read()).toEqual({ plan: "a" });
});

test("a step is one that the browser's way back takes back", () => {
  new Place(["plan"]).write({ plan: "a" }, { step: true });
  expect(history.pushState).toHaveBeenCalledOnce();
  expect(history.replaceState).not.toHaveBeenCalled();
});
