// A certified provider of OpenID Connect for the tests, as a process: what it is to be comes as one line of JSON on
// stdin, its address goes out as one line on stdout. Whoever signs in is who they say they are.
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const web = createRequire(new URL("../../web/package.json", import.meta.url));
const { Provider } = await import(pathToFileURL(web.resolve("oidc-provider")));

const [line] = await once(createInterface({ input: process.stdin }), "line");
const { port, redirects, client, secret, keys } = JSON.parse(line);

const server = createServer();
await once(server.listen(port, "127.0.0.1"), "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
  clients: [{ client_id: client, client_secret: secret, redirect_uris: redirects, grant_types: ["authorization_code"] }],
  claims: { openid: ["sub"], profile: ["preferred_username", "name"], email: ["email"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: `subject-of-${id}`, preferred_username: id, name: id, email: `${id}@city.example` }),
  }),
  cookies: { keys: ["only for tests"] },
  jwks: { keys },
});
server.on("request", provider.callback());
console.log(issuer);
