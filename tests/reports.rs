//! The overrun report and the access review: the same figures in the window, on the command line and in files.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/program.rs"]
mod program;

use program::Program;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use tenure::app::{Command, Dialog, Effect, FleetColumn, Message, ReportQuestion, Screen, Task, Which};
use tenure::edit::{Change, Entity};
use tenure::effects::{Desktop, Waker, World};
use tenure::export::{Asked, Form, Selection, write};
use tenure::policy::{Policy, Status, Timeline, fleet};
use tenure::registry::{
    Application, Grant, Instant, ProfileName, Registry, generate::generate, misleads, sample::sample,
};

fn asked(registry: Registry, profile: ProfileName, at: &str) -> Asked {
    let at = Instant::parse(at).unwrap();
    Asked {
        profile,
        zone: chrono_tz::Tz::Europe__Berlin,
        filter: "status:ended has:access".into(),
        who: "ada".into(),
        ..Asked::today(Policy::new(Arc::new(registry)), at)
    }
}

fn text(form: Form, asked: &Asked, selection: &Selection) -> String {
    String::from_utf8(write(form, asked, selection).unwrap()).unwrap()
}

fn only(ids: &[&str]) -> Selection {
    Selection::Only(ids.iter().map(|id| (*id).to_owned()).collect())
}

#[test]
fn the_report_of_the_window_is_the_fleet_of_the_command_line_row_by_row() {
    let mut program = Program::with_sample();
    program.run(Command::Fleet);
    let report = program.state.fleet.report.clone().unwrap();
    let registry = program.registry();
    let policy = Policy::new(registry.clone());
    let timeline = Timeline::new(registry.clone(), &[], program.state.now);
    let rows = fleet(&policy, ProfileName::Auth0Action, program.state.now, 7, &timeline);
    assert_eq!(report.rows.len(), rows.len());
    let (mut total, mut most) = (0, 0);
    for (found, row) in report.rows.iter().zip(&rows) {
        let (application, grant) = report.of(found).unwrap();
        assert_eq!((application.client_id.as_str(), grant.audience.as_str()), (row.client_id, row.audience));
        assert_eq!((found.policy.ok(), found.overrun), (row.outcome.lifetime(), row.overrun));
        assert_eq!((found.issuer, found.status), (row.issuer, row.status));
        assert_eq!((found.up_to, found.tokens_until), (row.overrun_up_to, row.tokens_until));
        total += row.overrun.unwrap_or_default();
        most = most.max(row.overrun.unwrap_or_default());
    }
    let sums = &program.state.fleet.sums;
    assert_eq!((sums.rows, sums.overrun, sums.longest), (rows.len(), total, most));
    assert_eq!(sums.overrunning, rows.iter().filter(|row| row.overrun.is_some_and(|over| over > 0)).count());
    assert!(sums.overrunning > 0 && sums.ended_and_issued == 0, "the Action denies who has ended: {sums:?}");
}

#[test]
fn another_issuer_shows_who_has_ended_and_gets_tokens_all_the_same() {
    let mut program = Program::with_sample();
    program.run(Command::Fleet).send(Message::FleetProfile(ProfileName::Auth0));
    let report = program.state.fleet.report.clone().unwrap();
    assert_eq!(report.profile, ProfileName::Auth0);
    let ended = || report.rows.iter().filter(|row| row.status == Status::Ended);
    let applications: BTreeSet<u32> = ended().map(|row| row.application).collect();
    assert_eq!(program.state.fleet.sums.ended_and_issued, applications.len(), "each once, whatever its APIs");
    assert!(5 < applications.len() && applications.len() < ended().count());
}

#[test]
fn the_rows_follow_head_filter_and_clock_and_one_opens_in_the_preview() {
    let mut program = Program::with_sample();
    program.run(Command::Fleet);
    let overruns = |program: &Program| -> Vec<Option<i64>> {
        let report = program.state.fleet.report.as_ref().unwrap();
        program.state.fleet.order.iter().map(|place| report.rows[*place as usize].overrun).collect()
    };
    assert!(overruns(&program).is_sorted_by(|a, b| a >= b), "the largest overrun comes first");
    program.send(Message::FleetSort(FleetColumn::Overrun));
    assert!(overruns(&program).is_sorted());
    for column in [
        FleetColumn::Customer,
        FleetColumn::Client,
        FleetColumn::Api,
        FleetColumn::Status,
        FleetColumn::Ends,
        FleetColumn::Policy,
        FleetColumn::Issuer,
        FleetColumn::UpTo,
        FleetColumn::TokensUntil,
    ] {
        program.send(Message::FleetSort(column));
        let places: BTreeSet<u32> = program.state.fleet.order.iter().copied().collect();
        assert_eq!(places.len(), program.state.fleet.sums.rows, "{column:?}: every row once");
    }

    program.send(Message::FleetFiltered(true)).send(Message::Filter("customer:globex".into()));
    assert_eq!(program.state.fleet.order.len(), 2, "Globex has two APIs");
    program.send(Message::FleetOpen(1));
    assert_eq!(program.state.preview.client_id, "globex-report");
    assert!(!program.state.fleet.shown && program.state.screen == Screen::Preview);

    program.run(Command::Fleet).send(Message::Filter(String::new()));
    let before = program.state.fleet.sums;
    let later = program.state.now.plus(40 * 86_400);
    program.send(Message::SetClock(tenure::app::AsOf::At(later)));
    assert_eq!(program.state.fleet.report.as_ref().unwrap().at, later);
    assert_ne!(program.state.fleet.sums, before);
}

#[test]
fn nothing_is_counted_while_the_page_is_not_in_front() {
    let mut program = Program::with_sample();
    program.send(Message::Show(Screen::Preview));
    assert!(program.state.fleet.report.is_none());
    program.run(Command::Fleet);
    let report = program.state.fleet.report.clone().unwrap();
    program.send(Message::Show(Screen::Applications)).run(Command::Undo);
    program.send(Message::Tick(program.state.now.plus(3)));
    assert!(Arc::ptr_eq(&report, program.state.fleet.report.as_ref().unwrap()));
    let order = program.state.fleet.order.clone();
    program.send(Message::FleetFiltered(true)).send(Message::Filter("customer:globex".into()));
    assert_eq!(program.state.fleet.order, order, "nor ordered");
    program.run(Command::Fleet);
    assert_eq!(program.state.fleet.order.len(), 2);
}

#[test]
fn an_export_of_the_fleet_is_what_the_page_shows() {
    let mut program = Program::with_sample();
    program.run(Command::Fleet).send(Message::FleetProfile(ProfileName::Hydra));
    program.send(Message::FleetFiltered(true)).send(Message::Filter("tag:eu".into()));
    program.run(Command::Export);
    let Some(Dialog::Export { form: Form::FleetCsv, which: Which::Shown, path, .. }) = &program.state.dialog
    else {
        panic!("{:?}", program.state.dialog)
    };
    assert!(path.ends_with("acme-overrun.csv"), "{path}");
    program.send(Message::Accept);
    let [Effect::File(Task::Export { form: Form::FleetCsv, asked, only: Some(only), .. })] =
        &program.left[..]
    else {
        panic!("{:?}", program.left)
    };
    assert_eq!(asked.profile, ProfileName::Hydra);
    let table = text(Form::FleetCsv, asked, &Selection::Only(only.iter().cloned().collect()));
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len() - 1, program.state.fleet.order.len());
    let head = "client_id,customer,audience,status,expires_at,outcome,lifetime,reason,binding,issuer_profile";
    assert!(lines[0].starts_with(head), "{}", lines[0]);
    assert!(lines.iter().any(|line| line.starts_with("acme-trial,Acme,https://api.example.com,ending,")));
}

#[test]
fn a_review_is_dated_and_says_who_has_ended_what_is_granted_and_until_when_tokens_live() {
    let asked = asked(
        sample(Instant::parse("2026-11-23T09:00:00Z").unwrap()),
        ProfileName::Auth0Action,
        "2026-11-23T09:00:00Z",
    );
    let report = text(Form::ReviewMarkdown, &asked, &only(&["nakatomi-tower", "oscorp-glide"]));
    for words in [
        "# Access review of 23 November 2026",
        "- Service: Example, https://issuer.example",
        "- As of: 2026-11-23 10:00:00 CET",
        "- Asked: `status:ended has:access`",
        "- Tokens are issued by: Auth0 + Action",
        "- Made by: ada",
        "| Nakatomi | nakatomi-tower | 2026-11-22 10:00:00 CET | https://api.example.com: read | 2026-11-23 09:59:59 CET |",
        "☐ keep ☐ revoke",
        "2 applications with 3 grants. No token of theirs lives any more.",
        "Signature: ",
    ] {
        assert!(report.contains(words), "{words}\n{report}");
    }
    let alive = text(Form::ReviewMarkdown, &asked, &only(&["acme-trial"]));
    assert!(alive.contains("Tokens of it may still live, the last until 2026-11-24 10:00:00 CET"), "{alive}");
    let table = text(Form::ReviewCsv, &asked, &only(&["oscorp-glide"]));
    assert!(
        table.starts_with(
            "customer,client_id,expires_at,grants,tokens_until,as_of,service,issuer,issuer_profile,filter,made_by,decision\r\n"
        ),
        "{table}"
    );
    let facts = "Example,https://issuer.example,auth0-action,status:ended has:access,ada,";
    assert!(table.lines().nth(1).unwrap().ends_with(facts), "{table}");
    let alone = text(Form::ReviewMarkdown, &asked, &only(&["sterling-ads"]));
    assert!(alone.contains("\n1 application with 1 grant. "), "{alone}");
    assert_eq!(table.lines().count(), 2);
}

#[test]
fn a_review_in_the_window_asks_what_the_filter_shows_or_what_is_selected() {
    let mut program = Program::with_sample();
    program.run(Command::StillGranted).run(Command::Review);
    let Some(Dialog::Export { form: Form::ReviewMarkdown, which: Which::Shown, path, .. }) =
        &program.state.dialog
    else {
        panic!("{:?}", program.state.dialog)
    };
    assert!(path.ends_with("acme-review-2026-11-23.md"), "{path}");
    program.send(Message::Accept);
    let [Effect::File(Task::Export { asked, only: Some(only), .. })] = &program.left[..] else { panic!() };
    assert_eq!(asked.filter, "status:ended has:access");
    assert_eq!(only.iter().cloned().collect::<BTreeSet<_>>(), program.shown());
}

#[test]
fn names_and_figures_are_those_of_one_registry_until_the_next_report_is_there() {
    let mut program = Program::with_sample();
    program.run(Command::Fleet);
    let before = program.state.fleet.report.clone().unwrap();
    let named = |report: &tenure::policy::Report| -> Vec<String> {
        report.rows.iter().map(|row| report.of(row).unwrap().0.client_id.clone()).collect()
    };
    let names = named(&before);
    program.reports = false;
    let gone = program.application("acme-batch");
    let edit = tenure::app::edit("Delete acme-batch", [Change::remove(Entity::Application(gone))]);
    program.send(edit.unwrap());
    assert!(program.state.fleet.counting);
    let shown = program.state.fleet.report.clone().unwrap();
    assert_eq!(named(&shown), names, "the rows keep their names");
    program.send(Message::FleetFiltered(true)).send(Message::Filter("customer:globex".into()));
    let order: Vec<&str> =
        program.state.fleet.order.iter().map(|place| names[*place as usize].as_str()).collect();
    assert_eq!(order, ["globex-report", "globex-report"], "the filter of today finds them there");
    let place = names.iter().position(|id| id == "acme-batch").unwrap();
    program.send(Message::FleetFiltered(false)).send(Message::FleetSort(FleetColumn::Client));
    program.send(Message::FleetOpen(place));
    assert!(program.state.fleet.shown, "who is gone opens nothing");
}

#[test]
fn a_report_for_the_last_registry_is_not_taken_for_one_of_the_next() {
    let mut program = Program::with_sample();
    program.reports = false;
    program.run(Command::Fleet);
    let [Effect::Report(late)] = &program.left[..] else { panic!("{:?}", program.left) };
    let late = tenure::effects::report(late);
    program.open("/registries/other.tenure").run(Command::Fleet);
    program.send(late);
    assert!(program.state.fleet.report.is_none() && program.state.fleet.counting);
}

#[test]
fn filter_and_order_count_nothing_anew_but_a_status_does() {
    let mut program = Program::with_sample();
    program.run(Command::Fleet).send(Message::FleetFiltered(true));
    let report = program.state.fleet.report.clone().unwrap();
    let same = |program: &Program| Arc::ptr_eq(&report, program.state.fleet.report.as_ref().unwrap());
    program.send(Message::Filter("tag:eu".into())).send(Message::FleetSort(FleetColumn::Ends));
    let until = report.until.unwrap();
    program.send(Message::Tick(until.plus(-1)));
    assert!(same(&program), "figures stay under the eyes of who reads them");
    program.send(Message::Show(Screen::Applications)).run(Command::Fleet);
    assert!(
        !same(&program) && program.state.fleet.report.as_ref().unwrap().at == until.plus(-1),
        "coming back"
    );
    program.send(Message::Tick(until));
    assert!(!same(&program) && program.state.fleet.report.as_ref().unwrap().at == until);
    let mut settings = program.state.settings.clone();
    settings.ending_days = 30;
    let before = program.state.fleet.report.clone().unwrap();
    program.send(Message::Settings(settings));
    assert_ne!(
        before.rows,
        program.state.fleet.report.as_ref().unwrap().rows,
        "from when one is ending counts"
    );
}

#[test]
fn a_review_asks_as_the_page_does_from_which_it_is_made() {
    let review = |program: &mut Program| {
        program.send(Message::Written(Ok("review.md".into()))).run(Command::Review);
        let Some(Dialog::Export { which, .. }) = program.state.dialog else { panic!() };
        program.send(Message::Accept);
        let [Effect::File(Task::Export { asked, .. })] = &program.left[..] else {
            panic!("{:?}", program.left)
        };
        (which, asked.profile, asked.filter.clone())
    };
    let ended = || "status:ended has:access".to_owned();
    let mut program = Program::with_sample();
    assert_eq!(review(&mut program), (Which::StillGranted, ProfileName::Auth0Action, ended()));
    program.select(&["acme-trial"]);
    assert_eq!(review(&mut program).0, Which::Selected);
    program.run(Command::Fleet).send(Message::FleetProfile(ProfileName::Hydra));
    assert_eq!(review(&mut program), (Which::StillGranted, ProfileName::Hydra, ended()));
    program.send(Message::Filter("tag:eu".into())).send(Message::FleetFiltered(true));
    assert_eq!(review(&mut program), (Which::Shown, ProfileName::Hydra, "tag:eu".to_owned()));
    program.send(Message::FleetFiltered(false)).run(Command::Export);
    let Some(Dialog::Export { which: Which::All, .. }) = program.state.dialog else {
        panic!("marks of another screen are not asked: {:?}", program.state.dialog)
    };
}

#[test]
fn a_file_has_its_rows_in_the_order_of_the_page() {
    let mut program = Program::with_sample();
    program.run(Command::Fleet);
    for column in [FleetColumn::Overrun, FleetColumn::TokensUntil, FleetColumn::Customer, FleetColumn::Ends] {
        program.send(Message::Written(Ok("fleet.csv".into())));
        program.send(Message::FleetSort(column)).run(Command::Export).send(Message::Accept);
        let [Effect::File(Task::Export { asked, .. })] = &program.left[..] else { panic!() };
        let table = write(Form::FleetCsv, asked, &Selection::All).unwrap();
        let mut reader = csv::Reader::from_reader(&table[..]);
        let file: Vec<(String, String)> =
            reader.records().map(Result::unwrap).map(|r| (r[0].to_owned(), r[2].to_owned())).collect();
        let report = program.state.fleet.report.as_ref().unwrap();
        let page = program.state.fleet.order.iter().map(|place| {
            let (application, grant) = report.of(&report.rows[*place as usize]).unwrap();
            (application.client_id.clone(), grant.audience.clone())
        });
        assert_eq!(file, page.collect::<Vec<_>>(), "{column:?}");
    }
}

#[test]
fn of_many_reports_that_are_asked_for_only_the_newest_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let at = Instant::parse("2026-11-23T09:00:00Z").unwrap();
    let registry = Arc::new(generate(5_000, 1, at));
    let question = |ticket| ReportQuestion {
        ticket,
        policy: Policy::new(registry.clone()),
        timeline: Arc::new(Timeline::new(registry.clone(), &[], at)),
        profile: ProfileName::Auth0Action,
        at,
        ending_days: 7,
    };
    let mut desktop = Desktop::start(Waker::new(|| ()), folder.path().join("settings.json"));
    (1..=20).map(question).for_each(|question| {
        desktop.start(Effect::Report(question));
    });
    let begin = std::time::Instant::now();
    let mut made = Vec::new();
    while !made.contains(&20) {
        assert!(begin.elapsed().as_secs() < 60, "no answer: {made:?}");
        made.extend(desktop.receive().into_iter().map(|message| match message {
            Message::Reported(ticket, _) => ticket,
            other => panic!("{other:?}"),
        }));
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert!(made.len() < 5, "older ones are left: {made:?}");
}

/// One application with names from outside.
fn named(customer: &str, client_id: &str) -> Registry {
    let mut registry = sample(Instant::parse("2026-11-23T09:00:00Z").unwrap());
    let app = Application {
        client_id: client_id.into(),
        customer: customer.into(),
        grants: registry.application("acme-trial").unwrap().grants.clone(),
        ..Application::default()
    };
    Change::add(Entity::Application(Arc::new(app))).force(&mut registry);
    registry
}

#[test]
fn no_mark_hides_or_turns_a_line_around_wherever_it_stands() {
    for mark in ['\u{202e}', '\u{2066}', '\u{200b}', '\u{feff}', '\u{7}', '\u{1b}', '\u{85}'] {
        let word = |name: &str| format!("{name}{mark}`|x");
        let mut registry = named(&word("customer"), &word("client"));
        let service = tenure::registry::Service { name: word("service"), ..(*registry.service).clone() };
        registry.service = Arc::new(service);
        let mut app = Application::clone(registry.application(&word("client")).unwrap());
        app.grants = vec![Grant { audience: word("audience"), scopes: vec![word("scope")] }];
        Change::application(registry.application(&app.client_id).unwrap(), app.clone())
            .unwrap()
            .force(&mut registry);
        let mut asked = asked(registry, ProfileName::Auth0, "2026-11-23T09:00:00Z");
        (asked.filter, asked.who) = (word("filter"), word("author"));
        let report = text(Form::ReviewMarkdown, &asked, &only(&[&app.client_id]));
        assert!(report.chars().all(|c| c == '\n' || !misleads(c)), "{report:?}");
        let number = format!("(U+{:04X})", u32::from(mark));
        for name in ["customer", "client", "service", "audience", "scope", "filter", "author"] {
            assert!(report.contains(&format!("{name}{number}")), "{name} says what it hides: {report}");
        }
        let row = report.lines().find(|line| line.contains("☐ keep")).unwrap();
        assert_eq!(row.replace("\\|", "").matches('|').count(), 7, "six cells: {row}");
        assert!(
            report.contains(&format!("- Asked: `filter{number}'|x`\n")),
            "code ends where it ends: {report}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_name_breaks_out_of_its_cell(customer in "\\PC{0,24}|[=+@|`<\\[\\]!()\\\\\\n\\r\\t-]{1,12}", id in "[a-z|=`]{1,12}zz") {
        let asked = asked(named(&customer, &id), ProfileName::Auth0, "2026-11-23T09:00:00Z");
        let selection = only(&[&id]);
        let report = text(Form::ReviewMarkdown, &asked, &selection);
        let row = report.lines().find(|line| line.contains("☐ keep")).unwrap();
        let bars = row.replace("\\\\", "").replace("\\|", "").matches('|').count();
        prop_assert_eq!(bars, 7, "six cells: {}", row);
        prop_assert!(!row.contains('<') && !row.replace("\\[", "").contains('['), "no link, no tag: {}", row);
        for form in [Form::ReviewCsv, Form::FleetCsv] {
            let table = write(form, &asked, &selection).unwrap();
            let mut reader = csv::Reader::from_reader(&table[..]);
            let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            prop_assert_eq!(records.len(), 1);
            for cell in records.iter().flatten() {
                prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "no formula: {}", cell);
            }
        }
    }
}
