//! The only place that changes the state.

use super::accept::{accept, browse, dropped, import_as, picked, read};
use super::run::{move_mark, run, take_hit};
use super::stored::{changed, commit, committed, opened, undo};
use super::{AsOf, Dialog, Effect, Message, Notice, Palette, Preview, Screen, SettingsOf, State};
use super::{
    audit, connections, copying, exporting, fleet, forgetting, guardrails, importing, planning, review,
    templates, tokens, verifying, views, weighing,
};
use crate::edit::operation;
use crate::policy::Strategy;
use crate::registry::{Application, Instant};
use std::sync::Arc;

/// Takes one message into account; what is to be done outside comes back.
pub fn update(state: &mut State, message: Message) -> Vec<Effect> {
    let mut effects = handle(state, message);
    guardrails::refresh(state);
    state.refresh();
    tokens::judge(state);
    effects.extend(fleet::wanted(state));
    effects.extend(exporting::wanted(state));
    fleet::arrange(state);
    effects.extend(review::wanted(state));
    effects
}

fn handle(state: &mut State, message: Message) -> Vec<Effect> {
    match message {
        Message::Tick(now) => state.now = now,
        Message::Run(command) => return run(state, command),
        Message::Show(screen) => {
            let mut effects = set_nudged(state);
            show(state, screen);
            state.review.shown = false;
            effects.extend(keys_wanted(state));
            return effects;
        }
        Message::SetClock(as_of) => set_clock(state, as_of),
        Message::SetSettingsOf(which) => state.settings_of = which,
        Message::Edit { label, changes } => {
            let deletes = label.starts_with("Delete");
            let said = format!("{label}: undo brings it back");
            let effects = commit(state, vec![(label, changes)]);
            if deletes && !effects.is_empty() {
                state.say(said);
            }
            return effects;
        }
        Message::UndoEntry(seq) => return undo(state, &[seq]),
        Message::UndoTo(seq) => {
            let after: Vec<i64> =
                state.open.as_ref().map(|o| o.stacks.after(seq).collect()).unwrap_or_default();
            return undo(state, &after);
        }
        Message::Filter(text) => state.applications.filter = text,
        Message::FilterStatus(status) => state.applications.status = status,
        Message::Facet(field) => state.applications.facet = field.map(super::Facet::new),
        Message::ToggleFacet(field, value) => {
            let list = &mut state.applications;
            list.filter = list.read().clone().with_value_toggled(field, &value).to_string();
        }
        Message::ToggleWords(words) => {
            let list = &mut state.applications;
            if let Ok(words) = words.parse() {
                list.filter = list.read().clone().toggled(&words).to_string();
            }
        }
        Message::TakeView(name) => return views::take(state, name.as_deref()),
        Message::RemoveView(name) => return views::remove(state, &name),
        Message::RemoveTemplate(name) => return templates::remove(state, &name),
        Message::Columns(columns) => return views::choose(state, columns),
        Message::Sort(column) => {
            let sort = &mut state.applications.sort;
            sort.descending = sort.column == column && !sort.descending;
            sort.column = column;
        }
        Message::Select(client_id) => state.applications.selected = client_id,
        Message::Step(by) => {
            state.refresh();
            if let Some(id) = state.neighbour(by) {
                state.applications.selected = Some(id);
            }
        }
        Message::Mark(mark) => {
            if let Some(registry) = state.policy().map(|policy| policy.registry().clone()) {
                state.applications.mark(mark, &registry);
            }
        }
        Message::MarkEnds { from, to, group, beside } => state.mark_ends((from, to), group, beside),
        Message::Nudge(id, by) => {
            let so_far = state.trials.nudged.take().filter(|(other, _)| *other == id).map_or(0, |(_, by)| by);
            state.trials.nudged = by.map(|by| (id, so_far + by));
        }
        Message::SetNudged => return set_nudged(state),
        Message::GroupBy(grouping) => state.trials.group_by(grouping),
        Message::OpenGroup(place, open) => state.trials.open(place, open),
        Message::OpenGroups(open) => state.trials.open_all(open),
        Message::MarkGroup(place) => state.mark_group(place),
        Message::TrialStep(by, marking) => {
            state.refresh();
            state.step_trials(by, marking);
        }
        Message::TrialAt(line) => state.stand_on(line),
        Message::Span(from, to) => state.trials.show(from, to),
        Message::BulkText(text, only_later) => return planning::typed(state, text, only_later),
        Message::BulkPlanned(ticket, plan) => return planning::planned(state, ticket, *plan),
        Message::SelectApi(audience) => state.api = audience,
        Message::SelectGuardrail(name) => return guardrails::select(state, name.as_deref()),
        Message::EditGuardrail(edit) => return guardrails::typed(state, *edit),
        Message::Ask(preview) => state.preview = preview,
        Message::HistoryOf(of) => {
            state.history_of = of;
            state.screen = Screen::History;
        }
        Message::HistoryEntry(entry) => return weighing::open_entry(state, entry),
        Message::PaletteQuery(query) => state.palette = Some(Palette::search(&query, state)),
        Message::PaletteMove(by) => move_mark(state, by),
        Message::PaletteTake => return take_hit(state),
        Message::Dialog(dialog) => {
            state.dialog = dialog;
            state.palette = None;
        }
        Message::Accept => return accept(state),
        Message::ImportAs(merge) => return import_as(state, merge),
        Message::CopyOver(edit) => return copying::edit(state, edit),
        Message::Browse => return browse(state),
        Message::Enforcement(enforcement) => state.exporting.enforcement = *enforcement,
        Message::EnforceLifetime(text) => return enforce_for(state, text),
        Message::Enforced(lifetime, effects) => state.exporting.effects = Some((lifetime, *effects)),
        Message::ShortenApis => return shorten(state),
        Message::ExportShown(ticket, shown) => exporting::shown(state, ticket, shown),
        Message::ExportDifferences(differences) => state.exporting.differences = differences,
        Message::ExportProgress(done, of) => state.exporting.progress = Some((done, of)),
        Message::StopExport => return vec![Effect::StopExport],
        Message::TableFound(path, mapping) => importing::table(state, path, mapping),
        Message::Imported(path, result) => return importing::imported(state, path, result),
        Message::Settings(settings) => {
            state.settings = settings;
            return vec![Effect::SaveSettings(state.settings.clone())];
        }
        Message::Dismiss => state.notice = None,
        Message::Copy { text, what } => {
            state.say(format!("{what} copied"));
            return vec![Effect::Copy(text)];
        }
        Message::Picked(task, path) => return picked(state, task, path),
        Message::NotPicked => {}
        Message::Dropped(paths) => {
            return paths.into_iter().next().map_or_else(Vec::new, |path| dropped(state, path));
        }
        Message::Focused => state.focus = None,
        Message::Opened(result) => return opened(state, result),
        Message::Closed => return forgetting::closed(state),
        Message::Committed(result) => return committed(state, result),
        Message::Changed(entries) => changed(state, entries),
        Message::Written(result) => {
            (state.busy, state.exporting.progress) = (None, None);
            match result {
                Ok(path) => {
                    state.dialog.take_if(|dialog| dialog.asks_path());
                    state.say(format!("Written to {}", path.display()));
                }
                Err(error) => state.fail_in_dialog(error),
            }
        }
        Message::Read(task, path, result) => return read(state, task, path, result),
        Message::TokenPage(page) => return tokens::page(state, page),
        Message::TokenText(text) => tokens::text(state, text),
        Message::VerifyWith(with) => return verifying::verify_with(state, with),
        Message::KeyPasted(text) => verifying::pasted(state, &text),
        Message::JwksUrl(url) => verifying::url_typed(state, url),
        Message::FetchJwks { again } => return verifying::fetch(state, again),
        Message::StopJwks => return verifying::stop(state),
        Message::JwksFetched(ticket, url, keys) => verifying::fetched(state, ticket, url, keys),
        Message::MintForm(form) => (state.tokens.mint, state.tokens.minted) = (*form, None),
        Message::Mint => return tokens::mint(state),
        Message::Minted(minted) => state.tokens.minted = Some(minted),
        Message::NewKey(key) => state.tokens.new_key = key,
        Message::Key(task) => return vec![Effect::Keys(task)],
        Message::KeysListed(keys) => tokens::listed(state, keys),
        Message::KeyRefused(error) => state.tokens.new_key.error = Some(error),
        Message::KeysRead(path, set) => verifying::keys_read(state, path, set),
        Message::AuditPath(path) => state.tokens.audit.path = path,
        Message::Audit(path) => return audit::audit(state, path),
        Message::AuditProgress(ticket, done, of) => audit::progress(state, ticket, done, of),
        Message::Audited(ticket, told) => audit::audited(state, ticket, told),
        Message::StopAudit => return audit::stop(state),
        Message::AuditSettings(settings) => return audit::judge_by(state, settings),
        Message::AuditSaved(ticket, result) => audit::saved(state, ticket, result),
        Message::AuditSort(column) => audit::sort(state, column),
        Message::AuditOnly(verdict) => audit::only(state, verdict),
        Message::ShowFleet(shown) => state.fleet.shown = shown,
        Message::FleetProfile(profile) => state.fleet.profile = Some(profile),
        Message::FleetFiltered(filtered) => state.fleet.filtered = filtered,
        Message::FleetSort(column) => fleet::sort(state, column),
        Message::FleetStep(by) => fleet::step(state, by),
        Message::FleetOpen(place) => fleet::open_row(state, place),
        Message::Reported(ticket, report) => fleet::reported(state, ticket, report),
        Message::Consider(changes) => return weighing::consider(state, changes),
        Message::Weighed(ticket, counting) => state.weighed(ticket, counting),
        Message::StopWeighing(ticket) => return weighing::stop(state, ticket),
        Message::Progress(done, of) => {
            if let Some(open) = &mut state.open {
                open.progress = Some((done, of));
            }
        }
        Message::StopCommit => return vec![Effect::StopCommit],
        Message::Remote(message) => return connections::heard(state, message),
    }
    Vec::new()
}

/// Types the lifetime of the ways that need one; the chosen way follows where it is one.
fn enforce_for(state: &mut State, text: String) -> Vec<Effect> {
    if let Ok(lifetime) = text.parse() {
        let enforcement = &mut state.exporting.enforcement;
        enforcement.strategy = exporting::with_lifetime(enforcement.strategy, lifetime);
    }
    let effect = exporting::enforce(state, &text);
    state.dialog = Some(Dialog::Enforce(text));
    Vec::from_iter(effect)
}

/// Gives no API more than the chosen lifetime.
fn shorten(state: &mut State) -> Vec<Effect> {
    let (Strategy::Shorten(most), Some(open)) = (state.exporting.enforcement.strategy, &state.open) else {
        return Vec::new();
    };
    let changes = operation::shortened(open.registry(), most);
    if changes.is_empty() {
        state.say(format!("No API gives more than {most}"));
        return Vec::new();
    }
    let label = format!("Shorten the APIs to {most}");
    let said = format!("{label}: undo takes it back");
    let effects = commit(state, vec![(label, changes)]);
    if !effects.is_empty() {
        state.dialog = None;
        state.say(said);
    }
    effects
}

impl State {
    /// The selected application, in the settings in force.
    #[must_use]
    pub fn selected_application(&self) -> Option<&Arc<Application>> {
        self.policy()?.registry().application(self.applications.selected.as_deref()?)
    }

    /// The client id so many rows from the selected one; of the first where that is not shown.
    #[must_use]
    pub fn neighbour(&self, by: isize) -> Option<String> {
        let registry = self.policy()?.registry();
        let rows = &self.applications.rows;
        let last = rows.len().saturating_sub(1);
        let next = match self.applications.selected_row(registry) {
            Some(row) => row.saturating_add_signed(by).min(last),
            None => 0,
        };
        registry.applications().get(*rows.get(next)? as usize).map(|app| app.client_id.clone())
    }

    /// Says a sentence at the bottom.
    pub fn say(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), error: false });
    }

    /// An error is old once something else has worked.
    pub(super) fn forget_error(&mut self) {
        self.notice.take_if(|notice| notice.error);
    }

    /// Says what went wrong.
    pub fn fail(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), error: true });
    }

    /// Brings what is derived from the registry and the clock up to date.
    pub(super) fn refresh(&mut self) {
        let (at, now, past, ending_days) =
            (self.at(), self.now, self.past_in_force(), self.settings.ending_days);
        let wanted = match self.as_of {
            AsOf::At(at) if self.settings_of == SettingsOf::Then && at < now => Some(at),
            _ => None,
        };
        let zone = self.settings.zone();
        if let Some(open) = &mut self.open {
            if open.past.as_ref().map(|past| past.at) != wanted {
                open.rewind_to(wanted);
            }
            let policy =
                open.past.as_ref().filter(|_| wanted.is_some()).map_or(&open.policy, |past| &past.policy);
            let revision = open.revision;
            let timeline = || open.timeline().as_ref();
            let view = super::applications::View {
                policy,
                at,
                revision,
                past,
                ending_days,
                zone,
                timeline: &timeline,
            };
            self.applications.refresh(view);
            self.applications.refresh_facet(policy.registry());
            if self.screen == Screen::Trials {
                self.trials.refresh(&self.applications, policy.registry());
                self.trials.count_marks(&self.applications, policy.registry());
                let of = (open.revision, past, open.entries.len());
                self.trials.count_ended(policy, open.timeline(), at, of);
            }
            if self.screen == Screen::Apis {
                self.reach.refresh(policy.registry(), (open.revision, past));
            }
        }
        if self.screen == Screen::Trials {
            self.settle_trials();
        }
    }

    pub(super) fn editable(&mut self) -> bool {
        match self.read_only() {
            None => true,
            Some(why) => {
                self.fail(why);
                false
            }
        }
    }
}

/// Sets an end that arrow keys have moved, where there is one.
pub(super) fn set_nudged(state: &mut State) -> Vec<Effect> {
    let edit = state.set_nudged();
    edit.map_or_else(Vec::new, |edit| commit(state, vec![edit]))
}

/// The keys that are kept, where the screen that shows them has come to the front.
pub(super) fn keys_wanted(state: &State) -> Option<Effect> {
    (state.screen == Screen::Tokens).then_some(Effect::Keys(super::KeyTask::List))
}

pub(super) fn show(state: &mut State, screen: Screen) {
    if matches!(screen, Screen::Preview | Screen::Guardrails | Screen::Tokens)
        && let Some(policy) = state.policy()
    {
        let known = policy.registry().application(&state.preview.client_id).is_some();
        let chosen = state.applications.selected.clone();
        let other = chosen.as_deref().is_some_and(|id| id != state.preview.client_id);
        if !known || other {
            let first = policy.registry().applications().first().map(|a| a.client_id.clone());
            if let Some(id) = chosen.or(first) {
                state.preview = Preview {
                    profile: state.preview.profile,
                    ..Preview::about(policy.registry(), &id, None)
                };
            }
        }
    }
    if screen == Screen::Trials {
        let first = super::first_span(state.at());
        state.trials.span.get_or_insert(first);
        state.trials.visits += 1;
    }
    state.screen = screen;
    state.palette = None;
    state.focus = None;
}

pub(super) fn set_clock(state: &mut State, as_of: AsOf) {
    state.as_of = as_of;
    state.forget_error();
    state.settings_of = SettingsOf::Then;
    state.focus = None;
}

/// The instant at which the list next changes by itself, for the window to wake at.
#[must_use]
pub fn next_wake(state: &State) -> Option<Instant> {
    if state.as_of != AsOf::Live {
        return None;
    }
    [state.applications.next_transition, state.fleet.next_transition()].into_iter().flatten().min()
}
