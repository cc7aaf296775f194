// Colours of maps, as on the printed ones (maps/palette.py): told apart by the colour-blind and in grey.

export const RISK = { safe: "#f2d866", general: "#e07b1f", warning: "#9b1237", unclassified: "#c9c6bf" } as const;
export type RiskClass = keyof typeof RISK;
/** From the worst down. */
export const RISK_CLASSES: readonly RiskClass[] = ["warning", "general", "safe", "unclassified"];

/** What became of a class from one day to another. */
export const CHANGES = { worse: "#7b0d33", better: "#2f6ea8" } as const;

/** For counts and shares, from few to many. */
export const SEQUENCE = ["#fdf3d0", "#fbd27a", "#f3a04a", "#d9652b", "#a83420"] as const;

/** For how far a load is off its target: far below … within the band … far above. */
export const DEVIATION = ["#2b6ca3", "#8fbcd9", "#e9e6dc", "#eeb072", "#b8561b"] as const;

/** The colour of a deviation (0 = on target), by the band that is free and the limit. */
export function deviationColour(deviation: number, band = 0.05, limit = 0.1): string {
  if (deviation < -limit) return DEVIATION[0];
  if (deviation < -band) return DEVIATION[1];
  if (deviation <= band) return DEVIATION[2];
  return deviation <= limit ? DEVIATION[3] : DEVIATION[4];
}

/** Fills for areas of which neighbours are to be told apart; those of one area never change. */
export const AREAS = ["#cfe0ea", "#f3dfc1", "#d9e8cf", "#eed3d6", "#dcd5ea", "#f2ecc4", "#cfe5e0", "#ead9c9"] as const;

/** The class (0 …) that a value falls in, by the limits between the classes; one at a limit belongs to the class above. */
export function classOf(value: number, limits: readonly number[]): number {
  const at = limits.findIndex((limit) => value < limit);
  return at < 0 ? limits.length : at;
}
