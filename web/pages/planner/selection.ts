// What is chosen: areas and blocks by their codes. Map, tables and tools show and change the same.

export class Selection extends EventTarget {
  areas = new Set<string>();
  blocks = new Set<string>();

  /** The one area that is chosen; null for none or several. */
  get area(): string | null {
    return this.areas.size === 1 ? ([...this.areas][0] as string) : null;
  }

  /** Choose areas (and blocks), these and no others. */
  set(areas: Iterable<string>, blocks: Iterable<string> = []): void {
    this.areas = new Set(areas);
    this.blocks = new Set(blocks);
    this.#tell();
  }

  /** Choose an area beside the others, or no longer. */
  toggle(area: string): void {
    if (!this.areas.delete(area)) this.areas.add(area);
    this.#tell();
  }

  clear(): void {
    if (this.areas.size || this.blocks.size) this.set([]);
  }

  /** Forget areas that are no more. */
  keep(isThere: (area: string) => boolean): void {
    const left = [...this.areas].filter(isThere);
    if (left.length !== this.areas.size) this.set(left, this.blocks);
  }

  #tell(): void {
    this.dispatchEvent(new Event("change"));
  }
}
