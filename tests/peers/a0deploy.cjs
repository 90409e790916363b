// Deploys a tenant.yaml or a folder with npm `auth0-deploy-cli` to a tenant behind https on loopback, with every variable of the
// environment as a word that it would replace, as `a0deploy import` does. Arguments: the input, the tenant's host, the file
// of the authority to trust. The client's id and secret come on standard input; prints what it said.
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { spawnSync } = require("node:child_process");

const [input_file, domain, authority] = process.argv.slice(2);
if (process.env.NODE_EXTRA_CA_CERTS !== authority) {
  // Node reads it only when it starts.
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: authority, X: "replaced", name: "replaced" };
  const child = spawnSync(process.execPath, process.argv.slice(1), { env, stdio: ["inherit", "pipe", "inherit"] });
  process.stdout.write(child.stdout, () => process.exit(child.status ?? 1));
} else {
  const print = process.stdout.write.bind(process.stdout);
  const said = [];
  process.stdout.write = (text) => said.push(String(text)) > 0;
  const { deploy } = createRequire(process.env.TENURE_PEERS + "/")("auth0-deploy-cli");
  const { client_id, client_secret, audience } = JSON.parse(readFileSync(0, "utf8"));
  const config = {
    AUTH0_DOMAIN: domain,
    AUTH0_CLIENT_ID: client_id,
    AUTH0_CLIENT_SECRET: client_secret,
    AUTH0_AUDIENCE: audience,
    AUTH0_ALLOW_DELETE: false,
    AUTH0_INCLUDED_ONLY: ["resourceServers", "clients", "clientGrants", "actions", "triggers"],
    AUTH0_API_MAX_RETRIES: 1,
  };
  deploy({ input_file, config, env: true }).then(
    () => print(JSON.stringify({ said }), () => process.exit(0)),
    (error) => {
      process.stderr.write(`${error.stack}\n${JSON.stringify(error.response?.data ?? error.body ?? {})}\n${said.join("")}`);
      process.exit(1);
    },
  );
}
