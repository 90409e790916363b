//! The Trials screen: rows by end, groups, density, and what a selection by time or group holds.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/program.rs"]
mod program;

use program::Program;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use tenure::app::{Grouping, Line, Mark, Message, Opened, Screen, Trials};
use tenure::edit::{Change, UndoStacks};
use tenure::policy::{Status, Timeline, status};
use tenure::registry::{Application, Instant, ProfileName, generate::generate};

const YEAR: i64 = 366 * 86_400;

fn trials(program: &Program) -> &Trials {
    &program.state.trials
}

fn on_trials() -> Program {
    let mut program = Program::with_sample();
    program.send(Message::Show(Screen::Trials));
    program
}

fn names(grouping: Grouping, app: &Application) -> Vec<String> {
    match grouping {
        Grouping::None => Vec::new(),
        Grouping::Customer => Vec::from_iter(Some(app.customer.clone()).filter(|name| !name.is_empty())),
        Grouping::Api => app.grants.iter().map(|grant| grant.audience.clone()).collect(),
        Grouping::Tag => app.tags.clone(),
    }
}

#[test]
fn an_application_stands_in_each_group_that_it_belongs_to_by_its_end() {
    for (grouping, nothing) in
        [(Grouping::Customer, "No customer"), (Grouping::Api, "No API"), (Grouping::Tag, "No tag")]
    {
        let mut program = on_trials();
        program.send(Message::GroupBy(grouping));
        let registry = program.registry();
        let mut expected: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for app in registry.applications() {
            let names = names(grouping, app);
            let names = if names.is_empty() { vec![nothing.to_owned()] } else { names };
            for name in names {
                expected.entry(name).or_default().insert(app.client_id.clone());
            }
        }
        let ids = |rows: &[u32]| -> BTreeSet<String> {
            rows.iter().map(|row| registry.applications()[*row as usize].client_id.clone()).collect()
        };
        let found: BTreeMap<String, BTreeSet<String>> = trials(&program)
            .groups
            .iter()
            .map(|group| (group.title(grouping).to_owned(), ids(&group.rows)))
            .collect();
        assert_eq!(found, expected, "{grouping:?}");
        for group in &trials(&program).groups {
            let end = |row: &u32| registry.applications()[*row as usize].expires_at;
            assert!(group.rows.is_sorted_by_key(|row| end(row).map_or(i64::MAX, Instant::seconds)));
        }
        let lines = trials(&program).groups.iter().map(|group| group.rows.len() + 1).sum::<usize>();
        assert_eq!(trials(&program).lines.len(), lines, "every head and every row");
    }
}

#[test]
fn a_closed_group_hides_its_rows_and_stays_closed_when_the_registry_changes() {
    let mut program = on_trials();
    program.send(Message::GroupBy(Grouping::Tag));
    let (all, rows) = (trials(&program).lines.len(), trials(&program).groups[0].rows.len());
    program.send(Message::OpenGroup(0, false));
    assert_eq!(trials(&program).lines.len(), all - rows);
    program.send(Message::Select(Some("acme-trial".into()))).run(tenure::app::Command::ExtendWeek);
    assert!(!trials(&program).groups[0].open);
    program.send(Message::OpenGroups(false));
    assert!(trials(&program).lines.iter().all(|line| matches!(line, Line::Group(_))));
    program.send(Message::OpenGroups(true));
    assert_eq!(trials(&program).lines.len(), all);
}

#[test]
fn how_many_are_in_force_is_what_counting_one_by_one_gives() {
    let program = on_trials();
    let registry = program.registry();
    let now = program.state.now.seconds();
    for at in (-400..400).map(|days| now + days * 86_400 + 1800) {
        let begun = |app: &Application| app.not_before.is_none_or(|start| start.seconds() <= at);
        let ended = |app: &Application| app.expires_at.is_some_and(|end| end.seconds() <= at);
        let expected = registry.applications().iter().filter(|app| begun(app) && !ended(app)).count();
        assert_eq!(trials(&program).all.in_force(at), expected, "{at}");
    }
}

#[test]
fn far_out_and_many_are_drawn_as_density_and_near_or_few_as_bars() {
    let mut few = on_trials();
    few.send(Message::Span(0, 5 * YEAR));
    assert!(!trials(&few).far_out, "a sample of forty is seen at any distance");

    let mut many = Program::with_sample();
    let now = many.state.now;
    many.send(Message::Opened(Ok(Box::new(Opened {
        path: PathBuf::from("/registries/many.tenure"),
        registry: Arc::new(generate(2_000, 1, now)),
        begins: now,
        entries: Vec::new(),
        stacks: UndoStacks::default(),
        read_only: false,
    }))));
    many.send(Message::Show(Screen::Trials)).send(Message::GroupBy(Grouping::Api));
    let near = trials(&many).lines.len();
    assert!(near > 2_000 && !trials(&many).far_out);
    many.send(Message::Span(now.seconds() - YEAR, now.seconds() + YEAR));
    assert!(trials(&many).far_out);
    assert_eq!(trials(&many).lines.len(), trials(&many).groups.len(), "the heads alone");
    many.send(Message::Span(now.seconds(), now.seconds() + 30 * 86_400));
    assert_eq!(trials(&many).lines.len(), near, "zooming in brings the bars back");
}

#[test]
fn a_group_is_selected_whole_beside_what_is_selected_and_given_up_again() {
    let mut program = on_trials();
    program.send(Message::GroupBy(Grouping::Tag));
    let place =
        trials(&program).groups.iter().position(|group| group.name.as_deref() == Some("probe")).unwrap();
    program.send(Message::Mark(Mark::Toggle("acme-batch".into()))).send(Message::MarkGroup(place));
    assert_eq!(program.marked(), ["acme-batch", "tyrell-replay", "zorg-probe"]);
    assert!(trials(&program).groups[place].is_marked());
    let trial = trials(&program).groups.iter().find(|group| group.name.as_deref() == Some("trial")).unwrap();
    assert_eq!((trial.marked, trial.is_marked()), (2, false), "both are trials too");
    program.send(Message::MarkGroup(place));
    assert_eq!(program.marked(), ["acme-batch"]);
}

#[test]
fn ends_are_selected_alone_or_beside_what_is_selected() {
    let mut program = on_trials();
    let now = program.state.now.seconds();
    program.send(Message::MarkEnds { from: now, to: now + 4 * 3600, group: None, beside: false });
    assert_eq!(program.marked(), ["paperstreet-soap", "trial"]);
    program.send(Message::MarkEnds { from: now + 15 * 3600, to: now + 17 * 3600, group: None, beside: true });
    assert_eq!(program.marked(), ["paperstreet-soap", "trial", "tyrell-replay"]);
    program.send(Message::MarkEnds {
        from: now + 15 * 3600,
        to: now + 17 * 3600,
        group: None,
        beside: false,
    });
    assert_eq!(program.marked(), ["tyrell-replay"]);
}

#[test]
fn the_keyboard_goes_through_lines_and_selects_on_its_way() {
    let mut program = on_trials();
    program.send(Message::TrialStep(1, false));
    assert_eq!(program.state.applications.selected.as_deref(), Some("trial"), "first what ends next");
    program.send(Message::TrialStep(1, false));
    assert_eq!(program.state.applications.selected.as_deref(), Some("paperstreet-soap"));
    program.send(Message::TrialStep(1, true));
    assert_eq!(program.marked(), ["paperstreet-soap", "tyrell-replay"]);
    program.send(Message::TrialStep(isize::MAX / 2, false));
    assert_eq!(trials(&program).at, Some(trials(&program).lines.len() - 1));
    program.send(Message::Select(None)).send(Message::GroupBy(Grouping::Customer));
    program.send(Message::TrialStep(1, false));
    assert_eq!(trials(&program).on_group(), Some(0));
    assert_eq!(program.state.applications.selected, None, "a head is no application");
}

#[test]
fn who_has_ended_and_still_has_access_is_counted_with_the_tokens_that_may_still_live() {
    let mut program = on_trials();
    let at = program.state.now.plus(4 * 3600);
    program.send(Message::SetClock(tenure::app::AsOf::At(at)));
    let registry = program.registry();
    let timeline = Timeline::new(registry.clone(), &[], program.state.now);
    let profile = registry.service.issuer_profile;
    let ended = |app: &&Arc<Application>| status(app, at, 7) == Status::Ended && !app.grants.is_empty();
    let mut alive: Vec<Instant> = registry
        .applications()
        .iter()
        .filter(ended)
        .filter_map(|app| {
            let until = |audience: &str| timeline.tokens_until(profile, &app.client_id, audience, at);
            app.grants.iter().filter_map(|grant| until(&grant.audience)).max()
        })
        .filter(|until| *until > at)
        .collect();
    alive.sort_unstable();
    let counted = &trials(&program).ended;
    assert_eq!(counted.count, registry.applications().iter().filter(ended).count());
    assert_eq!(counted.until, alive);
    assert!(alive.len() >= 2, "those that ended within a day: {alive:?}");
    assert_eq!(counted.alive(at), Some((alive.len(), *alive.last().unwrap())));
    assert_eq!(counted.alive(*alive.last().unwrap()), None, "and then no more");
}

/// What the keyboard stands on, by client id.
fn stands_on(program: &Program) -> Option<String> {
    match trials(program).lines.get(trials(program).at?)? {
        Line::Application(row) => Some(program.registry().applications()[*row as usize].client_id.clone()),
        Line::Group(_) => None,
    }
}

#[test]
fn the_keyboard_stays_on_its_application_when_rows_move_or_go() {
    let mut program = on_trials();
    program.send(Message::TrialStep(1, false)).run(tenure::app::Command::ExtendMonth);
    assert_eq!(stands_on(&program), Some("trial".into()), "an edit moved its row");
    program.send(Message::Filter("tag:example".into()));
    assert_eq!(stands_on(&program), Some("trial".into()), "the filter left few rows");
    program.send(Message::Filter(String::new())).send(Message::Select(Some("acme-trial".into())));
    assert_eq!(stands_on(&program), Some("acme-trial".into()), "it was selected elsewhere");
    program.send(Message::TrialStep(1, false));
    assert_ne!(stands_on(&program), Some("acme-trial".into()), "and the arrows go on from there");
}

#[test]
fn closing_another_group_leaves_the_keyboard_where_it_is() {
    let mut program = on_trials();
    program.send(Message::GroupBy(Grouping::Customer));
    let line = trials(&program).lines.iter().position(|line| *line == Line::Group(2)).unwrap();
    program.send(Message::TrialAt(line)).send(Message::OpenGroup(0, false));
    assert_eq!(trials(&program).on_group(), Some(2));
}

#[test]
fn home_and_end_reach_the_first_and_the_last_line_at_once() {
    for (by, expected) in [(isize::MAX / 2, None), (isize::MIN / 2, Some(0))] {
        let mut program = on_trials();
        program.send(Message::TrialStep(by, false));
        assert_eq!(trials(&program).at, Some(expected.unwrap_or(trials(&program).lines.len() - 1)));
    }
}

#[test]
fn a_brush_within_a_group_selects_of_that_group_alone() {
    let mut program = on_trials();
    program.send(Message::GroupBy(Grouping::Customer));
    let place = trials(&program).groups.iter().position(|g| g.name.as_deref() == Some("Hooli")).unwrap();
    program.send(Message::MarkEnds { from: 0, to: i64::MAX, group: Some(place), beside: false });
    assert_eq!(program.marked(), ["hooli-ingest", "hooli-nucleus"]);
}

#[test]
fn a_filter_leaves_the_count_of_who_has_ended_and_still_has_access() {
    let mut program = on_trials();
    let all = trials(&program).ended.count;
    program.send(Message::Filter("expires<7d".into()));
    assert_eq!(trials(&program).ended.count, all);
    let ended: Vec<String> = program
        .registry()
        .applications()
        .iter()
        .filter(|app| status(app, program.state.at(), 7) == Status::Ended)
        .map(|app| app.client_id.clone())
        .collect();
    program
        .send(Message::Select(Some(ended[0].clone())))
        .run(tenure::app::Command::Revoke)
        .send(Message::Accept);
    assert_eq!(trials(&program).ended.count, all - 1, "an edit counts at once");
}

#[test]
fn an_issuer_that_goes_on_after_the_end_is_said_to_however_late_it_is() {
    let mut program = on_trials();
    let service = program.registry().service.clone();
    let after = tenure::registry::Service { issuer_profile: ProfileName::Hydra, ..(*service).clone() };
    let changes = Vec::from_iter(Change::service(&service, after));
    program.send(Message::Edit { label: "Hydra".into(), changes });
    let count = trials(&program).ended.count;
    assert_eq!((trials(&program).ended.issued, count > 5), (count, true));
    program.send(Message::Tick(program.state.now.plus(400 * 86_400)));
    assert!(trials(&program).ended.issued > count, "more have ended meanwhile, and it still issues to all");
}

#[test]
fn a_customer_that_is_called_no_customer_is_another_group_than_those_without_one() {
    let mut program = on_trials();
    let before = program.application("acme-batch");
    let after = Application { customer: "No customer".into(), ..Application::clone(&before) };
    let changes = Vec::from_iter(Change::application(&before, after));
    program
        .send(Message::Edit { label: "Rename".into(), changes })
        .send(Message::GroupBy(Grouping::Customer));
    let called: Vec<usize> = (0..trials(&program).groups.len())
        .filter(|place| trials(&program).groups[*place].title(Grouping::Customer) == "No customer")
        .collect();
    assert_eq!(called.len(), 2);
    program.send(Message::MarkGroup(called[0]));
    assert_eq!(program.marked(), ["acme-batch"]);
    assert!(!trials(&program).groups[called[1]].is_marked());
}
