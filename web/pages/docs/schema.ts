// JSON Schema as a list of fields that opens level by level.

import { make, type Child } from "../../shared/elements.ts";

/** JSON Schema, as far as it is shown here. */
export interface Described {
  $ref?: string;
  type?: string;
  format?: string;
  title?: string;
  description?: string;
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  examples?: unknown[];
  items?: Described;
  anyOf?: Described[];
  oneOf?: Described[];
  required?: string[];
  properties?: Record<string, Described>;
}

export type Schemas = Record<string, Described>;

const DEEPEST = 5;

/** The fields of a schema, or null where it has none. */
export function fieldsOf(schema: Described, schemas: Schemas, depth = 0): HTMLElement | null {
  const { node, array } = inner(schema, schemas);
  if (node.oneOf) return kindsOf(node.oneOf, schemas, depth);
  const properties = node.properties ?? {};
  if (!Object.keys(properties).length || depth > DEEPEST) return null;
  const required = new Set(node.required ?? []);
  const items = Object.entries(properties).map(([name, field]) => {
    const line: Child[] = [
      make("span", { class: "code" }, name + (required.has(name) ? "" : "?")),
      " ",
      make("span", { class: "type" }, typeOf(field)),
      field.description ? ` ${field.description}` : "",
    ];
    const below = fieldsOf(field, schemas, depth + 1);
    return make("li", {}, below ? make("details", {}, make("summary", {}, line), below) : line);
  });
  return make("ul", { class: "fields", "data-array": array || null }, items);
}

/** Schemas of which one holds, by the word that their first constant field has. */
function kindsOf(kinds: Described[], schemas: Schemas, depth: number): HTMLElement {
  const items = kinds.map((one) => {
    const word = String(Object.values(one.properties ?? {}).find((field) => "const" in field)?.const ?? one.title ?? "");
    const line: Child[] = [make("span", { class: "code" }, word), one.description ? ` ${one.description.split("\n")[0]}` : ""];
    const below = fieldsOf(one, schemas, depth + 1);
    return make("li", {}, below ? make("details", {}, make("summary", {}, line), below) : line);
  });
  return make("ul", { class: "fields" }, items);
}

/** A word or two for the type of a field: string, number | null, array of Feature. */
export function typeOf(schema: Described): string {
  if (schema.$ref) return nameOf(schema.$ref);
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(" | ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.type === "array") return `array of ${typeOf(schema.items ?? {})}`;
  return [schema.type ?? "any", schema.format ? `(${schema.format})` : ""].join(" ").trim();
}

function nameOf(reference: string): string {
  return reference.split("/").at(-1) ?? "";
}

function inner(schema: Described, schemas: Schemas): { node: Described; array: boolean } {
  let node = schema;
  let array = false;
  for (let i = 0; i < DEEPEST; i += 1) {
    if (node.$ref) node = schemas[nameOf(node.$ref)] ?? {};
    else if (node.type === "array" && node.items) [node, array] = [node.items, true];
    else if (node.anyOf) node = node.anyOf.find((one) => one.type !== "null") ?? {};
    else break;
  }
  return { node, array };
}
