// What the events of a draft tell.

import type { Contested, LoggedOperation, Operation } from "./strokes.ts";

export type Present = { account: string; doing: string | null; seen: string };

/** What an event `blocks` tells: which blocks changed, and whether any of them is new, cut or gone. */
export interface Changed {
  blocks: number[];
  shapes: boolean;
}

/** What an event `news` tells: what others did, and to which blocks. */
export interface News {
  operations: LoggedOperation[];
  blocks: number[];
}

/** What an event `named` tells. */
export interface Named {
  from: string;
  to: string;
}

/** What an event `trouble` tells: an operation that was not done, and why. */
export interface Trouble {
  error: unknown;
  operation: Operation | null;
}

/** What is to be decided: others put these blocks elsewhere while strokes of one's own waited. */
export interface Clash {
  operations: LoggedOperation[];
  blocks: Contested[];
}
