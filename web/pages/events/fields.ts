// What a step needs, as parts of a form: each has its elements, and says what was filled in.

import { service, told, type Schema } from "../../shared/asking.ts";
import { make, type Child } from "../../shared/elements.ts";
import { metres, say } from "../../shared/words.ts";
import { metresTo } from "./nearness.ts";
import { departments, departmentTitle, items, itemTitle, layerTitle, levelTitle, stageTitle, stateTitle } from "./register.ts";
import type { Told } from "./rows.ts";

export interface Desk {
  layer?: string;
  area?: string;
  department?: string;
  triage?: boolean;
}

/** What is sent of a step. */
export interface Filled {
  reason?: string;
  desk?: Desk;
  merged_into?: number;
  category?: string;
  level?: string;
  stage?: string;
  amount?: number;
}

export interface Field {
  content: Child[];
  read: () => Filled;
}

let count = 0;

/** A label above whatever is filled in. */
export function entry(label: string, control: HTMLElement, hint?: string): HTMLElement {
  control.id ||= `field-${++count}`;
  return make("div", { class: "entry" }, make("label", { for: control.id }, label), control, hint ? make("p", { class: "soft" }, hint) : null);
}

/** Words that say why, or what was done; how is said by `needed`. */
export function reasonField(needed: boolean, title = say(needed ? "reason" : "reasonMaybe"), given = ""): Field {
  const text = make("textarea", { rows: 3, maxlength: 4000, required: needed });
  text.value = given;
  return { content: [entry(title, text)], read: () => (text.value.trim() ? { reason: text.value.trim() } : {}) };
}

/** A level of events, or none. */
export function levelSelect(chosen: string | null, nothing: string): HTMLSelectElement {
  const options = ["1", "2", "3"].map((level) => make("option", { value: level, selected: level === chosen }, levelTitle(level)));
  return make("select", {}, make("option", { value: "" }, nothing), options);
}

/** An item of the register: typed, with what there is as one types. */
export async function itemInput(chosen: string | null): Promise<{ content: Child[]; input: HTMLInputElement; read: () => string | null }> {
  const all = await items();
  const list = make("datalist", { id: `field-${++count}` }, all.map((one) => make("option", { value: `${one.code} ${itemTitle(one)}` })));
  const input = make("input", { type: "text", list: list.id, autocomplete: "off", placeholder: say("itemHint") });
  const found = all.find(({ code }) => code === chosen);
  if (found) input.value = `${found.code} ${itemTitle(found)}`;
  const read = () => {
    const text = input.value.trim();
    if (!text) return null;
    const known = all.find((one) => [`${one.code} ${itemTitle(one)}`, one.code, one.title, one.title_en].includes(text));
    if (!known) throw new Error(say("noSuchItem", { text }));
    return known.code;
  };
  return { content: [entry(say("item"), input), list], input, read };
}

export async function categoryField(event: Told): Promise<Field> {
  const item = await itemInput(event.category?.code ?? null);
  const level = levelSelect(event.level, say("levelAsIs"));
  return {
    content: [...item.content, entry(say("facet_level"), level)],
    read: () => {
      const code = item.read();
      return { ...(code && { category: code }), ...(level.value && { level: level.value }) };
    },
  };
}

export function limitField(event: Told): Field {
  const running = event.limits.filter(({ state }) => ["running", "due-soon", "overdue", "paused"].includes(state));
  const stage = make("select", { required: true }, running.map((limit) => make("option", { value: limit.stage }, stageTitle(limit.stage))));
  const amount = make("input", { type: "number", min: 0.5, max: 1000, step: 0.5, value: 1, required: true });
  return {
    content: [entry(say("stage"), stage), entry(say("amount"), amount, say("amountHint"))],
    read: () => ({ stage: stage.value, amount: Number(amount.value) }),
  };
}

/** The event that this one is a duplicate of: proposals first, or its number. */
export function mergeField(proposals: Schema["LikelyDuplicate"][], chosen: number | null): Field {
  const input = make("input", { type: "number", min: 1, step: 1, required: true, value: chosen ?? proposals[0]?.event_id });
  const list = proposals.map((one) =>
    make(
      "label",
      { class: "tick" },
      make("input", { type: "radio", name: "into", value: one.event_id, checked: one.event_id === Number(input.value), onchange: () => (input.value = String(one.event_id)) }),
      make("span", {}, `#${one.event_id} ${stateTitle(one.state)} · ${metres(one.distance_m)} · ${one.description ?? one.external_id}`),
    ),
  );
  return {
    content: [list.length ? make("fieldset", { class: "ticks" }, make("legend", {}, say("duplicates")), list) : null, entry(say("mergeInto"), input)],
    read: () => ({ merged_into: Number(input.value) }),
  };
}

interface Near {
  layer: string;
  code: string;
  name: string;
  distance: number | null;
}

/** The areas that border on the one whose desk an event lies on, the nearest to the event first. */
export async function neighboursOf(event: Told): Promise<Near[]> {
  const { layer, code } = deskAreaOf(event);
  if (!layer || !code) return [];
  const asked = service.GET("/v1/areas/{code}/neighbours", { params: { path: { code }, query: { layer } } });
  const { features } = await told(asked);
  const { lon, lat } = event.place;
  const near = features.map(({ properties, geometry }) => {
    const shape = geometry?.coordinates as number[][][][] | undefined;
    const distance = lon === null || lat === null || !shape ? null : metresTo(shape, lon, lat);
    return { layer, code: String(properties.code), name: String(properties.name), distance };
  });
  return near.sort((one, other) => (one.distance ?? 0) - (other.distance ?? 0));
}

function deskAreaOf(event: Told): { layer: string | null; code: string | null } {
  if (event.desk?.layer && event.desk.code) return { layer: event.desk.layer, code: event.desk.code };
  const last = event.areas.filter(({ code }) => code).at(-1);
  return { layer: last?.layer ?? null, code: last?.code ?? null };
}

const KEEP = "keep";
const OTHER = "other";
const DEPARTMENT = "department";
const TRIAGE = "triage";

/**
 * Whose desk an event goes to: a neighbour's, another area's, a department's, or back to whoever dispatches.
 * @param stays what the choice that leaves it where it is says; without it, it goes somewhere
 */
export async function deskField(event: Told, stays: string | null): Promise<Field> {
  const [near, all] = await Promise.all([neighboursOf(event), departments()]);
  const name = `field-${++count}`;
  const radio = (value: string, label: string, more: Child = null, checked = false) =>
    make("label", { class: "tick" }, make("input", { type: "radio", name, value, checked, required: true }), make("span", {}, label), more);
  const chosen = () => box.querySelector<HTMLInputElement>(`input[name="${name}"]:checked`)?.value ?? "";
  const pick = (value: string): void => box.querySelector<HTMLInputElement>(`input[value="${value}"]`)?.click();

  const areas = make("select", { "aria-label": say("otherArea"), onchange: () => pick(OTHER) });
  const seek = make("input", { type: "search", placeholder: say("seek_area"), "aria-label": say("seek_area") });
  let waits = 0;
  seek.addEventListener("input", () => {
    clearTimeout(waits);
    waits = window.setTimeout(async () => {
      const q = seek.value.trim();
      if (!q) return;
      const { features } = await told(service.GET("/v1/areas", { params: { query: { q, limit: 20 } } }));
      areas.replaceChildren(
        ...features.map(({ properties: { layer, code, name: title } }) => make("option", { value: `${layer}:${code}` }, `${layerTitle(String(layer))} ${title}`)),
      );
      if (features.length) pick(OTHER);
    }, 250);
  });

  const titles = (empty: string) => [make("option", { value: "" }, empty), ...all.map((one) => make("option", { value: one.code }, departmentTitle(one)))];
  const alone = make("select", { "aria-label": say("department"), onchange: () => pick(DEPARTMENT) }, titles(say("choose")));
  const beside = make("select", {}, titles(say("noDepartment")));
  beside.value = event.desk?.department ?? "";

  const box: HTMLFieldSetElement = make(
    "fieldset",
    { class: "ticks desks" },
    make("legend", {}, say(stays ? "toDesk" : "handOverTo")),
    stays ? radio(KEEP, stays, null, true) : null,
    near.slice(0, 12).map((one, at) => {
      const distance = one.distance === null ? null : make("span", { class: "count" }, metres(Math.round(one.distance)));
      return radio(`${one.layer}:${one.code}`, one.name, distance, !stays && at === 0);
    }),
    radio(OTHER, say("otherArea")),
    make("div", { class: "within" }, seek, areas),
    radio(DEPARTMENT, say("department")),
    make("div", { class: "within" }, alone),
    event.desk?.kind === TRIAGE ? null : radio(TRIAGE, say("triage")),
  );
  return { content: [box, entry(say("besideArea"), beside)], read: () => readDesk(chosen(), areas.value, alone.value, beside.value) };
}

function readDesk(chosen: string, other: string, alone: string, beside: string): Filled {
  if (chosen === KEEP) return {};
  if (chosen === TRIAGE) return { desk: { triage: true } };
  if (chosen === DEPARTMENT) {
    if (!alone) throw new Error(say("chooseDepartment"));
    return { desk: { department: alone } };
  }
  const key = chosen === OTHER ? other : chosen;
  if (!key) throw new Error(say("chooseArea"));
  const at = key.indexOf(":");
  return { desk: { layer: key.slice(0, at), area: key.slice(at + 1), ...(beside && { department: beside }) } };
}
