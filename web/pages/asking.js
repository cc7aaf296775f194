// Asking the service: JSON in, problems (RFC 9457) as errors that know what to do about them; and on whose behalf.

/** What the service said was wrong. */
export class Problem extends Error {
  /** @param wait seconds until it may be asked again, where the service says so */
  constructor(body, wait = null) {
    super(body.detail);
    this.kind = body.type.replace("/problems/", "");
    this.hint = body.hint ?? "";
    this.fields = body.errors ?? [];
    this.wait = wait;
  }
}

/** What is told to the window when somebody signed out, or was found to be so. */
export const SIGNED_OUT = "gisgov:signed-out";

let known = null;
let whose; // the account that the page was opened for

/** Who is signed in, asked for once: account (null for nobody), roles, rights, the token of changes. */
export function session() {
  known ??= fetched("/v1/session").then(
    (answer) => {
      whose ??= answer.account;
      return answer;
    },
    (error) => {
      known = null;
      throw error;
    },
  );
  return known;
}

/** Ask an address with parameters; those without a value are left out. */
export async function ask(path, parameters = {}, signal = undefined) {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const query = new URLSearchParams(given).toString();
  return fetched(query ? `${path}?${query}` : path, { signal });
}

/** Ask page after page, and give each page's features as they come; at most `most` features. */
export async function* pages(path, parameters, { most, signal }) {
  let address = `${path}?${new URLSearchParams(parameters)}`;
  let count = 0;
  while (address && count < most) {
    const page = await fetched(address, { signal });
    count += page.features.length;
    address = page.next;
    yield { features: page.features, complete: !address };
  }
}

/** Ask for a change: `change("PUT", "/v1/session/password", { … })`; null where the service answers nothing. */
export async function change(method, path, body = undefined) {
  const sent = async () => {
    const headers = await tokenHeaders();
    if (body !== undefined) headers["Content-Type"] = "application/json";
    return fetched(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  };
  try {
    return await sent();
  } catch (error) {
    if (error.kind !== "csrf") throw error;
    forget(); // somebody signed in anew in another window
    return sent();
  }
}

/** The header that a change is sent with, so that no other site's page can ask for it. */
export async function tokenHeaders() {
  const { account, csrf_token: token } = await session();
  // what the page shows is of one account: nothing is changed as another
  if (account && whose && account !== whose) throw new Problem({ type: "/problems/csrf", detail: account });
  return token ? { "X-CSRF-Token": token } : {};
}

/** Forget who is signed in: it is asked for again. */
export function forget() {
  known = null;
}

/** The problem of an answer that is none; one that asks for signing in is told to the window too. */
export function problemOf(body, retryAfter) {
  const problem = new Problem(body, Number(retryAfter) || null);
  if (problem.kind === "not-signed-in") {
    forget();
    dispatchEvent(new Event(SIGNED_OUT));
  }
  return problem;
}

async function fetched(address, { headers = {}, ...options } = {}) {
  let response;
  try {
    response = await fetch(address, { ...options, headers: { Accept: "application/json", ...headers } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem({ type: "/problems/unreachable", detail: String(error.message) });
  }
  if (response.status === 204) return null;
  const body = await response.json();
  if (!response.ok) throw problemOf(body, response.headers.get("Retry-After"));
  return body;
}
