// How buildings are drawn by their class: far out by cells whose warning buildings have a circle, close up one by one.

import type { FeatureLike } from "ol/Feature.js";
import { Circle, Fill, RegularShape, Stroke, Style } from "ol/style.js";
import { CHANGES, RISK, type RiskClass } from "../../shared/map/palette.ts";

const HATCH_PX = 6;
const DRAWN: RiskClass[] = ["warning", "general"];

/** The radius of a circle in pixels whose ground is in proportion to a number of buildings. */
export function radius(count: number): number {
  return Math.min(22, 2.2 + 1.5 * Math.sqrt(count));
}

export type BuildingStyle = (feature: FeatureLike, resolution: number, hidden: ReadonlySet<RiskClass>, printing: boolean) => Style | undefined;

/** Styles are made once for each look. */
export function buildingStyles(): BuildingStyle {
  const known = new Map<string, Style>();
  const kept = (key: string, made: () => Style): Style => {
    const style = known.get(key) ?? made();
    known.set(key, style);
    return style;
  };
  return (feature, resolution, hidden, printing) => {
    const cell = feature.get("stands_for") as number | undefined;
    if (cell !== undefined) {
      const shown = DRAWN.find((one) => !hidden.has(one) && feature.get(`count_${one}`));
      if (!shown) return undefined;
      const size = shown === "warning" ? Math.round(radius(feature.get("count_warning") as number) * 2) / 2 : 1.5;
      return kept(`cell ${shown} ${size} ${printing}`, () => circle(shown, size, printing));
    }
    const risk = (feature.get("risk_class") as RiskClass | undefined) ?? "unclassified";
    if (hidden.has(risk)) return undefined;
    const near = resolution < 3; // from there on footprints are seen as such
    return kept(`one ${risk} ${near} ${printing}`, () => footprint(risk, near, printing));
  };
}

/** A building that became worse points up, one that became better down: told apart without colour too. */
export function changeStyles(): Record<string, Style> {
  const sign = (colour: string, rotation: number): Style =>
    new Style({ image: new RegularShape({ points: 3, radius: 6.5, rotation, fill: new Fill({ color: colour }), stroke: new Stroke({ color: "#ffffff", width: 1.2 }) }) });
  return { worse: sign(CHANGES.worse, 0), better: sign(CHANGES.better, Math.PI) };
}

function circle(risk: RiskClass, size: number, printing: boolean): Style {
  const isWarning = risk === "warning";
  return new Style({
    image: new Circle({
      radius: size,
      fill: new Fill({ color: isWarning && printing ? hatch() : RISK[risk] }),
      ...(isWarning ? { stroke: new Stroke({ color: "rgba(255,255,255,0.9)", width: 1 }) } : {}),
    }),
    zIndex: isWarning ? size : 0,
  });
}

function footprint(risk: RiskClass, near: boolean, printing: boolean): Style {
  const isWarning = risk === "warning";
  return new Style({
    fill: new Fill({ color: isWarning && printing ? hatch() : RISK[risk] }),
    // a warning building is never too small to be seen
    stroke: new Stroke({ color: isWarning ? RISK.warning : near ? "rgba(34,33,30,0.5)" : RISK[risk], width: isWarning ? (near ? 1.6 : 3) : 0.6 }),
    zIndex: isWarning ? 2 : risk === "general" ? 1 : 0,
  });
}

/** Lines at 45° on the colour of the warning class, which a grey printer shows too. */
function hatch(): CanvasPattern | string {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = HATCH_PX;
  const pen = canvas.getContext("2d");
  if (!pen) return RISK.warning;
  pen.fillStyle = RISK.warning;
  pen.fillRect(0, 0, HATCH_PX, HATCH_PX);
  pen.strokeStyle = "#ffffff";
  pen.lineWidth = 1.2;
  for (const from of [-HATCH_PX, 0, HATCH_PX]) {
    pen.moveTo(from - 1, HATCH_PX + 1);
    pen.lineTo(from + HATCH_PX + 1, -1);
  }
  pen.stroke();
  return pen.createPattern(canvas, "repeat") ?? RISK.warning;
}
