//! Published vectors: project Wycheproof's, where `QUINTET_VECTORS` names their folder, and those of RFC 8037.

use serde_json::json;

use super::*;
use crate::jwt::token::signed;

/// Two are signed by another algorithm than their key says, two have letters that are no base64url.
const LABELLED_VALID: [u64; 4] = [346, 350, 372, 373];
/// Labelled invalid for padding that is not there: letter for letter they are case 357, which is valid.
const LABELLED_INVALID: [u64; 2] = [367, 370];

/// A file of vectors; nothing where nobody has them, which is said loudly.
pub(in crate::jwt) fn vectors(name: &str) -> Option<Value> {
    #[allow(clippy::disallowed_methods, reason = "a test asks where its vectors are")]
    let Some(folder) = std::env::var_os("QUINTET_VECTORS") else {
        #[allow(clippy::print_stderr, clippy::disallowed_macros, reason = "a test that proves nothing must say so")]
        {
            eprintln!("NOT TESTED: `QUINTET_VECTORS` does not name the folder of the published vectors ({name})");
        }
        return None;
    };
    Some(read(&std::path::Path::new(&folder).join("wycheproof").join(name)))
}

fn algorithm_of(key: &Value) -> Option<Algorithm> {
    let name = key["alg"].as_str().or_else(|| key["keys"][0]["alg"].as_str());
    match name {
        // A slip of the vectors' authors.
        Some("ES521") => Some(Algorithm::ES512),
        Some(name) => name.parse().ok(),
        // Keys that do not say it are those of refusals for other reasons.
        None => Some(if key["kty"] == "RSA" { Algorithm::RS256 } else { Algorithm::ES256 }),
    }
}

/// Whether the key, or one of the set, signed it.
fn accepts(key: &Value, jws: &str) -> bool {
    let Some(algorithm) = algorithm_of(key) else { return false };
    if key.get("keys").is_some() {
        return KeySet::from_json(algorithm, &key.to_string()).is_ok_and(|set| signed(jws, &set).is_ok());
    }
    let mut key = key.clone();
    if key["alg"] == "ES521" {
        key["alg"] = json!("ES512");
    }
    VerifyingKey::from_jwk(algorithm, &key.to_string()).is_ok_and(|key| signed(jws, &KeySet::new(vec![key])).is_ok())
}

fn judged(name: &str) -> Option<(Vec<u64>, Vec<u64>, usize, usize)> {
    let file = vectors(name)?;
    let (mut accepted_invalid, mut refused_valid, mut valid, mut invalid) = (vec![], vec![], 0, 0);
    for group in file["testGroups"].as_array().expect("groups") {
        let key = if group["public"].is_object() { &group["public"] } else { &group["private"] };
        for test in group["tests"].as_array().expect("tests") {
            let Some(jws) = test["jws"].as_str() else { continue };
            let id = test["tcId"].as_u64().expect("a number");
            let is_accepted = accepts(key, jws);
            if test["result"] == "valid" {
                valid += 1;
                if !is_accepted {
                    refused_valid.push(id);
                }
            } else {
                invalid += 1;
                if is_accepted {
                    accepted_invalid.push(id);
                }
            }
        }
    }
    Some((accepted_invalid, refused_valid, valid, invalid))
}

#[test]
fn published_signatures_are_judged_rightly() {
    let Some((accepted, refused, valid, invalid)) = judged("json_web_signature_test.json") else { return };
    assert_eq!((valid, invalid), (46, 355));
    assert_eq!((accepted, refused), (LABELLED_INVALID.to_vec(), LABELLED_VALID.to_vec()));
}

#[test]
fn published_keys_are_judged_rightly() {
    let Some((accepted, refused, ..)) = judged("json_web_key_test.json") else { return };
    assert_eq!((accepted, refused), (vec![], vec![]));
}

#[test]
fn published_operations_are_judged_rightly() {
    let Some((accepted, refused, ..)) = judged("json_web_crypto_test.json") else { return };
    assert_eq!((accepted, refused), (vec![], vec![]));
}

/// RFC 8037, appendix A.
#[test]
fn a_signature_with_ed25519_is_the_published_one() {
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    let key = SigningKey::from_jwk(Algorithm::EdDSA, &jwk.to_string()).expect("a key");
    let message = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let wanted = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    let signature = key.sign(message.as_bytes()).expect("a signature");
    assert_eq!(crate::auth::base64::encode(&signature, crate::auth::base64::Alphabet::Url), wanted);
    let set = KeySet::new(vec![key.verifying_key().expect("a key")]);
    assert!(signed(&format!("{message}.{wanted}"), &set).is_ok());
}

/// RFC 7515, appendix A.1.
#[test]
fn a_signature_with_a_secret_is_the_published_one() {
    let jwk = json!({"kty": "oct",
        "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"});
    let key = VerifyingKey::from_jwk(Algorithm::HS256, &jwk.to_string()).expect("a key");
    let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9\
        .eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ\
        .dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let decoded = decode(token, &key, &at(1_300_819_379)).expect("valid");
    assert_eq!(decoded.claims["iss"], "joe");
    assert_eq!(decode(token, &key, &at(1_300_819_380)), Err(Error::Expired));
}

/// A point at infinity signs everything in a library that does not look: CVE-2022-21449.
#[test]
fn a_signature_of_zeros_is_none() {
    let jwk = json!({"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"});
    let key = VerifyingKey::from_jwk(Algorithm::ES256, &jwk.to_string()).expect("a key");
    let zeros = crate::auth::base64::encode(&[0; 64], crate::auth::base64::Alphabet::Url);
    let token = format!("eyJhbGciOiJFUzI1NiJ9.e30.{zeros}");
    assert_eq!(decode(&token, &key, &at(0)), Err(Error::Signature));
}
