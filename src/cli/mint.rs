//! `tenure mint`: a sample token with the lifetime and claims that the policy gives.

use super::keys;
use super::session::{Exit, Failure, Result, Session};
use super::when::When;
use crate::policy::{Outcome, Request, decide, document, issue};
use crate::registry::{Duration, ProfileName};
use crate::token::{Algorithm, Dialect, Key, KeySet, Sample, mint, mint_document, token_id};
use serde_json::Value;
use std::path::PathBuf;

/// What is asked.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tenure keys generate samples
  tenure mint --app acme --api https://api.example.com --scope read
  tenure mint --app acme --api https://api.example.com --at now-2d --claim tier=gold --claim 'seats=5'
  tenure mint --app acme --api urn:my-api --key issuer.pem --alg PS256 --dialect auth0 --json
  tenure mint --app acme --api urn:my-api | tenure decode --key samples --check

Every sample carries the claim `tenure_sample`, so that it cannot pass for a real token.")]
pub(super) struct Args {
    /// The application
    #[arg(long, value_name = "CLIENT_ID")]
    app: String,
    /// The API
    #[arg(long, value_name = "AUDIENCE")]
    api: String,
    /// A scope that is requested (repeatable)
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// The lifetime that is requested
    #[arg(long, value_name = "DURATION")]
    lifetime: Option<Duration>,
    /// The issuer beside the policy in the JSON [default: the service's]
    #[arg(long, value_name = "PROFILE")]
    profile: Option<ProfileName>,
    #[command(flatten)]
    when: When,
    /// The key that signs: a PEM, JWK or JWKS file, `-`, or the name of a stored key [default: the service's]
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Which key of a set
    #[arg(long, value_name = "KID")]
    kid: Option<String>,
    /// The algorithm [default: the first that the key allows]
    #[arg(long, value_name = "ALG")]
    alg: Option<Algorithm>,
    /// A claim to add; the value is JSON, or else a text (repeatable)
    #[arg(long, value_name = "NAME=VALUE", value_parser = claim)]
    claim: Vec<(String, Value)>,
    /// Let --claim replace the token's own claims, for a test
    #[arg(long)]
    replace: bool,
    /// How the token is written: rfc9068 or auth0
    #[arg(long, value_name = "DIALECT", default_value = "rfc9068")]
    dialect: Dialect,
}

fn claim(text: &str) -> std::result::Result<(String, Value), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => {
            let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
            Ok((name.to_owned(), value))
        }
        _ => Err("a claim is written NAME=VALUE, for example tier=gold".to_owned()),
    }
}

/// Runs `tenure mint`; denied where the policy denies.
pub(super) fn run(args: Args, mut session: Session<'_>) -> Result {
    let answering = args.when.answering(Some(&args.app), &session)?;
    let policy = &answering.policy;
    let service = &policy.registry().service;
    let request = Request {
        client_id: args.app,
        audience: args.api,
        scopes: args.scope,
        at: answering.at,
        requested_lifetime: args.lifetime,
    };
    let decision = decide(policy, &request);
    let profile = args.profile.unwrap_or(service.issuer_profile);
    let beside = (profile, issue(profile, policy, &request));
    let document = document(&decision, Some(&beside), answering.settings_at);
    if let Outcome::Denied(denied) = &decision.outcome {
        if session.json {
            session.document(&document)?;
        }
        session.note(&format!("no token is minted: {}, {}", denied.reason, denied.message));
        return Ok(Exit::Denied);
    }
    let keys = keys::signing(args.key.as_deref(), service.signing_key.as_deref(), &mut session)?;
    let key = signer(&keys, args.kid.as_deref(), args.alg)?;
    let said = |error: crate::token::MintError| Failure::Said(error.to_string());
    let id = token_id().map_err(said)?;
    let minted = mint(&Sample {
        issuer: &service.issuer,
        decision: &decision,
        key,
        algorithm: args.alg,
        dialect: args.dialect,
        claims: &args.claim,
        replace: args.replace,
        id: &id,
    })
    .map_err(said)?;
    for name in &minted.replaced {
        session.note(&format!(
            "the sample's own `{name}` is replaced: the token is not what the policy decides"
        ));
    }
    if let Some(note) = &answering.note {
        session.note(note);
    }
    if session.json {
        session.document(&mint_document(&minted, key.id(), &decision, document))?;
    } else {
        writeln!(session.out, "{}", minted.token)?;
    }
    Ok(Exit::Done)
}

/// The first key that can sign, with the algorithm and of the id that are wanted.
fn signer<'k>(keys: &'k KeySet, kid: Option<&str>, algorithm: Option<Algorithm>) -> Result<&'k Key> {
    let of_id = |key: &&Key| kid.is_none_or(|kid| [key.id(), key.thumbprint()].contains(&kid));
    let named: Vec<&Key> = keys.keys().iter().map(AsRef::as_ref).filter(of_id).collect();
    let fits = |key: &&Key| key.can_sign() && algorithm.is_none_or(|algorithm| key.allows(algorithm));
    // Where none fits, the first says why it does not.
    named
        .iter()
        .copied()
        .find(fits)
        .or(named.first().copied())
        .ok_or_else(|| Failure::Said(format!("no key of the set has the id `{}`", kid.unwrap_or_default())))
}
