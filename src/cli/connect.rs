//! `tenure connect`: the remote registries that one works with.

use super::keys;
use super::session::{Exit, Failure, Result, Session, data_folder};
use super::table::{card, table};
use crate::remote::{
    Access, AttributeKeys, Connection, Connections, Credentials, Environment, Kept, Limits, MetadataKeys,
    Remote, RemoteError, Stop, Vendor,
};
use crate::store::{KeyStore, Vault};
use crate::token::Secret;
use std::path::{Path, PathBuf};

/// What is done with connections.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Add a connection
    #[command(subcommand)]
    Add(Add),
    /// The connections
    #[command(after_help = "Examples:\n  tenure connect list\n  tenure connect list --json")]
    List,
    /// Try a connection: what works, and which permission is missing
    #[command(after_help = "Examples:\n  tenure connect test prod")]
    Test {
        /// Its name
        name: String,
        #[command(flatten)]
        secret: SecretFrom,
    },
    /// Change how careful one is with it, or what it signs in with
    #[command(
        after_help = "Examples:\n  tenure connect set prod --read-only\n  tenure connect set prod --write --environment production\n  pass show auth0 | tenure connect set prod --secret -"
    )]
    Set {
        /// Its name
        name: String,
        /// What is at stake: development, staging or production
        #[arg(long)]
        environment: Option<Environment>,
        /// Send nothing that changes anything
        #[arg(long, conflicts_with = "write")]
        read_only: bool,
        /// Let `apply` write
        #[arg(long)]
        write: bool,
        #[command(flatten)]
        secret: SecretFrom,
    },
    /// Forget a connection with its snapshot and staged edits; the remote is not touched
    #[command(after_help = "Examples:\n  tenure connect remove sandbox")]
    Remove {
        /// Its name
        name: String,
    },
}

/// Which system it is.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Add {
    /// An Auth0 tenant
    #[command(after_help = "Examples:
  pass show auth0 | tenure connect add auth0 prod --domain acme.eu.auth0.com --client-id aB3… --secret -
  tenure connect add auth0 prod --domain acme.eu.auth0.com --client-id aB3… --secret FILE --write --environment production
  tenure connect add auth0 prod … --metadata customer=company --metadata not_before=starts_at")]
    Auth0 {
        #[command(flatten)]
        common: Common,
        /// The tenant's canonical domain
        #[arg(long)]
        domain: String,
        /// The application that may use the Management API
        #[arg(long)]
        client_id: String,
        /// Another address than https://DOMAIN: a proxy, say
        #[arg(long, value_name = "URL")]
        base: Option<String>,
        /// A key of `client_metadata` to write, as FIELD=KEY; fields: expires_at, not_before, customer, contact, tags, external_id
        #[arg(long, value_name = "FIELD=KEY")]
        metadata: Vec<String>,
    },
    /// An Authlete 3.0 service
    #[command(
        after_help = "Examples:\n  tenure connect add authlete3 prod --base https://eu.authlete.com --service-id 1234 --secret token.txt"
    )]
    Authlete3 {
        #[command(flatten)]
        common: Common,
        /// The cluster
        #[arg(long, value_name = "URL")]
        base: String,
        /// The service's id
        #[arg(long)]
        service_id: String,
        /// A key of clients' attributes, as FIELD=KEY; fields: expires_at, not_before, customer
        #[arg(long, value_name = "FIELD=KEY")]
        attribute: Vec<String>,
    },
    /// An Authlete 2.x service
    #[command(
        after_help = "Examples:\n  tenure connect add authlete2 old --base https://api.authlete.com --owner-key 12 --service-key 34 --secret secrets.txt

The secrets are two lines: the owner's, then the service's."
    )]
    Authlete2 {
        #[command(flatten)]
        common: Common,
        /// The server
        #[arg(long, value_name = "URL")]
        base: String,
        /// The key of the service's owner
        #[arg(long)]
        owner_key: String,
        /// The service's key
        #[arg(long)]
        service_key: String,
        /// A key of clients' attributes, as FIELD=KEY; fields: expires_at, not_before, customer
        #[arg(long, value_name = "FIELD=KEY")]
        attribute: Vec<String>,
    },
}

/// What every connection has.
#[derive(Debug, clap::Args)]
pub(super) struct Common {
    /// Its name
    name: String,
    /// What is at stake: development, staging or production
    #[arg(long, default_value = "development")]
    environment: Environment,
    /// Let `apply` write; without it nothing that changes anything is sent
    #[arg(long)]
    write: bool,
    /// The file of the overlay, which holds what the remote cannot [default: the connection's own]
    #[arg(long, value_name = "FILE")]
    overlay: Option<PathBuf>,
    /// Certificate authorities to trust beside the system's, PEM
    #[arg(long, value_name = "FILE")]
    authorities: Option<PathBuf>,
    /// Keep no credentials: they are named with --secret each time
    #[arg(long)]
    ask: bool,
    #[command(flatten)]
    secret: SecretFrom,
}

/// Where credentials come from.
#[derive(Debug, clap::Args)]
pub(super) struct SecretFrom {
    /// The file with the secret, `-` for standard input [default: what is kept]
    #[arg(long = "secret", value_name = "FILE")]
    file: Option<PathBuf>,
}

impl From<RemoteError> for Failure {
    fn from(error: RemoteError) -> Self {
        Self::Said(error.to_string())
    }
}

/// The folder of the connections.
pub(super) fn connections() -> Result<Connections> {
    let folder = data_folder()
        .ok_or_else(|| Failure::Said("there is no home folder to keep connections in".into()))?;
    Ok(Connections::of(&folder))
}

fn vault() -> Result<Vault> {
    let folder = data_folder()
        .ok_or_else(|| Failure::Said("there is no home folder to keep credentials in".into()))?;
    Ok(Vault::of_system(folder.join("credentials"), "tenure connections"))
}

/// The remote of a connection, with the credentials that are named or kept.
pub(super) fn remote(
    connection: &Connection,
    from: &SecretFrom,
    session: &mut Session<'_>,
) -> Result<Remote> {
    let secret = match &from.file {
        Some(file) => read(file, session)?,
        None => vault()?.read(&connection.name)?.ok_or_else(|| {
            let name = &connection.name;
            Failure::Said(format!("no credentials of `{name}` are kept; name them with --secret FILE"))
        })?,
    };
    Ok(Remote::new(connection, Credentials::from_secret(&secret), Limits::default())?)
}

fn read(file: &Path, session: &mut Session<'_>) -> Result<Secret> {
    let bytes = keys::bytes_of(file, session)?;
    Ok(Secret::new(bytes.expose().trim_ascii()))
}

/// Keeps what a connection signs in with, in the place of what was kept under its name.
fn keep(connection: &Connection, secret: &Secret) -> Result<()> {
    let vault = vault()?;
    vault.remove(&connection.name)?;
    Ok(vault.write(&connection.name, secret)?)
}

/// Runs `tenure connect`.
pub(super) fn run(command: Command, mut session: Session<'_>) -> Result {
    let connections = connections()?;
    match command {
        Command::Add(add) => self::add(&connections, add, session),
        Command::List => list(&connections, session),
        Command::Test { name, secret } => {
            let connection = connections.read(&name)?;
            let remote = remote(&connection, &secret, &mut session)?;
            test(&remote, session)
        }
        Command::Set { name, environment, read_only, write, secret } => {
            let mut connection = connections.read(&name)?;
            connection.environment = environment.unwrap_or(connection.environment);
            if read_only || write {
                connection.access = if write { Access::Write } else { Access::ReadOnly };
            }
            if let Some(file) = &secret.file {
                keep(&connection, &read(file, &mut session)?)?;
                connection.credentials = Kept::Stored;
            }
            connections.write(&connection)?;
            show(&connection, &mut session)
        }
        Command::Remove { name } => {
            connections.remove(&name)?;
            vault()?.remove(&name)?;
            writeln!(session.out, "forgot the connection {name}; the remote is as it was")?;
            Ok(Exit::Done)
        }
    }
}

fn add(connections: &Connections, add: Add, mut session: Session<'_>) -> Result {
    let (common, vendor) = match add {
        Add::Auth0 { common, domain, client_id, base, metadata } => {
            let metadata = metadata_keys(&metadata)?;
            (common, Vendor::Auth0 { domain, base, client_id, metadata })
        }
        Add::Authlete3 { common, base, service_id, attribute } => {
            (common, Vendor::Authlete3 { base, service_id, attributes: attribute_keys(&attribute)? })
        }
        Add::Authlete2 { common, base, owner_key, service_key, attribute } => (
            common,
            Vendor::Authlete2 { base, owner_key, service_key, attributes: attribute_keys(&attribute)? },
        ),
    };
    if connections.read(&common.name).is_ok() {
        let name = &common.name;
        return Err(Failure::Said(format!(
            "there is a connection `{name}` already; remove it first, or choose another name"
        )));
    }
    let connection = Connection {
        name: common.name,
        vendor,
        environment: common.environment,
        access: if common.write { Access::Write } else { Access::ReadOnly },
        credentials: if common.ask { Kept::Asked } else { Kept::Stored },
        overlay: common.overlay.map(|path| std::path::absolute(&path).unwrap_or(path)),
        authorities: common.authorities.map(|path| std::path::absolute(&path).unwrap_or(path)),
    };
    connection.check()?;
    if let (Some(file), false) = (&common.secret.file, common.ask) {
        keep(&connection, &read(file, &mut session)?)?;
    } else if !common.ask {
        let wanted = connection.vendor.secrets().join(", ").to_lowercase();
        return Err(Failure::Said(format!(
            "the credentials are missing ({wanted}); name them with --secret FILE, or keep none with --ask"
        )));
    }
    connections.write(&connection)?;
    show(&connection, &mut session)
}

/// Pairs of a field and the key that holds it.
fn key_pairs<'a>(pairs: &'a [String], fields: &str) -> Result<Vec<(&'a str, String)>> {
    let read = |pair: &'a String| {
        let (field, key) = pair.split_once('=').filter(|(_, key)| !key.is_empty())?;
        fields.split(' ').any(|known| known == field).then(|| (field, key.to_owned()))
    };
    let refused = |pair: &String| {
        Failure::Said(format!("`{pair}` is no FIELD=KEY; the fields are {}", fields.replace(' ', ", ")))
    };
    pairs.iter().map(|pair| read(pair).ok_or_else(|| refused(pair))).collect()
}

fn metadata_keys(pairs: &[String]) -> Result<MetadataKeys> {
    let mut keys = MetadataKeys::default();
    for (field, key) in key_pairs(pairs, "expires_at not_before customer contact tags external_id")? {
        match field {
            "expires_at" => keys.expires_at = key,
            "not_before" => keys.not_before = Some(key),
            "customer" => keys.customer = Some(key),
            "contact" => keys.contact = Some(key),
            "tags" => keys.tags = Some(key),
            _ => keys.external_id = Some(key),
        }
    }
    Ok(keys)
}

fn attribute_keys(pairs: &[String]) -> Result<AttributeKeys> {
    let mut keys = AttributeKeys::default();
    for (field, key) in key_pairs(pairs, "expires_at not_before customer")? {
        match field {
            "expires_at" => keys.expires_at = key,
            "not_before" => keys.not_before = key,
            _ => keys.customer = key,
        }
    }
    Ok(keys)
}

fn word(access: Access) -> &'static str {
    match access {
        Access::ReadOnly => "read-only",
        Access::Write => "review before apply",
    }
}

fn show(connection: &Connection, session: &mut Session<'_>) -> Result {
    if session.json {
        session.document(connection)?;
        return Ok(Exit::Done);
    }
    let credentials = match connection.credentials {
        Kept::Stored => vault()?.place(&connection.name).title(),
        Kept::Asked => "not kept",
    };
    let lines = [
        ("Name", connection.name.clone()),
        ("System", connection.vendor.title().to_owned()),
        ("Address", connection.vendor.base()),
        ("Environment", connection.environment.to_string()),
        ("Safety", word(connection.access).to_owned()),
        ("Credentials", credentials.to_owned()),
        ("Registry", connections()?.place(&connection.name).staged().display().to_string()),
    ];
    card(session.out, &lines)?;
    Ok(Exit::Done)
}

fn list(connections: &Connections, mut session: Session<'_>) -> Result {
    let mut lines = Vec::new();
    for (name, read) in connections.list() {
        match read {
            Ok(connection) if session.json => {
                writeln!(session.out, "{}", serde_json::to_string(&connection).unwrap_or_default())?
            }
            Ok(connection) => {
                let (environment, safety) =
                    (connection.environment.to_string(), word(connection.access).to_owned());
                lines.push(vec![
                    name,
                    connection.vendor.title().to_owned(),
                    environment,
                    safety,
                    connection.vendor.base(),
                ]);
            }
            // One that is damaged does not hide the others.
            Err(error) => session.note(&error.to_string()),
        }
    }
    if !session.json {
        table(session.out, &["NAME", "SYSTEM", "ENVIRONMENT", "SAFETY", "ADDRESS"], &lines)?;
    }
    Ok(Exit::Done)
}

fn test(remote: &Remote, mut session: Session<'_>) -> Result {
    let stop = Stop::of_terminal();
    let tried = crate::remote::run(&stop, remote.test(&stop))??;
    let works = tried.iter().any(|one| one.works);
    if session.json {
        session.document(&tried)?;
    } else {
        let rows: Vec<Vec<String>> = tried
            .iter()
            .map(|one| {
                vec![one.what.clone(), if one.works { "yes" } else { "no" }.to_owned(), one.detail.clone()]
            })
            .collect();
        table(session.out, &["PERMISSION", "WORKS", ""], &rows)?;
    }
    Ok(if works { Exit::Done } else { Exit::Denied })
}
