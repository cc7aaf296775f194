// What the service says in English, in Chinese: a catalogue of its texts, read when the first of them is shown.

interface Known {
  pattern: RegExp;
  chinese: string;
}

const LONG_ENOUGH = 12; // what is filled in may be such a text itself; shorter ones are names

let catalogue: Promise<Known[]> | null = null;

/** A text of the service in Chinese; as it is where the catalogue does not have it. */
export async function inChinese(text: string): Promise<string> {
  catalogue ??= import("./service-texts.zh.json").then((read) => compiled(read.default as Record<string, string>));
  return translated(text, await catalogue) ?? text;
}

/** Patterns of texts with `{}` where something is filled in: what says most is tried first. */
export function compiled(texts: Record<string, string>): Known[] {
  const said = (english: string) => english.replaceAll("{}", "").length;
  return Object.entries(texts)
    .sort(([one], [other]) => said(other) - said(one))
    .map(([english, chinese]) => ({ pattern: new RegExp(`^${english.split("{}").map(literal).join("(.*?)")}$`, "s"), chinese }));
}

/** The Chinese of a text, with what was filled in where it belongs; null where it is not known. */
export function translated(text: string, known: readonly Known[]): string | null {
  for (const { pattern, chinese } of known) {
    const filled = pattern.exec(text);
    if (!filled) continue;
    return chinese.replace(/\{(\d)\}/g, (_, place: string) => {
      const inside = filled[Number(place)] ?? "";
      return inside.length < LONG_ENOUGH ? inside : (translated(inside, known) ?? inside);
    });
  }
  return null;
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
