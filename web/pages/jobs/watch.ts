// How a running job goes on, told by the service as it happens; whoever asks again from time to time misses nothing.

import type { Schema } from "../../shared/asking.ts";

const MOST_FAULTS = 3;

export class Watch {
  readonly #source: EventSource;
  #faults = 0;

  /** @param onJob the job as it stands, as often as the service tells */
  constructor(id: string, onJob: (job: Schema["JobInfo"]) => void) {
    this.#source = new EventSource(`/v1/jobs/${encodeURIComponent(id)}/progress`);
    this.#source.addEventListener("job", ({ data }: MessageEvent<string>) => {
      this.#faults = 0;
      onJob(JSON.parse(data) as Schema["JobInfo"]);
    });
    this.#source.addEventListener("error", () => {
      this.#faults += 1;
      if (this.#faults >= MOST_FAULTS) this.leave();
    });
  }

  leave(): void {
    this.#source.close();
  }
}
