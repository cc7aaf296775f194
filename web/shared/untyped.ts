// Asking by plain addresses, for pages whose sources have no types yet.
import { sent } from "./asking.ts";

export * from "./asking.ts";

export async function ask(path: string, parameters: Record<string, any> = {}, signal?: AbortSignal): Promise<any> {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const query = new URLSearchParams(given).toString();
  const address = new URL(query ? `${path}?${query}` : path, location.origin);
  return (await sent(new Request(address, { signal: signal ?? null, headers: { Accept: "application/json" } }))).json();
}

export async function* pages(path: string, parameters: Record<string, any>, { most, signal }: any): AsyncGenerator<any> {
  let address = `${path}?${new URLSearchParams(parameters)}`;
  let count = 0;
  while (address && count < most) {
    const page = await ask(address, {}, signal);
    count += page.features.length;
    address = page.next;
    yield { features: page.features, complete: !address };
  }
}

export async function change(method: string, path: string, body?: unknown): Promise<any> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await sent(new Request(new URL(path, location.origin), { method, headers, body: body === undefined ? null : JSON.stringify(body) }));
  return response.status === 204 ? null : response.json();
}
