//! The report for people: trials, lifetimes and overruns at an instant, in Markdown.

use super::fleet::each;
use super::review::{cell, facts};
use super::{Asked, ExportError, Exporter, Out, Selection};
use crate::policy::{OverrunUpTo, ReportRow, RowOutcome, Sums};
use crate::registry::{Duration, human};

/// `report.md`.
#[derive(Debug)]
pub(super) struct Markdown;

impl Exporter for Markdown {
    fn write(&self, asked: &Asked, selection: &Selection, out: &mut Out<'_>) -> Result<(), ExportError> {
        out.file("report.md")?;
        let name = cell(&asked.registry().service.name);
        let day = asked.at.to_utc().with_timezone(&asked.zone).format("%-d %B %Y");
        out.text(&format!("# Lifetimes of {name} on {day}\n\n{}", facts(asked)))?;
        let sums =
            Sums::of(each(asked, selection).map(|row| (row.client_id, ReportRow::of(&row, 0, 0))), asked.at);
        out.text(&summary(&sums, asked))?;
        out.text(&apis(asked))?;
        out.text(APPLICATIONS)?;
        for row in each(asked, selection) {
            let policy = match row.outcome {
                RowOutcome::Granted { lifetime, limit, source } => {
                    format!("{} ({} {})", human(lifetime), limit.as_str(), cell(source))
                }
                RowOutcome::Denied(reason) => format!("denied: {}", cell(&reason.to_string())),
            };
            let issuer = row.issuer.map_or_else(|reason| format!("denied: {}", cell(reason)), human);
            let up_to = match row.overrun_up_to {
                None => "—".to_owned(),
                Some(OverrunUpTo::Seconds(seconds)) => human(seconds),
                Some(OverrunUpTo::Unbounded) => "without end".to_owned(),
            };
            let cells = [
                cell(row.title),
                cell(row.client_id),
                cell(row.audience),
                row.status.as_str().to_owned(),
                row.expires_at.map_or("never".to_owned(), |end| asked.time(end)),
                policy,
                issuer,
                row.overrun.map_or("—".to_owned(), human),
                up_to,
            ];
            out.text(&format!("| {} |\n", cells.join(" | ")))?;
            out.step()?;
        }
        Ok(())
    }
}

const APPLICATIONS: &str = "\n## Applications\n\n\
    | Application | Client id | API | Status | Ends | Policy | Issuer | Overrun | Up to |\n\
    | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n";

fn summary(sums: &Sums, asked: &Asked) -> String {
    format!(
        "\n## Overruns\n\n\
         - Applications and APIs: {} rows; the policy grants {} now, {} issues {}\n\
         - Tokens of now that would outlive their application: {}, by {} at most\n\
         - Applications that have ended and are issued to: {}\n\
         - Applications that have ended and whose tokens may still live: {}\n",
        sums.rows,
        sums.granted,
        asked.profile.title(),
        sums.issued,
        sums.overrunning,
        human(sums.longest),
        sums.ended_and_issued,
        sums.ended_and_alive,
    )
}

fn apis(asked: &Asked) -> String {
    let registry = asked.registry();
    let service = registry.service.access_token_duration;
    let mut text = format!(
        "\n## Lifetimes\n\nThe service gives {service}.\n\n| API | Scope | Lifetime |\n| --- | --- | --- |\n"
    );
    for api in registry.apis() {
        let own = |duration: Option<Duration>, rest: &str| {
            duration.map_or(rest.to_owned(), |duration| duration.to_string())
        };
        let title = cell(api.title());
        text.push_str(&format!("| {title} | | {} |\n", own(api.access_token_duration, "the service's")));
        for scope in &api.scopes {
            let scope_name = cell(&scope.name);
            text.push_str(&format!(
                "| {title} | {scope_name} | {} |\n",
                own(scope.access_token_duration, "the API's")
            ));
        }
    }
    text
}
