//! `tenure export`: the registry in another format.

use super::enforce::Enforcing;
use super::session::{Exit, Failure, Result, Session};
use super::under_way::{Meter, interrupts};
use super::when::When;
use crate::export::{Asked, ExportError, Form, Selection, Stream, notes, write_into, write_to};
use crate::policy::{ENDING_DAYS, Filter, FilterContext};
use std::path::{Path, PathBuf};

/// What to write, and where.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tenure export --format json --out registry.json
  tenure export --format csv --where status:ending --out ending.csv
  tenure export --format auth0-deploy --out tenant/
  tenure export --format auth0-action --strategy outlive --out action.js
  tenure export --format oidc-provider > tenure-policy.mjs")]
pub(super) struct Args {
    /// The format
    #[arg(long, value_name = "FORMAT", value_parser = Form::ALL.map(Form::name))]
    format: String,
    /// The file, or for auth0-deploy and auth0-deploy-folder the folder; without it standard output
    #[arg(long, value_name = "FILE|DIR")]
    out: Option<PathBuf>,
    /// Only applications for which these words hold, as in `tenure app list`
    #[arg(long = "where", visible_alias = "filter", value_name = "FILTER", allow_hyphen_values = true)]
    filter: Option<Filter>,
    #[command(flatten)]
    enforcing: Enforcing,
    #[command(flatten)]
    when: When,
}

/// Runs `tenure export`.
pub(super) fn run(args: Args, mut session: Session<'_>) -> Result {
    let form = Form::by_name(&args.format).ok_or_else(|| {
        Failure::Said(format!("`{}` is no format; `tenure export --help` lists them", args.format))
    })?;
    if form.is_folder() && args.out.is_none() {
        return Err(Failure::Said(format!(
            "{} makes several files; name a folder with --out DIR",
            form.name()
        )));
    }
    let answering = args.when.answering(None, &session)?;
    let profile = answering.policy.registry().service.issuer_profile;
    let words = args.filter.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut asked = answering.asked(profile, words, &session)?;
    asked.enforcement = args.enforcing.enforcement()?;
    let selection = args.filter.map_or(Selection::All, |filter| chosen(&filter, &asked));
    for note in notes(form, &asked, &selection) {
        session.note(&note);
    }
    let Some(path) = args.out else {
        write_into(form, &asked, &selection, &mut Stream(session.out), &mut |_, _| true).map_err(failed)?;
        return Ok(Exit::Done);
    };
    if is_same(&path, &session.path()?) {
        return Err(Failure::Said(format!(
            "`{}` is the registry itself; choose another name",
            path.display()
        )));
    }
    write_telling(form, &asked, &selection, &path).map_err(failed)?;
    if session.json {
        session.document(&serde_json::json!({ "file": path, "notes": notes(form, &asked, &selection) }))?;
    } else {
        writeln!(session.out, "wrote {}", path.display())?;
    }
    Ok(Exit::Done)
}

/// Whether two paths lead to one file.
fn is_same(one: &Path, other: &Path) -> bool {
    one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}

/// Writes to the disk, telling how far it is; an interrupt leaves what was there.
fn write_telling(
    form: Form,
    asked: &Asked,
    selection: &Selection,
    path: &Path,
) -> std::result::Result<(), ExportError> {
    let (stop, mut meter) = (interrupts(), Meter::new());
    write_to(form, asked, selection, path, &mut |done, of| {
        meter.tell(|| format!("{done} of {of} applications written"));
        !stop.is_stopped()
    })
}

fn chosen(filter: &Filter, asked: &Asked) -> Selection {
    let context = FilterContext {
        policy: &asked.policy,
        profile: asked.profile,
        at: asked.at,
        ending_days: ENDING_DAYS,
    };
    let applications = asked.policy.registry().applications().iter();
    let chosen = applications.filter(|application| filter.matches(application, &context));
    Selection::Only(chosen.map(|application| application.client_id.clone()).collect())
}

fn failed(error: ExportError) -> Failure {
    match error {
        ExportError::Stream(error) => error.into(),
        other => Failure::Said(other.to_string()),
    }
}
