//! The palette: every command and every entity, found by a few letters.

use super::{Command, State};
use crate::registry::Application;

/// The open palette.
#[derive(Debug, Clone, Default)]
pub struct Palette {
    /// What is typed.
    pub query: String,
    /// The marked line.
    pub marked: usize,
    /// What fits, best first.
    pub hits: Vec<Hit>,
}

/// A line of the palette.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Its name.
    pub title: String,
    /// What it is: a client id, an audience, or the kind.
    pub detail: String,
    /// What taking it does.
    pub target: Target,
}

/// What taking a line does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Runs a command.
    Command(Command),
    /// Selects an application, by client id.
    Application(String),
    /// Shows a view, by name.
    View(String),
    /// Selects an API, by audience.
    Api(String),
    /// Selects the API of a scope.
    Scope {
        /// The API.
        audience: String,
    },
}

const MOST: usize = 12;

impl Palette {
    /// The palette for what is typed.
    #[must_use]
    pub fn search(query: &str, state: &State) -> Self {
        let words: Vec<String> = query.to_lowercase().split_whitespace().map(str::to_owned).collect();
        let fits = |text: &str| {
            let text = text.to_lowercase();
            words.iter().all(|word| text.contains(word.as_str()))
        };
        let mut hits: Vec<Hit> = Command::ALL
            .into_iter()
            .filter(|command| {
                *command != Command::Palette && command.available(state) && fits(command.title())
            })
            .map(|command| Hit {
                title: command.title().to_owned(),
                detail: "command".to_owned(),
                target: Target::Command(command),
            })
            .take(if words.is_empty() { MOST } else { 5 })
            .collect();
        if !words.is_empty() {
            hits.extend(entities(state, &fits).take(MOST.saturating_sub(hits.len())));
        }
        Self { query: query.to_owned(), marked: 0, hits }
    }
}

fn entities<'a>(state: &'a State, fits: &'a dyn Fn(&str) -> bool) -> impl Iterator<Item = Hit> + 'a {
    let registry = state.policy().map(|policy| policy.registry());
    let apis = registry.into_iter().flat_map(|r| r.apis()).flat_map(move |api| {
        let own = Some(Hit {
            title: api.title().to_owned(),
            detail: api.audience.clone(),
            target: Target::Api(api.audience.clone()),
        })
        .filter(|_| fits(&format!("{} {}", api.name, api.audience)));
        let scopes =
            api.scopes.iter().filter(move |scope| fits(&format!("scope {}", scope.name))).map(|scope| Hit {
                title: format!("scope {}", scope.name),
                detail: api.audience.clone(),
                target: Target::Scope { audience: api.audience.clone() },
            });
        own.into_iter().chain(scopes)
    });
    let name = |a: &Application| format!("{} {} {}", a.customer, a.name, a.client_id);
    let all = registry.into_iter().flat_map(|r| r.applications());
    let applications = all.filter(move |application| fits(&name(application))).map(|application| Hit {
        title: application.title().to_owned(),
        detail: application.client_id.clone(),
        target: Target::Application(application.client_id.clone()),
    });
    let views =
        state.views().filter(move |view| fits(&format!("view view: {}", view.name))).map(|view| Hit {
            title: format!("View: {}", view.name),
            detail: view.filter.clone(),
            target: Target::View(view.name.clone()),
        });
    views.chain(applications).chain(apis)
}
