// JSON Schema as a list of fields that opens level by level.

import { make } from "../../shared/elements.ts";

const DEEPEST = 5;

/** The fields of a schema, or null where it has none. */
export function fieldsOf(schema, schemas, depth = 0) {
  const { node, array } = inner(schema, schemas);
  if (node.oneOf) return kindsOf(node.oneOf, schemas, depth);
  const properties = node.properties ?? {};
  if (!Object.keys(properties).length || depth > DEEPEST) return null;
  const required = new Set(node.required ?? []);
  const items = Object.entries(properties).map(([name, field]) => {
    const line = [
      make("span", { class: "code" }, name + (required.has(name) ? "" : "?")),
      " ",
      make("span", { class: "type" }, typeOf(field, schemas)),
      field.description ? ` ${field.description}` : "",
    ];
    const below = fieldsOf(field, schemas, depth + 1);
    return make("li", {}, below ? make("details", {}, make("summary", {}, line), below) : line);
  });
  return make("ul", { class: "fields", "data-array": array || null }, items);
}

/** Schemas of which one holds, by the word that their first constant field has. */
function kindsOf(kinds, schemas, depth) {
  const items = kinds.map((one) => {
    const word = Object.values(one.properties ?? {}).find((field) => "const" in field)?.const ?? one.title ?? "";
    const line = [make("span", { class: "code" }, word), one.description ? ` ${one.description.split("\n")[0]}` : ""];
    const below = fieldsOf(one, schemas, depth + 1);
    return make("li", {}, below ? make("details", {}, make("summary", {}, line), below) : line);
  });
  return make("ul", { class: "fields" }, items);
}

/** A word or two for the type of a field: string, number | null, array of Feature. */
export function typeOf(schema, schemas) {
  if (schema.$ref) return schema.$ref.split("/").at(-1);
  if (schema.anyOf) return [...new Set(schema.anyOf.map((one) => typeOf(one, schemas)))].join(" | ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.type === "array") return `array of ${typeOf(schema.items ?? {}, schemas)}`;
  return [schema.type ?? "any", schema.format ? `(${schema.format})` : ""].join(" ").trim();
}

function inner(schema, schemas) {
  let node = schema;
  let array = false;
  for (let i = 0; i < DEEPEST; i += 1) {
    if (node.$ref) node = schemas[node.$ref.split("/").at(-1)] ?? {};
    else if (node.type === "array" && node.items) [node, array] = [node.items, true];
    else if (node.anyOf) node = node.anyOf.find((one) => one.type !== "null") ?? {};
    else break;
  }
  return { node, array };
}
