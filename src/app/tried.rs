//! What a test of a connection told, in few words.

use crate::remote::Tried;

/// What does not work, by why, in the words of the remote: they are looked for there.
#[must_use]
pub fn missing_permissions(tried: &[Tried]) -> Vec<(&str, Vec<&str>)> {
    let mut by_why: Vec<(&str, Vec<&str>)> = Vec::new();
    for one in tried.iter().filter(|one| !one.works) {
        match by_why.iter_mut().find(|(why, _)| *why == one.detail) {
            Some((_, whats)) => whats.push(&one.what),
            None => by_why.push((&one.detail, vec![&one.what])),
        }
    }
    by_why
}

/// What works, a line for each thing: `clients: read, create, update`.
#[must_use]
pub fn working_permissions(tried: &[Tried]) -> Vec<String> {
    let mut lines: Vec<(&str, Vec<&str>)> = Vec::new();
    for one in tried.iter().filter(|one| one.works) {
        let (verb, of) = one.what.split_once(':').unwrap_or(("", &one.what));
        match lines.iter_mut().find(|(other, _)| *other == of) {
            Some((_, verbs)) => verbs.push(verb),
            None => lines.push((of, Vec::from_iter((!verb.is_empty()).then_some(verb)))),
        }
    }
    let line = |(of, verbs): (&str, Vec<&str>)| match verbs.as_slice() {
        [] => of.to_owned(),
        verbs => format!("{of}: {}", verbs.join(", ")),
    };
    lines.into_iter().map(line).collect()
}
