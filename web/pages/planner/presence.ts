// Who else is in a draft. Asking for that tells of a new revision too, and whether the service can be reached.

import { Problem, sent } from "../../shared/asking.ts";
import type { Draft, Present } from "./draft.ts";

const EVERY_MS = 5000;

interface Presence {
  revision: number;
  others: Present[];
}

/** Tell every few seconds that one is here, and what one does; the answer ends that. */
export function keepPresent(draft: Draft, doing: () => string | null): () => void {
  const ended = new AbortController();
  const tell = async () => {
    if (document.hidden) return;
    try {
      const { revision, others } = await told(draft.plan, doing(), ended.signal);
      draft.met(others);
      await draft.heard(revision);
    } catch (error) {
      if (error instanceof Problem) draft.lost(error.kind === "unreachable");
      else if (!ended.signal.aborted) throw error;
    }
  };
  void tell();
  const every = setInterval(() => void tell(), EVERY_MS);
  const seen = () => void tell();
  document.addEventListener("visibilitychange", seen);
  return () => {
    clearInterval(every);
    document.removeEventListener("visibilitychange", seen);
    ended.abort();
  };
}

async function told(plan: string, doing: string | null, signal: AbortSignal): Promise<Presence> {
  const address = new URL(`/v1/plans/${encodeURIComponent(plan)}/presence`, location.origin);
  const headers = { "Content-Type": "application/json" };
  const answer = await sent(new Request(address, { method: "PUT", headers, body: JSON.stringify({ doing }), signal }));
  return (await answer.json()) as Presence;
}
