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
    /// A file of certificate authorities to trust beside the system's.
    pub authorities: String,
    /// The keys under which the remote keeps what it has no field for, in the order of [`Self::key_names`].
    pub keys: Vec<String>,
    /// Whether what is seldom needed is shown.
    pub more: bool,
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
    /// The keys of metadata or attributes.
    Keys,
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
            authorities: String::new(),
            keys: usual_keys(kind),
            more: false,
            error: None,
            tested: None,
        }
    }

    /// The form of another vendor: what is the same for every vendor stays as it is chosen.
    #[must_use]
    pub fn of_kind(&self, kind: VendorKind) -> Self {
        Self {
            name: self.name.clone(),
            environment: self.environment,
            access: self.access,
            keep: self.keep,
            overlay: self.overlay.clone(),
            authorities: self.authorities.clone(),
            more: self.more,
            ..Self::new(kind, false)
        }
    }

    /// What the remote can keep under keys of its own, in the words of the window.
    #[must_use]
    pub const fn key_names(&self) -> &'static [&'static str] {
        match self.kind {
            VendorKind::Auth0 => &["End", "Start", "Customer", "Contact", "Tags", "External id"],
            VendorKind::Authlete3 | VendorKind::Authlete2 => &["End", "Start", "Customer"],
        }
    }

    /// Whether a field stands among what is seldom needed.
    #[must_use]
    pub fn is_more(&self, field: ConnectField) -> bool {
        field == ConnectField::Keys || field == ConnectField::Base && self.kind == VendorKind::Auth0
    }

    /// The key of this place, where one is typed.
    fn key(&self, place: usize) -> Option<String> {
        self.keys.get(place).map(|key| key.trim().to_owned()).filter(|key| !key.is_empty())
    }

    fn metadata(&self) -> MetadataKeys {
        MetadataKeys {
            expires_at: self.key(0).unwrap_or_else(|| MetadataKeys::default().expires_at),
            not_before: self.key(1),
            customer: self.key(2),
            contact: self.key(3),
            tags: self.key(4),
            external_id: self.key(5),
        }
    }

    fn attributes(&self) -> AttributeKeys {
        let usual = AttributeKeys::default();
        AttributeKeys {
            expires_at: self.key(0).unwrap_or(usual.expires_at),
            not_before: self.key(1).unwrap_or(usual.not_before),
            customer: self.key(2).unwrap_or(usual.customer),
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
                metadata: self.metadata(),
            },
            VendorKind::Authlete3 => Vendor::Authlete3 {
                base: word(&self.base),
                service_id: word(&self.id),
                attributes: self.attributes(),
            },
            VendorKind::Authlete2 => Vendor::Authlete2 {
                base: word(&self.base),
                owner_key: word(&self.id),
                service_key: word(&self.second_id),
                attributes: self.attributes(),
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
        let file = |text: &str| (!text.trim().is_empty()).then(|| PathBuf::from(text.trim()));
        let connection = Connection {
            name: self.name.trim().to_owned(),
            vendor: self.vendor(),
            environment: self.environment,
            access: self.access,
            credentials: if self.keep == KeepIn::Nowhere { Kept::Asked } else { Kept::Stored },
            overlay: file(&self.overlay),
            authorities: file(&self.authorities),
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
            detail if detail.contains("under the key") => ConnectField::Keys,
            detail if detail.contains("service's key") => ConnectField::SecondId,
            detail if detail.contains("is missing") => ConnectField::Id,
            _ if *url == connection.name => ConnectField::Name,
            // Without an address of its own, it is made of the domain.
            _ if self.kind == VendorKind::Auth0 && self.base.trim().is_empty() => ConnectField::Domain,
            _ => ConnectField::Base,
        }
    }
}

/// The keys that are written unless the person says otherwise.
fn usual_keys(kind: VendorKind) -> Vec<String> {
    match kind {
        VendorKind::Auth0 => {
            let rest = std::iter::repeat_n(String::new(), 5);
            std::iter::once(MetadataKeys::default().expires_at).chain(rest).collect()
        }
        VendorKind::Authlete3 | VendorKind::Authlete2 => {
            let AttributeKeys { expires_at, not_before, customer } = AttributeKeys::default();
            vec![expires_at, not_before, customer]
        }
    }
}

/// The part of an error that stands below a field.
fn said(error: &RemoteError) -> String {
    match error {
        RemoteError::Address { detail, .. }
            if ["missing", "under the key"].iter().any(|words| detail.contains(words))
                || detail.starts_with("a ") =>
        {
            detail.clone()
        }
        error => error.to_string(),
    }
}
