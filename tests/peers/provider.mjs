// An authorization server of npm `oidc-provider` whose lifetimes are those of the sample registry: issues four tokens for
// client credentials with resource indicators, and prints them with its JWKS.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(process.env.TENURE_PEERS + "/");
const { Provider } = await import(pathToFileURL(require.resolve("oidc-provider")));
const [client_id, issuer] = process.argv.slice(2);
const client_secret = "only for this test";
const scopes = { "https://api.example.com": "read write", "https://reports.example.com": "run" };
const provider = new Provider(issuer, {
  clients: [{ client_id, client_secret, grant_types: ["client_credentials"], redirect_uris: [], response_types: [] }],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, resource) => ({
        scope: scopes[resource],
        audience: resource,
        accessTokenFormat: "jwt",
        jwt: { sign: { alg: "RS256" } },
      }),
    },
  },
  ttl: {
    ClientCredentials: (_, token) => {
      const granted = (token.scope ?? "").split(" ");
      return granted.includes("write") ? 600 : granted.includes("read") ? 3600 : 86400;
    },
  },
});
const server = provider.listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
const base = `http://127.0.0.1:${server.address().port}`;
const authorization = "Basic " + Buffer.from(`${client_id}:${encodeURIComponent(client_secret)}`).toString("base64");
const ask = async (resource, scope) => {
  const body = new URLSearchParams({ grant_type: "client_credentials", resource, scope });
  const response = await fetch(base + "/token", { method: "POST", headers: { authorization }, body });
  const answer = await response.json();
  if (!response.ok) throw new Error(JSON.stringify(answer));
  return answer;
};
const responses = [
  await ask("https://reports.example.com", "run"),
  await ask("https://api.example.com", "read"),
  await ask("https://api.example.com", "write"),
  await ask("https://api.example.com", "read write"),
];
const jwks = await (await fetch(base + "/jwks")).json();
process.stdout.write(JSON.stringify({ responses, jwks }));
server.close();
process.exit(0);
