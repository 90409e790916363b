//! What the Management API accepts in a body: the members of its description and no others.

use super::super::http::{Request, Response};
use super::error::invalid_body;
use serde_json::{Map, Value};

/// What a member has to be.
#[derive(Clone, Copy)]
pub enum Kind {
    /// A name: `^[^<>]+$`.
    Name,
    /// A text of at most so many characters.
    Text(usize),
    Flag,
    /// A whole number from 0.
    Whole(i64),
    /// Texts, none of them twice.
    Texts,
    /// A client's metadata.
    Metadata,
    /// A resource server's scopes.
    Scopes,
    /// Not looked at.
    Any,
}

/// A member that a body may have.
pub type Member = (&'static str, Kind);

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn expected(kind: &str, value: &Value) -> String {
    format!("Expected type {kind} but found type {}'", type_of(value))
}

fn text(value: &Value, most: usize) -> Result<(), String> {
    let text = value.as_str().ok_or_else(|| expected("string", value))?;
    let length = text.chars().count();
    if length > most {
        return Err(format!("String is too long ({length} chars), maximum {most}'"));
    }
    Ok(())
}

fn texts(value: &Value) -> Result<(), String> {
    let items = value.as_array().ok_or_else(|| expected("array", value))?;
    for (at, item) in items.iter().enumerate() {
        text(item, 280)?;
        if let Some(other) = items.iter().take(at).position(|other| other == item) {
            return Err(format!("Array items are not unique (indexes {other} and {at})'"));
        }
    }
    Ok(())
}

fn metadata(value: &Value) -> Result<(), String> {
    let members = value.as_object().ok_or_else(|| expected("object", value))?;
    for (key, value) in members {
        if key.chars().count() > 255 {
            return Err("Property name is too long, maximum 255'".to_owned());
        }
        if !value.is_null() {
            text(value, 255)?;
        }
    }
    few(members)
}

/// Whether metadata has no more than the ten keys that a client can have.
pub fn few(metadata: &Map<String, Value>) -> Result<(), String> {
    let set = metadata.values().filter(|value| !value.is_null()).count();
    if set > 10 { Err(format!("Too many properties defined ({set}), maximum 10'")) } else { Ok(()) }
}

fn scopes(value: &Value) -> Result<(), String> {
    let items = value.as_array().ok_or_else(|| expected("array", value))?;
    if items.len() > 1000 {
        return Err(format!("Array is too long ({}), maximum 1000'", items.len()));
    }
    for (at, item) in items.iter().enumerate() {
        let members = item.as_object().ok_or_else(|| expected("object", item))?;
        unknown(members, &[("value", Kind::Any), ("description", Kind::Any)])?;
        text(members.get("value").ok_or("Missing required property: value'")?, 280)?;
        text(members.get("description").unwrap_or(&Value::String(String::new())), 500)?;
        if items.iter().take(at).any(|other| other["value"] == item["value"]) {
            return Err(format!("Duplicate scope {}'", item["value"]));
        }
    }
    Ok(())
}

fn fits(kind: Kind, value: &Value) -> Result<(), String> {
    match kind {
        Kind::Name if value.as_str().is_some_and(|text| text.is_empty() || text.contains(['<', '>'])) => {
            Err("String does not match pattern ^[^<>]+$'".to_owned())
        }
        Kind::Name => text(value, 200),
        Kind::Text(most) => text(value, most),
        Kind::Flag if value.is_boolean() => Ok(()),
        Kind::Flag => Err(expected("boolean", value)),
        Kind::Whole(most) => match value.as_i64() {
            Some(number) if (0..=most).contains(&number) => Ok(()),
            Some(number) => Err(format!("Value {number} is not between 0 and {most}'")),
            None => Err(expected("integer", value)),
        },
        Kind::Texts => texts(value),
        Kind::Metadata => metadata(value),
        Kind::Scopes => scopes(value),
        Kind::Any => Ok(()),
    }
}

fn unknown(body: &Map<String, Value>, members: &[Member]) -> Result<(), String> {
    let known = |name: &str| members.iter().any(|(member, _)| *member == name);
    let unknown: Vec<_> = body.keys().filter(|name| !known(name)).map(String::as_str).collect();
    if unknown.is_empty() {
        Ok(())
    } else {
        Err(format!("Additional properties not allowed: {}'", unknown.join(",")))
    }
}

/// The body of a request, or the 400 that says what is wrong with it.
pub fn body(
    request: &Request,
    members: &[Member],
    required: &[&str],
) -> Result<Map<String, Value>, Response> {
    let body = request.object().ok_or_else(|| invalid_body("Expected type object'"))?;
    unknown(&body, members).map_err(|what| invalid_body(&what))?;
    if let Some(name) = required.iter().find(|name| !body.contains_key(**name)) {
        return Err(invalid_body(&format!("Missing required property: {name}'")));
    }
    for (name, kind) in members {
        if let Some(value) = body.get(*name) {
            fits(*kind, value).map_err(|what| invalid_body(&format!("{what} on property {name}")))?;
        }
    }
    Ok(body)
}
