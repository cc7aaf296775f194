// The live stream of events: followed again after every break, from where it broke off; whoever looks is told of it.

import type { Told } from "./rows.ts";

export type Line = "connecting" | "live" | "cut";

export interface Listener {
  /** Load the list anew: something was not told. */
  load: () => void;
  event: (told: Told) => void;
  left: (id: number) => void;
  /** How the line stands, and since when. */
  line: (line: Line, since: number) => void;
  /** The service refused the stream; it is asked again in any case. */
  refused: () => void;
}

const AGAIN = 5_000;

/** Follow all events that whoever is signed in may see; the answer ends that. */
export function followEvents(listener: Listener): () => void {
  let source: EventSource | null = null;
  let again = 0;
  let last: string | null = null;
  let line: Line = "connecting";
  let since = Date.now();

  const stand = (next: Line) => {
    if (next === line && next !== "connecting") return;
    line = next;
    since = Date.now();
    listener.line(line, since);
  };

  const open = () => {
    const isAnew = last === null; // else the stream tells what was missed, before it is ready
    const query = last === null ? "" : `?${new URLSearchParams({ last_event_id: last })}`;
    source = new EventSource(`/v1/events/stream${query}`);
    const on = (kind: string, act: (data: string) => void) =>
      source?.addEventListener(kind, (message) => {
        const { data, lastEventId } = message as MessageEvent<string>;
        if (lastEventId) last = lastEventId;
        act(data);
      });
    on("ready", () => {
      stand("live");
      if (isAnew) listener.load();
    });
    on("event", (data) => listener.event(JSON.parse(data) as Told));
    on("left", (data) => listener.left((JSON.parse(data) as { id: number }).id));
    on("reset", () => {
      last = null;
      listener.load();
    });
    source.onerror = () => {
      stand("cut");
      if (source?.readyState !== EventSource.CLOSED) return; // the browser comes again by itself
      listener.refused();
      clearTimeout(again);
      again = window.setTimeout(open, AGAIN);
    };
  };

  const restart = () => {
    if (line !== "cut") return;
    source?.close();
    clearTimeout(again);
    open();
  };
  const gone = () => stand("cut");
  addEventListener("online", restart);
  addEventListener("offline", gone);
  stand("connecting");
  open();
  return () => {
    removeEventListener("online", restart);
    removeEventListener("offline", gone);
    clearTimeout(again);
    source?.close();
  };
}
