// A question's map as a file: drawn by the service as a job, with its progress in sight, and then the way to it.

import { announce } from "../../shared/announcing.ts";
import { service, told, type Schema } from "../../shared/asking.ts";
import { askFor } from "../../shared/dialog.ts";
import { make } from "../../shared/elements.ts";
import { jobDone } from "../../shared/jobs.ts";
import { problem } from "../../shared/problems.ts";
import { bar } from "../../shared/progress.ts";
import { current, say } from "../../shared/words.ts";
import type { Ground } from "./ground.ts";
import { slotFields, type Slots } from "./printing.ts";
import type { Drawing } from "./answer.ts";
import type { View } from "./view.ts";

const FORMS = ["pdf", "png", "xlsx", "csv", "gpkg", "html"] as const;
const SHEETS = ["pdf", "png"]; // only these have paper
const MEASURES: Record<string, "count" | "share" | "per-1000"> = { warning: "count", warning_share: "share", per_1000: "per-1000" };

/** A file that was drawn. */
export interface Exported {
  name: string;
  href: string;
}

/** What is drawn: the question, what it is asked of, and the figure that the map shows. */
export interface Exporting {
  drawing: Drawing;
  title: string;
  view: View;
  ground: Ground;
  measure: string;
}

/** Ask for a file and wait until it is drawn; null if somebody gave up. The slots that were filled in are kept. */
export async function exportFile({ drawing, title, view, ground, measure }: Exporting, slots: Slots, keep: (slots: Slots) => void): Promise<Exported | null> {
  const form = make("select", { id: "form" }, FORMS.map((one) => make("option", { value: one }, say(`form_${one}`))));
  const paper = make("select", { id: "paper" }, ["A3", "A4"].map((one) => make("option", {}, one)));
  const { content, read } = slotFields(slots);
  const sheet = make("div", { class: "sheet" }, entry(say("paper"), paper), content);
  const state = make("div", { "aria-live": "polite" });
  form.addEventListener("change", () => (sheet.hidden = !SHEETS.includes(form.value)));
  const given = new AbortController();
  let drawn: Exported | null = null;
  const went = await askFor({
    title: `${say("export")} · ${title}`,
    content: [make("p", { class: "soft" }, say("exportWhat")), entry(say("form"), form), sheet, state],
    action: say("export"),
    trouble: (error) => {
      state.replaceChildren();
      return problem(error);
    },
    act: async () => {
      const { review, secrecy } = read();
      keep({ review, secrecy });
      state.replaceChildren(make("p", { class: "soft" }, say("exporting")), bar(null));
      const job = await told(
        service.POST("/v1/drawings", {
          body: {
            ...asked(drawing, view, ground, measure),
            format: form.value as (typeof FORMS)[number],
            language: current(),
            ...(SHEETS.includes(form.value)
              ? { paper: paper.value as "A3" | "A4", ...(review ? { review_number: review } : {}), ...(secrecy ? { secrecy: say(`secrecy_${secrecy}`) } : {}) }
              : {}),
          },
        }),
      );
      const done = await jobDone(job, (now) => state.replaceChildren(bar(now.progress)), given.signal);
      drawn = resultOf(done);
    },
  });
  if (!went) given.abort(); // the service goes on drawing; its file is found under the jobs
  else if (drawn) announce(say("exported", { name: (drawn as Exported).name }));
  return drawn;
}

/** What the service is asked to draw. */
export function asked(drawing: Drawing, view: View, ground: Ground, measure: string) {
  const lying = view.area ? ground.find(view.area) : null;
  return {
    what: drawing,
    layer: view.layer,
    ...(view.isToday ? {} : { at: view.at }),
    ...(lying ? { area_layer: lying.layer.name, area: view.area } : {}),
    ...(drawing === "events" ? { from: view.first, to: view.last } : {}),
    ...(drawing === "risk-change" ? { from: view.since, to: view.at } : {}),
    ...(drawing === "risk" ? { measure: MEASURES[measure] ?? "count", ...(view.isToday ? {} : { rated: view.at }) } : {}),
  };
}

function resultOf({ results }: Schema["JobInfo"]): Exported | null {
  const [first] = results;
  return first ? { name: first.name, href: first.href } : null;
}

function entry(label: string, field: HTMLElement): HTMLElement {
  return make("div", { class: "entry" }, make("label", { for: field.id }, label), field);
}
