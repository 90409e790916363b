//! The Tokens screen by mouse and keyboard: samples minted, tokens taken apart, keys kept, logs audited.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/desk.rs"]
mod desk;
mod token_support;

use desk::Desk;
use egui::{Key, Modifiers};
use std::fs;
use std::sync::{Arc, Mutex};
use tenure::app::{Message, Screen, TokenPage, Verify};
use tenure::token::{KeyKind, KeySet, SignatureState, Verdict, generate};

/// A desk with the sample registry, on the Tokens screen.
fn bench() -> Desk {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::COMMAND, Key::Num4);
    desk
}

/// A desk where one key of the kind is kept under the name.
fn with_key(name: &str, kind: &str) -> Desk {
    let mut desk = bench();
    page(&mut desk, "Keys");
    desk.press("Name of the key");
    desk.write(name);
    desk.press(kind);
    desk.press("Generate");
    desk
}

/// What is said in the log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Brings a page of the screen to the front; the keys' one counts them.
fn page(desk: &mut Desk, name: &str) {
    let keys = tokens(desk).keys.as_ref().map_or(0, Vec::len);
    desk.press(&if name == "Keys" { format!("Keys {keys}") } else { name.to_owned() });
}

fn tokens(desk: &Desk) -> &tenure::app::Tokens {
    &desk.harness.state().state().tokens
}

/// What is known of the signature.
fn found(desk: &Desk) -> SignatureState {
    tokens(desk).verifying.checked.as_ref().map_or(SignatureState::NotChecked, |checked| checked.found.state)
}

fn verdict(desk: &Desk) -> Verdict {
    let judge = tokens(desk).judge.as_ref().unwrap();
    let decoded = tokens(desk).taken.as_ref().unwrap().as_ref().unwrap();
    tenure::token::Subject::of(decoded, judge.policy.registry()).check(&judge.policy).verdict
}

fn ask_for(desk: &mut Desk, client: &str) {
    desk.keys(Modifiers::COMMAND, Key::Num3);
    palette(desk, client);
}

/// Mints and takes the sample apart with the keyboard alone.
fn mint_and_decode(desk: &mut Desk) -> String {
    desk.keys(Modifiers::COMMAND, Key::M);
    let token = tokens(desk).minted.clone().unwrap().unwrap().token;
    palette(desk, "decode the minted");
    token
}

fn palette(desk: &mut Desk, words: &str) {
    desk.keys(Modifiers::COMMAND, Key::K);
    desk.dash_off(words);
}

/// Tells the program something, as a control would.
fn tell(desk: &mut Desk, message: Message) {
    let ctx = desk.harness.ctx.clone();
    desk.harness.state_mut().send(&ctx, message);
    desk.settle();
}

#[test]
fn a_sample_goes_from_the_mint_to_the_check_by_keyboard() {
    let mut desk = with_key("samples", "Ed25519");
    ask_for(&mut desk, "acme-trial");
    let token = mint_and_decode(&mut desk);
    assert_eq!(desk.harness.state().state().screen, Screen::Tokens);
    assert_eq!(tokens(&desk).input, token);
    assert_eq!(verdict(&desk), Verdict::AsDecided);
    assert!(desk.sees("As decided") && desk.sees("Decided at issue"));
    assert!(desk.sees("client_id: acme-trial"));
}

#[test]
fn a_minted_token_is_copied_and_so_is_a_command_with_it() {
    let mut desk = with_key("samples", "Ed25519");
    desk.keys(Modifiers::COMMAND, Key::M);
    let token = tokens(&desk).minted.clone().unwrap().unwrap().token;
    desk.press("Copy token");
    desk.press("Copy as curl");
    let copied = desk.copied.borrow();
    assert_eq!(copied[0], token);
    assert!(copied[1].starts_with("curl ") && copied[1].contains(&token), "{}", copied[1]);
}

#[test]
fn a_minted_token_is_saved_where_the_person_wants_it() {
    let mut desk = with_key("samples", "Ed25519");
    desk.keys(Modifiers::COMMAND, Key::M);
    let token = tokens(&desk).minted.clone().unwrap().unwrap().token;
    let file = desk.folder.path().join("sample.jwt");
    desk.press("Save…");
    desk.keys(Modifiers::COMMAND, Key::A);
    desk.dash_off(file.to_str().unwrap());
    assert_eq!(fs::read_to_string(&file).unwrap(), format!("{token}\n"));
    assert!(desk.sees("Written to"));
}

#[test]
fn a_pasted_token_comes_to_the_decoder_from_wherever_one_is() {
    let mut desk = with_key("samples", "Ed25519");
    desk.keys(Modifiers::COMMAND, Key::M);
    let token = tokens(&desk).minted.clone().unwrap().unwrap().token;
    for screen in [Key::Num1, Key::Num3, Key::Num5] {
        desk.keys(Modifiers::COMMAND, screen);
        desk.harness.event(egui::Event::Paste(format!("Authorization: Bearer {token}")));
        desk.settle();
        let state = desk.harness.state().state();
        assert_eq!((state.screen, state.tokens.page), (Screen::Tokens, TokenPage::Decode));
        assert!(matches!(state.tokens.taken, Some(Ok(_))));
    }
}

#[test]
fn what_is_no_token_gets_a_sentence_and_stays_to_be_mended() {
    let mut desk = bench();
    desk.press("Token to decode");
    desk.write("eyJhbGciOi.x");
    let said = tokens(&desk).taken.clone().unwrap().unwrap_err();
    assert!(desk.sees(&said), "{said}");
    assert_eq!(tokens(&desk).input, "eyJhbGciOi.x");
}

#[test]
fn a_signature_is_checked_with_a_kept_key_and_anothers_is_invalid() {
    let mut desk = with_key("samples", "Ed25519");
    mint_and_decode(&mut desk);
    assert!(desk.sees("Valid, checked with samples"), "the token names it");
    let with = |desk: &mut Desk, name: &str| {
        tell(desk, Message::VerifyWith(Verify::Stored(name.to_owned())));
        found(desk)
    };
    assert_eq!(with(&mut desk, "samples"), SignatureState::Valid);
    let mut token = tokens(&desk).input.clone();
    let first = token.rfind('.').unwrap() + 1;
    let other = if token[first..].starts_with('A') { "B" } else { "A" };
    token.replace_range(first..=first, other);
    tell(&mut desk, Message::TokenText(token));
    assert_eq!(found(&desk), SignatureState::Invalid);
}

#[test]
fn keys_are_made_imported_exported_and_deleted_only_when_asked_twice() {
    let mut desk = with_key("samples", "P-256");
    assert!(desk.sees("samples") && desk.sees("ES256"));
    let pem = desk.folder.path().join("jwks.json");
    desk.press("Export the public halves (JWKS)…");
    desk.keys(Modifiers::COMMAND, Key::A);
    desk.dash_off(pem.to_str().unwrap());
    let jwks = fs::read_to_string(&pem).unwrap();
    assert!(jwks.contains("\"P-256\"") && !jwks.contains("\"d\""), "{jwks}");
    desk.press("Name of the key");
    desk.keys(Modifiers::COMMAND, Key::A);
    desk.write("theirs");
    desk.press("File of the key");
    desk.write(pem.to_str().unwrap());
    desk.press("Import");
    assert_eq!(tokens(&desk).keys.as_ref().unwrap().len(), 2);
    desk.press("Delete samples");
    assert_eq!(tokens(&desk).keys.as_ref().unwrap().len(), 2);
    desk.press("Delete it for good");
    let left: Vec<_> = tokens(&desk).keys.as_ref().unwrap().iter().map(|key| key.name.clone()).collect();
    assert_eq!(left, ["theirs"]);
}

#[test]
fn a_log_is_audited_with_totals_that_filter_its_rows() {
    let mut desk = with_key("samples", "Ed25519");
    ask_for(&mut desk, "acme-trial");
    let token = mint_and_decode(&mut desk);
    let log = desk.folder.path().join("access.log");
    fs::write(&log, format!("one {token}\nnothing\ntwo {token}\n")).unwrap();
    desk.press("Audit");
    desk.press("Log to audit");
    desk.dash_off(log.to_str().unwrap());
    assert!(desk.sees("2 tokens in 3 lines"));
    let audit = &tokens(&desk).audit;
    assert_eq!(audit.found.as_ref().unwrap().rows.iter().map(|row| row.line).collect::<Vec<_>>(), [1, 3]);
    tell(&mut desk, Message::AuditOnly(Some(Verdict::Longer)));
    assert!(tokens(&desk).audit.shown.is_empty());
    desk.press("Log to audit");
    desk.keys(Modifiers::COMMAND, Key::A);
    desk.dash_off("/nowhere/at/all.log");
    assert!(desk.sees("`/nowhere/at/all.log` cannot be read"));
}

#[test]
fn no_secret_of_a_key_is_seen_anywhere_in_the_window() {
    const SECRET: &str = "Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5LTEyMzQ1Njc4";
    let log = Log::default();
    let lines = log.clone();
    let all = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
    let _said = tracing::subscriber::set_default(all.with_writer(move || lines.clone()).finish());
    tracing::trace!("the log begins");
    let mut desk = bench();
    let jwk = desk.folder.path().join("theirs.jwk");
    fs::write(&jwk, format!(r#"{{"kty":"oct","alg":"HS256","k":"{SECRET}"}}"#)).unwrap();
    page(&mut desk, "Keys");
    desk.press("Name of the key");
    desk.write("canary");
    desk.press("File of the key");
    desk.write(jwk.to_str().unwrap());
    desk.press("Import");
    fs::remove_file(&jwk).unwrap();
    mint_and_decode(&mut desk);
    tell(&mut desk, Message::VerifyWith(Verify::Stored("canary".to_owned())));
    assert_eq!(found(&desk), SignatureState::Valid);
    tell(&mut desk, Message::VerifyWith(Verify::Pasted));
    desk.press("Paste a key");
    let pasted = format!(r#"{{"kty":"oct","alg":"HS256","k":"{SECRET}"}}"#);
    for text in [pasted.clone(), pasted.replace("oct", "odd"), pasted.replace('}', "")] {
        desk.harness.event(egui::Event::Paste(text));
        desk.harness.step();
        assert!(!desk.sees(SECRET) && !desk.sees("canary-canary"));
        desk.settle();
        assert!(tokens(&desk).verifying.given.is_some() != tokens(&desk).verifying.error.is_some());
        let state = format!("{:?}", desk.harness.state().state());
        assert!(!state.contains(SECRET) && !state.contains("canary-canary"));
    }
    page(&mut desk, "Mint");
    desk.press("Copy token");
    desk.press("Copy as curl");
    // A file that holds no key is refused without a word of what it holds.
    let broken = desk.folder.path().join("broken.jwk");
    fs::write(&broken, format!(r#"{{"kty":"oct","alg":"none","k":"{SECRET}""#)).unwrap();
    tell(&mut desk, Message::Key(tenure::app::KeyTask::Import("broken".to_owned(), broken.clone())));
    assert!(tokens(&desk).new_key.error.is_some());
    fs::remove_file(&broken).unwrap();
    for name in ["Mint", "Decode", "Audit", "Keys"] {
        page(&mut desk, name);
        assert!(!desk.sees(SECRET) && !desk.sees("canary-canary"), "{name}");
    }
    let state = format!("{:?}", desk.harness.state().state());
    assert!(!state.contains(SECRET) && !state.contains("canary-canary"));
    let said = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(said.contains("the log begins") && !said.contains(SECRET) && !said.contains("canary-canary"));
    assert!(desk.copied.borrow().len() == 2 && !desk.copied.borrow().concat().contains(SECRET));
    // The registry and its write-ahead log.
    for file in fs::read_dir(desk.folder.path()).unwrap().map(|file| file.unwrap().path()) {
        if file.is_file() {
            let bytes = fs::read(&file).unwrap();
            assert!(!bytes.windows(SECRET.len()).any(|part| part == SECRET.as_bytes()), "{file:?}");
        }
    }
}

#[test]
fn a_token_that_outlives_its_application_is_minted_again_as_decided() {
    let mut desk = with_key("samples", "Ed25519");
    ask_for(&mut desk, "acme-trial");
    mint_and_decode(&mut desk);
    // The trial is cut short after the token was issued.
    let now = *desk.now.borrow();
    desk.elsewhere("acme-trial", |app| app.expires_at = Some(now.plus(300)));
    desk.notice_others();
    *desk.now.borrow_mut() = now.plus(60);
    desk.settle();
    tell(&mut desk, Message::SetSettingsOf(tenure::app::SettingsOf::Today));
    assert_eq!(verdict(&desk), Verdict::OutlivesApplication);
    assert!(desk.sees("Outlives"));
    desk.press("Mint as decided");
    palette(&mut desk, "decode the minted");
    assert_eq!(verdict(&desk), Verdict::AsDecided);
}

#[test]
fn the_explanation_that_is_copied_is_of_the_token_in_front() {
    let mut desk = with_key("samples", "Ed25519");
    ask_for(&mut desk, "acme-trial");
    mint_and_decode(&mut desk);
    tell(
        &mut desk,
        Message::Ask(tenure::app::Preview { client_id: "client".to_owned(), ..Default::default() }),
    );
    desk.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::C);
    let text = desk.copied.borrow().last().cloned().unwrap();
    assert!(text.contains("acme-trial") && text.contains("10 min"), "{text}");
    tell(&mut desk, Message::TokenText(String::new()));
    desk.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::C);
    assert_eq!(desk.copied.borrow().len(), 1, "nothing is in front");
}

/// A key from elsewhere: a token that it signed, and what everybody and nobody may see of it.
fn theirs() -> (String, String, String) {
    let key = generate(KeyKind::P256).unwrap();
    let private = String::from_utf8(key.expose().to_vec()).unwrap();
    let set = KeySet::read(key.expose()).unwrap();
    let header = format!(r#"{{"alg":"ES256","kid":"{}"}}"#, set.keys()[0].id());
    let token = token_support::signed(&set, &header, r#"{"sub":"nobody"}"#);
    let keys: Vec<_> = set.public_jwks().collect();
    let jwks = serde_json::json!({ "keys": keys }).to_string();
    (token, jwks, private)
}

#[test]
fn a_pasted_key_verifies_and_goes_when_something_else_is_chosen() {
    let mut desk = bench();
    let (token, jwks, private) = theirs();
    tell(&mut desk, Message::TokenText(token));
    assert!(desk.sees("Not checked: no stored key has its kid"));
    for key in [jwks, private] {
        tell(&mut desk, Message::VerifyWith(Verify::Pasted));
        assert_eq!(found(&desk), SignatureState::NotChecked);
        desk.press("Paste a key");
        desk.harness.event(egui::Event::Paste(key));
        desk.settle();
        assert!(desk.sees("Valid, checked with the pasted key") && desk.sees("P-256 · kid"));
        tell(&mut desk, Message::VerifyWith(Verify::Named));
        assert_eq!(found(&desk), SignatureState::NotChecked);
    }
    tell(&mut desk, Message::VerifyWith(Verify::Pasted));
    desk.press("Paste a key");
    desk.harness.event(egui::Event::Paste("no key at all".to_owned()));
    desk.settle();
    let said = tokens(&desk).verifying.error.clone().unwrap();
    assert!(desk.sees(&said) && !desk.sees("no key at all"));
}

#[test]
fn a_key_that_is_pasted_where_a_token_belongs_is_not_shown_there() {
    let mut desk = bench();
    let (token, _, private) = theirs();
    tell(&mut desk, Message::TokenText(token.clone()));
    desk.harness.event(egui::Event::Paste(private.clone()));
    desk.settle();
    assert_eq!((tokens(&desk).input.as_str(), found(&desk)), (token.as_str(), SignatureState::Valid));
    tell(&mut desk, Message::VerifyWith(Verify::Named));
    tell(&mut desk, Message::TokenText(private));
    assert_eq!((tokens(&desk).input.as_str(), found(&desk)), (token.as_str(), SignatureState::Valid));
}

#[test]
fn the_keys_of_an_address_that_is_typed_are_fetched_once_until_they_are_wanted_again() {
    let mut desk = bench();
    let (token, jwks, _) = theirs();
    let (url, asked) = token_support::server(jwks);
    tell(&mut desk, Message::TokenText(token));
    tell(&mut desk, Message::VerifyWith(Verify::Url(String::new())));
    desk.press("JWKS URL");
    desk.dash_off(&url);
    assert!(desk.sees("Valid, checked with the keys of 127.0.0.1"));
    assert!(desk.sees(&format!("1 key from {url}, fetched ")));
    tell(&mut desk, Message::VerifyWith(Verify::Named));
    assert_eq!(found(&desk), SignatureState::NotChecked);
    tell(&mut desk, Message::VerifyWith(Verify::Url(url.clone())));
    desk.press("Fetch");
    assert_eq!((found(&desk), *asked.lock().unwrap()), (SignatureState::Valid, 1));
    desk.press("Fetch again");
    assert_eq!((found(&desk), *asked.lock().unwrap()), (SignatureState::Valid, 2));
}

#[test]
fn an_address_that_is_none_or_that_others_could_listen_to_is_refused_in_a_sentence() {
    let mut desk = bench();
    tell(&mut desk, Message::TokenText(theirs().0));
    tell(&mut desk, Message::VerifyWith(Verify::Url(String::new())));
    for (typed, words) in [
        ("http://issuer.example/jwks.json", "http"),
        ("file:///etc/passwd", "no address of the web"),
        ("jwks.json", "`jwks.json`"),
        ("http://127.0.0.1:1/jwks.json", "127.0.0.1"),
    ] {
        tell(&mut desk, Message::JwksUrl(typed.to_owned()));
        desk.press("Fetch");
        let said = tokens(&desk).verifying.jwks.error.clone().unwrap();
        assert!(said.contains(words) && desk.sees(&said), "{typed}: {said}");
    }
}

#[test]
fn the_stored_key_that_a_token_names_verifies_it_and_nothing_that_it_names_is_fetched() {
    let mut desk = with_key("samples", "Ed25519");
    let (_, jwks, _) = theirs();
    let (url, asked) = token_support::server(jwks);
    mint_and_decode(&mut desk);
    assert_eq!(found(&desk), SignatureState::Valid);
    let set = &tokens(&desk).stored("samples").unwrap().set;
    let kid = set.keys()[0].id();
    let header = format!(r#"{{"alg":"EdDSA","kid":"{kid}","jku":"{url}","x5u":"{url}"}}"#);
    let claims = format!(r#"{{"iss":"{url}"}}"#);
    let token = token_support::signed(set, &header, &claims);
    let strange = token_support::unsigned(&header.replace(kid, &url), &claims);
    tell(&mut desk, Message::TokenText(token));
    assert_eq!(found(&desk), SignatureState::Valid);
    tell(&mut desk, Message::TokenText(strange));
    assert!(desk.sees("Not checked: no stored key has its kid"));
    tell(&mut desk, Message::TokenText(token_support::unsigned(r#"{"alg":"EdDSA"}"#, "{}")));
    assert!(desk.sees("Not checked: it names no key"));
    assert_eq!(*asked.lock().unwrap(), 0);
}
