//! The registry file (SPEC §6); of a selection, with the whole service, all APIs, guardrails, saved views and templates.

use super::{ExportError, Exporter, Selection};
use crate::registry::{Registry, file};

/// `registry.json`.
#[derive(Debug)]
pub struct Json;

impl Exporter for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn extension(&self) -> &'static str {
        "json"
    }

    fn write(&self, registry: &Registry, selection: &Selection) -> Result<Vec<u8>, ExportError> {
        if *selection == Selection::All {
            return Ok(file::write(registry).into_bytes());
        }
        let chosen = Registry::new(
            (*registry.service).clone(),
            registry.apis().iter().map(|api| (**api).clone()).collect(),
            selection.of(registry).map(|application| (**application).clone()).collect(),
            registry.guardrails().iter().map(|guardrail| (**guardrail).clone()).collect(),
        )
        .with(
            registry.views().iter().map(|view| (**view).clone()).collect(),
            registry.templates().iter().map(|template| (**template).clone()).collect(),
        );
        Ok(file::write(&chosen).into_bytes())
    }
}
