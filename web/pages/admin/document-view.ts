// A document of policy as people read it: its parts below one another, lists of like things as tables.

import { html, type TemplateResult } from "lit";
import { current, isSaid, say } from "../../shared/words.ts";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

// said elsewhere on the page
const KNOWN = new Set(["version", "title", "source", "example"]);

/** A document without what every one has; its keys in the words of the page where there are some, else as the file has them. */
export function documentView(document: unknown): TemplateResult {
  const parts = Object.entries(inOneLanguage(document as Json) as Record<string, Json>).filter(([key]) => !KNOWN.has(key));
  return html`<div class="document">${parts.map(([key, value]) => part(key, value))}</div>`;
}

/** The same with titles in the language of the page alone. */
function inOneLanguage(value: Json): Json {
  if (Array.isArray(value)) return value.map(inOneLanguage);
  if (value === null || typeof value !== "object") return value;
  const [mine, other] = current() === "zh" ? ["_zh", "_en"] : ["_en", "_zh"];
  const shown = Object.entries(value).filter(([key]) => !(key.endsWith(other) && key.slice(0, -3) + mine in value));
  return Object.fromEntries(shown.map(([key, one]) => [key.endsWith(mine) && key.slice(0, -3) + other in value ? key.slice(0, -3) : key, inOneLanguage(one)]));
}

function keyText(key: string): string {
  return isSaid(`key_${key}`) ? say(`key_${key}`) : key;
}

// keys whose values are words of the service, and how those are said
const SAID: Record<string, string> = { stage: "stage", unit: "unitOf", class: "class", sources: "sources", levels: "levels", kind: "kind", period: "period", grade: "grade", event: "first", component: "first" };

function valueText(key: string, value: Json): string {
  const word = `${SAID[key]}_${String(value)}`;
  return Object.hasOwn(SAID, key) && isSaid(word) ? say(word) : plain(value);
}

function part(key: string, value: Json): TemplateResult {
  if (isPlain(value)) return html`<p><span class="soft" title=${key}>${keyText(key)}</span> ${valueText(key, value)}</p>`;
  return html`<section><h4 title=${key}>${keyText(key)}</h4>${inside(value, key)}</section>`;
}

function inside(value: Json, caption: string): TemplateResult {
  if (isPlain(value)) return html`${valueText(caption, value)}`;
  if (Array.isArray(value)) return list(value, caption);
  const pairs = Object.entries(value as Record<string, Json>);
  if (pairs.length > 1 && pairs.every(([, one]) => isObject(one))) {
    return table(pairs.map(([name, one]) => ({ "": name, ...(one as Record<string, Json>) })), caption);
  }
  return html`<dl class="facts">${pairs.map(([name, one]) => html`<dt title=${name}>${keyText(name)}</dt><dd>${inside(one, name)}</dd>`)}</dl>`;
}

function list(values: Json[], caption: string): TemplateResult {
  if (values.every(isPlain)) return html`${values.map((value) => valueText(caption, value)).join(say("listed"))}`;
  if (values.every(isObject)) return table(values as Record<string, Json>[], caption);
  return html`<ul>${values.map((one) => html`<li>${inside(one, caption)}</li>`)}</ul>`;
}

function table(rows: Record<string, Json>[], caption: string): TemplateResult {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return html`<div class="scrolls" tabindex="0" role="group" aria-label=${keyText(caption)}>
    <table class="plain">
      <caption class="unseen">${keyText(caption)}</caption>
      <thead><tr>${keys.map((key) => (key ? html`<th scope="col" title=${key}>${keyText(key)}</th>` : html`<td></td>`))}</tr></thead>
      <tbody>
        ${rows.map((row) => html`<tr>${keys.map((key) => html`<td>${cell(row, key)}</td>`)}</tr>`)}
      </tbody>
    </table>
  </div>`;
}

function cell(row: Record<string, Json>, key: string): string | TemplateResult {
  const value = row[key];
  if (value === undefined) return "";
  return key ? inside(value, key) : keyText(String(value));
}

function isPlain(value: Json): value is null | boolean | number | string {
  return value === null || typeof value !== "object" || (Array.isArray(value) && value.length === 0);
}

function isObject(value: Json): boolean {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function plain(value: null | boolean | number | string | Json): string {
  if (value === true) return say("yes");
  if (value === false) return say("no");
  return value === null || Array.isArray(value) ? "–" : String(value);
}
