// How items of the register are said.

import type { Schema } from "../../shared/asking.ts";
import { number, say } from "../../shared/words.ts";

/** The limits of an item: "办结 1 个工作日"; null where it has none of its own. */
export function limitsText({ limits }: Schema["CategoryInfo"]): string | null {
  const told = Object.entries(limits).map(([stage, amount]) => `${say(`stage_${stage}`)} ${amountText(amount)}`);
  return told.length ? told.join(say("listed")) : null;
}

function amountText(amount: Record<string, unknown>): string {
  return say(`unit_${String(amount.unit)}`, { amount: number(Number(amount.amount), 2) });
}
