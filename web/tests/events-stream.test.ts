import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { followEvents, type Line } from "../pages/events/stream.ts";

class Source extends EventTarget {
  static readonly CLOSED = 2;
  static made: Source[] = [];
  readyState = 1;
  onerror: (() => void) | null = null;
  constructor(readonly address: string) {
    super();
    Source.made.push(this);
  }
  close(): void {
    this.readyState = Source.CLOSED;
  }
  tell(kind: string, data: unknown, lastEventId = ""): void {
    this.dispatchEvent(Object.assign(new Event(kind), { data: JSON.stringify(data), lastEventId }));
  }
  break(readyState: number): void {
    this.readyState = readyState;
    this.onerror?.();
  }
}

const page = new EventTarget();

function followed() {
  const heard = { loads: 0, lines: [] as Line[], ids: [] as number[], left: [] as number[], refused: 0 };
  const end = followEvents({
    load: () => heard.loads++,
    event: ({ id }) => heard.ids.push(id),
    left: (id) => heard.left.push(id),
    line: (line) => heard.lines.push(line),
    refused: () => heard.refused++,
  });
  return { heard, end };
}

beforeEach(() => {
  Source.made = [];
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", Source);
  vi.stubGlobal("window", globalThis);
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("the list is loaded as the stream begins, and events are told one by one", () => {
  const { heard } = followed();
  const [stream] = Source.made;
  expect(stream?.address).toBe("/v1/events/stream");
  stream?.tell("ready", {}, "7");
  stream?.tell("event", { id: 3 }, "8");
  stream?.tell("left", { id: 4 });
  expect(heard).toMatchObject({ loads: 1, ids: [3], left: [4], lines: ["connecting", "live"] });
});

test("after a break it goes on where it was, without loading the list anew", () => {
  const { heard } = followed();
  Source.made[0]?.tell("ready", {}, "e:7");
  Source.made[0]?.break(Source.CLOSED);
  expect(heard.lines).toEqual(["connecting", "live", "cut"]);
  expect(heard.refused).toBe(1);
  vi.advanceTimersByTime(5000);
  const [, again] = Source.made;
  expect(again?.address).toBe("/v1/events/stream?last_event_id=e%3A7");
  again?.tell("ready", {}, "e:9");
  expect(heard.loads).toBe(1);
  expect(heard.lines.at(-1)).toBe("live");
});

test("what was not told is loaded", () => {
  const { heard } = followed();
  Source.made[0]?.tell("ready", {}, "7");
  Source.made[0]?.tell("reset", { reason: "too-old" });
  expect(heard.loads).toBe(2);
});

test("a browser that comes again by itself is left alone, and one that is over asks no more", () => {
  const { heard, end } = followed();
  Source.made[0]?.break(0);
  vi.advanceTimersByTime(20_000);
  expect(Source.made).toHaveLength(1);
  expect(heard.refused).toBe(0);
  page.dispatchEvent(new Event("online"));
  expect(Source.made).toHaveLength(2);
  Source.made[1]?.break(Source.CLOSED);
  end();
  vi.advanceTimersByTime(20_000);
  expect(Source.made).toHaveLength(2);
});
