//! What was published of other libraries, each by its number: none of it works here.

use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, KeyPair as _,
};
use serde_json::json;

use super::*;
use crate::auth::base64::{Alphabet, encode as base64};

/// A key pair of elliptic curves: the private key, and the public one in PEM.
fn pair(algorithm: Algorithm, kind: &'static EcdsaSigningAlgorithm) -> (SigningKey, String) {
    let made = EcdsaKeyPair::generate(kind).expect("a pair");
    let private = EcdsaKeyPair::to_pkcs8v1(&made).expect("a key");
    let public: PublicKeyX509Der<'_> = made.public_key().as_der().expect("a key");
    let pem = |label: &str, der: &[u8]| {
        let text = base64(der, Alphabet::Standard);
        format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
    };
    let key = SigningKey::from_pem(algorithm, &pem("PRIVATE KEY", private.as_ref())).expect("a key");
    (key, pem("PUBLIC KEY", public.as_ref()))
}

fn text(object: &Value) -> String {
    base64(object.to_string().as_bytes(), Alphabet::Url)
}

/// A token with any header, whose signature is an HMAC by any secret.
fn by_secret(header: &Value, secret: &[u8]) -> String {
    let message = format!("{}.{}", text(header), text(&json!({ "user_id": "1" })));
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret);
    let signature = aws_lc_rs::hmac::sign(&key, message.as_bytes());
    format!("{message}.{}", base64(signature.as_ref(), Alphabet::Url))
}

/// CVE-2015-9235, CVE-2016-5431, CVE-2016-10555, CVE-2022-29217, CVE-2024-33663, CVE-2026-23993: the public key, which
/// everybody knows, as the secret of an HMAC.
#[test]
fn a_token_whose_secret_is_the_public_key_is_refused() {
    let (_, public) = pair(Algorithm::ES256, &ECDSA_P256_SHA256_FIXED_SIGNING);
    let key = VerifyingKey::from_pem(Algorithm::ES256, &public).expect("a key");
    let der = pem::read(&public).expect("PEM").der;
    for secret in [public.as_bytes(), public.trim().as_bytes(), &der] {
        let token = by_secret(&json!({ "alg": "HS256", "typ": "JWT" }), secret);
        assert_eq!(decode(&token, &key, &at(0)), Err(Error::Algorithm));
        assert!(decode_with_set(&token, &KeySet::new(vec![key.clone()]), &at(0)).is_err());
    }
    assert!(VerifyingKey::secret(Algorithm::HS256, public.as_bytes()).is_err(), "nor can it be one by mistake");
    assert!(SigningKey::secret(Algorithm::HS256, public.as_bytes()).is_err());
}

/// CVE-2015-9235, CVE-2018-1000531, CVE-2020-28042, CVE-2022-23540: a token that says that it needs no signature, and one
/// without any.
#[test]
fn a_token_without_a_signature_is_refused() {
    for name in ["none", "None", "NONE", "nOnE", "", "HS256"] {
        let bare = format!("{}.{}.", text(&json!({ "alg": name })), text(&json!({ "user_id": "1" })));
        assert!(decode(&bare, &verifying(), &at(0)).is_err(), "{name}");
        assert!(decode(bare.trim_end_matches('.'), &verifying(), &at(0)).is_err(), "{name}");
    }
}

/// CVE-2018-0114, CVE-2022-23539 and others: a token that brings its own key, or says where to find it.
#[test]
fn a_key_in_the_header_opens_nothing() {
    let own = b"the secret of whoever made this token";
    let jwk = json!({ "kty": "oct", "k": base64(own, Alphabet::Url), "kid": "own" });
    for (name, value) in [
        ("jwk", jwk),
        ("jku", json!("https://evil.example/jwks.json")),
        ("x5u", json!("https://evil.example/certificate.pem")),
        ("x5c", json!(["MIIB"])),
        ("kid", json!("../../../../dev/null")),
        ("kid", json!("' UNION SELECT 'AA")),
        ("kid", json!("own")),
    ] {
        let token = by_secret(&json!({ "alg": "HS256", name: value }), own);
        assert_eq!(decode(&token, &verifying(), &at(0)), Err(Error::Signature), "{name}");
        let set = KeySet::new(vec![verifying().with_id("ours")]);
        assert!(decode_with_set(&token, &set, &at(0)).is_err(), "{name}");
    }
}

/// CVE-2022-21449: r and s are 0, or as large as the curve's order, which is 0 again.
#[test]
fn a_signature_of_nothing_is_refused_on_every_curve() {
    let curves: [(Algorithm, &'static EcdsaSigningAlgorithm, usize); 3] = [
        (Algorithm::ES256, &ECDSA_P256_SHA256_FIXED_SIGNING, 32),
        (Algorithm::ES384, &ECDSA_P384_SHA384_FIXED_SIGNING, 48),
        (Algorithm::ES512, &ECDSA_P521_SHA512_FIXED_SIGNING, 66),
    ];
    for (algorithm, kind, length) in curves {
        let (signing, public) = pair(algorithm, kind);
        let key = VerifyingKey::from_pem(algorithm, &public).expect("a key");
        let good = encode(&claims(json!({ "user_id": "1" })), &signing).expect("a token");
        assert!(decode(&good, &key, &at(0)).is_ok());
        let message = good.rsplit_once('.').expect("parts").0;
        let one = [&vec![0; length - 1][..], &[1]].concat();
        for (r, s) in [
            (vec![0; length], vec![0; length]),
            (vec![0; length], one.clone()),
            (one.clone(), vec![0; length]),
            (vec![0xff; length], vec![0xff; length]),
        ] {
            let forged = format!("{message}.{}", base64(&[r, s].concat(), Alphabet::Url));
            assert_eq!(decode(&forged, &key, &at(0)), Err(Error::Signature), "{algorithm}");
        }
        for short in [vec![], vec![0], vec![0; length * 2 - 1], vec![0; length * 2 + 1]] {
            let forged = format!("{message}.{}", base64(&short, Alphabet::Url));
            assert_eq!(decode(&forged, &key, &at(0)), Err(Error::Signature), "{algorithm}");
        }
    }
}

/// CVE-2025-30204, CVE-2025-22868: points without end, each of which costs memory.
#[test]
fn a_million_points_cost_nothing() {
    for points in [3, 1_000, 200_000, 1_000_000] {
        assert!(matches!(decode(&".".repeat(points), &verifying(), &at(0)), Err(Error::Malformed(_))), "{points}");
    }
}

/// CVE-2025-59420, CVE-2026-32597: `crit` names what must be understood, and is passed by.
#[test]
fn what_must_be_understood_is_not_passed_by() {
    for names in [json!(["bork"]), json!(["b64"]), json!(["exp"]), json!([]), json!("exp"), json!(null)] {
        let token = by_secret(&json!({ "alg": "HS256", "crit": names, "bork": 1 }), SECRET);
        assert_eq!(decode(&token, &verifying(), &at(0)), Err(Error::Critical), "{names}");
    }
}

/// CVE-2026-25537: a moment that is text counts as none, so that a token is good before its time.
#[test]
fn a_moment_in_quotes_is_none() {
    for name in ["nbf", "exp", "iat"] {
        for value in ["99999999999", "0", "", "tomorrow"] {
            let token = token(json!({ name: value }));
            assert_eq!(decode(&token, &verifying(), &at(1_000)), Err(Error::Claim(name.to_owned())), "{name} {value}");
        }
    }
}

/// CVE-2024-53861: a part of the issuer's name is taken for the issuer.
#[test]
fn a_part_of_the_issuers_name_is_not_the_issuer() {
    let issuer = "https://a.example";
    let check = |said: Value| decode(&token(json!({ "iss": said })), &verifying(), &at(0).issuer([issuer])).is_ok();
    assert!(check(json!(issuer)));
    for said in ["a", "https://a", "a.example", "https://a.example.evil.example", "", "HTTPS://A.EXAMPLE"] {
        assert!(!check(json!(said)), "{said}");
    }
    assert!(!check(json!([issuer])) && !check(json!({ issuer: 1 })));
}

/// CVE-2022-23541 and others: one key for several algorithms.
#[test]
fn a_key_is_for_one_algorithm() {
    let token = encode(&claims(json!({})), &signing()).expect("a token");
    for other in [Algorithm::HS384, Algorithm::HS512] {
        let key = VerifyingKey::secret(other, SECRET).expect("a key");
        assert_eq!(decode(&token, &key, &at(0)), Err(Error::Algorithm), "{other}");
    }
}
