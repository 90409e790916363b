//! The names of a tenant's clients, pulled both ways that the Management API knows.

use super::caller::Caller;
use serde_json::Value;

const CLIENTS: &str = "/api/v2/clients";

pub fn names(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

/// Every name that a list shows, page by page by number.
pub fn by_number(caller: &Caller, per_page: usize) -> Vec<String> {
    let mut all = Vec::new();
    for page in 0.. {
        let list =
            caller.get(&format!("{CLIENTS}?page={page}&per_page={per_page}&include_totals=true")).json();
        let page = names(&list["clients"]);
        if page.is_empty() {
            assert_eq!(list["total"], all.len());
            break;
        }
        all.extend(page);
    }
    all
}

/// The same from checkpoint to checkpoint.
pub fn by_checkpoint(caller: &Caller, take: usize) -> Vec<String> {
    let mut list = caller.get(&format!("{CLIENTS}?take={take}")).json();
    let mut all = names(&list["clients"]);
    while let Some(next) = list["next"].as_str() {
        list = caller.get(&format!("{CLIENTS}?take={take}&from={next}")).json();
        all.extend(names(&list["clients"]));
    }
    all
}
