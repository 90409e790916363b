//! How the stand-ins fail: what every fault looks like on the wire, and when it strikes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "support/remote/mod.rs"]
mod remote;

use remote::pull::{by_checkpoint, by_number};
use remote::{Auth0, Call, Caller, Fault, Server, Times, Tls, Wait, Work, nobody_listens};
use serde_json::json;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

const CLIENTS: &str = "/api/v2/clients";
const GRANTS: &str = "/api/v2/client-grants";

#[test]
fn beyond_the_limit_the_answer_says_when_to_come_again() {
    let tenant = Auth0::start();
    tenant.rate(2, 2);
    let caller = tenant.caller();
    let answers: Vec<_> = (0..4).map(|_| caller.get(CLIENTS)).collect();
    assert_eq!(answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [200, 200, 429, 429]);
    assert_eq!(answers[2].json()["errorCode"], "too_many_requests");
    assert_eq!(answers[2].header("retry-after"), Some("1"));
    assert_eq!(answers[1].header("x-ratelimit-limit"), Some("2"));
    assert_eq!(answers[1].header("x-ratelimit-remaining"), Some("0"));
    let reset: i64 = answers[1].header("x-ratelimit-reset").unwrap().parse().unwrap();
    assert!((0..=2).contains(&(reset - chrono::Utc::now().timestamp())));
    std::thread::sleep(Duration::from_millis(1100));
    assert_eq!(caller.get(CLIENTS).status, 200);
}

/// A tenant with some clients whose next page of them meets the fault, and a caller.
fn faulty(fault: Fault) -> (Auth0, Caller) {
    let tenant = Auth0::start();
    tenant.fill(20);
    tenant.fault(Call::List, fault, Times::once());
    let caller = tenant.caller().patient_for(Duration::from_millis(300));
    (tenant, caller)
}

/// Whether a gzip has at least so many bytes in it.
fn unpacks_to(gzip: &[u8], least: u64) -> bool {
    let mut unpacked = std::io::Read::take(flate2::read::GzDecoder::new(gzip), least);
    std::io::copy(&mut unpacked, &mut std::io::sink()).unwrap() == least
}

#[test]
fn each_fault_looks_on_the_wire_as_it_says() {
    for fault in Fault::all() {
        let (_tenant, caller) = faulty(fault.clone());
        let good = || caller.get(CLIENTS).json();
        let answer = caller.call("GET", CLIENTS, None);
        let status = answer.as_ref().map(|answer| answer.status);
        let header = |name: &str| answer.as_ref().and_then(|answer| answer.header(name)).map(str::to_owned);
        match fault {
            Fault::Limited(wait) => {
                assert_eq!(status, Some(429));
                assert_eq!(header("retry-after").is_some(), matches!(wait, Wait::Seconds(_) | Wait::Date(_)));
                assert_eq!(
                    header("x-ratelimit-reset").is_some(),
                    matches!(wait, Wait::Reset(_) | Wait::Past)
                );
            }
            Fault::Status(expected) => assert_eq!(status, Some(expected)),
            Fault::Closed(_) | Fault::Silent(_) => assert!(answer.is_none(), "{fault:?}"),
            Fault::Truncated | Fault::WrongLength | Fault::Slow | Fault::Huge => {
                assert_eq!(status, Some(200));
                assert!(!answer.unwrap().is_whole(), "{fault:?}");
            }
            Fault::Endless => assert_eq!(answer.unwrap().body.len() / 100_000, 99),
            Fault::GzipBomb => {
                assert_eq!(header("content-encoding").as_deref(), Some("gzip"));
                assert!(unpacks_to(&answer.unwrap().body, 20_000_000));
            }
            Fault::Html => {
                assert_eq!((status, header("content-type").as_deref()), (Some(200), Some("text/html")))
            }
            Fault::DuplicateMembers => {
                let text = String::from_utf8(answer.unwrap().body).unwrap();
                let first = text.split('"').nth(1).unwrap();
                assert_eq!(
                    text.split('}').next().unwrap().matches(&format!("\"{first}\":")).count(),
                    2,
                    "{text}"
                );
            }
            Fault::RepeatedPage => assert_eq!(answer.unwrap().json(), good()),
            Fault::MovedItem => assert_eq!(answer.unwrap().json(), good()),
            Fault::Redirect(..) => {}
        }
    }
}

#[test]
fn a_write_whose_answer_is_lost_was_carried_out_or_not_as_the_fault_says() {
    for fault in Fault::all() {
        let tenant = Auth0::start();
        tenant.fault(Call::Create, fault.clone(), Times::once());
        let caller = tenant.caller().patient_for(Duration::from_millis(200));
        let _lost = caller.call("POST", CLIENTS, Some(&json!({ "name": "A" })));
        let there = tenant.clients().iter().any(|client| client["name"] == "A");
        assert_eq!(there, fault.carries_out(), "{fault:?}");
        assert_eq!(tenant.writes().len(), 1);
    }
}

#[test]
fn a_fault_strikes_its_kind_of_call_as_often_and_as_late_as_it_is_told() {
    let tenant = Auth0::start();
    tenant.fault_at(Call::List, "/client-grants", Fault::Status(503), Times::of(2).after(1));
    let caller = tenant.caller();
    assert_eq!([CLIENTS, CLIENTS].map(|path| caller.get(path).status), [200, 200]);
    assert_eq!([GRANTS; 5].map(|path| caller.get(path).status), [200, 503, 503, 200, 200]);
    tenant.fault(Call::List, Fault::Status(500), Times::always());
    assert_eq!(caller.get(CLIENTS).status, 500);
    tenant.no_faults();
    assert_eq!(caller.get(CLIENTS).status, 200);
}

#[test]
fn random_faults_are_as_many_as_told_and_the_same_for_a_seed() {
    let run = |seed| {
        let tenant = Auth0::start();
        tenant.random_faults_of(10, seed, vec![Fault::Status(500), Fault::Status(503)]);
        let caller = tenant.caller();
        (0..500).map(|_| caller.get(GRANTS).status).collect::<Vec<_>>()
    };
    let statuses = run(7);
    assert_eq!(statuses, run(7));
    let struck = statuses.iter().filter(|status| **status != 200).count();
    assert!((25..=80).contains(&struck), "{struck}");
}

#[test]
fn an_item_that_moves_between_pages_is_seen_twice_and_by_numbers_another_never() {
    let pull = |pages: fn(&Caller, usize) -> Vec<String>| {
        let tenant = Auth0::start();
        tenant.fill(10);
        tenant.fault(Call::List, Fault::MovedItem, Times::once().after(1));
        let seen = pages(&tenant.caller(), 4);
        let different: BTreeSet<_> = seen.iter().cloned().collect();
        (seen.len(), different.len())
    };
    assert_eq!(pull(by_number), (12, 11));
    assert_eq!(pull(by_checkpoint), (13, 12));
}

#[test]
fn a_repeated_page_is_the_one_before() {
    let tenant = Auth0::start();
    tenant.fill(10);
    tenant.fault(Call::List, Fault::RepeatedPage, Times::once().after(1));
    let caller = tenant.caller();
    let pages = [0, 1, 1].map(|page| caller.get(&format!("{CLIENTS}?page={page}&per_page=3")).json());
    assert_eq!(pages[0], pages[1]);
    assert_ne!(pages[1], pages[2]);
}

#[test]
fn a_redirect_leads_to_a_server_that_shows_what_it_was_sent() {
    let elsewhere = Server::nobody();
    let (tenant, caller) = faulty(Fault::Redirect(307, elsewhere.base().to_owned()));
    let answer = caller.get(CLIENTS);
    assert_eq!(answer.status, 307);
    let location = answer.header("location").unwrap();
    assert_eq!(location, format!("{}{CLIENTS}", elsewhere.base()));
    assert_eq!(elsewhere.seen().len(), 0);
    assert_eq!(Caller::new(elsewhere.base(), "Bearer canary").get(CLIENTS).status, 404);
    assert_eq!(elsewhere.seen()[0].authorization(), Some("Bearer canary"));
    assert_eq!(tenant.seen().len(), 1);
}

#[test]
fn only_the_good_certificate_is_accepted() {
    for tls in [Tls::Good, Tls::SelfSigned, Tls::Expired, Tls::WrongHost] {
        let tenant = Auth0::start_with(tls);
        let answer = tenant.caller().call("GET", CLIENTS, None);
        assert_eq!(answer.map(|answer| answer.status), (tls == Tls::Good).then_some(200), "{tls:?}");
        assert_eq!(tenant.seen().len(), usize::from(tls == Tls::Good));
        assert_eq!(tenant.connections(), 1);
    }
}

#[test]
fn a_stand_in_that_is_dropped_stops() {
    let tenant = Auth0::start();
    let host = tenant.base().trim_start_matches("http://").to_owned();
    drop(tenant);
    let started = Instant::now();
    while std::net::TcpStream::connect(&host).is_ok() {
        assert!(started.elapsed() < Duration::from_secs(5));
        std::thread::sleep(Duration::from_millis(10));
    }
    let refused = nobody_listens();
    assert!(std::net::TcpStream::connect(refused.trim_start_matches("http://")).is_err());
}

#[test]
fn every_request_is_noted() {
    let (tenant, caller) = faulty(Fault::Silent(Work::Undone));
    assert!(caller.call("GET", CLIENTS, None).is_none());
    caller.call("PATCH", &format!("{CLIENTS}/app-1"), Some(&json!({ "name": "B" }))).unwrap();
    Caller::new(tenant.base(), "").call("POST", "/oauth/token", Some(&json!({}))).unwrap();
    let seen: Vec<_> = tenant.seen().into_iter().map(|seen| (seen.method, seen.path)).collect();
    let noted = [("GET", CLIENTS), ("PATCH", "/api/v2/clients/app-1"), ("POST", "/oauth/token")];
    assert_eq!(seen, noted.map(|(method, path)| (method.to_owned(), path.to_owned())));
    let writes = tenant.writes();
    assert_eq!((writes.len(), writes[0].json()), (1, json!({ "name": "B" })));
}
