// The columns of a table that somebody chose, as far as a browser can tell: of text files, from their first line.

const ENOUGH = 64 * 1024;
const SEPARATORS = [",", "\t", ";", "|"];

/** The names in the first line; none of a file that is no text. */
export async function columnsOf(file: File): Promise<string[]> {
  if (!/\.(csv|txt|tsv)$/i.test(file.name)) return [];
  return headOf(new Uint8Array(await file.slice(0, ENOUGH).arrayBuffer()));
}

/** The same of the bytes that a file begins with: UTF-8, or else what Chinese offices write. */
export function headOf(bytes: Uint8Array): string[] {
  const [line = ""] = decoded(bytes).replace(/^\uFEFF/, "").split(/\r?\n/, 1);
  const count = (mark: string) => line.split(mark).length;
  const separator = SEPARATORS.reduce((best, mark) => (count(mark) > count(best) ? mark : best));
  return split(line, separator).map((name) => name.trim()).filter(Boolean);
}

function decoded(bytes: Uint8Array): string {
  try {
    // what is cut off at the end is no fault
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

function split(line: string, separator: string): string[] {
  const found: string[] = [];
  let [text, quoted] = ["", false];
  for (const mark of line) {
    if (mark === '"') quoted = !quoted;
    else if (mark === separator && !quoted) {
      found.push(text);
      text = "";
    } else text += mark;
  }
  return [...found, text];
}
