// Works on a service with npm `@authlete/typescript-sdk`: lists to the end, reads, creates, updates, locks, deletes; prints
// what it saw. Standard input: `base`, `token` and `service`.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(process.env.TENURE_PEERS + "/");
const { Authlete } = await import(pathToFileURL(require.resolve("@authlete/typescript-sdk")));
const { base, token, service: serviceId } = JSON.parse(readFileSync(0, "utf8"));
const authlete = new Authlete({ serverURL: base, bearer: token });
const pairs = (attributes) => (attributes ?? []).map(({ key, value }) => [key, value]);
// A list without an end would be asked for its next page for ever.
setTimeout(() => process.exit(1), 120_000).unref();
const seen = { clients: [] };

// Lists, five by five until the end.
for (let start = 0; ; start += 5) {
  const page = await authlete.client.list({ serviceId, start, end: start + 5 });
  seen.total = page.totalCount;
  seen.clients.push(...page.clients.map((client) => client.clientId));
  if (start + 5 >= page.totalCount) break;
}

// The service: read, changed as a whole.
const service = await authlete.service.get({ serviceId });
service.accessTokenDuration = 7200;
service.supportedScopes[0].attributes = [{ key: "access_token.duration", value: "900" }];
const stored = await authlete.service.update({ serviceId, service });
seen.service = {
  accessTokenDuration: stored.accessTokenDuration,
  scopes: stored.supportedScopes.map(({ name, attributes }) => [name, pairs(attributes)]),
};

// A client: created, read, changed, its scopes narrowed, locked.
const created = await authlete.client.create({
  serviceId,
  client: {
    clientName: "Peer",
    clientType: "CONFIDENTIAL",
    grantTypes: ["CLIENT_CREDENTIALS"],
    attributes: [{ key: "expires_at", value: "2026-12-01T00:00:00Z" }],
  },
});
const clientId = String(created.clientId);
let client = await authlete.client.get({ serviceId, clientId });
client.description = "Größe";
client.extension.accessTokenDuration = 300;
client = await authlete.client.update({ serviceId, clientId, client });
seen.client = {
  id: client.clientId,
  description: client.description,
  attributes: pairs(client.attributes),
  accessTokenDuration: client.extension.accessTokenDuration,
};
const management = authlete.client.management;
const narrowed = await management.updateRequestableScopes({
  serviceId,
  clientId,
  clientExtensionRequestableScopesUpdateRequest: { requestableScopes: ["read"] },
});
const read = await management.getRequestableScopes({ serviceId, clientId });
seen.scopes = [narrowed.requestableScopes, read.requestableScopes];
await management.deleteRequestableScopes({ serviceId, clientId });
// The list is null now, as the description has it, which this client cannot read: the client's own extension tells.
const { extension } = await authlete.client.get({ serviceId, clientId });
seen.scopes.push(extension.requestableScopesEnabled ? extension.requestableScopes : null);

const mint = () =>
  authlete.token.management.create({
    serviceId,
    tokenCreateRequest: { grantType: "CLIENT_CREDENTIALS", clientId: created.clientId, scopes: ["read"] },
  });
const minted = await mint();
seen.minted = [[minted.action, minted.expiresIn]];
await management.updateLockFlag({
  serviceId,
  clientIdentifier: clientId,
  clientFlagUpdateRequest: { clientLocked: true },
});
seen.minted.push((await mint()).action);
seen.locked = (await authlete.client.get({ serviceId, clientId })).clientName;

// The end.
await authlete.client.delete({ serviceId, clientId });
seen.gone = await authlete.client.get({ serviceId, clientId }).then(
  () => null,
  (error) => error.statusCode,
);
process.stdout.write(JSON.stringify(seen));
