"""Works on a service with PyPI `authlete`: lists to the end, reads, creates, updates, locks, deletes; prints what it saw.

Standard input: the members of `AuthleteConfiguration`, `service` (its id) and `api_key` (the same in 2.x).
"""

import json
import os
import signal
import sys

sys.path.insert(0, os.environ["TENURE_PEERS"] + "/python")
from authlete.api import AuthleteApiException, AuthleteApiImpl  # noqa: E402
from authlete.conf import AuthleteConfiguration  # noqa: E402
from authlete.dto import Client, Pair, TokenCreateRequest  # noqa: E402
from authlete.types import ClientType, GrantType  # noqa: E402

# A list without an end would be asked for its next page for ever.
signal.alarm(120)
given = json.load(sys.stdin)
api = AuthleteApiImpl(AuthleteConfiguration(given["configuration"]))
key = given["configuration"]["serviceApiKey"]
seen = {"clients": []}

# Lists, five by five until the end.
start = 0
while True:
    page = api.getClientList(start=start, end=start + 5)
    seen["total"] = page.totalCount
    seen["clients"] += [client.clientId for client in page.clients]
    start += 5
    if start >= page.totalCount:
        break

# The service: read, changed as a whole.
service = api.getService(key)
service.accessTokenDuration = 7200
service.supportedScopes[0].attributes = [Pair({"key": "access_token.duration", "value": "900"})]
stored = api.updateService(service)
seen["service"] = {
    "accessTokenDuration": stored.accessTokenDuration,
    "scopes": [[scope.name, [[a.key, a.value] for a in scope.attributes or []]] for scope in stored.supportedScopes],
}

# A client: created, read, changed, its scopes narrowed, locked.
client = Client()
client.clientName = "Peer"
client.clientType = ClientType.CONFIDENTIAL
client.grantTypes = [GrantType.CLIENT_CREDENTIALS]
client.attributes = [Pair({"key": "expires_at", "value": "2026-12-01T00:00:00Z"})]
client = api.createClient(client)
client = api.getClient(client.clientId)
client.description = "Größe"
client.extension.accessTokenDuration = 300
client = api.updateClient(client)
seen["client"] = {
    "id": client.clientId,
    "description": client.description,
    "attributes": [[a.key, a.value] for a in client.attributes],
    "accessTokenDuration": client.extension.accessTokenDuration,
}
seen["scopes"] = [api.setRequestableScopes(client.clientId, ["read"]), api.getRequestableScopes(client.clientId)]
api.deleteRequestableScopes(client.clientId)
seen["scopes"].append(api.getRequestableScopes(client.clientId))


def mint():
    request = TokenCreateRequest()
    request.grantType = GrantType.CLIENT_CREDENTIALS
    request.clientId = client.clientId
    request.scopes = ["read"]
    response = api.tokenCreate(request)
    return [response.action.name, response.expiresIn]


seen["minted"] = [mint()]
api.updateClientLockFlag(client.clientId, True)
seen["minted"].append(mint()[0])
seen["locked"] = api.getClient(client.clientId).clientName

# What is refused, and the end.
api.deleteClient(client.clientId)
try:
    api.getClient(client.clientId)
except AuthleteApiException as error:
    seen["gone"] = error.response.status_code
json.dump(seen, sys.stdout)
