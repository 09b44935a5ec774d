//! `jwt inspect`: what it says of good tokens, of bad ones, and of those that were made to harm who looks at them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use quintet::apps::auth::models::User;
use quintet::jwt::{Algorithm, Claims, SigningKey, encode};
use quintet::prelude::*;
use quintet::settings::{Duration, JwkSource, Secret, Settings, SimpleJwt};
use quintet::testing::{Client, TestClock};
use quintet_db::Connection as _;

use crate::harness::{PASSWORD, PUBLIC_PEM, SECRET, cheap, each, families, private_key, rotating};

async fn login(client: &Client) -> (String, String) {
    let pair = client.post("/api/token/", json!({ "username": "alice", "password": PASSWORD })).await.json();
    let text = |name: &str| pair[name].as_str().expect("a token").to_owned();
    (text("access"), text("refresh"))
}

/// The exit code, and what was said.
fn inspect(client: &Client, token: &str) -> (u8, String) {
    let (code, said) = client.call_command(&["jwt", "inspect", token]);
    assert!(!said.out().contains(SECRET) && !said.err().contains(SECRET), "the secret is never printed");
    (code, said.out() + &said.err())
}

#[track_caller]
fn says(client: &Client, token: &str, code: u8, wanted: &[&str]) {
    let (found, text) = inspect(client, token);
    for line in wanted {
        assert!(text.lines().any(|said| said.starts_with(line)), "no line begins with {line:?}:\n{text}");
    }
    assert_eq!(found, code, "{text}");
}

#[quintet::test]
async fn a_good_token_is_explained() {
    each(async |kit| {
        let clock = TestClock::at("2024-01-31T12:00:00Z");
        let client = cheap(kit, families());
        let (access, refresh) = login(&client).await;
        clock.advance(Duration::from_secs(3 * 60 + 5));
        says(
            &client,
            &access,
            0,
            &[
                "header",
                r#"  alg  "HS256""#,
                "claims",
                r#"  token_type  "access""#,
                "  exp         1706704200  (expires in 26 minutes, 2024-01-31 12:30:00 UTC)",
                "  iat         1706702400  (issued 3 minutes ago, 2024-01-31 12:00:00 UTC)",
                "signed by the key in `secret_key`",
                r#"user "alice""#,
                "valid",
            ],
        );
        says(&client, &refresh, 0, &[r#"  token_type  "refresh""#, "valid"]);
    })
    .await;
}

#[quintet::test]
async fn what_is_wrong_with_a_token_is_told() {
    each(async |kit| {
        let clock = TestClock::at("2024-01-31T12:00:00Z");
        let client = cheap(kit, families());
        let (access, refresh) = login(&client).await;
        let next = client.post("/api/token/refresh/", json!({ "refresh": refresh })).await.json();
        let next = next["refresh"].as_str().expect("a token").to_owned();
        says(&client, &refresh, 1, &["wrong: the token was used already: it has a successor", "not valid"]);
        says(&client, &next, 0, &["valid"]);
        client.post("/api/token/blacklist/", json!({ "refresh": next })).await.assert_status(200);
        let taken_back = "wrong: the token is taken back: it is in the blacklist";
        says(&client, &next, 1, &[taken_back, "wrong: the token's session has ended"]);
        says(&client, &access, 1, &["wrong: the token's session has ended"]);

        let (access, _) = login(&client).await;
        kit.db.script("UPDATE auth_user SET password = 'md5$x$x'").await.expect("another password");
        says(&client, &access, 1, &["wrong: the password has been changed since its session began"]);
        User::objects()
            .filter(|u| u.username().eq("alice"))
            .update(&kit.db, |u| u.is_active().set(false))
            .await
            .expect("set");
        says(&client, &access, 1, &[r#"user "alice""#, "wrong: the token's user is inactive"]);
        clock.advance(Duration::from_secs(3600));
        says(
            &client,
            &access,
            1,
            &["  exp         1706704200  (expired 30 minutes ago", "wrong: the token has expired"],
        );
        kit.db.script("DELETE FROM quintet_family_token; DELETE FROM quintet_token_family").await.expect("deleted");
        kit.db.script("DELETE FROM token_blacklist_blacklistedtoken").await.expect("deleted");
        kit.db.script("DELETE FROM token_blacklist_outstandingtoken").await.expect("deleted");
        User::objects().filter(|u| u.username().eq("alice")).delete(&kit.db).await.expect("deleted");
        says(&client, &access, 1, &["wrong: the token's session is not there", "wrong: the token's user is not there"]);
    })
    .await;
}

#[quintet::test]
async fn the_setting_of_the_key_is_told_and_never_the_key() {
    each(async |kit| {
        let client = cheap(kit, rotating());
        let (access, _) = login(&client).await;
        let with = |key: &str, old: Vec<Secret>, simple_jwt: SimpleJwt| {
            let settings =
                Settings { secret_key: key.into(), secret_key_fallbacks: old, simple_jwt, ..client.settings().clone() };
            Client::of(settings)
        };
        let old = |secrets: &[&str]| secrets.iter().map(|secret| Secret::from(*secret)).collect::<Vec<_>>();
        let other = "another-secret-key-0123456789-abcdefghijklmnopqrstuvwxyz-XYZ";
        let rotated = with(other, old(&["a former one, of thirty-two bytes or more", SECRET]), rotating());
        says(&rotated, &access, 0, &["signed by the key in `secret_key_fallbacks[1]`", "valid"]);
        let forgotten = with(other, vec![], rotating());
        says(
            &forgotten,
            &access,
            1,
            &["wrong: the token's signature is wrong", "not asked: the database", "not valid"],
        );
        let own = SimpleJwt { signing_key: other.into(), verifying_key_fallbacks: old(&[SECRET]), ..rotating() };
        let own = with(SECRET, vec![], own);
        says(&own, &access, 0, &["signed by the key in `simple_jwt.verifying_key_fallbacks[0]`"]);
        let longer = with(SECRET, vec![], SimpleJwt { algorithm: Algorithm::HS512, ..rotating() });
        says(&longer, &access, 1, &["wrong: the token is signed by another algorithm than is expected"]);
    })
    .await;
}

#[quintet::test]
async fn a_token_of_a_stranger_does_not_talk_to_the_terminal() {
    each(async |kit| {
        let client = cheap(kit, rotating());
        let key = SigningKey::secret(Algorithm::HS256, SECRET.as_bytes()).expect("a key");
        let claims = json!({
            "name": "\u{1b}]0;owned\u{7}\u{1b}[2Jx", "\u{202e}exp\n": "\r\n valid", "deep": [[{ "\u{9b}": "\u{7f}" }]],
            "long": "x".repeat(100_000), "exp": 1e300, "iat": "soon", "user_id": "' OR 1=1 --\u{0}",
        });
        let token = encode(claims.as_object().expect("an object"), &key).expect("a token");
        let (code, said) = inspect(&client, &token);
        assert_eq!(code, 1, "{said}");
        assert!(said.bytes().all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte)), "{said}");
        assert!(!said.lines().any(|line| line.starts_with("valid")) && said.ends_with("not valid\n"), "{said}");
        assert!(said.len() < 5_000 && said.contains(".. and 99"), "what is long is cut off: {said}");
        assert!(said.contains(r#"\u001b]0;owned"#) && said.contains("(expires in the far future)"), "{said}");
        let many: Claims = (0..5_000).map(|number| (number.to_string(), json!(1))).collect();
        let (code, said) = inspect(&client, &encode(&many, &key).expect("a token"));
        assert!(code == 1 && said.contains("  .. and 4900 more") && said.len() < 5_000, "{said}");
        for text in ["", ".", "a.b", "a.b.c", "....", "\u{1b}[2J.\u{1b}[2J.", "é.é.é", "e30.e30.", "e30..e30", "null"]
        {
            let (code, said) = inspect(&client, text);
            assert!(code == 1 && said.contains("wrong: the token"), "{text:?}: {said}");
            assert!(!said.contains('\u{1b}'), "{said}");
        }
    })
    .await;
}

#[quintet::test]
async fn a_token_comes_by_the_standard_input_and_a_giant_one_does_not() {
    let mut settings = crate::harness::settings("sqlite::memory:", crate::harness::apps());
    settings.simple_jwt = rotating();
    let client = Client::of(settings);
    let key = SigningKey::secret(Algorithm::HS256, SECRET.as_bytes()).expect("a key");
    let claims = json!({ "exp": 4_102_444_800_u32, "jti": "1", "token_type": "access", "user_id": "1" });
    let token = encode(claims.as_object().expect("an object"), &key).expect("a token");
    let (code, said) = client.answer_command(&["jwt", "inspect", "-", "--offline"], &format!("{token}\r\n"));
    assert_eq!(code, 0, "{}{}", said.out(), said.err());
    assert!(said.out().contains("not asked: the database") && said.out().ends_with("valid, as far as was asked\n"));
    for giant in ["A".repeat(300_000), "\u{e9}".repeat(200_000)] {
        let (code, said) = client.answer_command(&["jwt", "inspect", "-"], &format!("{giant}\n"));
        assert_eq!((code, said.out()), (1, String::new()));
        assert!(said.err().starts_with("error: a token has at most 262144 letters"), "{}", said.err());
        let (code, said) = client.call_command(&["jwt", "inspect", &giant]);
        assert!(code == 1 && said.err().starts_with("error: a token has at most"), "{}", said.err());
    }
    let (code, said) = client.call_command(&["jwt", "inspect", &token]);
    let text = said.out();
    assert!(code == 1 && text.contains("not asked: whether its user is there: "), "without tables: {text}");
    assert!(text.ends_with("valid, as far as was asked\n"), "{text}");
}

#[quintet::test]
async fn offline_no_key_is_fetched_and_a_token_by_such_a_key_is_not_known_to_be_good() {
    let fetched = Arc::new(AtomicUsize::new(0));
    let counted = fetched.clone();
    let somebody = JwkSource::new(move || {
        counted.fetch_add(1, Ordering::SeqCst);
        async { Err(Error::unexpected("nobody answers")) }
    });
    let offline = |jwk_source: JwkSource, old: Vec<Secret>| {
        let mut settings = crate::harness::settings("sqlite::memory:", crate::harness::apps());
        let own = SimpleJwt { algorithm: Algorithm::EdDSA, verifying_key_fallbacks: old, jwk_source, ..rotating() };
        settings.simple_jwt = own;
        let claims = json!({ "exp": 4_102_444_800_u32, "jti": "1", "token_type": "access", "user_id": "1" });
        let token = encode(claims.as_object().expect("an object"), &private_key().with_id("1")).expect("a token");
        let (code, said) = Client::of(settings).call_command(&["jwt", "inspect", &token, "--offline"]);
        (code, said.out() + &said.err())
    };
    let (code, said) = offline(somebody.clone(), vec![]);
    assert!(said.contains("not asked: `simple_jwt.jwk_source`: whether one of its keys signed the token"), "{said}");
    assert_eq!(code, 1, "{said}");
    let (code, said) = offline(somebody, vec![PUBLIC_PEM.into()]);
    assert!(said.contains("signed by the key in `simple_jwt.verifying_key_fallbacks[0]`"), "{said}");
    assert_eq!((code, fetched.load(Ordering::SeqCst)), (0, 0), "{said}");
    // A file is here.
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../quintet-web/src/jwt/testdata/jwks.json");
    let (code, said) = offline(JwkSource::file(file), vec![]);
    assert!(said.contains("signed by the key in `simple_jwt.jwk_source`"), "{said}");
    assert_eq!(code, 0, "{said}");
}

#[quintet::test]
async fn an_encrypted_token_is_told_from_a_broken_one() {
    use quintet::jwt::{ContentAlgorithm, EncryptingKey, KeyAlgorithm, encrypt};
    let client = Client::of(crate::harness::settings("sqlite::memory:", crate::harness::apps()));
    let key = EncryptingKey::secret(KeyAlgorithm::Dir, ContentAlgorithm::A256GCM, &[7; 32]).expect("a key");
    let token = encrypt(b"secret words", &key).expect("a token");
    says(&client, &token, 1, &["header", r#"  alg  "dir""#, "wrong: the token is encrypted", "not valid"]);
}
