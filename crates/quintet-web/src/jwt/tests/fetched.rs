//! Keys that another server publishes: when they are fetched, and what is believed while they cannot be.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use serde_json::json;

use super::*;
use crate::clock::Clock;
use crate::http::Error as HttpError;
use crate::jwt::jwk_source::CachedKeys;

struct Desk {
    seconds: Arc<AtomicU64>,
    fetched: Arc<AtomicUsize>,
    clock: Clock,
    keys: CachedKeys,
}

/// A source that has the keys `1` to as many as there were fetches, and nothing at every third.
fn desk() -> Desk {
    let (seconds, fetched) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicUsize::new(0)));
    let (hand, counted) = (seconds.clone(), fetched.clone());
    let source = JwkSource::new(move || {
        let number = counted.fetch_add(1, Ordering::SeqCst) + 1;
        async move {
            if number.is_multiple_of(3) {
                return Err(HttpError::internal("nobody answers"));
            }
            let key = |id: usize| {
                json!({ "kty": "OKP", "crv": "Ed25519", "kid": id.to_string(),
                "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" })
            };
            Ok(json!({ "keys": (1..=number).map(key).collect::<Vec<_>>() }).to_string())
        }
    });
    let clock = Clock::new(|| UNIX_EPOCH, move || Duration::from_secs(hand.load(Ordering::SeqCst)));
    let keys = CachedKeys::new(Algorithm::EdDSA, &source).expect("a source");
    Desk { seconds, fetched, clock, keys }
}

impl Desk {
    /// Whether a token by a key is good.
    async fn takes(&self, id: &str) -> bool {
        let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" });
        let key = SigningKey::from_jwk(Algorithm::EdDSA, &jwk.to_string()).expect("a key").with_id(id);
        let token = encode(&claims(json!({})), &key).expect("a token");
        let keys = self.keys.for_token(&token, &self.clock).await.expect("keys");
        decode_with_set(&token, &keys, &at(0)).is_ok()
    }

    fn count(&self) -> usize {
        self.fetched.load(Ordering::SeqCst)
    }

    fn wait(&self, seconds: u64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn keys_are_fetched_once_and_again_when_they_are_old() {
    let desk = desk();
    assert!(desk.takes("1").await && desk.takes("1").await);
    desk.wait(299);
    assert!(desk.takes("1").await);
    assert_eq!(desk.count(), 1);
    desk.wait(1);
    assert!(desk.takes("1").await);
    assert_eq!(desk.count(), 2);
}

#[tokio::test]
async fn a_key_that_is_not_known_is_looked_for_but_not_without_end() {
    let desk = desk();
    assert!(!desk.takes("2").await);
    for _ in 0..5 {
        assert!(!desk.takes("2").await);
    }
    assert_eq!(desk.count(), 1, "invented names cause no more");
    desk.wait(10);
    assert!(desk.takes("2").await);
    assert_eq!(desk.count(), 2);
}

#[tokio::test]
async fn what_was_known_stays_where_nobody_answers() {
    let desk = desk();
    assert!(desk.takes("1").await);
    for _ in 0..2 {
        desk.wait(300);
        assert!(desk.takes("1").await);
    }
    assert_eq!(desk.count(), 3, "the third was not answered");
}
