// Loads a tenant.yaml and a folder with npm `auth0-deploy-cli`, as `a0deploy import` does before it asks Auth0, with its schema
// and checks; prints the assets of each. Words between ## and @@ are set to be replaced, so that a name that has them shows.
const { createRequire } = require("node:module");

// It logs to standard output, where the answer goes.
const print = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;

const peers = createRequire(process.env.TENURE_PEERS + "/");
const lib = peers.resolve("auth0-deploy-cli").replace(/lib\/.*$/, "lib/");
const Yaml = peers(lib + "context/yaml").default;
const Directory = peers(lib + "context/directory").default;
const { Auth0 } = peers(lib + "tools");
const { toConfigFn } = peers(lib + "utils");

const load = async (Context, file) => {
  const config = { AUTH0_INPUT_FILE: file, AUTH0_KEYWORD_REPLACE_MAPPINGS: { X: "replaced", name: "replaced" } };
  const context = new Context(config, {});
  await context.loadAssetsFromLocal();
  // The other context has checked them as it read them.
  if (Context === Directory) await new Auth0({}, context.assets, toConfigFn(config)).validate();
  const { clients, clientGrants, resourceServers, actions, triggers } = context.assets;
  return { clients, clientGrants, resourceServers, actions, triggers };
};

(async () => {
  const [yaml, folder] = process.argv.slice(2);
  const assets = { yaml: await load(Yaml, yaml + "/tenant.yaml"), folder: await load(Directory, folder) };
  print(JSON.stringify(assets), () => process.exit(0));
})();
