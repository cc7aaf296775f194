import { expect, test } from "vitest";
import { headOf } from "../pages/admin/columns-of.ts";
import { fieldsOf, importsOf, type Description } from "../pages/admin/import-fields.ts";

const properties = {
  strict: { type: "boolean", default: false, description: "Import nothing if any row has a problem." },
  dry_run: { type: "boolean", default: false },
  crs: { anyOf: [{ type: "string" }, { type: "null" }], description: "System of the file." },
  id_field: { anyOf: [{ type: "string" }, { type: "null" }] },
  code_field: { type: "array", items: { type: "string" } },
  absent: { type: "string", enum: ["stay", "retire"] },
  valid_from: { anyOf: [{ type: "string", format: "date" }, { type: "null" }] },
  seen: { anyOf: [{ type: "integer" }, { type: "null" }] },
  layer: { type: "string" },
  file: { type: "string", format: "binary" },
};
const schema = { properties, required: ["layer", "file"] };
const description: Description = {
  paths: { "/v1/imports/things": { post: { requestBody: { content: { "multipart/form-data": { schema } } } } }, "/v1/layers": {} },
};

test("a form has the fields that the service describes, what it needs first, and no dry run", () => {
  expect(importsOf(description)).toEqual(["things"]);
  const fields = fieldsOf(description, "things");
  expect(fields.map(({ name, kind }) => [name, kind])).toEqual([
    ["file", "file"],
    ["layer", "layer"],
    ["crs", "crs"],
    ["strict", "flag"],
    ["id_field", "column"],
    ["code_field", "columns"],
    ["absent", "choice"],
    ["valid_from", "date"],
    ["seen", "number"],
  ]);
  expect(fields.filter(({ required }) => required).map(({ name }) => name)).toEqual(["file", "layer"]);
  expect(fields.find(({ name }) => name === "absent")).toMatchObject({ choices: ["stay", "retire"], usual: "stay" });
  expect(fieldsOf(description, "nothing")).toEqual([]);
});

test("columns are those of the first line, by whatever parts them", () => {
  const head = (text: string) => headOf(new TextEncoder().encode(text));
  expect(head("\uFEFF编号,名称\r\n1,a")).toEqual(["编号", "名称"]);
  expect(head('a;"b;c";d\n1;2;3')).toEqual(["a", "b;c", "d"]);
  expect(head("a\tb")).toEqual(["a", "b"]);
  expect(head("")).toEqual([]);
});

test("a table of an office that writes GBK is read too", () => {
  expect(headOf(new Uint8Array([0xb1, 0xe0, 0xba, 0xc5, 0x2c, 0xc3, 0xfb, 0xb3, 0xc6, 0x0a]))).toEqual(["编号", "名称"]);
});

test("a character that is cut off at the end is no fault", () => {
  expect(headOf(new TextEncoder().encode("编号,名").slice(0, 8))).toEqual(["编号"]);
});
