//! The Trials screen: rows by end, groups, density, and what a selection by time or group holds.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/program.rs"]
mod program;

use program::Program;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use tenure::app::{Grouping, Line, Mark, Message, Opened, Screen, Trials};
use tenure::edit::UndoStacks;
use tenure::policy::{Status, Timeline, status};
use tenure::registry::{Application, Instant, generate::generate};

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
        let found: BTreeMap<String, BTreeSet<String>> =
            trials(&program).groups.iter().map(|group| (group.name.clone(), ids(&group.rows))).collect();
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
    let place = trials(&program).groups.iter().position(|group| group.name == "probe").unwrap();
    program.send(Message::Mark(Mark::Toggle("acme-batch".into()))).send(Message::MarkGroup(place));
    assert_eq!(program.marked(), ["acme-batch", "tyrell-replay", "zorg-probe"]);
    assert!(trials(&program).groups[place].is_marked());
    let trial = trials(&program).groups.iter().find(|group| group.name == "trial").unwrap();
    assert_eq!((trial.marked, trial.is_marked()), (2, false), "both are trials too");
    program.send(Message::MarkGroup(place));
    assert_eq!(program.marked(), ["acme-batch"]);
}

#[test]
fn ends_are_selected_alone_or_beside_what_is_selected() {
    let mut program = on_trials();
    let now = program.state.now.seconds();
    program.send(Message::MarkEnds(now, now + 4 * 3600, false));
    assert_eq!(program.marked(), ["paperstreet-soap", "trial"]);
    program.send(Message::MarkEnds(now + 15 * 3600, now + 17 * 3600, true));
    assert_eq!(program.marked(), ["paperstreet-soap", "trial", "tyrell-replay"]);
    program.send(Message::MarkEnds(now + 15 * 3600, now + 17 * 3600, false));
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
    program.send(Message::GroupBy(Grouping::Customer)).send(Message::TrialStep(1, false));
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
