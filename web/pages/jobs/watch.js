// How a running job goes on, told by the service as it happens; whoever asks again from time to time misses nothing.

const MOST_FAULTS = 3;

export class Watch {
  #source;
  #faults = 0;

  /** @param onJob the job as it stands, as often as the service tells */
  constructor(id, onJob) {
    this.#source = new EventSource(`/v1/jobs/${encodeURIComponent(id)}/progress`);
    this.#source.addEventListener("job", ({ data }) => {
      this.#faults = 0;
      onJob(JSON.parse(data));
    });
    this.#source.addEventListener("error", () => {
      this.#faults += 1;
      if (this.#faults >= MOST_FAULTS) this.leave();
    });
  }

  leave() {
    this.#source.close();
  }
}
