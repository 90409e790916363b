//! What the registered members of a token mean, and where that is written.

/// What a member of the header or the claims means, and the document that says so; nothing for members of one's own.
#[must_use]
pub fn meaning(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "typ" => ("the type of the token", "RFC 7515 §4.1.9"),
        "alg" => ("the algorithm that signed it", "RFC 7515 §4.1.1"),
        "kid" => ("the id of the key that signed it", "RFC 7515 §4.1.4"),
        "cty" => ("the type of its content", "RFC 7515 §4.1.10"),
        "crit" => ("extensions that a verifier has to know", "RFC 7515 §4.1.11"),
        "jku" => ("where its keys are said to be", "RFC 7515 §4.1.2"),
        "jwk" => ("a key that it brings", "RFC 7515 §4.1.3"),
        "x5u" => ("where its certificate is said to be", "RFC 7515 §4.1.5"),
        "x5c" => ("a certificate that it brings", "RFC 7515 §4.1.6"),
        "x5t" | "x5t#S256" => ("the thumbprint of a certificate", "RFC 7515 §4.1.7"),
        "enc" => ("the algorithm that encrypted it", "RFC 7516 §4.1.2"),
        "zip" => ("how it is compressed", "RFC 7516 §4.1.3"),
        "iss" => ("who issued it", "RFC 7519 §4.1.1"),
        "sub" => ("whom it is about", "RFC 7519 §4.1.2"),
        "aud" => ("which APIs it is for", "RFC 7519 §4.1.3"),
        "exp" => ("when it expires", "RFC 7519 §4.1.4"),
        "nbf" => ("from when on it is valid", "RFC 7519 §4.1.5"),
        "iat" => ("when it was issued", "RFC 7519 §4.1.6"),
        "jti" => ("its own id", "RFC 7519 §4.1.7"),
        "client_id" => ("the application that asked for it", "RFC 8693 §4.3"),
        "scope" => ("what it allows", "RFC 8693 §4.2"),
        "azp" => ("the application that it was issued to", "OpenID Connect Core §2"),
        "auth_time" => ("when the user signed in", "OpenID Connect Core §2"),
        "act" => ("who acts for whom", "RFC 8693 §4.1"),
        "cnf" => ("the key that its bearer has to hold", "RFC 7800 §3.1"),
        "authorization_details" => ("what it allows, in detail", "RFC 9396 §9"),
        "roles" => ("roles", "RFC 9068 §2.2.3.1"),
        "groups" => ("groups", "RFC 9068 §2.2.3.1"),
        "entitlements" => ("entitlements", "RFC 9068 §2.2.3.1"),
        "gty" => ("the grant type, as Auth0 writes it", "Auth0"),
        "permissions" => ("what it allows, as Auth0 writes it", "Auth0"),
        "scp" => ("what it allows, as Microsoft and Okta write it", "Microsoft, Okta"),
        super::SAMPLE => ("a sample, not for production", "Tenure"),
        _ => return None,
    })
}
