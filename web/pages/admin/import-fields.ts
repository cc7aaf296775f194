// The fields of an import, read from the service's own description, so that the form cannot drift from it.

export type FieldKind = "file" | "flag" | "choice" | "date" | "number" | "column" | "columns" | "crs" | "layer" | "plan" | "text";

export interface Field {
  name: string;
  kind: FieldKind;
  required: boolean;
  /** Of a choice. */
  choices: string[];
  /** Of a choice: what counts where nothing is chosen. */
  usual: string;
  /** What the service says of it, in English. */
  hint: string;
}

interface Described {
  type?: string;
  format?: string;
  enum?: string[];
  anyOf?: Described[];
  default?: unknown;
  description?: string;
}

/** As much of an OpenAPI document as is read here. */
export interface Description {
  paths: Record<string, { post?: { requestBody?: { content: Record<string, { schema: { properties: Record<string, Described>; required?: string[] } }> } } }>;
}

const BEFORE = "/v1/imports/";

/** What can be imported, in the order of the description. */
export function importsOf(description: Description): string[] {
  return Object.keys(description.paths)
    .filter((path) => path.startsWith(BEFORE))
    .map((path) => path.slice(BEFORE.length));
}

/** The fields of the form of an import, files first; `dry_run` is left out: the page asks for it by its buttons. */
export function fieldsOf(description: Description, what: string): Field[] {
  const schema = description.paths[BEFORE + what]?.post?.requestBody?.content["multipart/form-data"]?.schema;
  if (!schema) return [];
  const needed = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties)
    .filter(([name]) => name !== "dry_run")
    .map(([name, described]): Field => {
      const known = described.anyOf?.find(({ type }) => type !== "null") ?? described;
      return {
        name,
        kind: kindOf(name, known),
        required: needed.has(name),
        choices: known.enum ?? [],
        usual: String(described.default ?? known.enum?.[0] ?? ""),
        hint: described.description ?? "",
      };
    });
  const order = (field: Field) => (field.kind === "file" ? 0 : field.required ? 1 : field.kind === "crs" ? 2 : 3);
  return fields.map((field, i) => ({ field, i })).sort((a, b) => order(a.field) - order(b.field) || a.i - b.i).map(({ field }) => field);
}

function kindOf(name: string, { type, format, enum: choices }: Described): FieldKind {
  if (format === "binary") return "file";
  if (type === "boolean") return "flag";
  if (choices) return "choice";
  if (format === "date") return "date";
  if (type === "integer" || type === "number") return "number";
  if (name === "crs" || name === "layer" || name === "plan") return name;
  if (name.endsWith("_field")) return type === "array" ? "columns" : "column";
  return "text";
}
