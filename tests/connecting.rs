//! What is typed to connect, and what a test of it tells in few words.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::sync::Arc;
use tenure::app::{ConnectField, ConnectForm, KeepIn, VendorKind, missing_permissions, working_permissions};
use tenure::remote::{Access, Connection, Environment, Tried, Vendor};
use tenure::token::Secret;

/// A form in which everything that is needed is typed.
fn typed(kind: VendorKind) -> ConnectForm {
    let secret = || Arc::new(Secret::new("secret"));
    ConnectForm {
        name: "acme".into(),
        domain: "acme.eu.auth0.com".into(),
        id: "1234".into(),
        second_id: "5678".into(),
        secrets: vec![secret(), secret()],
        ..ConnectForm::new(kind, false)
    }
}

fn read(form: &ConnectForm) -> Result<Connection, (ConnectField, String)> {
    form.read(&|_| false).map(|(connection, _)| connection)
}

#[test]
fn a_form_that_nobody_unfolds_keeps_the_usual_keys() {
    for kind in VendorKind::ALL {
        let form = typed(kind);
        assert_eq!(form.keys.len(), form.key_names().len());
        let keys = match read(&form).unwrap().vendor {
            Vendor::Auth0 { metadata, .. } => {
                assert_eq!(metadata, Default::default());
                continue;
            }
            Vendor::Authlete3 { attributes, .. } | Vendor::Authlete2 { attributes, .. } => attributes,
        };
        assert_eq!(keys, Default::default());
    }
}

#[test]
fn what_is_the_same_for_every_vendor_stays_when_another_is_chosen() {
    let mut form = typed(VendorKind::Auth0);
    (form.environment, form.access, form.keep) = (Environment::Production, Access::Write, KeepIn::Nowhere);
    let other = form.of_kind(VendorKind::Authlete2);
    assert_eq!((other.name.as_str(), other.environment), ("acme", Environment::Production));
    assert_eq!((other.access, other.keep), (Access::Write, KeepIn::Nowhere));
    assert_eq!(other.base, "https://api.authlete.com");
    assert!(
        other.secrets.iter().all(|part| part.expose().is_empty()),
        "one vendor's secret is not another's"
    );
}

#[test]
fn keys_are_written_as_they_are_typed_and_an_empty_one_is_not_written() {
    let mut form = typed(VendorKind::Auth0);
    form.keys = ["trial_end", "", " company ", "", "labels", ""].map(str::to_owned).to_vec();
    form.authorities = "/etc/proxy.pem".into();
    let connection = read(&form).unwrap();
    assert_eq!(connection.authorities.unwrap().to_str(), Some("/etc/proxy.pem"));
    let Vendor::Auth0 { metadata, .. } = connection.vendor else { panic!() };
    let others =
        [metadata.not_before, metadata.customer, metadata.contact, metadata.tags, metadata.external_id];
    assert_eq!(metadata.expires_at, "trial_end");
    assert_eq!(others.map(|key| key.unwrap_or_default()), ["", "company", "", "labels", ""]);

    let mut form = typed(VendorKind::Authlete3);
    form.keys = ["ends", "", "whose"].map(str::to_owned).to_vec();
    let Vendor::Authlete3 { attributes, .. } = read(&form).unwrap().vendor else { panic!() };
    assert_eq!(
        [attributes.expires_at, attributes.not_before, attributes.customer],
        ["ends", "not_before", "whose"]
    );
}

#[test]
fn what_is_wrong_is_told_at_its_field_and_not_hidden_where_it_is_folded() {
    type Spoil = fn(&mut ConnectForm);
    let wrong: [(VendorKind, Spoil, ConnectField, bool); 6] = [
        (VendorKind::Auth0, |form| form.domain = "https://acme".into(), ConnectField::Domain, false),
        (VendorKind::Auth0, |form| form.base = "http://acme.example".into(), ConnectField::Base, true),
        (VendorKind::Auth0, |form| form.keys[2] = "expires_at".into(), ConnectField::Keys, true),
        (VendorKind::Authlete3, |form| form.base = "us.authlete.com".into(), ConnectField::Base, false),
        (VendorKind::Authlete2, |form| form.second_id.clear(), ConnectField::SecondId, false),
        (VendorKind::Authlete2, |form| form.keys[1] = "customer".into(), ConnectField::Keys, true),
    ];
    for (kind, spoil, field, folded) in wrong {
        let mut form = typed(kind);
        spoil(&mut form);
        let (place, words) = read(&form).unwrap_err();
        assert_eq!((place, form.is_more(place)), (field, folded), "{words}");
    }
}

#[test]
fn permissions_are_told_by_thing_and_what_is_missing_by_why() {
    let one = |what: &str, detail: &str| Tried {
        what: what.to_owned(),
        works: detail.is_empty(),
        detail: detail.to_owned(),
    };
    let tried = [
        one("sign in", ""),
        one("read:clients", ""),
        one("create:clients", "no such permission"),
        one("update:clients", ""),
        one("read:client_grants", "refused"),
        one("delete:client_grants", "no such permission"),
    ];
    assert_eq!(working_permissions(&tried), ["sign in", "clients: read, update"]);
    let expected = [
        ("no such permission", vec!["create:clients", "delete:client_grants"]),
        ("refused", vec!["read:client_grants"]),
    ];
    assert_eq!(missing_permissions(&tried), expected);
}
