//! The same policy in Tenure and in Cedar, timed in one run: both medians and their ratio.
//!
//! Cedar answers allow or deny; it cannot yield a lifetime. So it is asked whether a token of one *candidate*
//! lifetime is allowed. Finding the longest takes several such questions: the second figure counts the
//! halving of 0 to 86 400 s, 17 of them. Tenure answers the lifetime, every limit and the binding one at once.

use cedar_policy::{
    Authorizer, Context, Decision, Entities, PolicySet, Request as Question, RestrictedExpression,
};
use std::error::Error;
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant as Stopwatch;
use tenure::policy::{Outcome, Policy, Request, decide};
use tenure::registry::{Instant, file};

const AUDIENCE: &str = "https://api.example.com";
const AT: i64 = 1_795_424_400; // 2026-11-23T09:00:00Z
const END: i64 = AT + 86_400 * 2;
const SERVICE: i64 = 86_400;
const API: i64 = 43_200;
const APPLICATION: i64 = 28_800;
const SCOPES: i64 = 10;
const HALVINGS: f64 = 17.0;

fn main() -> Result<(), Box<dyn Error>> {
    let policy = Policy::new(file::read(&registry(), "bench")?.into());
    let request = Request {
        client_id: "client".into(),
        audience: AUDIENCE.into(),
        scopes: (0..SCOPES).map(name).collect(),
        at: Instant::from_seconds(AT)?,
        requested_lifetime: None,
    };
    let Outcome::Granted(granted) = decide(&policy, &request).outcome else {
        return Err("tenure denies the request".into());
    };
    let policies: PolicySet = cedar().parse()?;
    let (authorizer, entities) = (Authorizer::new(), Entities::empty());
    let ask = |question: &Question| authorizer.is_authorized(question, &policies, &entities).decision();
    let (fits, exceeds) = (question(granted.lifetime)?, question(granted.lifetime + 1)?);
    // The two policies must agree on the lifetime, or the ratio compares nothing.
    if ask(&fits) != Decision::Allow || ask(&exceeds) != Decision::Deny {
        return Err(format!("cedar disagrees with a lifetime of {} s", granted.lifetime).into());
    }
    let ours = median(|| drop(black_box(decide(&policy, black_box(&request)))));
    let theirs = median(|| drop(black_box(ask(black_box(&fits)))));
    println!("lifetime agreed on         {:>10} s", granted.lifetime);
    println!("tenure decide, explained   {ours:>10.0} ns");
    println!("cedar, one candidate       {theirs:>10.0} ns   {:.1} x", theirs / ours);
    println!("cedar, 17 halvings         {:>10.0} ns   {:.1} x", theirs * HALVINGS, theirs * HALVINGS / ours);
    Ok(())
}

fn name(scope: i64) -> String {
    format!("scope-{scope}")
}

fn seconds(scope: i64) -> i64 {
    7_200 - scope * 600
}

fn registry() -> String {
    let scopes: Vec<String> = (0..SCOPES)
        .map(|i| format!(r#"{{"name":"{}","access_token_duration":{}}}"#, name(i), seconds(i)))
        .collect();
    let granted: Vec<String> = (0..SCOPES).map(|i| format!("\"{}\"", name(i))).collect();
    let end = Instant::saturating(END);
    format!(
        r#"{{"schema":1,"service":{{"name":"Bench","issuer":"https://issuer.example","access_token_duration":{SERVICE}}},
"apis":[{{"audience":"{AUDIENCE}","name":"Bench","access_token_duration":{API},"scopes":[{}]}}],
"applications":[{{"client_id":"client","name":"Client","status":"active","expires_at":"{end}",
"access_token_duration":{APPLICATION},"grants":[{{"audience":"{AUDIENCE}","scopes":[{}]}}]}}]}}"#,
        scopes.join(","),
        granted.join(",")
    )
}

fn cedar() -> String {
    let granted: Vec<String> = (0..SCOPES).map(|i| format!("\"{}\"", name(i))).collect();
    let mut text = format!(
        r#"permit(principal == Application::"client", action == Action::"token", resource == Api::"{AUDIENCE}")
when {{ [{}].containsAll(context.scopes) && context.at < {END} }};
forbid(principal, action, resource) when {{ context.lifetime > {SERVICE} }};
forbid(principal, action, resource == Api::"{AUDIENCE}") when {{ context.lifetime > {API} }};
forbid(principal == Application::"client", action, resource) when {{ context.lifetime > {APPLICATION} }};
forbid(principal == Application::"client", action, resource) when {{ context.at + context.lifetime > {END} }};
"#,
        granted.join(",")
    );
    for scope in 0..SCOPES {
        let _infallible = writeln!(
            text,
            r#"forbid(principal, action, resource == Api::"{AUDIENCE}") when {{ context.scopes.contains("{}") && context.lifetime > {} }};"#,
            name(scope),
            seconds(scope)
        );
    }
    text
}

fn question(lifetime: i64) -> Result<Question, Box<dyn Error>> {
    let scopes = (0..SCOPES).map(|i| RestrictedExpression::new_string(name(i)));
    let context = Context::from_pairs([
        ("at".to_owned(), RestrictedExpression::new_long(AT)),
        ("lifetime".to_owned(), RestrictedExpression::new_long(lifetime)),
        ("scopes".to_owned(), RestrictedExpression::new_set(scopes)),
    ])?;
    let api = format!("Api::\"{AUDIENCE}\"").parse()?;
    Ok(Question::new(r#"Application::"client""#.parse()?, r#"Action::"token""#.parse()?, api, context, None)?)
}

/// Of 201 batches of 1 000 runs, in nanoseconds a run.
fn median(mut run: impl FnMut()) -> f64 {
    let mut batches: Vec<f64> = (0..201)
        .map(|_| {
            let start = Stopwatch::now();
            for _ in 0..1_000 {
                run();
            }
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    batches.sort_by(f64::total_cmp);
    batches.get(100).copied().unwrap_or_default()
}
