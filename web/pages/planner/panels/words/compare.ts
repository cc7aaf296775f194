// The words of comparing plans.

import type { Words } from "../../../../shared/words.ts";

export const compareWords: Words = {
  zh: {
    compareWith: "与之比较",
    compareNone: "没有可比较的方案",
    compareNoneText: "这一网层与范围还没有其他方案。",
    compareSwipe: "卷帘对比",
    compareSwipeHint: "拖动地图上的分隔条，或用左右方向键。左为 {plan}，右为本草案。",
    compareSwipeOff: "卷帘只能与此刻施行的方案对比。",
    compareShow: "标出易手的地块",
    compareFates: "原有区域",
    compareOrigins: "本方案的区域",
    compareMoved: "{people} 人、{ground} 换到别的区域（占人口 {share}）",
    compareAgain: "重新比较",
    compareStale: "草案在比较之后有改动。",
    divider: "卷帘分隔条",
  },
  en: {
    compareWith: "Compare with",
    compareNone: "Nothing to compare with",
    compareNoneText: "There is no other plan of this layer and scope.",
    compareSwipe: "Swipe",
    compareSwipeHint: "Drag the divider on the map, or use the arrow keys. Left is {plan}, right is this draft.",
    compareSwipeOff: "Swiping goes with the plan in force today alone.",
    compareShow: "Mark the ground that changes hands",
    compareFates: "Former areas",
    compareOrigins: "Areas of this plan",
    compareMoved: "{people} people and {ground} come to another area ({share} of all people)",
    compareAgain: "Compare anew",
    compareStale: "The draft changed since.",
    divider: "Divider of the two plans",
  },
};
