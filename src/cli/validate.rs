//! `tenure validate`: everything in a registry that makes no sense.

use super::session::{Exit, Result, Session};
use super::table::calm;
use crate::policy::{Filter, check_guardrail};
use crate::registry::validate::{Severity, validate};

/// Nothing to say beside the registry.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  tenure validate\n  tenure --registry registry.json validate --json")]
pub(super) struct Args {}

/// Runs `tenure validate`; denied where there is an error.
pub(super) fn run(_args: Args, mut session: Session<'_>) -> Result {
    let (_, loaded) = session.open()?;
    let cel = |text: &str| check_guardrail(text).err().map(|error| error.to_string());
    let filter = |text: &str| text.parse::<Filter>().err().map(|error| error.to_string());
    let findings = validate(&loaded.registry, &cel, &filter);
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    if session.json {
        let list: Vec<_> = findings
            .iter()
            .map(|f| {
                let severity = f.severity.to_string();
                serde_json::json!({ "severity": severity, "path": f.path, "code": f.code, "message": f.message })
            })
            .collect();
        session.document(&list)?;
    } else {
        for f in &findings {
            writeln!(session.out, "{}: {}: {} ({})", f.severity, calm(&f.path), calm(&f.message), f.code)?;
        }
        let warnings = findings.len() - errors;
        writeln!(session.out, "{errors} errors, {warnings} warnings")?;
    }
    Ok(if errors == 0 { Exit::Done } else { Exit::Denied })
}
