// Sending a document that somebody chose: what kind it is says the file's name.

import { sent } from "../../shared/asking.ts";

const KINDS: Record<string, string> = {
  yaml: "application/yaml",
  yml: "application/yaml",
  toml: "application/toml",
  json: "application/json",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/** What a choice of files offers: documents, and perhaps workbooks. */
export const DOCUMENTS = ".yaml,.yml,.toml,.json";
export const DOCUMENTS_AND_WORKBOOKS = `${DOCUMENTS},.xlsx`;

/** Send a document to an address of the service; of a kind that is not known it says so itself. */
export async function sendDocument<T>(address: string, document: File | object): Promise<T> {
  const isFile = document instanceof File;
  const suffix = isFile ? (document.name.toLowerCase().split(".").at(-1) ?? "") : "json";
  const headers = { "Content-Type": KINDS[suffix] ?? "application/octet-stream", Accept: "application/json" };
  // read first: a request that may be sent twice cannot read a file as it goes
  const body = isFile ? await document.arrayBuffer() : JSON.stringify(document);
  return (await sent(new Request(new URL(address, location.origin), { method: "POST", headers, body }))).json() as Promise<T>;
}

/** Send a form with files. */
export async function sendForm<T>(address: string, form: FormData): Promise<T> {
  const request = new Request(new URL(address, location.origin), { method: "POST", headers: { Accept: "application/json" }, body: form });
  return (await sent(request)).json() as Promise<T>;
}
