// What changes hands between two plans, as a table: from which area, to which, and what goes with the ground.

import { html, type TemplateResult } from "lit";
import type { Schema } from "./asking.ts";
import "./table.ts";
import type { Column } from "./table.ts";
import { number, say, type Words } from "./words.ts";

export type Change = Schema["ChangedHands"];

/** A row, numbered as it is on the map. */
export interface Numbered extends Change {
  number: number;
}

export function numbered(changes: readonly Change[]): Numbered[] {
  return changes.map((change, i) => ({ ...change, number: i + 1 }));
}

/** An area by its name and code; `null` is ground that no area has. */
export function areaText(code: string | null, name?: string | null): TemplateResult {
  if (code === null) return html`<span class="soft">${say("noArea")}</span>`;
  return name ? html`${name} <code class="soft">${code}</code>` : html`<code>${code}</code>`;
}

/** In a panel the name alone, with the code where a pointer rests. */
function areaName(code: string | null, name: string | null): TemplateResult {
  return name && code ? html`<span class="whole" title=${code}>${name}</span>` : areaText(code);
}

/**
 * The table; a chosen row is for the map to show.
 * @param narrow for a panel: people and ground alone
 */
export function changesTable(rows: Numbered[], chosen: string | null, choose: (row: Numbered) => void, narrow = false): TemplateResult {
  const told = rows.some(({ hands }) => hands.buildings !== null);
  const area = narrow ? areaName : areaText;
  const recoded = rows.some((row) => row.is_recoded);
  const columns: (Column<Numbered> | false)[] = [
    { key: "number", title: say("changeNumber"), value: (row) => row.number },
    { key: "from", title: say("changeFrom"), value: (row) => row.from_code, text: (row) => area(row.from_code, row.from_name) },
    { key: "to", title: say("changeTo"), value: (row) => row.to_code, text: (row) => area(row.to_code, row.to_name) },
    recoded && { key: "what", title: say("changeHow"), value: (row) => (row.is_recoded ? say("changeRecoded") : "") },
    { key: "people", title: say("changePeople"), value: (row) => row.hands.people },
    { key: "ground", title: say("changeGround"), value: (row) => row.hands.ground_m2, text: (row) => number(row.hands.ground_m2 / 1e6, 3) },
    !narrow && { key: "blocks", title: say("changeBlocks"), value: (row) => row.hands.blocks },
    told && !narrow && { key: "buildings", title: say("changeBuildings"), value: (row) => row.hands.buildings },
    told && !narrow && { key: "events", title: say("changeEvents"), value: (row) => row.hands.open_events },
    !narrow && { key: "posts", title: say("changePosts"), value: (row) => row.hands.staff_posts },
  ];
  return html`<div class="scrolls">
    <g-table
      .columns=${columns.filter((column) => column !== false)}
      .rows=${rows}
      .keyOf=${(row: Numbered) => String(row.number)}
      .chosen=${chosen}
      caption=${say("changesTitle")}
      @choose=${(event: CustomEvent<Numbered>) => choose(event.detail)}
    ></g-table>
  </div>`;
}

export const changeWords: Words = {
  zh: {
    changesTitle: "易手的地块",
    changesNone: "没有地块易手：各区域的地域都不变。",
    changesMap: "易手地块图；下表为同样的内容",
    changesLegend: "易手地块（编号见下表）",
    noArea: "无归属",
    changeNumber: "序号",
    changeFrom: "原归属",
    changeTo: "新归属",
    changeHow: "情形",
    changeRecoded: "延续，编码改变",
    changeGround: "面积（km²）",
    changePeople: "人口",
    changeBlocks: "地块",
    changeBuildings: "楼栋",
    changeEvents: "未办结事件",
    changePosts: "岗位",
    fate_kept: "不变",
    fate_reshaped: "边界调整",
    fate_split: "拆分",
    fate_merged: "并入",
    fate_gone: "撤销",
    origin_kept: "不变",
    origin_reshaped: "边界调整",
    origin_new: "新设",
    origin_split: "析出",
    origin_merged: "合并",
  },
  en: {
    changesTitle: "Ground that changes hands",
    changesNone: "No ground changes hands: every area keeps its own.",
    changesMap: "Map of the ground that changes hands; the table below has the same",
    changesLegend: "Ground that changes hands (numbers as in the table)",
    noArea: "no area",
    changeNumber: "No.",
    changeFrom: "From",
    changeTo: "To",
    changeHow: "How",
    changeRecoded: "goes on, recoded",
    changeGround: "Ground (km²)",
    changePeople: "People",
    changeBlocks: "Blocks",
    changeBuildings: "Buildings",
    changeEvents: "Open events",
    changePosts: "Posts",
    fate_kept: "kept",
    fate_reshaped: "reshaped",
    fate_split: "split",
    fate_merged: "merged into another",
    fate_gone: "gone",
    origin_kept: "kept",
    origin_reshaped: "reshaped",
    origin_new: "new",
    origin_split: "split off",
    origin_merged: "merged",
  },
};
