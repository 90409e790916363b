// Runs npm `oidc-provider` with a module that Tenure exported and asks it for tokens at given instants: standard input is
// [{client_id, audience, scopes, at}]; prints for each the answer with the claims of its token.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(process.env.TENURE_PEERS + "/");
const { Provider } = await import(pathToFileURL(require.resolve("oidc-provider")));
const { clients, features, ttl } = await import(pathToFileURL(process.argv[2]));
console.info = console.warn = () => {};
const client_secret = "only for this test";
const provider = new Provider("https://issuer.example", {
  clients: clients(() => ({ client_secret, token_endpoint_auth_method: "client_secret_post" })),
  features: { ...features, devInteractions: { enabled: false } },
  ttl,
});
const server = provider.listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
const answers = [];
for (const { client_id, audience, scopes, at } of JSON.parse(readFileSync(0, "utf8"))) {
  Date.now = () => at * 1000;
  const body = new URLSearchParams({ grant_type: "client_credentials", client_id, client_secret, resource: audience });
  if (scopes.length > 0) body.set("scope", scopes.join(" "));
  const response = await fetch(`http://127.0.0.1:${server.address().port}/token`, { method: "POST", body });
  const answer = await response.json();
  const claims = answer.access_token && JSON.parse(Buffer.from(answer.access_token.split(".")[1], "base64url"));
  answers.push({ ...answer, claims });
}
process.stdout.write(JSON.stringify(answers), () => process.exit(0));
