//! Logs on the Tokens screen: judged by the settings of then, saved whole, and what is said on the way.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/desk.rs"]
mod desk;
mod token_support;

use desk::Desk;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use serde_json::json;
use std::fs;
use std::path::PathBuf;
use tenure::app::{
    AuditRow, Content, Effect, FileTask, Message, Settings, SettingsOf, State, Verify, update,
};
use tenure::effects::create;
use tenure::export::AuditForm;
use tenure::registry::Instant;
use tenure::token::Verdict;
use token_support::unsigned;

const API: &str = "https://api.example.com";

/// A token of the sample's issuer that lives so many seconds.
fn token(client: &str, issued_at: Instant, seconds: i64) -> String {
    let iat = issued_at.seconds();
    let claims = json!({"iss": "https://issuer.example", "client_id": client, "aud": API, "scope": "read", "iat": iat, "exp": iat + seconds});
    unsigned(r#"{"alg":"RS256"}"#, &claims.to_string())
}

/// A desk with a log of these lines, gone through.
fn audited(lines: &[String]) -> (Desk, PathBuf) {
    let mut desk = Desk::with_sample();
    let log = desk.folder.path().join("access.log");
    fs::write(&log, lines.concat()).unwrap();
    desk.keys(Modifiers::COMMAND, Key::Num4);
    desk.press("Audit");
    desk.press("Log to audit");
    desk.dash_off(log.to_str().unwrap());
    (desk, log)
}

fn now(desk: &Desk) -> Instant {
    *desk.now.borrow()
}

fn audit(desk: &Desk) -> &tenure::app::Audit {
    &desk.harness.state().state().tokens.audit
}

fn rows(desk: &Desk) -> Vec<&AuditRow> {
    let audit = audit(desk);
    let rows = &audit.found.as_ref().unwrap().rows;
    audit.shown.iter().map(|place| &rows[*place as usize]).collect()
}

fn tell(desk: &mut Desk, message: Message) {
    let ctx = desk.harness.ctx.clone();
    desk.harness.state_mut().send(&ctx, message);
    desk.settle();
}

/// Answers the dialog that asks for a file.
fn write_to(desk: &mut Desk, path: &std::path::Path) {
    desk.keys(Modifiers::COMMAND, Key::A);
    desk.dash_off(path.to_str().unwrap());
}

/// Lines of which each has a token of its own: as decided, longer, and one that outlives its application.
fn mixed() -> Vec<String> {
    let at = Instant::parse(desk::NOW).unwrap().plus(-60);
    let line = |text: &str, token: String| format!("{text} {token}\n");
    vec![
        line("a", token("acme-trial", at, 600)),
        "nothing here\n".to_owned(),
        line("b", token("acme-trial", at, 40 * 86_400)),
        line("c", token("nobody", at, 60)),
    ]
}

#[test]
fn every_row_of_an_audit_is_saved_and_only_those_of_the_verdict_that_is_shown() {
    let (mut desk, _) = audited(&mixed());
    let csv = desk.folder.path().join("audit.csv");
    desk.press("Save as CSV…");
    write_to(&mut desk, &csv);
    assert!(desk.sees("Written to"));
    let text = fs::read_to_string(&csv).unwrap();
    let lines: Vec<&str> = text.split_terminator("\r\n").collect();
    assert_eq!(lines[0], "line,client_id,audience,exp,verdict,by,issuer_verdict,signature");
    assert_eq!(lines.len(), 4, "{text}");
    assert!(lines[3].starts_with("4,nobody,"), "{text}");
    tell(&mut desk, Message::AuditOnly(Some(Verdict::OutlivesApplication)));
    let file = desk.folder.path().join("audit.jsonl");
    desk.press("Save as JSON lines…");
    write_to(&mut desk, &file);
    let text = fs::read_to_string(&file).unwrap();
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), &lines[0]["line"]), (2, &json!(3)), "one row, and the totals of all");
    assert_eq!(lines[1]["totals"]["tokens"], 3);
}

#[test]
fn a_file_that_cannot_be_written_is_asked_for_again_with_the_reason() {
    let (mut desk, log) = audited(&mixed());
    desk.press("Save as CSV…");
    write_to(&mut desk, &log);
    assert!(desk.sees("is the log itself"));
    assert_eq!(fs::read_to_string(&log).unwrap(), mixed().concat());
    let csv = desk.folder.path().join("audit.csv");
    write_to(&mut desk, &csv);
    assert!(!desk.sees("is the log itself") && csv.exists());
}

#[test]
fn a_log_is_judged_by_the_settings_of_each_tokens_time_until_todays_are_chosen() {
    let mut desk = Desk::with_sample();
    let before = now(&desk);
    let log = desk.folder.path().join("access.log");
    // Shorter since an hour; one token from before that, one from after, and one from before history begins.
    *desk.now.borrow_mut() = before.plus(3600);
    desk.settle();
    desk.elsewhere("stark-arc", |app| app.access_token_duration = "1m".parse().ok());
    desk.notice_others();
    *desk.now.borrow_mut() = before.plus(7200);
    desk.settle();
    let issued = [before.plus(60), before.plus(5400), before.plus(-60)];
    let lives = [3600, 60, 3600];
    let lines: Vec<String> =
        issued.iter().zip(lives).map(|(at, s)| token("stark-arc", *at, s) + "\n").collect();
    fs::write(&log, lines.concat()).unwrap();
    desk.keys(Modifiers::COMMAND, Key::Num4);
    desk.press("Audit");
    desk.press("Log to audit");
    desk.dash_off(log.to_str().unwrap());
    let by_line = |desk: &Desk| {
        let mut found: Vec<_> = rows(desk).iter().map(|row| (row.line, row.verdict.unwrap())).collect();
        found.sort_unstable();
        found.into_iter().map(|(_, verdict)| verdict).collect::<Vec<_>>()
    };
    assert_eq!(audit(&desk).settings, SettingsOf::Then);
    assert_eq!(by_line(&desk), [Verdict::AsDecided; 3]);
    assert!(desk.sees("1 token was issued before history begins"));
    desk.press("today's settings");
    assert_eq!(by_line(&desk), [Verdict::Longer, Verdict::AsDecided, Verdict::Longer]);
    assert!(!desk.sees("before history begins"));
    desk.press("the settings of then");
    assert_eq!(by_line(&desk), [Verdict::AsDecided; 3]);
}

#[test]
fn rows_stand_worst_first_and_in_the_logs_order_at_one_press() {
    let (mut desk, _) = audited(&mixed());
    let lines = |desk: &Desk| rows(desk).iter().map(|row| row.line).collect::<Vec<_>>();
    assert_eq!(lines(&desk), [3, 4, 1], "outlives, unknown, as decided");
    for (column, expected) in
        [("Line", [1, 3, 4]), ("Line", [4, 3, 1]), ("Client", [1, 3, 4]), ("Expires", [4, 1, 3])]
    {
        desk.press(&format!("Sort by {column}"));
        assert_eq!(lines(&desk), expected, "{column}");
    }
}

#[test]
fn of_a_long_log_the_worst_rows_are_kept_wherever_they_stand() {
    let at = Instant::parse(desk::NOW).unwrap().plus(-60);
    let line = |seconds| token("acme-trial", at, seconds) + "\n";
    let mut lines = vec![line(600); 12_000];
    lines.push(line(60 * 86_400));
    lines.extend((0..11_000).map(|more| line(40 * 86_400 + more)));
    let (desk, _) = audited(&lines);
    let rows = rows(&desk);
    assert_eq!(rows.len(), 10_000, "the worst 5 000 of each verdict");
    assert_eq!((rows[0].line, rows[1].line), (12_001, 23_001));
    assert!(desk.sees("are shown; a file has all of them"));
}

/// The number under which an effect is known.
fn ticket(effects: &[Effect]) -> u64 {
    match effects {
        [.., Effect::Audit(ticket, _) | Effect::SaveAudit(ticket, _) | Effect::StopAudit(ticket)] => *ticket,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_runs_tells_how_far_it_is_until_something_else_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let now = Instant::parse(desk::NOW).unwrap();
    let (_store, opened) = create(&folder.path().join("r.tenure"), Content::Sample, now).unwrap();
    let mut state = State::new(now, Settings::default());
    update(&mut state, Message::Opened(Ok(Box::new(opened))));
    let log = folder.path().join("access.log");
    fs::write(&log, mixed().concat()).unwrap();
    let first = ticket(&update(&mut state, Message::Audit(log.clone())));
    update(&mut state, Message::AuditProgress(first, 1, 2));
    assert_eq!(state.tokens.audit.running, Some((1, 2)));
    // A second audit leaves the first, whose answers count no more.
    let effects = update(&mut state, Message::Audit(log));
    assert!(matches!(effects.as_slice(), [Effect::StopAudit(left), Effect::Audit(..)] if *left == first));
    let Some(Effect::Audit(second, question)) = effects.last() else { panic!("{effects:?}") };
    update(&mut state, Message::AuditProgress(first, 2, 2));
    assert_eq!(state.tokens.audit.running, Some((0, 0)));
    let found = tenure::effects::audit(question, &mut |_, _| true);
    update(&mut state, Message::Audited(*second, found));
    assert!(state.tokens.audit.can_be_saved() && state.tokens.audit.running.is_none());
    let task = FileTask::SaveAudit(AuditForm::Csv);
    let saving = ticket(&update(&mut state, Message::Picked(task, folder.path().join("audit.csv"))));
    update(&mut state, Message::AuditProgress(saving, 1, 3));
    assert_eq!(state.tokens.audit.running, Some((1, 3)));
    assert_eq!(ticket(&update(&mut state, Message::StopAudit)), saving);
    update(&mut state, Message::AuditSaved(saving, Ok(None)));
    assert_eq!(state.notice.as_ref().unwrap().text, "Stopped; nothing was written");
    assert!(state.tokens.audit.can_be_saved(), "what was found stands");
}

#[test]
fn a_log_is_not_gone_through_with_keys_that_are_not_there_yet() {
    let (mut desk, log) = audited(&mixed());
    tell(&mut desk, Message::VerifyWith(Verify::Pasted));
    tell(&mut desk, Message::Audit(log));
    assert!(desk.sees("there are no keys to verify with yet") && desk.sees("3 tokens in 4 lines"));
}

#[test]
fn rows_can_be_reached_in_a_small_window() {
    let (mut desk, _) = audited(&mixed());
    desk.harness.set_size([640.0, 400.0].into());
    desk.settle();
    desk.harness.hover_at([400.0, 300.0].into());
    for _ in 0..10 {
        desk.harness.event(egui::Event::MouseWheel {
            source: egui::MouseWheelSource::Wheel,
            unit: egui::MouseWheelUnit::Point,
            delta: egui::vec2(0.0, -200.0),
            phase: egui::TouchPhase::Move,
            modifiers: Modifiers::NONE,
        });
        desk.settle();
    }
    let row = desk.harness.get_by_label_contains("line 4: nobody").rect();
    assert!(row.bottom() < 400.0 && row.top() > 60.0, "{row:?}");
}
