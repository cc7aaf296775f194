import { describe, expect, test } from "vitest";
import { against, handedOver, vacantThen, type Preview } from "../pages/publication/impact.ts";
import { accepts, BLANK, lacking } from "../pages/publication/terms.ts";

const PREVIEW: Preview = {
  ...{ plan: "p", layer: "grid", effective: "2027-01-01", refusals: [], problems: [], defects: { gap: 0 }, certified: true, proof: "", content_sha256: null },
  ...{ effect: null, rerouted: null, buildings: null, events: [], posts: [], below: [], workload: [] },
};
const UNASSIGNED = { kind: "unassigned", refused: true, count: 1, codes: ["B1"], sentence_zh: "有 1 个地块没有归属。", sentence_en: "1 block is in no area." };
const TORN = { ...UNASSIGNED, kind: "several-parts", sentence_zh: "有 1 个区域分成几块。", sentence_en: "1 area is in several parts." };

function refusal(slug: string, sentence: string) {
  return { slug, sentence, hint: null };
}

describe("what speaks against a publication", () => {
  test("blocks in no area are never accepted, and told once", () => {
    const found = against({ ...PREVIEW, problems: [UNASSIGNED], refusals: [refusal("defects-found", `Plan 'p': ${UNASSIGNED.sentence_en}`)], defects: { gap: 2 } });
    expect(found).toMatchObject({ problems: [UNASSIGNED], faults: [], others: [], acceptable: false });
  });

  test("torn areas and gaps are accepted with a reason", () => {
    const refusals = [refusal("defects-found", `Plan 'p': ${TORN.sentence_en}`), refusal("defects-found", "Plan 'p' has 2 gaps.")];
    const preview = { ...PREVIEW, problems: [TORN], refusals, defects: { gap: 2, overlap: 0, "vertex-mismatch": 3 } };
    expect(against(preview)).toMatchObject({ faults: [["gap", 2]], acceptable: true });
    const asked = { ...BLANK, valid_from: "2027-01-01", decision: "d" };
    expect(lacking(asked, preview, "我同意")).toEqual(["lackAccept"]);
    expect(lacking({ ...asked, accept_defects: "because" }, preview, "我同意")).toEqual([]);
  });

  test("an older base is given way to by a tick, a day that is taken is not", () => {
    const stale = { ...PREVIEW, refusals: [refusal("stale-base", "s")] };
    const asked = { ...BLANK, valid_from: "2027-01-01", decision: "d" };
    expect(lacking(asked, stale, "I accept")).toEqual(["lackMend"]);
    expect(lacking({ ...asked, over_newer: true }, stale, "I accept")).toEqual([]);
    expect(lacking({ ...asked, over_newer: true }, { ...PREVIEW, refusals: [refusal("validity-overlap", "s")] }, "I accept")).toEqual(["lackMend"]);
  });
});

test("nothing is published without the words, a day and a decision", () => {
  expect(lacking(BLANK, PREVIEW, "")).toEqual(["lackDate", "lackDecision", "lackWords"]);
  expect(lacking(BLANK, null, "我同意")).toEqual(["lackPreview"]);
  expect([accepts(" I ACCEPT "), accepts("我同意"), accepts("同意"), accepts("")]).toEqual([true, true, false, false]);
});

test("events that keep their code stay on their desk", () => {
  const way = (from_code: string, to_code: string) => ({ from_plan: "a", from_code, to_plan: "p", to_code, events: 2 });
  const preview = { ...PREVIEW, rerouted: { events: 4, handed_over: 2, ways: [way("1", "1"), way("1", "2")] } };
  expect(handedOver(preview)).toEqual([way("1", "2")]);
});

test("new areas are vacant by the formula, ended ones no more", () => {
  const effect = {
    ...{ replaced: "a", never_began: false, lineage_of: "a", renumbered: {}, codes_given: ["9"], codes_retired: ["2"], codes_carried: [] },
    ...{ took_effect: false, rerouted: null, events: null, buildings: null },
  };
  const role = (name: string, least: number) => ({ role: name, least, filled: 0, missing: 0, surplus: 0 });
  const standing = { role: "网格长", least: 1, is_open: false, is_named: true, filled: 0, acting: 0, missing: 1, surplus: 0 };
  const found = ["1", "2"].map((code) => ({ code, name: code, plan: "a", missing: 1, surplus: 0, roles: [standing], gaps: [] }));
  const vacancies = {
    ...{ layer: "grid", title_zh: "", title_en: "", at: "", formula: "1+1", areas: 4, areas_short: 2, needed: 8, missing: 2, surplus: 0, filled_share: null, elsewhere: 0 },
    ...{ roles: [role("网格长", 4), role("专职网格员", 4), role("兼职网格员", 0)], found },
  };
  const told = vacantThen({ preview: { ...PREVIEW, effect }, vacancies });
  expect(told.map(({ code, isNew, missing }) => [code, isNew, missing])).toEqual([["9", true, 2], ["1", false, 1]]);
});
