// A name for a new draft: the next year of a plan that is named by its year, else one letter more.

const MOST_YEARS = 50;

export function suggestedName(plan: string, taken: readonly string[]): string {
  const known = new Set(taken);
  const dated = /^(.*?)((?:19|20)\d\d)(\D*)$/.exec(plan);
  if (dated) {
    const [, head, year] = dated;
    for (let next = Number(year) + 1; next < Number(year) + MOST_YEARS; next++) if (!known.has(`${head}${next}`)) return `${head}${next}`;
  }
  for (let count = 2; ; count++) if (!known.has(`${plan}-${count}`)) return `${plan}-${count}`;
}
