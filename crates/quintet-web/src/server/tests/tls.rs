//! Certificates, keys and encrypted connections.

use super::super::{Tls, TlsError};

const CERTIFICATE: &[u8] = include_bytes!("../testdata/certificate.pem");
const KEY: &[u8] = include_bytes!("../testdata/key.pem");

#[cfg(not(feature = "tls"))]
#[test]
fn without_the_feature_the_error_says_how_to_turn_it_on() {
    let error = Tls::from_pem(CERTIFICATE, KEY).unwrap_err();
    assert_eq!(error, TlsError::NotCompiledIn);
    assert!(error.to_string().contains("features = [\"tls\"]"));
}

#[cfg(feature = "tls")]
mod with_the_feature {
    use std::sync::Arc;

    use tokio::net::TcpStream;
    use tokio_rustls::TlsConnector;
    use tokio_rustls::client::TlsStream;
    use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
    use tokio_rustls::rustls::pki_types::pem::PemObject;
    use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
    use tokio_rustls::rustls::{ClientConfig, RootCertStore};

    use super::super::super::Limits;
    use super::super::harness::{Client, SOON, Server, get, ms, until};
    use super::{CERTIFICATE, KEY, Tls, TlsError};

    const OTHER_KEY: &[u8] = include_bytes!("../testdata/other_key.pem");
    const ENCRYPTED_KEY: &[u8] = include_bytes!("../testdata/encrypted_key.pem");
    const ENCRYPTED_KEY_OLD: &[u8] = include_bytes!("../testdata/encrypted_key_old.pem");

    async fn server(limits: Limits) -> Server {
        Server::start_with(limits, Some(Tls::from_pem(CERTIFICATE, KEY).unwrap())).await
    }

    async fn connect(server: &Server, protocols: &[&[u8]]) -> TlsStream<TcpStream> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(CERTIFICATE).unwrap()).unwrap();
        let mut config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
        let stream = TcpStream::connect(server.address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
    }

    #[tokio::test]
    async fn an_encrypted_connection_serves_requests() {
        let server = server(Limits::default()).await;
        for protocols in [&[b"http/1.1".as_slice()][..], &[]] {
            let mut client = Client::new(connect(&server, protocols).await);
            assert_eq!(client.ask(&get("/peer")).await.body, "true true");
            assert_eq!(client.ask(&get("/")).await.body, "hello");
        }
    }

    #[tokio::test]
    async fn http2_is_spoken_when_both_ends_know_it() {
        use bytes::Bytes;
        use http_body_util::{BodyExt, Full};
        use hyper::client::conn::http2::handshake;
        use hyper_util::rt::{TokioExecutor, TokioIo};

        let server = server(Limits::default()).await;
        let stream = connect(&server, &[b"h2", b"http/1.1"]).await;
        let (mut sender, connection) = handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let request = http::Request::get("https://localhost/peer").body(Full::<Bytes>::default()).unwrap();
        let answer = sender.send_request(request).await.unwrap();
        assert_eq!(answer.version(), http::Version::HTTP_2);
        assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "true true");
    }

    #[tokio::test]
    async fn a_client_that_does_not_encrypt_is_sent_away_and_others_are_not() {
        let server = server(Limits::default()).await;
        let mut plain = server.connect().await;
        plain.say(get("/")).await;
        assert!(!plain.rest().await.contains("HTTP/1.1 200"));
        let mut client = Client::new(connect(&server, &[]).await);
        assert_eq!(client.ask(&get("/")).await.status, 200);
    }

    #[tokio::test]
    async fn a_handshake_that_does_not_end_is_given_up() {
        let server = server(Limits { header_timeout: ms(300), ..Limits::default() }).await;
        let (mut silent, mut slow) = (server.connect().await, server.connect().await);
        slow.say([22, 3, 1, 0, 100, 1]).await;
        assert_eq!(silent.rest().await, "");
        assert_eq!(slow.rest().await, "");
    }

    #[tokio::test]
    async fn a_head_that_does_not_end_is_given_up_after_the_handshake_too() {
        let server = server(Limits { header_timeout: ms(300), ..Limits::default() }).await;
        let mut client = Client::new(connect(&server, &[]).await);
        client.say("GET / HT").await;
        assert!(client.rest().await.starts_with("HTTP/1.1 408 "));
    }

    #[tokio::test]
    async fn shutdown_answers_what_runs_and_closes_what_is_silent() {
        let server = server(Limits::default()).await;
        let mut running = Client::new(connect(&server, &[]).await);
        let mut silent = Client::new(connect(&server, &[]).await);
        running.say(get("/slow/300")).await;
        until(&server.counts.begun, 1).await;
        let stopping = server.begin_to_stop();
        assert_eq!(tokio::time::timeout(ms(1000), silent.rest()).await.as_deref(), Ok(""));
        let answer = running.answer().await;
        assert_eq!((answer.status, answer.is_last()), (200, true));
        drop(running);
        assert_eq!(tokio::time::timeout(SOON, stopping).await.unwrap().unwrap().aborted, 0);
    }

    #[test]
    fn every_mistake_in_the_files_has_its_own_words() {
        let garbled = b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
        let no_base64 = b"-----BEGIN PRIVATE KEY-----\n!!!\n-----END PRIVATE KEY-----\n";
        type Expected = fn(&TlsError) -> bool;
        let mistakes: [(&[u8], &[u8], Expected); 10] = [
            (b"", KEY, |error| *error == TlsError::NoCertificate),
            (KEY, KEY, |error| *error == TlsError::NoCertificate),
            (b"no file in PEM format", KEY, |error| *error == TlsError::NoCertificate),
            (garbled, KEY, |error| matches!(error, TlsError::BadCertificate(_))),
            (CERTIFICATE, b"", |error| *error == TlsError::NoKey),
            (CERTIFICATE, CERTIFICATE, |error| *error == TlsError::NoKey),
            (CERTIFICATE, no_base64, |error| matches!(error, TlsError::BadKey(_))),
            (CERTIFICATE, ENCRYPTED_KEY, |error| *error == TlsError::EncryptedKey),
            (CERTIFICATE, ENCRYPTED_KEY_OLD, |error| *error == TlsError::EncryptedKey),
            (CERTIFICATE, OTHER_KEY, |error| *error == TlsError::KeyDoesNotFit),
        ];
        for (number, (certificate, key, expected)) in mistakes.into_iter().enumerate() {
            let error = Tls::from_pem(certificate, key).unwrap_err();
            assert!(expected(&error), "mistake {number}: {error:?}");
            assert!(error.to_string().contains("\nhint: "));
        }
    }
}
