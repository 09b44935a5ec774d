//! Keys that another server publishes: when they are fetched, and what is believed while they cannot be.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use serde_json::json;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

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
    let keys = CachedKeys::new(Algorithm::EdDSA, &source).expect("a source").expect("a source");
    Desk { seconds, fetched, clock, keys }
}

/// A token by a key of this name.
fn signed_by(id: &str) -> String {
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" });
    let key = SigningKey::from_jwk(Algorithm::EdDSA, &jwk.to_string()).expect("a key").with_id(id);
    encode(&claims(json!({})), &key).expect("a token")
}

/// A set with a key of this name.
fn published(id: &str) -> String {
    let key = json!({ "kty": "OKP", "crv": "Ed25519", "kid": id, "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" });
    json!({ "keys": [key] }).to_string()
}

impl Desk {
    /// Whether a token by a key is good.
    async fn takes(&self, id: &str) -> bool {
        let token = signed_by(id);
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

#[tokio::test]
async fn keys_and_tokens_without_a_name_are_for_nobody() {
    let key = |id: &str| {
        let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "kid": id });
        SigningKey::from_jwk(Algorithm::EdDSA, &jwk.to_string()).expect("a key")
    };
    let nameless = published("").replace(r#""kid":"","#, "");
    assert!(!nameless.contains("kid"), "{nameless}");
    for (published, id) in [(nameless, "1"), (published(""), ""), (published(""), "1")] {
        let source = JwkSource::new(move || std::future::ready(Ok(published.clone())));
        let keys = CachedKeys::new(Algorithm::EdDSA, &source).expect("a source").expect("a source");
        let token = encode(&claims(json!({})), &key(id)).expect("a token");
        let known = keys.for_token(&token, &desk().clock).await.expect("keys");
        assert!(decode_with_set(&token, &known, &at(0)).is_err(), "{id}");
    }
    let unnamed = SigningKey::from_jwk(
        Algorithm::EdDSA,
        r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
    );
    let token = encode(&claims(json!({})), &unnamed.expect("a key")).expect("a token");
    let refused = desk().keys.for_token(&token, &desk().clock).await.map(|_| ());
    assert_eq!(refused, Err(Error::Key("it does not say by which key it is signed".to_owned())));
}

/// Who has keys goes on while somebody else waits for the other server, and who has none waits as well.
#[tokio::test]
async fn a_slow_fetch_holds_up_nobody_whose_key_is_known() {
    let (seconds, gate) = (Arc::new(AtomicU64::new(0)), Arc::new(Semaphore::new(0)));
    let hand = seconds.clone();
    let (source, _) = gated(&gate);
    let clock = Clock::new(|| UNIX_EPOCH, move || Duration::from_secs(hand.load(Ordering::SeqCst)));
    let keys = CachedKeys::new(Algorithm::EdDSA, &source).expect("a source").expect("a source");
    let token = signed_by("1");
    let begin = async {
        tokio::task::yield_now().await;
        gate.add_permits(1);
    };
    let (first, second, ()) = tokio::join!(keys.for_token(&token, &clock), keys.for_token(&token, &clock), begin);
    first.and(second).expect("both have the keys of the first fetch");
    seconds.store(300, Ordering::SeqCst);
    let mut slow = std::pin::pin!(keys.for_token(&token, &clock));
    tokio::select! {
        biased;
        _ = &mut slow => panic!("the fetch waits for the gate"),
        known = keys.for_token(&token, &clock) => drop(known.expect("keys")),
    }
    gate.add_permits(1);
    slow.await.expect("keys");
}

/// Keys that are given when the gate lets one through, and how often they were asked for.
fn gated(gate: &Arc<Semaphore>) -> (JwkSource, Arc<AtomicUsize>) {
    let fetched = Arc::new(AtomicUsize::new(0));
    let (waiting, counted) = (gate.clone(), fetched.clone());
    let source = JwkSource::new(move || {
        counted.fetch_add(1, Ordering::SeqCst);
        let waiting = waiting.clone();
        async move {
            waiting.acquire().await.expect("open").forget();
            Ok(published("1"))
        }
    });
    (source, fetched)
}

#[tokio::test]
async fn a_fetch_goes_on_where_the_client_hangs_up_for_whom_it_began() {
    let gate = Arc::new(Semaphore::new(0));
    let (source, fetched) = gated(&gate);
    let clock = Clock::new(|| UNIX_EPOCH, || Duration::ZERO);
    let keys = CachedKeys::new(Algorithm::EdDSA, &source).expect("a source").expect("a source");
    let token = signed_by("1");
    tokio::select! {
        biased;
        _ = keys.for_token(&token, &clock) => panic!("the fetch waits for the gate"),
        () = tokio::task::yield_now() => {}
    }
    gate.add_permits(1);
    let found = keys.for_token(&token, &clock).await.expect("the keys of that fetch");
    assert!(decode_with_set(&token, &found, &at(0)).is_ok());
    assert_eq!(fetched.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn those_who_waited_in_vain_do_not_ask_again_one_behind_the_other() {
    let (seconds, fetched) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicUsize::new(0)));
    let (hand, passing, counted) = (seconds.clone(), seconds, fetched.clone());
    let source = JwkSource::new(move || {
        let (passing, counted) = (passing.clone(), counted.clone());
        async move {
            counted.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            passing.fetch_add(10, Ordering::SeqCst);
            Err(HttpError::internal("nobody answers for ten seconds"))
        }
    });
    let clock = Clock::new(|| UNIX_EPOCH, move || Duration::from_secs(hand.load(Ordering::SeqCst)));
    let keys = CachedKeys::new(Algorithm::EdDSA, &source).expect("a source").expect("a source");
    let token = signed_by("1");
    let ask = || keys.for_token(&token, &clock);
    let (first, second, third) = tokio::join!(ask(), ask(), ask());
    assert!(first.is_err() && second.is_err() && third.is_err());
    assert_eq!(fetched.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_function_that_panics_is_not_called_for_each_token() {
    let called = Arc::new(AtomicUsize::new(0));
    let counted = called.clone();
    let source = JwkSource::new(move || {
        counted.fetch_add(1, Ordering::SeqCst);
        async { panic!("a mistake of the project's") }
    });
    let clock = Clock::new(|| UNIX_EPOCH, || Duration::ZERO);
    let keys = CachedKeys::new(Algorithm::EdDSA, &source).expect("a source").expect("a source");
    for _ in 0..3 {
        assert!(keys.for_token(&signed_by("1"), &clock).await.is_err());
    }
    assert_eq!(called.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn whoever_gives_no_keys_is_not_waited_for_without_end() {
    let (source, _) = gated(&Arc::new(Semaphore::new(0)));
    let keys = CachedKeys::new(Algorithm::EdDSA, &source).expect("a source").expect("a source");
    let keys = keys.patient(Duration::from_millis(5));
    let clock = Clock::new(|| UNIX_EPOCH, || Duration::ZERO);
    assert!(keys.for_token(&signed_by("1"), &clock).await.is_err());
}

/// A server that answers each request so, and what it was asked.
async fn publisher(answer: String) -> (u16, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let heard = tokio::spawn(async move {
        let (socket, _) = listener.accept().await.expect("a client");
        answered(socket, &answer).await
    });
    (port, heard)
}

async fn answered(mut socket: impl AsyncRead + AsyncWrite + Unpin, answer: &str) -> String {
    let mut asked = vec![];
    while !asked.ends_with(b"\r\n\r\n") {
        match socket.read_u8().await {
            Ok(byte) => asked.push(byte),
            Err(_) => break,
        }
    }
    // Who has heard enough hangs up.
    drop(socket.write_all(answer.as_bytes()).await);
    drop(socket.shutdown().await);
    String::from_utf8(asked).expect("text")
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

async fn taken_from(source: &JwkSource) -> bool {
    let keys = CachedKeys::new(Algorithm::EdDSA, source).expect("an address").expect("a source");
    let clock = Clock::new(|| UNIX_EPOCH, || Duration::ZERO);
    let token = signed_by("1");
    let Ok(keys) = keys.for_token(&token, &clock).await else { return false };
    decode_with_set(&token, &keys, &at(0)).is_ok()
}

#[tokio::test]
async fn keys_are_asked_for_by_their_address() {
    let (port, heard) = publisher(ok(&published("1"))).await;
    assert!(taken_from(&JwkSource::url(format!("http://localhost:{port}/keys.json?of=tokens"))).await);
    let heard = heard.await.expect("a server").to_ascii_lowercase();
    assert!(heard.starts_with("get /keys.json?of=tokens http/1.1\r\n"), "{heard}");
    assert!(heard.contains(&format!("\r\nhost: localhost:{port}\r\n")), "{heard}");
    // Without a length, until the server hangs up.
    let (port, _heard) = publisher(format!("HTTP/1.1 200 OK\r\n\r\n{}", published("1"))).await;
    assert!(taken_from(&JwkSource::url(format!("http://127.0.0.1:{port}"))).await);
}

#[tokio::test]
async fn what_is_no_answer_with_keys_gives_none() {
    let elsewhere = publisher(ok(&published("1"))).await.0;
    let long = published("1") + &" ".repeat(1024 * 1024);
    for answer in [
        format!("HTTP/1.1 302 Found\r\nLocation: http://localhost:{elsewhere}/\r\nContent-Length: 0\r\n\r\n"),
        format!("HTTP/1.1 404 Not Found\r\n\r\n{}", published("1")),
        ok("{}"),
        ok(&long),
        "nonsense\r\n\r\n".to_owned(),
        String::new(),
    ] {
        let (port, _heard) = publisher(answer.clone()).await;
        let source = JwkSource::url(format!("http://localhost:{port}/"));
        assert!(!taken_from(&source).await, "{}", &answer[..answer.len().min(60)]);
    }
}

#[test]
fn what_is_no_address_is_told_at_start() {
    for (address, why) in [
        ("keys.json", "begins with neither"),
        ("ftp://example.com/keys", "begins with neither"),
        ("http://user:secret@example.com/", "are not sent"),
        ("http://exa mple.com/", "invalid"),
    ] {
        let told = CachedKeys::new(Algorithm::EdDSA, &JwkSource::url(address)).expect_err(address);
        assert!(told.contains(why), "{told}");
    }
    let https = CachedKeys::new(Algorithm::EdDSA, &JwkSource::url("https://example.com"));
    assert_eq!(https.is_ok(), cfg!(feature = "tls"), "{https:?}");
}

/// RFC 7517, 4.5.
#[test]
fn an_identifier_is_that_of_one_key_for_an_algorithm() {
    let key = |algorithm: &str| {
        json!({ "kty": "OKP", "crv": "Ed25519", "kid": "1", "alg": algorithm,
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" })
    };
    let rsa = json!({ "kty": "RSA", "kid": "1", "n": "", "e": "AQAB" });
    let read = |keys: &[Value]| KeySet::from_json(Algorithm::EdDSA, &json!({ "keys": keys }).to_string());
    let several = read(&[key("Ed25519"), key("EdDSA"), rsa]).expect("keys");
    assert!(decode_with_set(&signed_by("1"), &several, &at(0)).is_ok());
    assert!(read(&[key("EdDSA"), key("EdDSA")]).is_err());
}

#[tokio::test]
async fn keys_are_read_from_a_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/jwt/testdata");
    assert!(taken_from(&JwkSource::file(folder.join("jwks.json"))).await);
    assert!(!taken_from(&JwkSource::file(folder.join("none.json"))).await);
}

#[cfg(feature = "tls")]
#[tokio::test]
async fn by_https_the_certificate_is_checked() {
    use tokio_rustls::TlsAcceptor;
    use tokio_rustls::rustls::ServerConfig;
    use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
    use tokio_rustls::rustls::pki_types::pem::PemObject;
    use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/server/testdata");
    let certificate = CertificateDer::from_pem_file(folder.join("certificate.pem")).expect("a certificate");
    let key = || PrivateKeyDer::from_pem_file(folder.join("key.pem")).expect("a key");
    for is_known in [true, false] {
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], key())
            .expect("a certificate");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let server = tokio::spawn(async move {
            let (socket, _) = listener.accept().await.expect("a client");
            if let Ok(socket) = TlsAcceptor::from(Arc::new(config)).accept(socket).await {
                answered(socket, &ok(&published("1"))).await;
            }
        });
        let source = JwkSource::url(format!("https://localhost:{port}/"));
        // By the system's authorities alone nobody knows this one.
        let source = if is_known { source.ca_file(folder.join("certificate.pem")) } else { source };
        assert_eq!(taken_from(&source).await, is_known);
        server.await.expect("a server");
    }
}
