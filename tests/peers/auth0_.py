"""Works on a tenant with PyPI `auth0-python`: lists to the end, reads, creates, updates, deletes; prints what it saw.

Standard input: `api` (where the Management API is), `host`, `client_id`, `client_secret` and `audience` of the token
endpoint.
"""

import json
import os
import signal
import sys

sys.path.insert(0, os.environ["TENURE_PEERS"] + "/python")
from auth0.authentication import GetToken  # noqa: E402
from auth0.management.client import Auth0  # noqa: E402
from auth0.management.core.api_error import ApiError  # noqa: E402


def plain(model):
    return json.loads(model.model_dump_json(exclude_unset=True, by_alias=True))


# A list without an end would be asked for its next page for ever.
signal.alarm(120)
given = json.load(sys.stdin)
get_token = GetToken(given["host"], given["client_id"], client_secret=given["client_secret"], protocol="http")
token = get_token.client_credentials(given["audience"])
tenant = Auth0(base_url=given["api"], token=token["access_token"])
seen = {"expires_in": token["expires_in"], "scope": token["scope"]}

# Lists, page by page until the end.
seen["clients"] = [client.name for client in tenant.clients.list(per_page=7)]
seen["resource_servers"] = [server.identifier for server in tenant.resource_servers.list(per_page=4)]
seen["grants"] = [grant.id for grant in tenant.client_grants.list(take=6)]

# An API, a client and its grant: created, read, changed.
server = tenant.resource_servers.create(
    identifier="https://peer.example/api?v=1", scopes=[{"value": "read", "description": "Read"}], token_lifetime=600
)
tenant.resource_servers.update(server.id, scopes=[{"value": "read"}, {"value": "write"}], token_lifetime=300)
seen["server"] = plain(tenant.resource_servers.get(server.id))
client = tenant.clients.create(
    name="Peer",
    app_type="non_interactive",
    grant_types=["client_credentials"],
    client_metadata={"expires_at": "2026-12-01T00:00:00Z", "customer": "Größe"},
)
tenant.clients.update(client.client_id, client_metadata={"expires_at": "2027-01-01T00:00:00Z", "customer": None})
seen["client"] = plain(tenant.clients.get(client.client_id))
grant = tenant.client_grants.create(client_id=client.client_id, audience=server.identifier, scope=["read"])
tenant.client_grants.update(grant.id, scope=["read", "write"])
seen["grant"] = [plain(grant) for grant in tenant.client_grants.list(client_id=client.client_id)]

# What is refused.
refused = []
for attempt in (
    lambda: tenant.client_grants.create(client_id=client.client_id, audience=server.identifier, scope=["read"]),
    lambda: tenant.clients.get("nobody"),
    lambda: tenant.clients.rotate_secret(client.client_id),
):
    try:
        attempt()
        refused.append(None)
    except ApiError as error:
        refused.append(error.status_code)
seen["refused"] = refused

# An action: created, deployed, bound.
action = tenant.actions.create(
    name="peer",
    code="exports.onExecuteCredentialsExchange = async () => {};",
    runtime="node22",
    supported_triggers=[{"id": "credentials-exchange", "version": "v2"}],
)
tenant.actions.update(action.id, code="exports.onExecuteCredentialsExchange = async (event, api) => {};")
tenant.actions.deploy(action.id)
tenant.actions.triggers.bindings.update_many(
    "credentials-exchange",
    bindings=[{"ref": {"type": "action_name", "value": "peer"}, "display_name": "Peer"}],
)
seen["bindings"] = [binding.display_name for binding in tenant.actions.triggers.bindings.list("credentials-exchange")]
seen["actions"] = [action.name for action in tenant.actions.list()]

# The client goes; its grant goes with it.
if given.get("delete", True):
    tenant.clients.delete(client.client_id)
    tenant.resource_servers.delete(server.id)
    seen["left"] = [grant.id for grant in tenant.client_grants.list(client_id=client.client_id)]
json.dump(seen, sys.stdout)
