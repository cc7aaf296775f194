// Asking the service: JSON in, problems (RFC 9457) as errors that know what to do about them.

/** What the service said was wrong. */
export class Problem extends Error {
  constructor(body) {
    super(body.detail);
    this.kind = body.type.replace("/problems/", "");
    this.hint = body.hint ?? "";
  }
}

/** Ask an address with parameters; those without a value are left out. */
export async function ask(path, parameters = {}, signal = undefined) {
  const known = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const query = new URLSearchParams(known).toString();
  return fetched(query ? `${path}?${query}` : path, signal);
}

/** Ask page after page, and give each page's features as they come; at most `most` features. */
export async function* pages(path, parameters, { most, signal }) {
  let address = `${path}?${new URLSearchParams(parameters)}`;
  let count = 0;
  while (address && count < most) {
    const page = await fetched(address, signal);
    count += page.features.length;
    address = page.next;
    yield { features: page.features, complete: !address };
  }
}

async function fetched(address, signal) {
  let response;
  try {
    response = await fetch(address, { signal, headers: { Accept: "application/json" } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem({ type: "/problems/unreachable", detail: String(error.message) });
  }
  const body = await response.json();
  if (!response.ok) throw new Problem(body);
  return body;
}
