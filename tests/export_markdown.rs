//! Reports for people, in Markdown: no name ends a cell, and none becomes a tag, a link, a picture or code.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use std::sync::Arc;
use support::HOSTILE;
use tenure::export::{Asked, Form, Selection, write};
use tenure::policy::Policy;
use tenure::registry::{Api, Application, Grant, Instant, Registry, Scope, Service};

fn now() -> Instant {
    Instant::parse("2026-11-26T12:00:00Z").unwrap()
}

fn text(form: Form, registry: Registry) -> String {
    let asked = Asked::today(Policy::new(Arc::new(registry)), now());
    String::from_utf8(write(form, &asked, &Selection::All).unwrap()).unwrap()
}

/// A line in pieces, at each character of these that no backslash shields.
fn pieces<'a>(line: &'a str, at: &[char]) -> Vec<&'a str> {
    let (mut pieces, mut start, mut shielded) = (Vec::new(), 0, false);
    for (place, c) in line.char_indices() {
        if at.contains(&c) && !shielded {
            pieces.push(&line[start..place]);
            start = place + c.len_utf8();
        }
        shielded = c == '\\' && !shielded;
    }
    pieces.push(&line[start..]);
    pieces
}

/// Names by which somebody would have a report fetch, run or hide something.
const MARKED: [&str; 9] = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "[click](javascript:alert(1))",
    "![](https://tracker.example/x.png)",
    "a | b | c",
    "ends a cell \\| and \\\\| more \\",
    "`code` ``more``",
    "a\n\n# heading\n| --- |",
    "&lt;b&gt; &#60;script&#62;",
];

/// A registry with this name wherever a report shows one.
fn named(name: &str) -> Registry {
    let application = Application {
        client_id: name.into(),
        name: name.into(),
        customer: name.into(),
        expires_at: Some(now().plus(60)),
        grants: vec![Grant { audience: name.into(), scopes: vec![name.into()] }],
        ..Application::default()
    };
    let scope = Scope { name: name.into(), ..Scope::default() };
    let api =
        Api { audience: name.into(), name: name.into(), scopes: vec![scope], access_token_duration: None };
    let service = Service { name: name.into(), issuer: name.into(), ..Service::default() };
    Registry::new(service, vec![api], vec![application], vec![])
}

#[test]
fn no_name_is_markup_in_a_report() {
    for form in [Form::ReportMarkdown, Form::ReviewMarkdown] {
        let plain = text(form, named("plain"));
        for name in HOSTILE.into_iter().chain(MARKED) {
            let hostile = text(form, named(name));
            assert_eq!(hostile.lines().count(), plain.lines().count(), "{name} makes no line:\n{hostile}");
            for (line, model) in hostile.lines().zip(plain.lines()) {
                let cells = |line: &str| pieces(line, &['|']).len();
                assert_eq!(cells(line), cells(model), "{name} ends no cell: {line}");
                assert_eq!(pieces(line, &['<', '[', ']', '`']).len(), 1, "{name} is no markup: {line}");
                let entities = line.split('&').skip(1);
                assert!(
                    entities.into_iter().all(|rest| rest.starts_with("lt;") || rest.starts_with("amp;")),
                    "{line}"
                );
                let heading = |line: &str| line.chars().take_while(|c| *c == '#').count();
                assert_eq!(heading(line), heading(model), "{name} is no heading: {line}");
            }
        }
    }
}
