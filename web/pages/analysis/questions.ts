// The questions of a manager, each a page at /analysis/NAME; a page loads what it asks alone.

import type { Question } from "./answer.ts";

const LOADED: Record<string, () => Promise<{ question: Question }>> = {
  "warning-buildings": () => import("./questions/warning-buildings.ts"),
  changes: () => import("./questions/changes.ts"),
  overloaded: () => import("./questions/overloaded.ts"),
  disposal: () => import("./questions/disposal.ts"),
  vacancies: () => import("./questions/vacancies.ts"),
  "service-coverage": () => import("./questions/service-coverage.ts"),
  trends: () => import("./questions/trends.ts"),
};

/** In the order that they are offered. */
export const NAMES = Object.keys(LOADED);

/** The question that an address asks; null on the overview, undefined where there is none of the name. */
export function nameOf(path: string): string | null | undefined {
  const name = path.replace(/^\/analysis\/?/, "");
  if (!name) return null;
  return NAMES.includes(name) ? name : undefined;
}

export async function questionOf(name: string): Promise<Question> {
  const load = LOADED[name];
  if (!load) throw new Error(name);
  return (await load()).question;
}
