//! Lists by page number and by checkpoint.

use super::super::http::{Request, Response};
use super::super::rows::{Filter, Rows};
use super::error::{error, invalid_query};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// How a list is cut.
pub struct Paging {
    pub limit: usize,
    /// Whether the list knows `take` and `from`.
    pub checkpoints: bool,
    /// Checkpoints of an earlier time are refused.
    pub epoch: u64,
}

fn number(request: &Request, name: &str, least: usize, most: usize) -> Result<Option<usize>, Response> {
    let Some(text) = request.query(name) else { return Ok(None) };
    match text.parse() {
        Ok(number) if number < least => {
            Err(invalid_query(&format!("Value {number} is less than minimum {least}' on property {name}")))
        }
        Ok(number) if number > most => {
            Err(invalid_query(&format!("Value {number} is greater than maximum {most}' on property {name}")))
        }
        Ok(number) => Ok(Some(number)),
        Err(_) => {
            Err(invalid_query(&format!("Expected type integer but found type string' on property {name}")))
        }
    }
}

impl Paging {
    /// The answer to a list; `shown` prepares each entity.
    pub fn answer(
        &self,
        request: &Request,
        (name, rows): (&str, &Rows),
        filters: &[Filter<'_>],
        shown: impl Fn(Value) -> Value,
    ) -> Result<Response, Response> {
        let by_checkpoint = request.query("take").is_some() || request.query("from").is_some();
        let body = if self.checkpoints && by_checkpoint {
            self.behind_checkpoint(request, name, rows, filters, shown)?
        } else {
            self.page(request, name, rows, filters, shown)?
        };
        Ok(Response::json(200, &body))
    }

    fn page(
        &self,
        request: &Request,
        name: &str,
        rows: &Rows,
        filters: &[Filter<'_>],
        shown: impl Fn(Value) -> Value,
    ) -> Result<Value, Response> {
        let page = number(request, "page", 0, usize::MAX)?.unwrap_or(0);
        let per_page = number(request, "per_page", 0, self.limit)?.unwrap_or(50.min(self.limit));
        let start = page.saturating_mul(per_page);
        let items: Vec<_> = rows.page(filters, start, per_page).into_iter().map(shown).collect();
        if request.query("include_totals") != Some("true") {
            return Ok(items.into());
        }
        let total = rows.count(filters);
        Ok(json!({ "start": start, "limit": per_page, "total": total, name: items }))
    }

    fn behind_checkpoint(
        &self,
        request: &Request,
        name: &str,
        rows: &Rows,
        filters: &[Filter<'_>],
        shown: impl Fn(Value) -> Value,
    ) -> Result<Value, Response> {
        if request.query("page").is_some() {
            return Err(invalid_query("Additional properties not allowed: page'"));
        }
        let take = number(request, "take", 1, self.limit)?.unwrap_or(50.min(self.limit));
        let after = request.query("from").map_or(Ok(0), |from| self.place(from))?;
        let (items, next) = rows.behind(filters, after, take);
        let items: Vec<_> = items.into_iter().map(shown).collect();
        let mut body = json!({ name: items });
        if let Some(next) = next {
            body["next"] = URL_SAFE_NO_PAD.encode(format!("{}:{next}", self.epoch)).into();
        }
        Ok(body)
    }

    fn place(&self, from: &str) -> Result<u64, Response> {
        let text = URL_SAFE_NO_PAD.decode(from).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let place = text.and_then(|text| {
            let (epoch, place) = text.split_once(':')?;
            (epoch.parse() == Ok(self.epoch)).then(|| place.parse().ok())?
        });
        place.ok_or_else(|| {
            error(400, "invalid_paging", "The checkpoint of 'from' is not valid or has expired.")
        })
    }
}
