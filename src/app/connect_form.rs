//! What is typed to add a connection, and what is wrong with it.

use super::{KeepIn, VendorKind};
use crate::remote::{
    Access, AttributeKeys, Connection, Credentials, Environment, Kept, MetadataKeys, RemoteError, Tried,
    Vendor,
};
use crate::token::Secret;
use std::path::PathBuf;
use std::sync::Arc;

/// A connection that is being typed.
#[derive(Debug, Clone)]
pub struct ConnectForm {
    /// Of which vendor.
    pub kind: VendorKind,
    /// Its name.
    pub name: String,
    /// The tenant's domain.
    pub domain: String,
    /// The address, where the vendor has several or it is not the usual one.
    pub base: String,
    /// The client id, service id or key of the owner.
    pub id: String,
    /// The service's key, where there is one beside.
    pub second_id: String,
    /// What it signs in with, a part each; nobody can read them here.
    pub secrets: Vec<Arc<Secret>>,
    /// What is at stake.
    pub environment: Environment,
    /// What may be sent.
    pub access: Access,
    /// Where the credentials are kept.
    pub keep: KeepIn,
    /// The file of the overlay, where it is not the connection's own.
    pub overlay: String,
    /// What is wrong, and with which field.
    pub error: Option<(ConnectField, String)>,
    /// What a test told.
    pub tested: Option<Result<Vec<Tried>, String>>,
}

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectField {
    /// The connection's name.
    Name,
    /// The tenant's domain.
    Domain,
    /// The address.
    Base,
    /// The client id, service id or owner's key.
    Id,
    /// The service's key.
    SecondId,
    /// What it signs in with.
    Secret,
}

impl ConnectForm {
    /// An empty form: read-only until the person says otherwise.
    #[must_use]
    pub fn new(kind: VendorKind, has_keyring: bool) -> Self {
        let base = match kind {
            VendorKind::Auth0 => "",
            VendorKind::Authlete3 => "https://us.authlete.com",
            VendorKind::Authlete2 => "https://api.authlete.com",
        };
        Self {
            kind,
            name: String::new(),
            domain: String::new(),
            base: base.to_owned(),
            id: String::new(),
            second_id: String::new(),
            secrets: [(); 2].map(|()| Arc::new(Secret::new(Vec::new()))).into(),
            environment: Environment::default(),
            access: Access::default(),
            keep: if has_keyring { KeepIn::System } else { KeepIn::File },
            overlay: String::new(),
            error: None,
            tested: None,
        }
    }

    /// What it signs in with, in the vendor's words.
    #[must_use]
    pub fn secret_names(&self) -> &'static [&'static str] {
        self.vendor().secrets()
    }

    fn vendor(&self) -> Vendor {
        let word = |text: &str| text.trim().to_owned();
        match self.kind {
            VendorKind::Auth0 => Vendor::Auth0 {
                domain: word(&self.domain),
                base: (!self.base.trim().is_empty()).then(|| word(&self.base)),
                client_id: word(&self.id),
                metadata: MetadataKeys::default(),
            },
            VendorKind::Authlete3 => Vendor::Authlete3 {
                base: word(&self.base),
                service_id: word(&self.id),
                attributes: AttributeKeys::default(),
            },
            VendorKind::Authlete2 => Vendor::Authlete2 {
                base: word(&self.base),
                owner_key: word(&self.id),
                service_key: word(&self.second_id),
                attributes: AttributeKeys::default(),
            },
        }
    }

    /// The connection that is typed, with what it signs in with.
    ///
    /// # Errors
    /// What is wrong, and with which field.
    pub fn read(
        &self,
        taken: &dyn Fn(&str) -> bool,
    ) -> Result<(Connection, Arc<Secret>), (ConnectField, String)> {
        let connection = Connection {
            name: self.name.trim().to_owned(),
            vendor: self.vendor(),
            environment: self.environment,
            access: self.access,
            credentials: if self.keep == KeepIn::Nowhere { Kept::Asked } else { Kept::Stored },
            overlay: (!self.overlay.trim().is_empty()).then(|| PathBuf::from(self.overlay.trim())),
            authorities: None,
        };
        if connection.name.is_empty() {
            return Err((ConnectField::Name, "a name is needed; it stands in the top bar".to_owned()));
        }
        if taken(&connection.name) {
            let words = format!("there is a connection `{}` already; choose another name", connection.name);
            return Err((ConnectField::Name, words));
        }
        connection.check().map_err(|error| (self.place_of(&error, &connection), said(&error)))?;
        let wanted = self.secret_names();
        let parts = self.secrets.iter().take(wanted.len());
        if let Some((_, name)) = parts.clone().zip(wanted).find(|(part, _)| part.expose().is_empty()) {
            return Err((ConnectField::Secret, format!("the {} is missing", name.to_lowercase())));
        }
        let parts = parts.map(|part| Secret::new(part.expose())).collect();
        Ok((connection, Arc::new(Credentials::new(parts).to_secret())))
    }

    /// The field that an error is about.
    fn place_of(&self, error: &RemoteError, connection: &Connection) -> ConnectField {
        let RemoteError::Address { url, detail } = error else { return ConnectField::Base };
        match detail.as_str() {
            detail if detail.contains("a domain is") => ConnectField::Domain,
            detail if detail.contains("service's key") => ConnectField::SecondId,
            detail if detail.contains("is missing") => ConnectField::Id,
            _ if *url == connection.name => ConnectField::Name,
            // Without an address of its own, it is made of the domain.
            _ if self.kind == VendorKind::Auth0 && self.base.trim().is_empty() => ConnectField::Domain,
            _ => ConnectField::Base,
        }
    }
}

/// The part of an error that stands below a field.
fn said(error: &RemoteError) -> String {
    match error {
        RemoteError::Address { detail, .. } if detail.contains("missing") || detail.starts_with("a ") => {
            detail.clone()
        }
        error => error.to_string(),
    }
}
