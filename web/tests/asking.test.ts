import { beforeEach, expect, test, vi } from "vitest";

const HERE = "http://grid.test";

/** Answers by "METHOD /path", each given once in its order; what was asked. */
let answers: Record<string, (() => Response)[]>;
let asked: { what: string; token: string | null }[];
let told: string[];

const json = (body: unknown, init: ResponseInit = {}) => () =>
  new Response(JSON.stringify(body), { ...init, headers: { "Content-Type": "application/json", ...init.headers } });
const problem = (slug: string, status: number, headers = {}) => json({ type: `/problems/${slug}`, detail: "no", hint: "do" }, { status, headers });
const signedIn = (token: string, account = "wang") => json({ account, csrf_token: token, roles: [], rights: [], sign_on: [] });

beforeEach(() => {
  [answers, asked, told] = [{}, [], []];
  const Plain = Request;
  class Here extends Plain {
    constructor(input: RequestInfo | URL, init?: RequestInit) {
      super(typeof input === "string" ? new URL(input, HERE) : input, init);
    }
  }
  vi.stubGlobal("Request", Here);
  vi.stubGlobal("location", { origin: HERE });
  vi.stubGlobal("dispatchEvent", (event: Event) => told.push(event.type));
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname, search } = new URL(request.url);
    const what = `${request.method} ${pathname}${search}`;
    asked.push({ what, token: request.headers.get("X-CSRF-Token") });
    const answer = answers[what]?.shift();
    if (!answer) throw new TypeError("Failed to fetch");
    return answer();
  });
  vi.resetModules(); // each test is a page that has just been opened
  return () => vi.unstubAllGlobals();
});

test("pages are followed by their links until there is none", async () => {
  const { everyPage, service } = await import("../shared/asking.ts");
  const link = { Link: '</v1/layers/grid/areas?after=b>; rel="next"' };
  answers["GET /v1/layers/grid/areas"] = [json({ features: ["a", "b"] }, { headers: link })];
  answers["GET /v1/layers/grid/areas?after=b"] = [json({ features: ["c"] })];
  const seen: unknown[] = [];
  for await (const page of everyPage(service.GET("/v1/layers/{layer}/areas", { params: { path: { layer: "grid" } } }))) seen.push(...page.features);
  expect(seen).toEqual(["a", "b", "c"]);
});

test("a change carries the token, and is sent once more where somebody signed in anew", async () => {
  const { service } = await import("../shared/asking.ts");
  answers["GET /v1/session"] = [signedIn("old"), signedIn("new")];
  answers["DELETE /v1/jobs/7"] = [problem("csrf", 403), json({}, { status: 200 })];
  await service.DELETE("/v1/jobs/{id}", { params: { path: { id: "7" } } });
  expect(asked.map(({ what, token }) => [what, token])).toEqual([
    ["GET /v1/session", null],
    ["DELETE /v1/jobs/7", "old"],
    ["GET /v1/session", null],
    ["DELETE /v1/jobs/7", "new"],
  ]);
});

test("nothing is changed as another account than the page was opened for", async () => {
  const { Problem, service } = await import("../shared/asking.ts");
  answers["GET /v1/session"] = [signedIn("old"), signedIn("new", "li")];
  answers["DELETE /v1/jobs/7"] = [problem("csrf", 403)];
  const change = service.DELETE("/v1/jobs/{id}", { params: { path: { id: "7" } } });
  await expect(change).rejects.toThrow(Problem);
  await expect(change).rejects.toMatchObject({ kind: "csrf" });
  expect(asked.filter(({ what }) => what.startsWith("DELETE"))).toHaveLength(1);
});

test("what the service says is wrong is a problem with what to do, and when again", async () => {
  const { service } = await import("../shared/asking.ts");
  answers["GET /v1/layers"] = [problem("too-many-requests", 429, { "Retry-After": "30" })];
  await expect(service.GET("/v1/layers")).rejects.toMatchObject({ kind: "too-many-requests", message: "no", hint: "do", wait: 30 });
});

test("whoever is not signed in any more is told so, whatever was asked", async () => {
  const { service, SIGNED_OUT } = await import("../shared/asking.ts");
  answers["GET /v1/layers"] = [problem("not-signed-in", 401)];
  await expect(service.GET("/v1/layers")).rejects.toMatchObject({ kind: "not-signed-in" });
  expect(told).toEqual([SIGNED_OUT]);
});

test("a service that is away, and a proxy that speaks no JSON, are problems too", async () => {
  const { service } = await import("../shared/asking.ts");
  await expect(service.GET("/v1/layers")).rejects.toMatchObject({ kind: "unreachable" });
  answers["GET /v1/layers"] = [() => new Response("<h1>Bad gateway</h1>", { status: 502 })];
  await expect(service.GET("/v1/layers")).rejects.toMatchObject({ kind: "unavailable", message: "HTTP 502" });
});

test("who is signed in, and what the service is, are asked for once", async () => {
  const { service, serviceInfo, session } = await import("../shared/asking.ts");
  await expect(serviceInfo()).rejects.toMatchObject({ kind: "unreachable" });
  answers["GET /v1/service"] = [json({ version: "1" })]; // what failed is asked again
  answers["GET /v1/session"] = [signedIn("t")];
  await Promise.all([serviceInfo(), serviceInfo(), session(), session()]);
  expect(asked.map(({ what }) => what)).toEqual(["GET /v1/service", "GET /v1/service", "GET /v1/session"]);
  expect(service).toBeDefined();
});
