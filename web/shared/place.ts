// The address of a page tells what it shows, so that it can be bookmarked and sent to a colleague.

/** What stands in the address behind `#`, by the keys that a page knows; `lang` is every page's. */
export class Place<K extends string> {
  readonly #keys: readonly (K | "lang")[];

  constructor(keys: readonly K[]) {
    this.#keys = [...keys, "lang"];
  }

  /** What the address asks for. */
  read(): Partial<Record<K | "lang", string>> {
    const asked = new URLSearchParams(location.hash.slice(1));
    const told: Partial<Record<K | "lang", string>> = {};
    for (const key of this.#keys) {
      const value = asked.get(key);
      if (value) told[key] = value;
    }
    return told;
  }

  /**
   * Put what is shown into the address; keys without a value go away.
   * With `step` the browser's way back leads to what was shown before.
   */
  write(changes: Partial<Record<K | "lang", string | number | null | undefined>>, { step = false } = {}): void {
    const shown: Partial<Record<K | "lang", string | number | null | undefined>> = { ...this.read(), ...changes };
    const query = new URLSearchParams();
    for (const key of this.#keys) {
      const value = shown[key];
      if (value !== undefined && value !== null && value !== "") query.set(key, String(value));
    }
    const address = query.size ? `#${query}` : location.pathname + location.search;
    if (step) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
  }

  /** Call `listener` when somebody goes back or forth, or types another address; the answer ends that. */
  onChange(listener: () => void): () => void {
    addEventListener("popstate", listener);
    return () => removeEventListener("popstate", listener);
  }
}
