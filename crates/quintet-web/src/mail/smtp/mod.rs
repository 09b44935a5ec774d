//! A small client of SMTP: one connection, as many messages as there are, and clear words where the server refuses.
//!
//! A password goes only where the settings send it; a connection that shall be encrypted is never used without.

mod cram;
mod line;
mod reply;
mod tls;

use std::time::Duration;

use tokio::net::TcpStream;

use self::line::{Line, Wire};
use self::reply::Reply;
use super::address;
use super::error::{MailError, MailErrorKind};
use super::message::{EmailMessage, Stamp};
use super::settings::EmailSettings;
use crate::auth::base64::{Alphabet, decode, encode};

/// A session with a server.
struct Session {
    line: Line,
    /// What the server says that it can, in capitals.
    offers: Vec<String>,
}

/// Sends messages, each of which has recipients; gives how many were taken.
pub(super) async fn send(
    settings: &EmailSettings,
    host: &str,
    messages: &[&EmailMessage],
    stamp: &(dyn Fn() -> Result<Stamp, MailError> + Sync),
) -> Result<usize, MailError> {
    if settings.use_tls && settings.use_ssl {
        let message = "`email.use_tls` and `email.use_ssl` exclude each other";
        let error = MailError::new(MailErrorKind::Settings, message);
        return Err(error.with_hint("leave `use_tls` for port 587, or `use_ssl` for port 465"));
    }
    // What cannot be written is told before anybody is called.
    let mut letters = vec![];
    for message in messages {
        letters.push(Letter::of(message, &stamp()?)?);
    }
    let mut session = Session::open(settings, host).await?;
    for letter in &letters {
        session.send(letter).await?;
    }
    session.quit().await;
    Ok(letters.len())
}

/// A message in its envelope.
struct Letter {
    from: String,
    to: Vec<String>,
    /// By lines of `\r\n`, with dots doubled where SMTP asks for it, and the end behind.
    content: Vec<u8>,
    is_ascii: bool,
}

impl Letter {
    fn of(message: &EmailMessage, stamp: &Stamp) -> Result<Self, MailError> {
        let from = message.from_email.as_deref().filter(|from| !from.is_empty()).unwrap_or(&stamp.from_email);
        let to = message.recipients().into_iter().map(address::bare).collect::<Result<_, _>>()?;
        let bytes = message.to_bytes(stamp)?;
        Ok(Self { from: address::bare(from)?, to, is_ascii: bytes.is_ascii(), content: transparent(&bytes) })
    }
}

fn transparent(bytes: &[u8]) -> Vec<u8> {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 32 + 5);
    for line in bytes.split(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(line);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
    out
}

impl Session {
    /// A session that is greeted, encrypted and logged in as the settings say.
    async fn open(settings: &EmailSettings, host: &str) -> Result<Self, MailError> {
        let name = format!("{}:{}", settings.host, settings.port);
        let patience = Some(settings.timeout).filter(|patience| !patience.is_zero());
        let connecting = TcpStream::connect((settings.host.as_str(), settings.port));
        let socket = within(patience, &name, connecting).await?.map_err(|error| {
            let message = format!("the server of e-mail at `{name}` cannot be reached: {error}");
            MailError::new(MailErrorKind::Connection, message).with_hint("look at `email.host` and `email.port`")
        })?;
        let mut wire: Box<dyn Wire> = Box::new(socket);
        if settings.use_ssl {
            wire = within(patience, &name, tls::encrypted(settings, wire)).await??;
        }
        let mut session = Self { line: Line::new(wire, patience, name), offers: vec![] };
        session.line.reply().await?.expect(&[220], "does not greet")?;
        session.greet(host).await?;
        if settings.use_tls {
            session = session.encrypt(settings, host).await?;
        }
        if !settings.host_user.is_empty() && !settings.host_password.is_empty() {
            session.log_in(&settings.host_user, settings.host_password.expose()).await?;
        }
        Ok(session)
    }

    async fn greet(&mut self, host: &str) -> Result<(), MailError> {
        let reply = self.line.ask(&format!("EHLO {host}")).await?;
        if reply.code == 250 {
            self.offers = reply.lines.iter().skip(1).map(|line| line.to_ascii_uppercase()).collect();
            return Ok(());
        }
        self.offers.clear();
        self.line.ask(&format!("HELO {host}")).await?.expect(&[250], "does not take the greeting").map(drop)
    }

    fn offers(&self, word: &str) -> Option<&str> {
        let of = |line: &&String| line.split([' ', '=']).next() == Some(word);
        self.offers.iter().find(of).map(|line| line[word.len()..].trim_start_matches([' ', '=']))
    }

    async fn encrypt(mut self, settings: &EmailSettings, host: &str) -> Result<Self, MailError> {
        if self.offers("STARTTLS").is_none() {
            let message = format!("the server of e-mail at `{}` offers no STARTTLS", self.line.name());
            return Err(MailError::new(MailErrorKind::Tls, message)
                .with_hint("set `email.use_ssl` instead, mostly with port 465, or ask who runs the server"));
        }
        self.line.ask("STARTTLS").await?.expect(&[220], "does not begin to encrypt")?;
        let (patience, name) = (self.line.patience(), self.line.name().to_owned());
        let wire = within(patience, &name, tls::encrypted(settings, self.line.into_wire()?)).await??;
        let mut session = Self { line: Line::new(wire, patience, name), offers: vec![] };
        // What was offered before could have been said by anybody on the way.
        session.greet(host).await?;
        Ok(session)
    }

    /// By what the server offers, in the reference's order; what it refuses one way it may take another.
    async fn log_in(&mut self, user: &str, password: &str) -> Result<(), MailError> {
        let ways = self.offers("AUTH").unwrap_or_default().to_owned();
        let mut refused = None;
        for way in ["CRAM-MD5", "PLAIN", "LOGIN"] {
            if !ways.split_whitespace().any(|offered| offered == way) {
                continue;
            }
            let reply = self.authenticate(way, user, password).await?;
            if [235, 503].contains(&reply.code) {
                return Ok(());
            }
            refused = Some(reply);
        }
        if let Some(reply) = refused {
            let words = "does not take the name and the password";
            return reply.expect_of(&[], MailErrorKind::Authentication, words).map(drop);
        }
        let message =
            format!("the server of e-mail at `{}` offers neither AUTH CRAM-MD5, PLAIN nor LOGIN", self.line.name());
        let hint = "many offer it on an encrypted connection only: set `email.use_tls` or `email.use_ssl`";
        Err(MailError::new(MailErrorKind::Authentication, message).with_hint(hint))
    }

    async fn authenticate(&mut self, way: &str, user: &str, password: &str) -> Result<Reply, MailError> {
        let letters = |text: &str| encode(text.as_bytes(), Alphabet::Standard);
        if way == "PLAIN" {
            return self.line.ask_secretly(&format!("AUTH PLAIN {}", letters(&format!("\0{user}\0{password}")))).await;
        }
        let first = if way == "LOGIN" { format!("AUTH LOGIN {}", letters(user)) } else { format!("AUTH {way}") };
        let reply = self.line.ask(&first).await?;
        if reply.code != 334 {
            return Ok(reply);
        }
        if way == "LOGIN" {
            return self.line.ask_secretly(&letters(password)).await;
        }
        let Some(challenge) = reply.lines.first().and_then(|line| decode(line.trim(), Alphabet::Standard)) else {
            let message = format!("the challenge of the server of e-mail at `{}` is no base64", self.line.name());
            return Err(MailError::new(MailErrorKind::Authentication, message));
        };
        let digest = cram::digest(password.as_bytes(), &challenge);
        self.line.ask_secretly(&letters(&format!("{user} {digest}"))).await
    }

    async fn send(&mut self, letter: &Letter) -> Result<(), MailError> {
        let mut command = format!("MAIL FROM:<{}>", letter.from);
        if self.offers("SIZE").is_some() {
            command.push_str(&format!(" SIZE={}", letter.content.len()));
        }
        if !letter.is_ascii && self.offers("8BITMIME").is_some() {
            command.push_str(" BODY=8BITMIME");
        }
        self.line.ask(&command).await?.expect(&[250], "refuses the sender")?;
        let mut refused: Vec<Reply> = vec![];
        for to in &letter.to {
            let reply = self.line.ask(&format!("RCPT TO:<{to}>")).await?;
            if ![250, 251].contains(&reply.code) {
                refused.push(reply);
            }
        }
        if refused.len() == letter.to.len() {
            return match refused.into_iter().next() {
                Some(reply) => reply.expect(&[], "refuses every recipient").map(drop),
                None => Ok(()),
            };
        }
        if !refused.is_empty() {
            let (few, all) = (refused.len(), letter.to.len());
            tracing::warn!(target: "quintet::mail", "{few} of {all} recipients of a message were refused");
        }
        self.line.ask("DATA").await?.expect(&[354], "refuses the message")?;
        self.line.write(&letter.content).await?;
        self.line.reply().await?.expect(&[250], "refuses the message").map(drop)
    }

    /// The messages are taken: whether the server says good-bye does not matter.
    async fn quit(mut self) {
        drop(self.line.ask("QUIT").await);
    }
}

/// What somebody else does, who may not take too long.
async fn within<T>(patience: Option<Duration>, name: &str, work: impl Future<Output = T>) -> Result<T, MailError> {
    match patience {
        None => Ok(work.await),
        Some(patience) => tokio::time::timeout(patience, work).await.map_err(|_| {
            let seconds = patience.as_secs_f64();
            let message = format!("the server of e-mail at `{name}` says nothing for {seconds} s");
            MailError::new(MailErrorKind::Timeout, message)
                .with_hint("look at `email.host` and `email.port`; `email.timeout` is how long is waited")
        }),
    }
}
