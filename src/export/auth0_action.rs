//! The Action that keeps Auth0's machine-to-machine tokens within trials, as JavaScript.

use super::auth0::{Enforcement, notes};
use super::js::string;
use super::{Asked, ExportError, Exporter, Out, Selection};
use crate::policy::Strategy;
use crate::registry::{Duration, Registry, human};

/// What the Action is called at Auth0.
pub const NAME: &str = "Tenure: ends of trials";
/// Its runtime there.
pub const RUNTIME: &str = "node22";
/// The trigger that it is bound to, with its version.
pub const TRIGGER: (&str, &str) = ("credentials-exchange", "v2");

/// `tenure-action.js`.
#[derive(Debug)]
pub(super) struct Action;

impl Exporter for Action {
    fn notes(&self, asked: &Asked, selection: &Selection) -> Vec<String> {
        let mut notes = notes(asked, selection);
        notes.retain(|note| !note.contains("entry of metadata") && !note.contains("description"));
        notes.push(
            "bind it to the trigger credentials-exchange next to the Actions that are there; binding replaces the list"
                .to_owned(),
        );
        if let Strategy::Shorten(most) = asked.enforcement.strategy {
            let most = human(most.seconds());
            notes.push(format!(
                "an Action cannot set a lifetime: set token_lifetime of each API to {most} as well"
            ));
        }
        notes
    }

    fn write(&self, asked: &Asked, _selection: &Selection, out: &mut Out<'_>) -> Result<(), ExportError> {
        out.file("tenure-action.js")?;
        out.text(&code(asked.registry(), &asked.enforcement))
    }
}

/// The Action's code, for a file or for a connection that installs it.
#[must_use]
pub fn code(registry: &Registry, enforcement: &Enforcement) -> String {
    let Enforcement { strategy, end_key, start_key, form, claim } = enforcement;
    let settings = format!(
        "const END_KEY = {};\nconst START_KEY = {};\n\
         // How instants are written in client_metadata: rfc3339, seconds or milliseconds.\nconst FORM = {};\n\
         // A claim that tells APIs when access ends, for those that check it themselves; null for none.\n\
         const CLAIM = {};\n",
        string(end_key),
        string(start_key),
        string(form.as_str()),
        claim.as_deref().map_or("null".to_owned(), string),
    );
    let outliving = *strategy == Strategy::DenyOutliving;
    let (lifetimes, check) =
        if outliving { (lifetimes(registry), WOULD_OUTLIVE) } else { (String::new(), "") };
    let what = describe(*strategy);
    format!("{HEAD}{what}\n */\n{settings}{lifetimes}{INSTANT}{CHECK}{check}{END}")
}

fn describe(strategy: Strategy) -> String {
    match strategy {
        Strategy::DenyAtEnd => {
            " * Strategy: deny at the end and after it. A token of just before the end lives on for the \
                                API's lifetime."
                .to_owned()
        }
        Strategy::DenyOutliving => {
            " * Strategy: deny also what would outlive the end. No token outlives a trial; in its \
                                    last stretch, as long as\n * the API's lifetime, it gets none."
                .to_owned()
        }
        Strategy::Shorten(most) => format!(
            " * Strategy: deny at the end, with lifetimes of {} ({} s) at most, which the APIs' own settings have to give: \
             an Action\n * cannot.",
            human(most.seconds()),
            most.seconds()
        ),
        Strategy::Second(most) => format!(
            " * Strategy: deny at the end, with a second resource server of {} ({} s) for trials, whose tokens so outlive \
             them by\n * no more.",
            human(most.seconds()),
            most.seconds()
        ),
    }
}

fn lifetimes(registry: &Registry) -> String {
    let mut text = "\n// Seconds that Auth0 gives a token of each API, which an Action cannot read: export it anew when one \
                    changes.\nconst LIFETIMES = new Map([\n"
        .to_owned();
    for api in registry.apis() {
        let seconds = api.access_token_duration.unwrap_or(Duration::DAY).seconds();
        text.push_str(&format!("  [{}, {seconds}],\n", string(&api.audience)));
    }
    text.push_str("]);\n");
    text
}

const HEAD: &str = "/**
 * Keeps machine-to-machine tokens within the window of their application: trigger credentials-exchange, made by Tenure.
 *
 * Reads the end and the start of access from client_metadata. A date that cannot be read denies, so that a slip of the pen
 * does not open a trial for ever.
 *
";

const INSTANT: &str = r#"
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Seconds since 1970 of a text; NaN where it is none. Date.parse would take more than the form allows. */
const seconds = (text) => {
  if (FORM !== "rfc3339") {
    const count = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    return Math.floor(FORM === "milliseconds" ? count / 1000 : count);
  }
  const parts = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))$/.exec(text);
  if (!parts) return NaN;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number);
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  if (month < 1 || month > 12 || day < 1 || day > DAYS[month - 1] + leap) return NaN;
  if (hour > 23 || minute > 59 || second > 60) return NaN;
  const [offsetHours, offsetMinutes] = [Number(parts[8] ?? 0), Number(parts[9] ?? 0)];
  if (offsetHours > 23 || offsetMinutes > 59) return NaN;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, Math.min(second, 59));
  const offset = (offsetHours * 60 + offsetMinutes) * 60;
  return date.getTime() / 1000 - (parts[7] === "-" ? -offset : offset);
};

/** The instant under a key: undefined where none is set. */
const instant = (metadata, key) => (Object.hasOwn(metadata, key) ? seconds(metadata[key]) : undefined);
"#;

const CHECK: &str = r#"
/** Whether a token is refused: the code and the reason, or nothing. */
const refuse = (start, end, now, audience) => {
  if (Number.isNaN(start) || Number.isNaN(end)) {
    const key = Number.isNaN(end) ? END_KEY : START_KEY;
    return ["server_error", "malformed: the metadata " + key + " of this application is no date in the form " + FORM];
  }
  if (start !== undefined && now < start) return ["invalid_request", "not_yet_active: this application has not started"];
  if (end !== undefined && now >= end) return ["invalid_request", "expired: this application has ended"];
"#;

const WOULD_OUTLIVE: &str = r#"  if (end !== undefined) {
    const lifetime = LIFETIMES.get(audience);
    if (lifetime === undefined) {
      return ["server_error", "unknown_api: this Action does not know the API's lifetime; export it anew"];
    }
    if (now + lifetime > end) {
      return ["invalid_request", "would_outlive: a token would live longer than this application"];
    }
  }
"#;

const END: &str = r#"  return undefined;
};

exports.onExecuteCredentialsExchange = async (event, api) => {
  const metadata = event.client.metadata ?? {};
  const [start, end] = [instant(metadata, START_KEY), instant(metadata, END_KEY)];
  const now = Math.floor(Date.now() / 1000);
  const refused = refuse(start, end, now, event.resource_server?.identifier);
  if (refused) return api.access.deny(...refused);
  if (CLAIM !== null && end !== undefined) api.accessToken.setCustomClaim(CLAIM, end);
};
"#;
