// Asking the service, as its OpenAPI document says: answers with their types, problems (RFC 9457) as errors that
// know what to do about them; and on whose behalf.
//
//   const layers = await told(service.GET("/v1/layers"));
//   const draft = await told(service.GET("/v1/plans/{plan}/draft", { params: { path: { plan } }, signal }));
//
// A change is sent with the token of the session by itself.

import createClient from "openapi-fetch";
import type { components, paths } from "./openapi.d.ts";

/** The schemas of what the service says: `Schema["LayerInfo"]`. */
export type Schema = components["schemas"];
export type Session = Schema["SessionInfo"];

interface ProblemBody {
  type: string;
  detail: string;
  hint?: string;
  errors?: { pointer: string; detail: string }[];
}

/** What the service said was wrong. */
export class Problem extends Error {
  readonly kind: string;
  readonly hint: string;
  readonly fields: { pointer: string; detail: string }[];

  /**
   * @param body the problem as it came, with the further members that some kinds have
   * @param wait seconds until it may be asked again, where the service says so
   */
  constructor(
    readonly body: ProblemBody,
    readonly wait: number | null = null,
  ) {
    super(body.detail);
    this.kind = body.type.replace("/problems/", "");
    this.hint = body.hint ?? "";
    this.fields = body.errors ?? [];
  }
}

/** What is told to the window when somebody signed out, or was found to be so. */
export const SIGNED_OUT = "gisgov:signed-out";

const CHANGES = new Set(["POST", "PUT", "PATCH", "DELETE"]);

let known: Promise<Session> | null = null;
let itself: Promise<Schema["ServiceInfo"]> | null = null;
let whose: string | null | undefined; // the account that the page was opened for

/** The service, by its routes. What goes wrong is thrown as a `Problem`. */
export const service = createClient<paths>({ baseUrl: "", fetch: sent });

/** What an answer holds. */
export async function told<T>(asked: Promise<{ data?: T }>): Promise<T> {
  return (await asked).data as T;
}

/** The same with the answer's own headers: its `ETag`, what `Link` leads on to. */
export async function answered<T>(asked: Promise<{ data?: T; response: Response }>): Promise<[T, Response]> {
  const { data, response } = await asked;
  return [data as T, response];
}

/** The address of the next page, as the header `Link` has it; null on the last one. */
export function nextPage(response: Response): string | null {
  const found = /<([^>]+)>;\s*rel="?next"?/.exec(response.headers.get("Link") ?? "");
  return found?.[1] ?? null;
}

/** Follow an address that the service gave: the next page, a result, an annex. */
export async function follow<T>(address: string, signal?: AbortSignal): Promise<[T, Response]> {
  const response = await sent(new Request(new URL(address, location.origin), { signal: signal ?? null }));
  return [(await response.json()) as T, response];
}

/** Ask page after page, and give each as it comes. */
export async function* everyPage<T>(
  first: Promise<{ data?: T; response: Response }>,
  signal?: AbortSignal,
): AsyncGenerator<T> {
  let [page, response] = await answered(first);
  for (;;) {
    yield page;
    const next = nextPage(response);
    if (!next) return;
    [page, response] = await follow<T>(next, signal);
  }
}

/** Who is signed in, asked for once: account (null for nobody), roles, rights, the token of changes. */
export function session(): Promise<Session> {
  known ??= told(service.GET("/v1/session")).then(
    (answer) => {
      whose ??= answer.account;
      return answer;
    },
    (error: unknown) => {
      known = null;
      throw error;
    },
  );
  return known;
}

/** What the service tells of itself (its version, today, the basemap), asked for once. */
export function serviceInfo(): Promise<Schema["ServiceInfo"]> {
  itself ??= told(service.GET("/v1/service")).catch((error: unknown) => {
    itself = null;
    throw error;
  });
  return itself;
}

/** The header that a change is sent with, so that no other site's page can ask for it. */
export async function tokenHeaders(): Promise<Record<string, string>> {
  const { account, csrf_token: token } = await session();
  // what the page shows is of one account: nothing is changed as another
  if (account && whose && account !== whose) throw new Problem({ type: "/problems/csrf", detail: account });
  return token ? { "X-CSRF-Token": token } : {};
}

/** Forget who is signed in: it is asked for again. */
export function forget(): void {
  known = null;
}

/** The problem of an answer that is none; one that asks for signing in is told to the window too. */
export function problemOf(body: ProblemBody, retryAfter: string | null): Problem {
  const problem = new Problem(body, Number(retryAfter) || null);
  if (problem.kind === "not-signed-in") {
    forget();
    dispatchEvent(new Event(SIGNED_OUT));
  }
  return problem;
}

/** Send a request, a change with its token; once more where somebody signed in anew in another window. */
export async function sent(request: Request): Promise<Response> {
  if (!CHANGES.has(request.method)) return fetched(request);
  const again = request.clone();
  try {
    return await fetched(await withToken(request));
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== "csrf") throw error;
    forget();
    return fetched(await withToken(again));
  }
}

async function withToken(request: Request): Promise<Request> {
  for (const [name, value] of Object.entries(await tokenHeaders())) request.headers.set(name, value);
  return request;
}

async function fetched(request: Request): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(request);
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    throw new Problem({ type: "/problems/unreachable", detail: String((error as Error).message) });
  }
  if (response.ok) return response;
  const body = response.headers.get("Content-Type")?.includes("json") ? await response.json() : null;
  throw problemOf(body ?? { type: "/problems/unavailable", detail: `HTTP ${response.status}` }, response.headers.get("Retry-After"));
}
