//! `tenure decode`: a token taken apart, verified, and compared with the policy.

use super::keys;
use super::session::{Exit, Failure, Result, Session};
use super::table::{calm, card};
use super::when::{Settings, When};
use crate::policy::Policy;
use crate::registry::{Duration, Instant, MomentContext, human, parse_moment};
use crate::token::{
    Check, Decoded, Expected, Known, Life, MAX_SIZE, Object, Payload, Subject, Verification, decode,
    decode_document, issued_at, meaning, times, verify_claims, verify_signature, warnings,
};
use std::io::{Read, Write};
use std::path::Path;

/// What is asked.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tenure decode < token.txt
  tenure decode response.json --check
  pbpaste | tenure decode - --key samples --strict
  tenure decode token.txt --jwks jwks.json --iss https://issuer.example --aud urn:my-api --json
  tenure decode token.txt --jwks-url https://issuer.example/.well-known/jwks.json

The token may stand in an `Authorization` header, quotes, a JSON response or a curl line. Nothing
that it names is fetched. Exit status 1: with a key, the signature is not valid; with --strict,
--iss or --aud, a claim is not as expected; with --check, the policy denies, or the token outlives
its application.")]
pub(super) struct Args {
    /// The token, a file with it, or `-` for standard input
    #[arg(value_name = "TOKEN", default_value = "-", allow_hyphen_values = true)]
    token: String,
    #[command(flatten)]
    keys: keys::Given,
    /// Compare it with what the policy decides at `iat`
    #[arg(long)]
    check: bool,
    /// Fail where the token has expired at --at, is not valid yet, or is of another type
    #[arg(long)]
    strict: bool,
    /// How far clocks may differ
    #[arg(long, value_name = "DURATION", default_value = "0", value_parser = leeway)]
    leeway: i64,
    /// Fail where this is not the issuer
    #[arg(long, value_name = "ISSUER")]
    iss: Option<String>,
    /// Fail where this is not among the audiences
    #[arg(long, value_name = "AUDIENCE")]
    aud: Option<String>,
    /// The instant to judge it at: RFC 3339, now, now+3d
    #[arg(long, value_name = "INSTANT", default_value = "now", allow_hyphen_values = true)]
    at: String,
    /// Check by today's settings, or by those in force at `iat`
    #[arg(long, value_enum, default_value = "today")]
    settings: Settings,
}

fn leeway(text: &str) -> std::result::Result<i64, String> {
    if text.trim() == "0" {
        return Ok(0);
    }
    text.parse::<Duration>().map(Duration::seconds).map_err(|error| error.to_string())
}

/// Runs `tenure decode`.
pub(super) fn run(args: &Args, mut session: Session<'_>) -> Result {
    let input = input(&args.token, &mut session)?;
    let decoded = decode(&input).map_err(|error| {
        let short = args.token != "-" && args.token.len() < 200 && !Path::new(&args.token).exists();
        Failure::Said(format!("{error}{}", if short { "; nor is there a file of this name" } else { "" }))
    })?;
    let at = instant(&args.at, session.now)?;
    let keys = args.keys.read(("token", args.token == "-"), &mut session)?;
    let verification =
        keys.as_ref().map_or(Verification::NOT_CHECKED, |keys| verify_signature(&decoded, keys));
    let warnings = warnings(&decoded, at, keys.as_ref());
    let expected = Expected {
        at,
        leeway: args.leeway,
        strict: args.strict,
        issuer: args.iss.as_deref(),
        audience: args.aud.as_deref(),
    };
    let asked = args.strict || args.iss.is_some() || args.aud.is_some();
    let failed = asked.then(|| verify_claims(&decoded, &expected));
    let settings = if args.check { Some(settings(args, &decoded, &session)?) } else { None };
    let subject = settings.as_ref().map(|(policy, _)| Subject::of(&decoded, policy.registry()));
    let check = settings.as_ref().zip(subject.as_ref()).map(|((policy, _), subject)| subject.check(policy));
    let known = Known {
        decoded: &decoded,
        at,
        verification: &verification,
        warnings: &warnings,
        failed: failed.as_deref(),
        check: check.as_ref(),
        settings_at: settings.as_ref().and_then(|(_, at)| *at),
    };
    if session.json {
        session.document(&decode_document(&known))?;
    } else {
        show(&known, session.out)?;
    }
    let unverified = keys.is_some() && verification.key.is_none();
    let disagrees = failed.is_some_and(|failed| !failed.is_empty());
    let alarming = check.is_some_and(|check| check.is_alarming());
    Ok(if unverified || disagrees || alarming { Exit::Denied } else { Exit::Done })
}

/// The argument itself, unless it is `-` or names a file.
fn input(argument: &str, session: &mut Session<'_>) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One byte more than is looked at, so that more is refused without being read.
    let limit = MAX_SIZE as u64 + 1;
    let file = Path::new(argument);
    let read = if argument == "-" {
        session.input.take(limit).read_to_end(&mut bytes)
    } else if file.is_file() {
        std::fs::File::open(file).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    } else {
        return Ok(argument.as_bytes().to_vec());
    };
    read.map_err(|error| Failure::Said(format!("`{argument}` cannot be read ({error})")))?;
    Ok(bytes)
}

fn instant(text: &str, now: Instant) -> Result<Instant> {
    let context = MomentContext { now, expiry: None, zone: None };
    let moment = parse_moment(text, &context).map_err(|error| Failure::Said(format!("--at: {error}")))?;
    Ok(moment.instant)
}

/// The settings that judge the token: today's, or with `--settings then` those in force when it was issued.
fn settings(args: &Args, decoded: &Decoded, session: &Session<'_>) -> Result<(Policy, Option<Instant>)> {
    let issued = issued_at(decoded).unwrap_or(session.now);
    let when = When { at: issued.to_string(), settings: args.settings };
    let answering = when.answering(None, session)?;
    let settings_at = answering.settings_at.filter(|_| args.settings == Settings::Then);
    Ok((answering.policy, settings_at))
}

fn show(known: &Known<'_>, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "Header")?;
    members(known.decoded.header(), out)?;
    match known.decoded.payload() {
        Payload::Claims(claims) => {
            writeln!(out, "\nClaims")?;
            members(claims, out)?;
        }
        Payload::Text { text, .. } => writeln!(out, "\nPayload\n  {}", calm(text))?,
        Payload::Encrypted => {}
    }
    writeln!(out)?;
    card(out, &summary(known))?;
    section(out, "Warnings", known.warnings.iter().map(|w| format!("{}: {}", w.code.as_str(), w.message)))?;
    let failed = known.failed.unwrap_or_default();
    section(out, "Failed", failed.iter().map(|failed| format!("{}: {}", failed.claim, failed.message)))?;
    match known.check {
        Some(check) => {
            writeln!(out)?;
            card(out, &compared(check, known.settings_at))
        }
        None => Ok(()),
    }
}

fn members(object: &Object, out: &mut dyn Write) -> std::io::Result<()> {
    let width = object.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    for (name, value) in object.iter() {
        let meaning =
            meaning(name).map(|(what, source)| format!("  # {what} ({source})")).unwrap_or_default();
        writeln!(out, "  {:width$}  {}{meaning}", calm(name), calm(value))?;
    }
    Ok(())
}

fn section(
    out: &mut dyn Write,
    title: &str,
    lines: impl ExactSizeIterator<Item = String>,
) -> std::io::Result<()> {
    if lines.len() > 0 {
        writeln!(out, "\n{title}")?;
    }
    for line in lines {
        writeln!(out, "  {}", calm(&line))?;
    }
    Ok(())
}

fn summary(known: &Known<'_>) -> Vec<(&'static str, String)> {
    let times = times(known.decoded, known.at);
    let signature = match (&known.verification.key, &known.verification.why) {
        (Some(key), _) => format!("valid, by the key {} ({})", key.id(), key.kind()),
        (None, Some(why)) => format!("{}: {why}", known.verification.state.title()),
        (None, None) => known.verification.state.title().to_owned(),
    };
    let text = |at: Option<Instant>| at.map(|at| at.to_string()).unwrap_or_default();
    let life = match (times.state, times.remaining) {
        (Life::Expired, Some(past)) => format!("expired {} ago", human(-past)),
        (Life::Active, Some(left)) => format!("active, {} left", human(left)),
        (Life::Expired, None) => "expired".to_owned(),
        (Life::Active, None) => "active".to_owned(),
        (Life::NotYetValid, _) => "not yet valid".to_owned(),
        (Life::NoExpiry, _) => "never expires".to_owned(),
    };
    vec![
        ("Signature", signature),
        ("Issued", text(times.iat)),
        ("Not before", text(times.nbf)),
        ("Expires", text(times.exp)),
        ("Lifetime", times.lifetime.map(human).unwrap_or_default()),
        (
            "State",
            if known.decoded.is_encrypted() { String::new() } else { format!("{life} at {}", known.at) },
        ),
    ]
}

fn compared(check: &Check<'_>, settings_at: Option<Instant>) -> Vec<(&'static str, String)> {
    use crate::policy::Outcome::{Denied, Granted};
    let by = check.by.map(|seconds| format!(" {}", human(seconds))).unwrap_or_default();
    let decided = check.decision.as_ref().map(|decision| match &decision.outcome {
        Granted(granted) => {
            let limit = granted
                .binding()
                .map(|limit| format!(", limited by {} {}", limit.limit.as_str(), limit.source));
            let until = granted.expires_at;
            format!("{} until {until}{}", human(granted.lifetime), limit.unwrap_or_default())
        }
        Denied(denied) => format!("denied: {}, {}", denied.reason, denied.message),
    });
    let issuer = check.beside.as_ref().zip(check.issuer_verdict).map(|((profile, _), verdict)| {
        format!("{} ({})", verdict.as_str().replace('_', " "), profile.title())
    });
    vec![
        ("Verdict", format!("{}{by}", check.verdict.title())),
        ("Application", check.client_id.unwrap_or_default().to_owned()),
        ("API", check.audience.unwrap_or_default().to_owned()),
        ("Scopes", check.scopes.join(" ")),
        ("Policy", decided.unwrap_or_default()),
        ("Issuer", issuer.unwrap_or_default()),
        ("Settings of", settings_at.map(|at| at.to_string()).unwrap_or_default()),
    ]
}
