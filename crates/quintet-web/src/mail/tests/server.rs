//! A server of e-mail that does as it is told, and what the client makes of it.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::mail::{EmailMessage, EmailSettings, MailErrorKind, Mailer};

/// How a server differs from a good one.
#[derive(Clone, Copy, Default)]
struct Manner {
    /// What it offers besides `SIZE`.
    offers: &'static [&'static str],
    /// The commands that it answers otherwise, by their beginnings.
    otherwise: &'static [(&'static str, &'static str)],
    /// It takes the connection and says nothing.
    is_silent: bool,
    /// It encrypts from the beginning.
    is_encrypted: bool,
    /// It talks to nobody who does not show the certificate of these tests.
    asks_who: bool,
}

/// `user` and the digest of `<1.2@host>` by `secret`, as the reference's language sends it.
const CRAM: &str = "dXNlciA0NjEwNDBlYjhlMGFmNTI0NWQ0ZjczN2ZlOTcyZDJlNw==";

const ONCE: Duration = Duration::from_secs(5);

/// A server for one connection: its port, and what it heard.
async fn server(manner: Manner) -> (u16, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let heard = tokio::spawn(async move {
        let (socket, _) = listener.accept().await.expect("a client");
        let mut heard = vec![];
        if manner.is_silent {
            tokio::time::sleep(ONCE).await;
        } else if manner.is_encrypted {
            if let Some(socket) = encrypted(socket, manner).await {
                converse(socket, manner, &mut heard, true).await;
            }
        } else if let Some(socket) = converse(socket, manner, &mut heard, true).await
            && let Some(socket) = encrypted(socket, manner).await
        {
            heard.push("(encrypted)".to_owned());
            converse(socket, manner, &mut heard, false).await;
        }
        heard
    });
    (port, heard)
}

/// Talks until the client hangs up, or wants to be encrypted.
async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    socket: S,
    manner: Manner,
    heard: &mut Vec<String>,
    greets: bool,
) -> Option<S> {
    let mut socket = BufReader::new(socket);
    if greets {
        socket.write_all(b"220 hello\r\n").await.ok()?;
    }
    let mut in_data = false;
    loop {
        let mut line = String::new();
        if socket.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let line = line.trim_end_matches("\r\n").to_owned();
        heard.push(line.clone());
        if in_data && line != "." {
            continue;
        }
        let ends_data = std::mem::take(&mut in_data);
        let otherwise = manner.otherwise.iter().find(|(start, _)| line.starts_with(start)).map(|(_, reply)| *reply);
        let good = match line.split(' ').next().unwrap_or_default() {
            _ if ends_data => "250 taken".to_owned(),
            "EHLO" => {
                let offers = manner.offers.iter().map(|offer| format!("250-{offer}\r\n"));
                format!("250-test\r\n{}250 SIZE 1000000", offers.collect::<String>())
            }
            "DATA" => "354 go on".to_owned(),
            "STARTTLS" => "220 begin".to_owned(),
            "AUTH" if line == "AUTH LOGIN dXNlcg==" => "334 UGFzc3dvcmQ6".to_owned(),
            "AUTH" if line == "AUTH CRAM-MD5" => "334 PDEuMkBob3N0Pg==".to_owned(),
            "AUTH" | "c2VjcmV0" | CRAM => "235 welcome".to_owned(),
            "QUIT" => "221 bye".to_owned(),
            _ => "250 fine".to_owned(),
        };
        in_data = line == "DATA" && otherwise.is_none();
        socket.write_all(format!("{}\r\n", otherwise.unwrap_or(&good)).as_bytes()).await.ok()?;
        if line == "STARTTLS" && otherwise.is_none() {
            return Some(socket.into_inner());
        }
    }
}

#[cfg(feature = "tls")]
async fn encrypted<S: AsyncRead + AsyncWrite + Unpin>(
    socket: S,
    manner: Manner,
) -> Option<tokio_rustls::server::TlsStream<S>> {
    use tokio_rustls::TlsAcceptor;
    use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
    use tokio_rustls::rustls::pki_types::pem::PemObject;
    use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use tokio_rustls::rustls::server::WebPkiClientVerifier;
    use tokio_rustls::rustls::{RootCertStore, ServerConfig};

    let certificate = CertificateDer::from_pem_slice(include_bytes!("../../server/testdata/certificate.pem")).ok()?;
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("../../server/testdata/key.pem")).ok()?;
    let config =
        ServerConfig::builder_with_provider(Arc::new(default_provider())).with_safe_default_protocol_versions().ok()?;
    let config = if manner.asks_who {
        let mut roots = RootCertStore::empty();
        roots.add(certificate.clone()).ok()?;
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::new(default_provider()));
        config.with_client_cert_verifier(verifier.build().ok()?)
    } else {
        config.with_no_client_auth()
    };
    let config = config.with_single_cert(vec![certificate], key).ok()?;
    TlsAcceptor::from(Arc::new(config)).accept(socket).await.ok()
}

#[cfg(not(feature = "tls"))]
async fn encrypted<S: AsyncRead + AsyncWrite + Unpin>(_: S, _: Manner) -> Option<S> {
    std::future::ready(None).await
}

fn settings(port: u16) -> EmailSettings {
    EmailSettings {
        host: "localhost".to_owned(),
        port,
        timeout: ONCE,
        local_hostname: "client".to_owned(),
        ..EmailSettings::default()
    }
}

fn mailer(settings: EmailSettings) -> Mailer {
    let clock = crate::Clock::new(|| std::time::UNIX_EPOCH, || Duration::ZERO);
    Mailer::new(settings, clock, Arc::new(|_| Err(std::io::Error::other("nothing is printed"))))
}

fn message() -> EmailMessage {
    EmailMessage::new("Hello", ".\nText.\n.x", ["Ann <ann@example.com>"]).bcc(["bob@example.com"])
}

#[tokio::test]
async fn a_message_is_handed_over_and_its_dots_are_kept() {
    let (port, heard) = server(Manner::default()).await;
    let mailer = mailer(settings(port));
    assert_eq!(mailer.send(&message()).await, Ok(1));
    let heard = heard.await.expect("a server");
    let size: Vec<&str> = heard[1].split(" SIZE=").collect();
    assert_eq!((heard[0].as_str(), size[0]), ("EHLO client", "MAIL FROM:<webmaster@localhost>"));
    assert_eq!(heard[2..5], ["RCPT TO:<ann@example.com>", "RCPT TO:<bob@example.com>", "DATA"]);
    assert!(heard.contains(&"To: Ann <ann@example.com>".to_owned()) && !heard.concat().contains("Bcc"), "{heard:?}");
    assert_eq!(heard[heard.len() - 6..], ["", "..", "Text.", "..x", ".", "QUIT"]);
}

#[tokio::test]
async fn several_messages_need_one_connection() {
    let (port, heard) = server(Manner::default()).await;
    let mails: [(&str, &str, Option<&str>, &[&str]); 3] = [
        ("One", "1", None, &["a@example.com"]),
        ("Nobody", "2", None, &[]),
        ("Two", "3", Some("Me <me@example.com>"), &["b@example.com", "c@example.com"]),
    ];
    assert_eq!(mailer(settings(port)).send_mass_mail(&mails).await, Ok(2));
    let heard = heard.await.expect("a server");
    let began = heard.iter().filter(|line| line.starts_with("MAIL FROM:")).count();
    assert_eq!((began, heard.iter().filter(|line| line.starts_with("EHLO")).count()), (2, 1));
}

#[tokio::test]
async fn who_has_a_name_and_a_password_logs_in_as_the_server_offers_in_the_references_order() {
    const PLAIN: &str = "AUTH PLAIN AHVzZXIAc2VjcmV0";
    let refused: Otherwise = &[(CRAM, "535 no"), ("AUTH PLAIN", "535 no")];
    let cases: [(&'static [&'static str], Otherwise, &[&str]); 5] = [
        (&["AUTH LOGIN PLAIN"], &[], &[PLAIN]),
        (&["AUTH=LOGIN"], &[], &["AUTH LOGIN dXNlcg==", "c2VjcmV0"]),
        (&["AUTH PLAIN XOAUTH2 CRAM-MD5"], &[], &["AUTH CRAM-MD5", CRAM]),
        // What is refused one way is tried another.
        (&["AUTH CRAM-MD5 LOGIN PLAIN"], refused, &["AUTH CRAM-MD5", CRAM, PLAIN, "AUTH LOGIN dXNlcg==", "c2VjcmV0"]),
        (&["AUTH CRAM-MD5 PLAIN"], &[("AUTH CRAM-MD5", "504 not today")], &["AUTH CRAM-MD5", PLAIN]),
    ];
    for (offers, otherwise, wanted) in cases {
        let (port, heard) = server(Manner { offers, otherwise, ..Manner::default() }).await;
        let settings = EmailSettings { host_user: "user".into(), host_password: "secret".into(), ..settings(port) };
        assert_eq!(mailer(settings).send(&message()).await, Ok(1));
        assert_eq!(heard.await.expect("a server")[1..=wanted.len()], *wanted);
    }
}

/// What a server says otherwise than it usually does: to which word, and what.
type Otherwise = &'static [(&'static str, &'static str)];

#[tokio::test]
async fn what_a_server_refuses_is_told_in_its_words() {
    let cases: [(Otherwise, MailErrorKind, &str); 7] = [
        (&[("MAIL", "550 not you")], MailErrorKind::Refused, "refuses the sender: 550 not you"),
        (&[("RCPT", "550-no\r\n550 such")], MailErrorKind::Refused, "refuses every recipient: 550 no such"),
        (&[("DATA", "451 later")], MailErrorKind::Refused, "refuses the message: 451 later"),
        (&[(".", "554 spam\u{1b}[2J")], MailErrorKind::Refused, "refuses the message: 554 spam"),
        (&[("EHLO", "502 what"), ("HELO", "502 what")], MailErrorKind::Refused, "does not take the greeting: 502 what"),
        (&[("AUTH", "535 wrong")], MailErrorKind::Authentication, "does not take the name and the password: 535 wrong"),
        (&[("MAIL", "no number")], MailErrorKind::Connection, "what it says is no SMTP"),
    ];
    for (otherwise, kind, words) in cases {
        let (port, _heard) = server(Manner { offers: &["AUTH PLAIN"], otherwise, ..Manner::default() }).await;
        let settings = EmailSettings { host_user: "user".into(), host_password: "secret".into(), ..settings(port) };
        let error = mailer(settings).send(&message()).await.expect_err("refused");
        assert_eq!(error.kind(), kind, "{error}");
        let told = error.to_string();
        assert!(told.contains(words) && !told.contains('\u{1b}') && !told.contains("secret"), "{told}");
    }
}

#[tokio::test]
async fn one_recipient_that_is_refused_keeps_the_message_from_nobody_else() {
    let otherwise = &[("RCPT TO:<ann@example.com>", "550 unknown")];
    let (port, heard) = server(Manner { otherwise, ..Manner::default() }).await;
    assert_eq!(mailer(settings(port)).send(&message()).await, Ok(1));
    assert!(heard.await.expect("a server").contains(&".".to_owned()));
}

#[tokio::test]
async fn a_silent_server_is_waited_for_as_long_as_the_settings_say() {
    let (port, heard) = server(Manner { is_silent: true, ..Manner::default() }).await;
    let settings = EmailSettings { timeout: Duration::from_millis(50), ..settings(port) };
    let error = mailer(settings).send(&message()).await.expect_err("silence");
    assert_eq!(error.kind(), MailErrorKind::Timeout, "{error}");
    assert!(error.message().ends_with("says nothing for 0.05 s"), "{error}");
    heard.abort();
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_with_its_address() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let error = mailer(settings(port)).send(&message()).await.expect_err("nobody");
    assert_eq!(error.kind(), MailErrorKind::Connection);
    assert!(error.message().contains(&format!("`localhost:{port}` cannot be reached")), "{error}");
}

#[tokio::test]
async fn a_connection_that_shall_be_encrypted_is_never_used_without() {
    let both = EmailSettings { use_tls: true, use_ssl: true, ..settings(1) };
    assert_eq!(mailer(both).send(&message()).await.expect_err("both").kind(), MailErrorKind::Settings);
    let (port, heard) = server(Manner { offers: &["AUTH PLAIN"], ..Manner::default() }).await;
    let settings =
        EmailSettings { use_tls: true, host_user: "user".into(), host_password: "secret".into(), ..settings(port) };
    let error = mailer(settings).send(&message()).await.expect_err("no STARTTLS");
    assert_eq!(error.kind(), MailErrorKind::Tls, "{error}");
    assert_eq!(heard.await.expect("a server"), ["EHLO client"]);
}

#[tokio::test]
async fn what_a_server_says_ahead_of_the_encryption_is_believed_by_nobody() {
    let otherwise = &[("STARTTLS", "220 begin\r\n250 AUTH PLAIN")];
    let (port, _heard) = server(Manner { offers: &["STARTTLS"], otherwise, ..Manner::default() }).await;
    let settings = EmailSettings { use_tls: true, ..settings(port) };
    let error = mailer(settings).send(&message()).await.expect_err("too much");
    assert_eq!(error.kind(), MailErrorKind::Tls, "{error}");
}

#[cfg(not(feature = "tls"))]
#[tokio::test]
async fn without_the_feature_the_error_says_how_to_turn_it_on() {
    let (port, _heard) = server(Manner { offers: &["STARTTLS"], ..Manner::default() }).await;
    for settings in
        [EmailSettings { use_tls: true, ..settings(port) }, EmailSettings { use_ssl: true, ..settings(port) }]
    {
        let (port, _heard) = server(Manner { offers: &["STARTTLS"], ..Manner::default() }).await;
        let error = mailer(EmailSettings { port, ..settings }).send(&message()).await.expect_err("no TLS");
        assert!(error.to_string().contains("features = [\"tls\"]"), "{error}");
    }
}

#[cfg(feature = "tls")]
#[tokio::test]
async fn a_connection_is_encrypted_from_its_beginning_or_later_and_the_certificate_is_checked() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/server/testdata");
    let ca_file = Some(folder.join("certificate.pem"));
    for is_encrypted in [false, true] {
        let manner = || Manner { offers: &["STARTTLS", "AUTH PLAIN"], is_encrypted, ..Manner::default() };
        let login = |port| EmailSettings {
            use_tls: !is_encrypted,
            use_ssl: is_encrypted,
            host_user: "user".into(),
            host_password: "secret".into(),
            ..settings(port)
        };
        let (port, heard) = server(manner()).await;
        assert_eq!(mailer(EmailSettings { ca_file: ca_file.clone(), ..login(port) }).send(&message()).await, Ok(1));
        let heard = heard.await.expect("a server");
        if is_encrypted {
            assert!(heard[1].starts_with("AUTH PLAIN"), "{heard:?}");
        } else {
            assert_eq!(heard[..4], ["EHLO client", "STARTTLS", "(encrypted)", "EHLO client"]);
        }
        // By the system's authorities alone nobody knows this one.
        let (port, heard) = server(manner()).await;
        let error = mailer(login(port)).send(&message()).await.expect_err("unknown");
        assert_eq!(error.kind(), MailErrorKind::Tls, "{error}");
        assert!(!heard.await.expect("a server").concat().contains("AUTH"));
    }
}

#[cfg(feature = "tls")]
#[tokio::test]
async fn a_client_says_who_it_is_by_a_certificate() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/server/testdata");
    let file = |name: &str| Some(folder.join(name));
    let asking = || Manner { is_encrypted: true, asks_who: true, ..Manner::default() };
    let known = |port| EmailSettings { use_ssl: true, ca_file: file("certificate.pem"), ..settings(port) };
    let (port, _heard) = server(asking()).await;
    let shown = EmailSettings { ssl_certfile: file("certificate.pem"), ssl_keyfile: file("key.pem"), ..known(port) };
    assert_eq!(mailer(shown.clone()).send(&message()).await, Ok(1));
    let (port, heard) = server(asking()).await;
    assert!(mailer(known(port)).send(&message()).await.is_err(), "nobody is known without one");
    assert_eq!(heard.await.expect("a server"), [""; 0]);
    let cases = [
        (EmailSettings { ssl_certfile: None, ..shown.clone() }, "`email.ssl_certfile` is not set"),
        (EmailSettings { ssl_keyfile: file("other_key.pem"), ..shown.clone() }, "cannot be encrypted"),
        (EmailSettings { ssl_keyfile: file("nothing.pem"), ..shown.clone() }, "nothing.pem` cannot be read"),
        (EmailSettings { ssl_keyfile: None, ..shown }, "certificate.pem`"),
    ];
    for (settings, words) in cases {
        let (port, _heard) = server(asking()).await;
        let error = mailer(EmailSettings { port, ..settings }).send(&message()).await.expect_err(words);
        assert!(error.kind() == MailErrorKind::Tls && error.message().contains(words), "{error}");
    }
}
