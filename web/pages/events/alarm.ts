// What this desk wants to be told of by sound and light, kept in the browser; no sound unless somebody wishes it.

import { STANDINGS, type Row } from "./rows.ts";

export interface Wishes {
  sound: boolean;
  /** The lowest level of new events that are told of. */
  level: "1" | "2" | "3";
  /** Whether events that become overdue are told of. */
  overdue: boolean;
  /** Whether single keys take steps. */
  keys: boolean;
}

const KEPT = "gisgov.events.wishes";
const NOBODY: Wishes = { sound: false, level: "2", overdue: true, keys: true };

export function wishes(): Wishes {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Partial<Wishes>;
    return { ...NOBODY, ...kept };
  } catch {
    return NOBODY;
  }
}

export function keepWishes(changed: Partial<Wishes>): Wishes {
  const all = { ...wishes(), ...changed };
  try {
    localStorage.setItem(KEPT, JSON.stringify(all));
  } catch {
    // a browser that keeps nothing forgets them with the page
  }
  return all;
}

/** Those of some new events that are told of. */
export function grave(rows: readonly Row[], { level }: Pick<Wishes, "level">): Row[] {
  return rows.filter((row) => (row.level ?? "3") >= level); // nobody knows yet how grave one without a level is
}

/** Those of some events that became overdue between two moments. */
export function lapsed(rows: Iterable<Row>, before: number, now: number): Row[] {
  const found: Row[] = [];
  for (const row of rows) if (row.due !== null && row.due >= before && row.due < now) found.push(row);
  return found;
}

let sounding: AudioContext | null = null;

/** Two short notes; made by the browser, no file. */
export function ring(worst: (typeof STANDINGS)[number] = "running"): void {
  try {
    sounding ??= new AudioContext();
    void sounding.resume();
    const [low, high] = worst === "overdue" ? [660, 440] : [660, 880];
    [low, high].forEach((pitch, at) => note(sounding as AudioContext, pitch, at * 0.18));
  } catch {
    // a machine without sound shows the flash alone
  }
}

function note(context: AudioContext, pitch: number, after: number): void {
  const begin = context.currentTime + after;
  const [tone, loudness] = [context.createOscillator(), context.createGain()];
  tone.frequency.value = pitch;
  loudness.gain.setValueAtTime(0.0001, begin);
  loudness.gain.exponentialRampToValueAtTime(0.2, begin + 0.02);
  loudness.gain.exponentialRampToValueAtTime(0.0001, begin + 0.16);
  tone.connect(loudness).connect(context.destination);
  tone.start(begin);
  tone.stop(begin + 0.17);
}

/** Let the page light up once; where motion is not wanted, its frame changes colour instead. */
export function flash(element: HTMLElement): void {
  element.classList.remove("flashes");
  void element.offsetWidth; // begins the animation anew
  element.classList.add("flashes");
  setTimeout(() => element.classList.remove("flashes"), 1600);
}
