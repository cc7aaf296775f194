// Which posts are missing: held against the staffing formula of the layer.

import { service, told, type Schema } from "../../../shared/asking.ts";
import { say } from "../../../shared/words.ts";
import { ratio, sum, type Figure, type Question, type Row } from "../answer.ts";
import { counted, rowsListing } from "../listings.ts";
import { postsListing } from "../posts.ts";
import { groundFacts, scopeName } from "../telling.ts";

type Short = Schema["AreaVacancies"];
interface Post {
  code: string;
  area: string;
  role: string;
  least: number;
  filled: number;
  missing: number;
  acting: number;
  gap: string;
}

const FIGURES: Figure[] = [
  { key: "missing", kind: "count", lists: true, scale: "sequence", bad: true },
  { key: "missing_roles", kind: "text" },
  { key: "surplus", kind: "count", lists: true },
];

export const question: Question = {
  name: "vacancies",
  right: "areas.read",
  heeds: [],
  drawing: "vacancies",
  load: async (view, coming, signal) => {
    const query = view.isToday ? {} : { at: view.at };
    const asked = service.GET("/v1/layers/{layer}/vacancies", { params: { path: { layer: view.layer }, query }, signal });
    const [answer, ground] = await Promise.all([told(asked), coming]);
    const found = answer as Schema["Vacancies"]; // it may be a table for spreadsheets too, if that is asked for
    const inside = ground.within(view.area);
    const short = new Map(found.found.filter(({ code }) => inside.has(code)).map((one) => [one.code, one]));
    // an area that lacks nobody is not in the answer: it has none missing
    const rows: Row[] = [...inside].flatMap((code) => {
      const area = ground.areas.get(code);
      const one = short.get(code);
      if (!area) return [];
      return [{ code, name: area.name, values: { missing: one?.missing ?? 0, surplus: one?.surplus ?? 0, missing_roles: one ? rolesOf(one) : "" } }];
    });
    const missing = sum(rows, "missing");
    // every area of a layer needs the same posts
    const needed = view.area ? Math.round((found.needed / Math.max(1, found.areas)) * rows.length) : found.needed;
    return {
      figures: FIGURES,
      rows,
      total: {
        missing,
        areas_short: rows.filter(({ values }) => values["missing"]).length,
        filled_share: ratio(needed - missing, needed),
        needed,
      },
      headline: ["missing", "areas_short", "filled_share", "needed"],
      sortedBy: "missing",
      list: (key, code) => {
        if (["needed", "filled_share", "surplus"].includes(key)) return postsListing(ground, code || view.area, view.isToday ? null : view.at);
        if (key !== "missing" && key !== "areas_short") return null;
        const posts = [...short.values()].filter((one) => !code || one.code === code).flatMap(postsOf);
        return rowsListing(`${scopeName(ground, code || view.area)} · ${say("f_missing")}`, posts, (post) => `${post.code}/${post.role}`, () => [
          { key: "area", title: say("area"), value: ({ area }) => area },
          { key: "role", title: say("role"), value: ({ role }) => role },
          counted("least", say("least"), ({ least }) => least),
          counted("filled", say("filled"), ({ filled }) => filled),
          counted("missing", say("f_missing"), ({ missing }) => missing),
          counted("acting", say("acting"), ({ acting }) => acting),
          { key: "gap", title: say("vacantSince"), value: ({ gap }) => gap || null },
        ]);
      },
      facts: () => [...groundFacts(ground, view.at), [say("legendFormula"), found.formula]],
    };
  },
};

function rolesOf({ roles }: Short): string {
  return roles.filter(({ missing }) => missing).map(({ role, missing }) => (missing > 1 ? `${role} ×${missing}` : role)).join("、");
}

function postsOf({ code, name, roles, gaps }: Short): Post[] {
  return roles
    .filter(({ missing }) => missing)
    .map(({ role, least, filled, missing, acting }) => {
      const gap = gaps.find((one) => one.role === role);
      return { code, area: name, role, least, filled, missing, acting, gap: gap?.valid_from ?? "" };
    });
}
