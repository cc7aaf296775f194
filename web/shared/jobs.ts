// A job of the service, waited for: how far it is as it goes on, in the end what it made.
//
//   const job = await jobDone(await told(service.POST("/v1/exports", { body })), (now) => show(bar(now.progress)), signal);

import { Problem, service, told, type Schema } from "./asking.ts";

const FIRST_MS = 250;
const LATER_MS = 1000;
const AWAY = ["unreachable", "unavailable", "database-unavailable", "too-many-requests"];
const MOST_FAULTS = 5; // in a row: a network that is away for a moment ends nothing

/** What every long work tells of itself: jobs of any kind, checks, re-divisions. */
export interface Standing {
  id: string;
  state: Schema["JobInfo"]["state"];
  progress: Schema["JobInfo"]["progress"];
  problem: Schema["JobInfo"]["problem"];
}

/** Wait until a job has ended; what it failed of is thrown as a `Problem`. */
export function jobDone(
  job: Schema["JobInfo"],
  onProgress: (job: Schema["JobInfo"]) => void = () => {},
  signal?: AbortSignal,
): Promise<Schema["JobInfo"]> {
  const look = () => told(service.GET("/v1/jobs/{id}", { params: { path: { id: job.id } }, signal: signal ?? null }));
  return whenDone(job, look, onProgress, signal);
}

/** The same of anything that stands as jobs do, looked at by `look`. */
export async function whenDone<T extends Standing>(
  first: T,
  look: () => Promise<T>,
  onProgress: (now: T) => void = () => {},
  signal?: AbortSignal,
): Promise<T> {
  let [now, wait, faults] = [first, FIRST_MS, 0];
  for (;;) {
    onProgress(now);
    if (now.state === "done") return now;
    if (now.state === "failed" || now.state === "cancelled") throw problemOf(now);
    await passed(wait, signal);
    wait = Math.min(LATER_MS, wait * 1.5);
    try {
      now = await look();
      faults = 0;
    } catch (error) {
      faults += 1;
      const away = error instanceof Problem && AWAY.includes(error.kind);
      if (!away || faults >= MOST_FAULTS) throw error;
    }
  }
}

function problemOf({ state, problem }: Standing): Problem {
  return new Problem(problem ? { ...problem, hint: problem.hint ?? "" } : { type: `/problems/${state}`, detail: "" });
}

function passed(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("", "AbortError"));
    });
  });
}
