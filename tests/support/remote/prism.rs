//! Prism, a judge between a client and a server by the vendor's interface description.
//!
//! The descriptions are in the folder that `TENURE_SPECS` names, else in `../shared/specs`; Prism is one of the peers that
//! `tests/run` installs. Where something is missing, that is said, and the answer is none.
#![allow(clippy::print_stderr)]

use super::peers::peers;
use serde_json::{Map, Value, json};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// How long Prism may take to start.
const PATIENCE: Duration = Duration::from_secs(120);

/// An interface description by its file's name.
fn description(name: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/specs");
    let folder = std::env::var_os("TENURE_SPECS").map_or_else(beside, PathBuf::from);
    let file = folder.join(name);
    if !file.exists() {
        eprintln!("skipped: no {name} (TENURE_SPECS names its folder)");
    }
    file.exists().then_some(file)
}

/// Prism before a server: what breaks the description, a request or an answer, is answered with an error.
pub struct Prism {
    child: Child,
    base: String,
    /// Holds the description while Prism may read it.
    _folder: tempfile::TempDir,
}

impl Drop for Prism {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

impl Prism {
    /// A judge by Auth0's description, in front of the whole tenant.
    pub fn before_auth0(base: &str) -> Option<Self> {
        let file = description("auth0-management-api.openapi.json")?;
        let mended = mended(serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap());
        Self::start("auth0.json", mended.to_string().as_bytes(), base)
    }

    /// A judge by Authlete's description.
    pub fn before_authlete(base: &str) -> Option<Self> {
        let file = description("authlete-3.0.16.openapi.yaml")?;
        Self::start("authlete.yaml", &std::fs::read(file).unwrap(), base)
    }

    /// Where to send requests.
    pub fn base(&self) -> &str {
        &self.base
    }

    fn start(name: &str, description: &[u8], upstream: &str) -> Option<Self> {
        let package = "node_modules/@stoplight/prism-cli/dist/index.js";
        let program = peers("node", package)?.join(package);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        std::fs::write(&file, description).unwrap();
        let port = free_port();
        let mut child = Command::new("node")
            .arg(program)
            .args(["proxy", "--errors", "--host", "127.0.0.1", "--port", &port.to_string()])
            .arg(&file)
            .arg(upstream)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let prism = Self { child, base: format!("http://127.0.0.1:{port}"), _folder: folder };
        wait_until_it_listens(lines);
        Some(prism)
    }
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// Reads on to the end on a thread of its own, so that Prism never waits for a reader.
fn wait_until_it_listens(lines: impl Iterator<Item = std::io::Result<String>> + Send + 'static) {
    let (tell, listens) = mpsc::channel();
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            if line.contains("is listening") {
                let _nobody_waits = tell.send(());
            }
        }
    });
    listens.recv_timeout(PATIENCE).expect("Prism listens");
}

/// The description of Auth0 without its known false alarms: an answer of a list may fit more than one of its forms, and
/// `PATCH /resource-servers/{id}` answers 200. Its paths are as a tenant has them, and the token endpoint, of which it says
/// nothing, lets everything pass.
fn mended(mut description: Value) -> Value {
    let mut places = Vec::new();
    for (path, operations) in description["paths"].as_object().unwrap() {
        let place = "/get/responses/200/content/application~1json/schema";
        if let Some(schema) = operations.pointer(place) {
            let here = || format!("/paths/{}{place}", path.replace('/', "~1"));
            places.push(
                schema["$ref"].as_str().map_or_else(here, |name| name.trim_start_matches('#').to_owned()),
            );
        }
    }
    for place in places {
        let schema = description.pointer_mut(&place).unwrap();
        if let Some(forms) = schema.as_object_mut().unwrap().remove("oneOf") {
            schema["anyOf"] = forms;
        }
    }
    let responses = &mut description["paths"]["/resource-servers/{id}"]["patch"]["responses"];
    responses["200"] = responses["201"].clone();
    let paths = description["paths"].as_object().unwrap().clone();
    let mounted = paths.into_iter().map(|(path, operations)| (format!("/api/v2{path}"), operations));
    description["paths"] = mounted.collect::<Map<_, _>>().into();
    description["paths"]["/oauth/token"] = json!({ "post": {
        "security": [],
        "requestBody": { "content": { "application/json": {}, "application/x-www-form-urlencoded": {} } },
        "responses": { "default": { "description": "a token, or none" } },
    } });
    description["servers"] = json!([{ "url": "/" }]);
    description
}
