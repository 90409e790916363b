//! Certificates of the stand-ins: good ones, and those that a client has to refuse.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use std::sync::{Arc, OnceLock};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// The certificate that a stand-in shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// For `localhost` and `127.0.0.1`, by the tests' [`authority_pem`].
    Good,
    /// By itself.
    SelfSigned,
    /// By the authority, until 2020.
    Expired,
    /// By the authority, for another host.
    WrongHost,
}

fn authority() -> &'static CertifiedIssuer<'static, KeyPair> {
    static AUTHORITY: OnceLock<CertifiedIssuer<'static, KeyPair>> = OnceLock::new();
    AUTHORITY.get_or_init(|| {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "Authority of the tests");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
    })
}

/// The certificate to trust, as PEM.
pub fn authority_pem() -> String {
    authority().pem()
}

/// What a server of that kind needs to answer a handshake.
pub fn acceptor(tls: Tls) -> TlsAcceptor {
    let names = match tls {
        Tls::WrongHost => vec!["other.example".to_owned()],
        _ => vec!["localhost".to_owned(), "127.0.0.1".to_owned()],
    };
    let mut params = CertificateParams::new(names).unwrap();
    if tls == Tls::Expired {
        params.not_before = date_time_ymd(2019, 1, 1);
        params.not_after = date_time_ymd(2020, 1, 1);
    }
    let key = KeyPair::generate().unwrap();
    let certificate = match tls {
        Tls::SelfSigned => params.self_signed(&key),
        _ => params.signed_by(&key, authority()),
    };
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.unwrap().der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}
