//! Tokens that come again: the signature is looked at once, the rest each time.

use serde_json::json;

use super::*;
use crate::clock::Clock;

#[tokio::test]
async fn the_signature_of_a_token_that_comes_again_is_not_computed_again() {
    let secret = std::str::from_utf8(SECRET).expect("text").into();
    let keys = Keys::new(&SimpleJwt::default(), &secret, &[]).expect("keys");
    let clock = Clock::new(|| UNIX_EPOCH, Duration::default);
    let known = |keys: &Keys| format!("{keys:?}").matches("Known(1)").count();
    let good = token(json!({ "exp": 100, "jti": "a" }));
    // What comes seldom takes no place, and neither does what nobody signed, or what is no longer good.
    keys.decode(&good, &at(99), &clock).await.expect("good");
    let forged = format!("{}AAAA", &good[..good.len() - 4]);
    assert_eq!(keys.decode_again(&forged, &at(99), &clock).await, Err(Error::Signature));
    assert_eq!(known(&keys), 0, "{keys:?}");
    let first = keys.decode_again(&good, &at(99), &clock).await.expect("good");
    let second = keys.decode_again(&good, &at(99), &clock).await.expect("good");
    assert_eq!(known(&keys), 1, "{keys:?}");
    assert!(std::sync::Arc::ptr_eq(&first, &second), "the same claims");
    assert_eq!(*first, claims(json!({ "exp": 100, "jti": "a" })));
    assert_eq!(keys.decode_again(&forged, &at(99), &clock).await, Err(Error::Signature));
    assert_eq!(keys.decode_again(&good, &at(100), &clock).await, Err(Error::Expired));
    let other = at(99).audience(["them"]);
    assert_eq!(keys.decode_again(&good, &other, &clock).await, Err(Error::Missing("aud".to_owned())));
}
