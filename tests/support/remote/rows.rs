//! A vendor's entities of one kind in the order of their creation, as compact JSON, so that 100 000 of them are small.

use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

struct Row {
    id: Box<str>,
    /// The values of the columns that lists can be narrowed by.
    cells: Vec<Box<str>>,
    json: Box<str>,
}

/// Entities by the member `key`.
pub struct Rows {
    key: &'static str,
    columns: &'static [&'static str],
    places: HashMap<Box<str>, u64>,
    rows: BTreeMap<u64, Row>,
    next: u64,
}

/// A member as text: what a path or a query would say.
pub fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What a list is narrowed by: a column's name and its value.
pub type Filter<'a> = (&'a str, &'a str);

impl Rows {
    pub fn new(key: &'static str, columns: &'static [&'static str]) -> Self {
        Self { key, columns, places: HashMap::new(), rows: BTreeMap::new(), next: 1 }
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Stores an entity in the place of the one with its id, or last.
    pub fn put(&mut self, value: &Value) -> String {
        let id = text(&value[self.key]);
        let place = self.places.get(id.as_str()).copied().unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        });
        let cells = self.columns.iter().map(|column| text(&value[*column]).into()).collect();
        self.places.insert(id.as_str().into(), place);
        self.rows.insert(place, Row { id: id.as_str().into(), cells, json: value.to_string().into() });
        id
    }

    pub fn get(&self, id: &str) -> Option<Value> {
        let row = self.rows.get(self.places.get(id)?)?;
        serde_json::from_str(&row.json).ok()
    }

    pub fn has(&self, id: &str) -> bool {
        self.places.contains_key(id)
    }

    pub fn remove(&mut self, id: &str) -> Option<Value> {
        let row = self.rows.remove(&self.places.remove(id)?)?;
        serde_json::from_str(&row.json).ok()
    }

    pub fn all(&self) -> Vec<Value> {
        self.rows.values().map(|row| serde_json::from_str(&row.json).unwrap()).collect()
    }

    fn matching<'a>(&'a self, filters: &'a [Filter<'a>], after: u64) -> impl Iterator<Item = (u64, &'a Row)> {
        let fits = move |row: &Row| {
            filters.iter().all(|(column, value)| {
                let at = self.columns.iter().position(|other| other == column);
                at.is_some_and(|at| &*row.cells[at] == *value)
            })
        };
        let rows = self.rows.range((Bound::Excluded(after), Bound::Unbounded));
        rows.map(|(place, row)| (*place, row)).filter(move |(_, row)| fits(row))
    }

    pub fn count(&self, filters: &[Filter<'_>]) -> usize {
        if filters.is_empty() { self.len() } else { self.matching(filters, 0).count() }
    }

    pub fn ids(&self, filters: &[Filter<'_>]) -> Vec<String> {
        self.matching(filters, 0).map(|(_, row)| row.id.to_string()).collect()
    }

    /// The entities of a page by number.
    pub fn page(&self, filters: &[Filter<'_>], skip: usize, take: usize) -> Vec<Value> {
        let rows = self.matching(filters, 0).skip(skip).take(take);
        rows.map(|(_, row)| serde_json::from_str(&row.json).unwrap()).collect()
    }

    /// The entities behind a place, and the place to go on behind where there are more.
    pub fn behind(&self, filters: &[Filter<'_>], after: u64, take: usize) -> (Vec<Value>, Option<u64>) {
        let mut rows = self.matching(filters, after);
        let (mut values, mut last) = (Vec::new(), after);
        for (place, row) in rows.by_ref().take(take) {
            values.push(serde_json::from_str(&row.json).unwrap());
            last = place;
        }
        (values, rows.next().map(|_| last))
    }

    /// Takes the first entity to the end, changed.
    pub fn move_first(&mut self, filters: &[Filter<'_>], change: impl FnOnce(&mut Value)) {
        let first = self.ids(filters).into_iter().next();
        if let Some(mut value) = first.and_then(|id| self.remove(&id)) {
            change(&mut value);
            self.put(&value);
        }
    }
}
