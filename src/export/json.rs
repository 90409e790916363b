//! The registry file (SPEC §6); of a selection, with the whole service, all APIs, guardrails, saved views and templates.

use super::{Asked, ExportError, Exporter, Out, Selection};
use crate::registry::file;

/// `registry.json`.
#[derive(Debug)]
pub struct Json;

impl Exporter for Json {
    fn write(&self, asked: &Asked, selection: &Selection, out: &mut Out<'_>) -> Result<(), ExportError> {
        let chosen = |application: &crate::registry::Application| selection.contains(&application.client_id);
        out.file("registry.json")?;
        file::write_to(file::members(asked.policy.registry(), &chosen), &mut |piece| {
            out.text(piece)?;
            out.step()
        })
    }
}
