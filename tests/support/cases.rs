//! Helper verbs for the tests.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use serde::Deserialize;
use std::path::PathBuf;
use std::sync::Arc;
use tenure::policy::Policy;
use tenure::registry::{Api, Application, Guardrail, Instant, Registry, Service};

/// A registry file as the cases hold it.
#[derive(Deserialize)]
struct File {
    service: Service,
    apis: Vec<Api>,
    applications: Vec<Application>,
    guardrails: Vec<Guardrail>,
}

/// The folders of the decision cases.
pub fn decision_cases() -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/decisions");
    let mut cases: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases
}

/// The registry of a text.
pub fn registry_of(text: &str) -> Registry {
    let file: File = serde_json::from_str(text).unwrap();
    Registry::new(file.service, file.apis, file.applications, file.guardrails)
}

/// A policy that is ready to decide.
pub fn policy_of(registry: Registry) -> Policy {
    Policy::new(Arc::new(registry))
}

/// The instant of a text.
pub fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}
