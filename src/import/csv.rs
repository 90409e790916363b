//! Applications from a table: columns are found by their heading, cells are read as people write them, errors name their row.

use super::{ImportError, Imported, Options, Problem};
use crate::export::csv::{HEADER, armed, row as exported};
use crate::registry::{Application, ApplicationStatus, Grant, Instant, Registry};
use std::collections::{BTreeMap, HashMap};

/// A field of an application that a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Field(usize);

impl Field {
    /// All of them, in the order in which they are written.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..HEADER.len()).map(Self)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        HEADER.get(self.0).copied().unwrap_or_default()
    }

    /// The field of this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        HEADER.iter().position(|field| *field == name).map(Self)
    }

    /// The field that a heading means, as people write headings.
    fn by_heading(heading: &str) -> Option<Self> {
        let plain: String =
            heading.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let known = ALIASES.iter().find(|(_, names)| names.contains(&plain.as_str()));
        let same = |field: &Self| field.name().replace('_', "") == plain;
        known.and_then(|(field, _)| Self::by_name(field)).or_else(|| Self::all().find(same))
    }
}

/// What people call the fields, without spaces and signs.
const ALIASES: [(&str, &[&str]); 13] = [
    ("client_id", &["client", "id", "applicationid", "appid"]),
    ("external_id", &["crmid", "customerid", "accountid", "crm"]),
    ("name", &["application", "app", "applicationname", "appname", "clientname"]),
    ("customer", &["company", "account", "organisation", "organization", "customername"]),
    ("contact", &["email", "mail", "contactemail"]),
    ("status", &["state"]),
    ("not_before", &["start", "starts", "begin", "begins", "validfrom", "startdate", "trialstart"]),
    (
        "expires_at",
        &["end", "ends", "expires", "expiry", "expiration", "validuntil", "enddate", "trialend", "until"],
    ),
    ("access_token_duration", &["lifetime", "duration", "tokenlifetime", "maxlifetime"]),
    ("grants", &["access", "grant", "apis"]),
    ("tags", &["tag", "labels", "label"]),
    ("metadata", &["meta"]),
    ("notes", &["note", "comment", "comments", "remarks"]),
];

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub heading: String,
    /// What it holds; nothing where it is not taken over.
    pub field: Option<Field>,
    /// Its first cell that is not empty.
    pub example: String,
}

/// Which column holds which field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapping {
    /// The columns from left to right.
    pub columns: Vec<Column>,
    /// How many rows stand under them.
    pub rows: usize,
}

impl Mapping {
    /// The client id in a row, where there is one.
    fn client_id<'r>(&self, row: &'r csv::StringRecord) -> Option<&'r str> {
        let mut cells = self.columns.iter().zip(row.iter());
        let id = cells.find(|(column, _)| column.field.is_some_and(|field| field.name() == "client_id"));
        id.map(|(_, cell)| armed(cell))
    }

    /// Reads the headings of a table, and what is told about them.
    ///
    /// # Errors
    /// [`ImportError`] where there is none.
    pub fn of(text: &str, source: &str, columns: &[(String, Field)]) -> Result<Self, ImportError> {
        let mut table = reader(text);
        let head = table.headers().map_err(|error| whole(source, &error.to_string()))?.clone();
        let field = |heading: &str| {
            let told = columns.iter().find(|(name, _)| name == heading).map(|(_, field)| *field);
            told.or_else(|| Field::by_heading(heading).filter(|f| columns.iter().all(|(_, told)| told != f)))
        };
        let mut mapping = Self {
            columns: head
                .iter()
                .map(|heading| Column {
                    heading: heading.to_owned(),
                    field: field(heading),
                    example: String::new(),
                })
                .collect(),
            rows: 0,
        };
        for row in table.records() {
            mapping.rows += 1;
            let Ok(row) = row else { continue };
            for (column, cell) in mapping.columns.iter_mut().zip(&row) {
                if column.example.is_empty() {
                    armed(cell).clone_into(&mut column.example);
                }
            }
        }
        Ok(mapping)
    }

    /// Why the mapping cannot be used.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        let times = |field: Field| self.columns.iter().filter(|column| column.field == Some(field)).count();
        if let Some(twice) = Field::all().find(|field| times(*field) > 1) {
            return Some(format!("two columns hold `{}`; leave one of them out", twice.name()));
        }
        match Field::by_name("client_id").map(times) {
            Some(0) => Some("no column holds `client_id`; name it with --map 'Column=client_id'".to_owned()),
            _ => None,
        }
    }
}

fn whole(source: &str, message: &str) -> ImportError {
    let problem = Problem { line: 0, place: String::new(), message: message.to_owned() };
    ImportError::Problems(source.to_owned(), vec![problem])
}

/// Spreadsheets of some countries write semicolons, and clipboards tabs: what the first line has most of.
fn reader(text: &str) -> csv::Reader<&[u8]> {
    let text = unmarked(text);
    csv::ReaderBuilder::new().delimiter(delimiter(text)).flexible(true).from_reader(text.as_bytes())
}

/// Without the mark that spreadsheets put in front of UTF-8.
fn unmarked(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |delimiter: &u8| first.bytes().filter(|byte| byte == delimiter).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(count).unwrap_or(b',')
}

/// The line that a row begins in. Where a row is said to begin, ends of lines before it may still be to come.
fn line_of(text: &str, place: Option<&csv::Position>) -> usize {
    let Some(place) = place else { return 0 };
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let rest = unmarked(text).as_bytes().get(number(place.byte())..).unwrap_or_default();
    let ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n');
    number(place.line()) + ends.count()
}

/// Whether the last row, which begins at this byte, holds a quote that is not closed: then it takes in what follows.
fn is_unclosed(text: &str, last: usize) -> bool {
    const NEXT: &str = "next";
    let text = unmarked(text);
    let rest = format!("{}\n{NEXT}", text.get(last..).unwrap_or_default());
    let mut builder = csv::ReaderBuilder::new();
    let builder = builder.delimiter(delimiter(text)).flexible(true).has_headers(false);
    let rows = builder.from_reader(rest.as_bytes()).into_records();
    rows.last().and_then(Result::ok).is_some_and(|row| row.iter().ne([NEXT]))
}

/// Reads a table; today's applications keep what no column holds.
pub(super) fn read(
    text: &str,
    source: &str,
    today: &Registry,
    options: &Options,
) -> Result<Imported, ImportError> {
    let mapping = Mapping::of(text, source, &options.columns)?;
    for (heading, _) in &options.columns {
        if !mapping.columns.iter().any(|column| column.heading == *heading) {
            return Err(whole(source, &format!("there is no column `{heading}`")));
        }
    }
    if let Some(problem) = mapping.problem() {
        return Err(whole(source, &problem));
    }
    let mut applications = BTreeMap::new();
    let mut errors = Vec::new();
    let mut lines: HashMap<String, usize> = HashMap::new();
    let mut last = (0, 1);
    for row in reader(text).records() {
        match row {
            Ok(row) => {
                let line = line_of(text, row.position());
                last = (row.position().map_or(0, |place| usize::try_from(place.byte()).unwrap_or(0)), line);
                // An empty line between rows is none.
                if row.iter().all(str::is_empty) {
                    continue;
                }
                match application(&row, line, &mapping, today) {
                    Ok(application) => match lines.insert(application.client_id.clone(), line) {
                        None => {
                            applications.insert(application.client_id.clone(), application);
                        }
                        Some(first) => errors.push(Problem {
                            line,
                            place: "client_id".to_owned(),
                            message: format!("`{}` stands in line {first} already", application.client_id),
                        }),
                    },
                    Err(problems) => {
                        errors.extend(problems);
                        // It is in the table, though nobody can read how it should be.
                        if let Some(same) = mapping.client_id(&row).and_then(|id| today.application(id)) {
                            let same = || Application::clone(same);
                            applications.entry(same().client_id).or_insert_with(same);
                        }
                    }
                }
            }
            Err(error) => {
                let line = line_of(text, error.position());
                errors.push(Problem { line, place: String::new(), message: error.to_string() });
            }
        }
    }
    if is_unclosed(text, last.0) {
        let message =
            "a quote that begins in this row is not closed, so that it takes in the rows below; close it";
        let problem = Problem { line: last.1, place: String::new(), message: message.to_owned() };
        return Err(ImportError::Problems(source.to_owned(), vec![problem]));
    }
    if !errors.is_empty() && !options.good_rows {
        return Err(ImportError::Problems(source.to_owned(), errors));
    }
    let unused = mapping.columns.iter().filter(|column| column.field.is_none());
    let notes = unused.map(|column| {
        format!("column `{}` is not taken over; --map '{}=FIELD' does it", column.heading, column.heading)
    });
    Ok(Imported {
        notes: notes.collect(),
        registry: with_applications(today, applications.into_values().collect()),
        errors,
    })
}

/// Today's registry with other applications.
pub(super) fn with_applications(today: &Registry, applications: Vec<Application>) -> Registry {
    let mut registry = today.clone();
    let mut values: HashMap<String, Option<std::sync::Arc<Application>>> =
        today.applications().iter().map(|app| (app.client_id.clone(), None)).collect();
    for application in applications {
        values.insert(application.client_id.clone(), Some(std::sync::Arc::new(application.normalised())));
    }
    registry.set_applications(values.into_iter().collect());
    registry
}

fn application(
    row: &csv::StringRecord,
    line: usize,
    mapping: &Mapping,
    today: &Registry,
) -> Result<Application, Vec<Problem>> {
    let cells = || mapping.columns.iter().zip(row.iter());
    let client_id = mapping.client_id(row).unwrap_or_default().to_owned();
    let problem = |place: &str, message: String| Problem { line, place: place.to_owned(), message };
    if client_id.is_empty() {
        return Err(vec![problem("client_id", "it is empty; every application has one".to_owned())]);
    }
    let mut application =
        today.application(&client_id).map_or_else(Application::default, |app| Application::clone(app));
    application.client_id = client_id;
    let mut problems = Vec::new();
    if row.len() > mapping.columns.len() {
        let message = format!("the row has {} cells, the heading {}", row.len(), mapping.columns.len());
        problems.push(problem("", message));
    }
    let today = exported(&application);
    for (column, cell) in cells() {
        let Some(field) = column.field else { continue };
        // A cell that says what an export would say changes nothing, even where it says it less exactly.
        if today.get(field.0).is_some_and(|same| same == armed(cell)) {
            continue;
        }
        if let Err(message) = set(&mut application, field, armed(cell)) {
            problems.push(problem(&column.heading, message));
        }
    }
    if problems.is_empty() { Ok(application.normalised()) } else { Err(problems) }
}

fn set(application: &mut Application, field: Field, cell: &str) -> Result<(), String> {
    let instant = || match cell.trim() {
        "" => Ok(None),
        text => Instant::parse(text).map(Some).map_err(|error| error.to_string()),
    };
    match field.name() {
        "external_id" => application.external_id = Some(cell.to_owned()).filter(|id| !id.is_empty()),
        "name" => cell.clone_into(&mut application.name),
        "customer" => cell.clone_into(&mut application.customer),
        "contact" => cell.clone_into(&mut application.contact),
        "notes" => cell.clone_into(&mut application.notes),
        "not_before" => application.not_before = instant()?,
        "expires_at" => application.expires_at = instant()?,
        "status" => {
            application.status = match cell.trim().to_lowercase().as_str() {
                "" | "active" => ApplicationStatus::Active,
                "suspended" => ApplicationStatus::Suspended,
                other => return Err(format!("`{other}` is no status; write active or suspended")),
            }
        }
        "access_token_duration" => {
            application.access_token_duration = match cell.trim() {
                "" => None,
                text => {
                    Some(text.parse().map_err(|error: crate::registry::DurationError| error.to_string())?)
                }
            }
        }
        "grants" => application.grants = grants(cell)?,
        "tags" => {
            application.tags =
                cell.split([' ', ',']).filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
        }
        "metadata" => application.metadata = metadata(cell)?,
        _ => {}
    }
    Ok(())
}

/// `https://api.example.com read write; https://billing.example.com`.
fn grants(cell: &str) -> Result<Vec<Grant>, String> {
    let mut grants: Vec<Grant> = Vec::new();
    for part in cell.split("; ").map(str::trim).filter(|part| !part.is_empty()) {
        let mut words = part.split_whitespace().map(str::to_owned);
        let grant = Grant { audience: words.next().unwrap_or_default(), scopes: words.collect() };
        if grants.iter().any(|other| other.audience == grant.audience) {
            return Err(format!("`{}` is granted twice; write its scopes behind it once", grant.audience));
        }
        grants.push(grant);
    }
    Ok(grants)
}

/// `key=value; other=value`.
fn metadata(cell: &str) -> Result<BTreeMap<String, String>, String> {
    let entry = |part: &str| {
        let (key, value) =
            part.split_once('=').ok_or_else(|| format!("`{part}` is no entry; write key=value"))?;
        Ok((key.trim().to_owned(), value.to_owned()))
    };
    cell.split("; ").filter(|part| !part.trim().is_empty()).map(entry).collect()
}
