// What is said of drawing by keyboard.

import type { Words } from "../../../shared/words.ts";

export const toolWords: Words = {
  zh: {
    crossBorder: "{one} 与 {other} 的边界上",
    crossIn: "{area}，地块 {code}",
    crossEdge: "{where}，已吸附到地块边线",
    crossOutside: "地块以外",
    crossPoints: "{where}；已定 {count} 点",
    pointsTwo: "线至少要有两个点。",
    splitKeys: "空格或回车加点，在最后一点上再按回车完成；退格撤回一点；Esc 放弃",
    borderKeys: "把十字光标移到边界上按空格；或先选区域，按 Tab 逐条选边界",
    borderStretch: "空格或回车给新的一段定点，两端落在原边界上；在最后一点上再按回车应用；退格撤回一点",
    borderOf: "第 {at} 条边界，共 {count} 条：{one} 与 {other}；按空格开始移动",
    keyCrosshair: "拆分、移动边界时：移动十字光标（加 Shift 大步）",
    keySetPoint: "拆分、移动边界时：定点；在最后一点上再按回车完成",
    keyTakeBack: "拆分、移动边界时：撤回最后一点",
    keyBorders: "移动边界时：逐条选所选区域的边界",
  },
  en: {
    crossBorder: "On the border between {one} and {other}",
    crossIn: "{area}, block {code}",
    crossEdge: "{where}, on an edge of blocks",
    crossOutside: "Outside the blocks",
    crossPoints: "{where}; points set: {count}",
    pointsTwo: "A line has at least two points.",
    splitKeys: "Space or Enter sets a point, Enter again on the last one ends; Backspace takes one back; Esc gives up",
    borderKeys: "Move the crosshair onto a border and press Space; or choose an area, then Tab leads from border to border",
    borderStretch: "Space or Enter sets points of the new stretch, which begins and ends on the border; Enter again on the last one applies; Backspace takes one back",
    borderOf: "Border {at} of {count}: {one} and {other}; Space takes hold of it",
    keyCrosshair: "Splitting, moving a border: move the crosshair (with Shift in large steps)",
    keySetPoint: "Splitting, moving a border: set a point; Enter again on the last one ends",
    keyTakeBack: "Splitting, moving a border: take the last point back",
    keyBorders: "Moving a border: the next border of the chosen areas",
  },
};
