// How far a job is: a bar, and in words what it is at.

import type { Schema } from "./asking.ts";
import { make } from "./elements.ts";
import { current, isSaid, number, say, type Words } from "./words.ts";

/** The words of states, and of what jobs are at: as the service says it in English. */
export const stages: Words = {
  zh: {
    waiting: "排队中",
    running: "进行中",
    done: "已完成",
    failed: "未能完成",
    cancelled: "已取消",
    progress: "进度",
    of: "{done} / {total}",
    "label_reading rows": "正在读取数据",
    "label_finding parents": "正在查找上级",
    "label_storing events": "正在保存事件",
    "label_storing buildings": "正在保存楼栋",
    "label_exporting areas": "正在导出区域",
    "label_exporting events": "正在导出事件",
    "label_exporting buildings": "正在导出楼栋",
    "label_exporting vacancies": "正在导出岗位空缺",
    "label_rate buildings": "正在评定楼栋等级",
    "label_checking the areas": "正在读取和检查",
    "label_comparing neighbours": "正在比较相邻区域",
    "label_untangling borders": "正在理清边界",
    "label_cutting faulty ground": "正在切分问题地块",
    "label_building areas": "正在生成区域",
    "label_common ground": "正在比对重叠面积",
    "label_reading the blocks": "正在读取基础地块",
    "label_finding the borders of blocks": "正在查找地块边界",
    "label_preparing the search (long only once)": "正在准备（首次较久）",
    "label_dividing": "正在划分",
    "label_making the areas": "正在生成区域",
    "label_storing the drafts": "正在保存草案",
    "label_writing the report": "正在写报告",
    "label_drawing the map": "正在绘制地图",
  },
  en: {
    waiting: "waiting",
    running: "running",
    done: "done",
    failed: "failed",
    cancelled: "cancelled",
    progress: "Progress",
    of: "{done} of {total}",
  },
};

/** The bar of a job's progress, as the service tells it; without one the bar only says that it is on. */
export function bar(progress: Schema["JobInfo"]["progress"]): HTMLElement {
  if (!progress) return make("div", { class: "bar" }, make("progress", { "aria-label": say("progress") }));
  const { label, done, total, share } = progress;
  const many = total !== null && total > 1;
  const count = many ? say("of", { done: number(done), total: number(total) }) : "";
  const length = many ? { value: share, max: 1 } : {}; // of a single step nobody knows how far it is
  return make(
    "div",
    { class: "bar" },
    make("progress", { "aria-label": say("progress"), ...length }),
    make("p", { class: "soft" }, `${stageOf(label)} ${count}`),
  );
}

function stageOf(label: string): string {
  const key = `label_${label}`;
  if (current() === "zh" && isSaid(key)) return say(key);
  return label.charAt(0).toUpperCase() + label.slice(1);
}
