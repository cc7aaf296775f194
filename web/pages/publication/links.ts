// Where links of the page lead.

/** The planner, at a problem or a panel of a draft. */
export function plannerAddress(plan: string, where: { panel?: string; problem?: string } = {}): string {
  return `/planner#${new URLSearchParams({ plan, ...where })}`;
}
