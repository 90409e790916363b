//! A module for npm `oidc-provider` that gives client credentials the lifetimes of the policy, and denies what it denies.

use super::js::{string, strings};
use super::{Asked, ExportError, Exporter, Out, Selection, counted};
use crate::registry::{Api, Application, ApplicationStatus, DefaultScopes, Service};

/// `tenure-policy.mjs`.
#[derive(Debug)]
pub(super) struct Module;

impl Exporter for Module {
    fn notes(&self, asked: &Asked, _selection: &Selection) -> Vec<String> {
        let registry = asked.registry();
        let mut notes = vec![
            "the module holds no secrets: `clients` takes a function that gives each client its credentials"
                .to_owned(),
        ];
        let rules = registry.guardrails().iter().filter(|rule| rule.enabled).count();
        if rules > 0 {
            let rules = counted(rules, "guardrail");
            notes.push(format!("{rules} left out: the module does not evaluate CEL"));
        }
        let is_uri = |api: &Api| api.audience.split_once(':').is_some_and(|(scheme, _)| !scheme.is_empty());
        let others = registry.apis().iter().filter(|api| !is_uri(api)).count();
        if others > 0 {
            let others = counted(others, "API");
            notes.push(format!(
                "{others} cannot be asked for: oidc-provider takes absolute URIs as resource indicators (RFC 8707)"
            ));
        }
        notes
    }

    fn write(&self, asked: &Asked, selection: &Selection, out: &mut Out<'_>) -> Result<(), ExportError> {
        let registry = asked.registry();
        out.file("tenure-policy.mjs")?;
        out.text(HEAD)?;
        out.text(&service(&registry.service))?;
        out.text("\nconst APIS = new Map([\n")?;
        for entry in registry.apis() {
            out.text(&api(entry))?;
        }
        out.text("]);\n\nconst APPLICATIONS = new Map([\n")?;
        for entry in selection.of(registry) {
            out.text(&application(entry))?;
            out.step()?;
        }
        out.text("]);\n")?;
        out.text(RULES)
    }
}

fn service(service: &Service) -> String {
    format!(
        "const SERVICE = {{ lifetime: {}, minimum: {}, allGranted: {} }};\n",
        service.access_token_duration.seconds(),
        service.min_lifetime.seconds(),
        service.default_scopes == DefaultScopes::AllGranted,
    )
}

fn api(api: &Api) -> String {
    let mut text = format!("  [{}, {{", string(&api.audience));
    if let Some(lifetime) = api.access_token_duration {
        text.push_str(&format!(" lifetime: {},", lifetime.seconds()));
    }
    text.push_str(" scopes: new Map([");
    for scope in &api.scopes {
        text.push_str(&format!("\n    [{}, {{", string(&scope.name)));
        if let Some(lifetime) = scope.access_token_duration {
            text.push_str(&format!(" lifetime: {},", lifetime.seconds()));
        }
        text.push_str(&format!(" default: {} }}],", scope.default));
    }
    text.push_str("]) }],\n");
    text
}

fn application(application: &Application) -> String {
    let mut text = format!("  [{}, {{", string(&application.client_id));
    if !application.name.is_empty() {
        text.push_str(&format!(" name: {},", string(&application.name)));
    }
    if application.status == ApplicationStatus::Suspended {
        text.push_str(" suspended: true,");
    }
    for (name, at) in [("from", application.not_before), ("until", application.expires_at)] {
        if let Some(at) = at {
            text.push_str(&format!(" {name}: {},", at.seconds()));
        }
    }
    if let Some(lifetime) = application.access_token_duration {
        text.push_str(&format!(" lifetime: {},", lifetime.seconds()));
    }
    let grants: Vec<String> = application
        .grants
        .iter()
        .map(|grant| {
            format!("[{}, {}]", string(&grant.audience), strings(grant.scopes.iter().map(String::as_str)))
        })
        .collect();
    text.push_str(&format!(" grants: new Map([{}]) }}],\n", grants.join(", ")));
    text
}

const HEAD: &str = r#"// The policy of a Tenure registry for npm oidc-provider, made by Tenure. Use it so:
//
//   import { Provider } from "oidc-provider";
//   import { clients, features, ttl } from "./tenure-policy.mjs";
//   new Provider(issuer, { clients: clients((id) => ({ client_secret: secretOf(id) })), features, ttl });
//
// Who asks names the API with `resource` (RFC 8707). Instants are seconds since 1970, lifetimes seconds.
import { errors } from "oidc-provider";

"#;

const RULES: &str = r#"
/** The scopes of a request without any, of those that the API still defines. */
const defaultScopes = (api, granted) =>
  [...api.scopes].filter(([name, scope]) => (SERVICE.allGranted || scope.default) && granted.includes(name)).map(([name]) => name);

/** Why a request is denied, or its scopes and lifetime. */
export const decide = (clientId, audience, requested, now) => {
  const application = APPLICATIONS.get(clientId);
  if (!application) return { denied: "unknown_application" };
  if (application.suspended) return { denied: "suspended" };
  if (now < application.from) return { denied: "not_yet_active" };
  if (now >= application.until) return { denied: "expired" };
  const api = APIS.get(audience);
  if (!api) return { denied: "unknown_api" };
  const granted = application.grants.get(audience);
  if (!granted) return { denied: "not_granted" };
  if (!requested.every((scope) => api.scopes.has(scope))) return { denied: "unknown_scope" };
  if (!requested.every((scope) => granted.includes(scope))) return { denied: "scope_not_granted" };
  const scopes = requested.length > 0 ? [...new Set(requested)] : defaultScopes(api, granted);
  const limits = [
    api.lifetime ?? SERVICE.lifetime,
    ...scopes.map((scope) => api.scopes.get(scope).lifetime ?? Infinity),
    application.lifetime ?? Infinity,
    (application.until ?? Infinity) - now,
  ];
  const lifetime = Math.min(...limits);
  return lifetime < SERVICE.minimum ? { denied: "too_short" } : { scopes: scopes.sort(), lifetime };
};

const refused = ({ denied }) => {
  switch (denied) {
    case "unknown_api":
    case "not_granted":
      return new errors.InvalidTarget(denied);
    case "unknown_scope":
    case "scope_not_granted":
      return new errors.InvalidScope(denied);
    case "unknown_application":
      return new errors.InvalidClient(denied);
    default:
      return new errors.UnauthorizedClient(denied);
  }
};

const words = (text) => (text ? text.split(" ").filter((word) => word !== "") : []);
const epoch = () => Math.floor(Date.now() / 1000);

/** The clients with the credentials that a function of yours gives for each client id. */
export const clients = (credentials) =>
  [...APPLICATIONS].map(([client_id, { name }]) => ({
    client_id,
    ...(name ? { client_name: name } : {}),
    grant_types: ["client_credentials"],
    redirect_uris: [],
    response_types: [],
    ...credentials(client_id),
  }));

export const features = {
  clientCredentials: { enabled: true },
  resourceIndicators: {
    enabled: true,
    defaultResource: () => {
      throw new errors.InvalidTarget("name the API with the parameter resource");
    },
    getResourceServerInfo: (ctx, resource, client) => {
      const decision = decide(client.clientId, resource, words(ctx.oidc.params.scope), epoch());
      if (decision.denied) throw refused(decision);
      // The scopes of a request without any are those that the policy gives it (RFC 6749 section 3.3).
      ctx.oidc.params.scope = decision.scopes.join(" ") || undefined;
      return {
        audience: resource,
        scope: decision.scopes.join(" "),
        accessTokenFormat: "jwt",
        jwt: { sign: { alg: "RS256" } },
      };
    },
  },
};

export const ttl = {
  ClientCredentials: (ctx, token, client) => {
    const decision = decide(client.clientId, token.aud, words(token.scope), epoch());
    if (decision.denied) throw refused(decision);
    return decision.lifetime;
  },
};
"#;
