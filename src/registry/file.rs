//! A registry as a file: canonical JSON that lives well in git (SPEC §6).

use super::{Api, Application, Guardrail, Registry, SavedView, Service, Template};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// The version of the shape that this program writes, and the newest that it reads.
pub const SCHEMA: u64 = 1;

/// Why a text is not a registry, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileError {
    /// The file, as the person named it.
    pub source: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in bytes, from 1.
    pub column: usize,
    /// The place in the document: `applications[acme].expires_at`; empty where the document itself is meant.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: ", self.source, self.line, self.column)?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for FileError {}

/// The whole document as it stands in a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    #[serde(rename = "schema", deserialize_with = "known_schema")]
    _schema: (),
    #[serde(deserialize_with = "super::shape::object")]
    service: Service,
    #[serde(default, deserialize_with = "super::application::unique")]
    apis: Vec<Api>,
    #[serde(default, deserialize_with = "super::application::unique")]
    applications: Vec<Application>,
    #[serde(default, deserialize_with = "super::application::unique")]
    guardrails: Vec<Guardrail>,
    #[serde(default, deserialize_with = "super::application::unique")]
    views: Vec<SavedView>,
    #[serde(default, deserialize_with = "super::application::unique")]
    templates: Vec<Template>,
}

/// What is read first, so that a newer file is told from a wrong one.
#[derive(Deserialize)]
pub(super) struct Version {
    #[serde(rename = "schema", deserialize_with = "known_schema")]
    _schema: (),
}

fn known_schema<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    use serde::de::Error;
    match u64::deserialize(deserializer)? {
        SCHEMA => Ok(()),
        0 => Err(D::Error::custom(format_args!("schema `0` does not exist; this program reads {SCHEMA}"))),
        newer => Err(D::Error::custom(format_args!(
            "{NEWER} (schema `{newer}`, this one reads `{SCHEMA}`); open it with a newer Tenure"
        ))),
    }
}

const NEWER: &str = "the registry was written by a newer version of Tenure";

/// Reads a registry; `source` names the file in errors.
///
/// # Errors
/// [`FileError`] for every wrong shape: syntax, types, ranges, unknown or missing or repeated members,
/// ids that stand there twice, `null`, and a newer schema.
pub fn read(text: &str, source: &str) -> Result<Registry, FileError> {
    // Some editors put a byte order mark in front; JSON knows none.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Err(error) = serde_json::from_str::<super::shape::Object<Version>>(text)
        && error.to_string().starts_with(NEWER)
    {
        return Err(described(text, source, "schema", &error));
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let document = serde_path_to_error::deserialize::<_, super::shape::Object<Document>>(&mut json)
        .map_err(|error| described(text, source, &error.path().to_string(), error.inner()))?;
    json.end().map_err(|error| described(text, source, "", &error))?;
    Ok(registry(document.0))
}

pub(super) fn registry(document: Document) -> Registry {
    let Document { service, apis, applications, guardrails, views, templates, .. } = document;
    Registry::new(service, apis, applications, guardrails).with(views, templates)
}

/// Whether an error says that the file is newer than this program.
pub(super) fn newer(message: &str) -> bool {
    message.contains(NEWER)
}

/// Reads a registry from the bytes of a file.
///
/// # Errors
/// [`FileError`] as [`read`], and where the bytes are not UTF-8.
pub fn read_bytes(bytes: &[u8], source: &str) -> Result<Registry, FileError> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return read(text, source),
        Err(error) => error,
    };
    let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
    let last_line = before.rsplit(|&b| b == b'\n').next().unwrap_or_default();
    Err(FileError {
        source: source.to_owned(),
        line: before.iter().filter(|&&b| b == b'\n').count() + 1,
        column: last_line.len() + 1,
        path: String::new(),
        message: "a byte is not UTF-8; save the file as UTF-8".to_owned(),
    })
}

fn described(text: &str, source: &str, path: &str, error: &serde_json::Error) -> FileError {
    let (line, column) = (error.line().max(1), error.column().max(1));
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = message.strip_suffix(&place).unwrap_or(&message).to_owned();
    let mut path = named(text, path.trim_end_matches(['.', '?']));
    // A repeated member is noticed by the object around it.
    if let Some(member) = message.strip_prefix("duplicate field `").and_then(|m| m.strip_suffix('`')) {
        path = if path.is_empty() { member.to_owned() } else { format!("{path}.{member}") };
    }
    FileError { source: source.to_owned(), line, column, path, message }
}

/// Puts the entity's id for its number in `applications[3].expires_at`, where the document lets itself be read.
fn named(text: &str, path: &str) -> String {
    let renamed = || {
        let (list, rest) = path.split_once('[')?;
        let (index, rest) = rest.split_once(']')?;
        let key = match list {
            "apis" => "audience",
            "applications" => "client_id",
            "guardrails" => "name",
            _ => return None,
        };
        let document: serde_json::Value = serde_json::from_str(text).ok()?;
        let id = document.get(list)?.get(index.parse::<usize>().ok()?)?.get(key)?.as_str()?;
        Some(format!("{list}[{id}]{rest}"))
    };
    renamed().unwrap_or_else(|| path.to_owned())
}

/// Writes a registry: keys, entities, scopes and tags sorted, two-space indent, a newline at the end.
///
/// What equals its default is left out, and text is not escaped, so that a change is a change of few lines.
#[must_use]
pub fn write(registry: &Registry) -> String {
    let mut text = String::new();
    let kept: Result<(), std::convert::Infallible> = write_to(members(registry, &|_| true), &mut |piece| {
        text.push_str(piece);
        Ok(())
    });
    let Ok(()) = kept;
    text
}

/// A member of the document: one value, or a list whose items are made one after the other.
pub enum Member<'a> {
    /// The service, or the version of the shape.
    One(Value),
    /// Entities by their id.
    Many(Box<dyn Iterator<Item = Value> + 'a>),
}

/// The members of the document by their name, with the applications that are chosen.
///
/// Of a hundred thousand applications only one at a time stands in memory.
#[must_use]
pub fn members<'a>(
    registry: &'a Registry,
    chosen: &'a dyn Fn(&Application) -> bool,
) -> Vec<(&'static str, Member<'a>)> {
    let apis = registry.apis().iter().map(|api| {
        let mut api = (**api).clone();
        api.scopes.sort_by(|a, b| a.name.cmp(&b.name));
        value(&api)
    });
    let applications = registry.applications().iter().filter(|app| chosen(app));
    let applications = applications.map(|app| value(&(**app).clone().normalised()));
    let guardrails = registry.guardrails().iter().map(|rule| value(&**rule));
    let templates = registry.templates().iter().map(|template| value(&(**template).clone().normalised()));
    let views = registry.views().iter().map(|view| value(&**view));
    let mut members = vec![
        ("apis", Member::Many(Box::new(apis))),
        ("applications", Member::Many(Box::new(applications))),
        ("guardrails", Member::Many(Box::new(guardrails))),
        ("schema", Member::One(SCHEMA.into())),
        ("service", Member::One(value(&*registry.service))),
    ];
    // These two came later, and most registries have neither.
    if !registry.templates().is_empty() {
        members.push(("templates", Member::Many(Box::new(templates))));
    }
    if !registry.views().is_empty() {
        members.push(("views", Member::Many(Box::new(views))));
    }
    members
}

/// Gives the document piece by piece, a piece for each entity.
///
/// # Errors
/// Those of `take`, at which it stops.
pub fn write_to<E>(
    members: Vec<(&'static str, Member<'_>)>,
    take: &mut dyn FnMut(&str) -> Result<(), E>,
) -> Result<(), E> {
    let mut before = "{";
    for (name, member) in members {
        take(&format!("{before}\n  \"{name}\": "))?;
        before = ",";
        match member {
            Member::One(value) => take(&indented(&value, "  "))?,
            Member::Many(items) => {
                let mut between = "[";
                for item in items {
                    take(&format!("{between}\n    {}", indented(&item, "    ")))?;
                    between = ",";
                }
                take(if between == "[" { "[]" } else { "\n  ]" })?;
            }
        }
    }
    take("\n}\n")
}

/// A value over several lines, all but the first of which begin like this. No text holds a line end that is not escaped.
fn indented(value: &Value, margin: &str) -> String {
    // Sorted already, unless another crate asks serde_json to keep the order of insertion.
    let mut value = value.clone();
    value.sort_all_objects();
    format!("{value:#}").replace('\n', &format!("\n{margin}"))
}

/// An entity as JSON. Entities hold nothing that JSON cannot: texts, numbers, and maps with texts as keys.
fn value(entity: &impl Serialize) -> Value {
    serde_json::to_value(entity).unwrap_or_default()
}
