//! The line to a server: commands out, answers in, neither longer than they should be nor later.

use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader};

use super::reply::{Reply, parsed};
use super::within;
use crate::mail::error::{MailError, MailErrorKind};

/// What bytes go through, encrypted or not.
pub(super) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// The most bytes of one answer.
const LONGEST: u64 = 64 * 1024;

/// A line.
pub(super) struct Line {
    wire: BufReader<Box<dyn Wire>>,
    patience: Option<Duration>,
    name: String,
}

impl Line {
    pub(super) fn new(wire: Box<dyn Wire>, patience: Option<Duration>, name: String) -> Self {
        Self { wire: BufReader::new(wire), patience, name }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn patience(&self) -> Option<Duration> {
        self.patience
    }

    /// The wire, to be encrypted. Whatever the server said ahead could have been said by somebody on the way.
    pub(super) fn into_wire(self) -> Result<Box<dyn Wire>, MailError> {
        if !self.wire.buffer().is_empty() {
            let message =
                format!("the server of e-mail at `{}` says more before it encrypts than it should", self.name);
            return Err(MailError::new(MailErrorKind::Tls, message));
        }
        Ok(self.wire.into_inner())
    }

    /// A command and its answer.
    pub(super) async fn ask(&mut self, command: &str) -> Result<Reply, MailError> {
        tracing::trace!(target: "quintet::mail", "{command}");
        self.ask_secretly(command).await
    }

    /// The same of a command that nobody may read.
    pub(super) async fn ask_secretly(&mut self, command: &str) -> Result<Reply, MailError> {
        if command.contains(['\r', '\n', '\0']) {
            let message = "a command of SMTP has a line break in it";
            return Err(MailError::new(MailErrorKind::BadAddress, message));
        }
        self.write(format!("{command}\r\n").as_bytes()).await?;
        self.reply().await
    }

    pub(super) async fn write(&mut self, bytes: &[u8]) -> Result<(), MailError> {
        let wire = &mut self.wire;
        let written = async {
            wire.write_all(bytes).await?;
            wire.flush().await
        };
        within(self.patience, &self.name, written).await?.map_err(|error| broken(&self.name, &error.to_string()))
    }

    /// The next answer.
    pub(super) async fn reply(&mut self) -> Result<Reply, MailError> {
        let (wire, name) = (&mut self.wire, &self.name);
        within(self.patience, name, read(wire, name)).await?
    }
}

async fn read(wire: &mut BufReader<Box<dyn Wire>>, name: &str) -> Result<Reply, MailError> {
    let mut wire = wire.take(LONGEST);
    let mut reply = Reply { server: name.to_owned(), code: 0, lines: vec![] };
    loop {
        let mut line = vec![];
        wire.read_until(b'\n', &mut line).await.map_err(|error| broken(name, &error.to_string()))?;
        if line.is_empty() && wire.limit() > 0 {
            return Err(broken(name, "it hung up"));
        }
        let text = String::from_utf8_lossy(&line);
        let ended = text.strip_suffix('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
        let Some((code, has_more, said)) = ended.and_then(parsed) else {
            return Err(broken(name, "what it says is no SMTP"));
        };
        if reply.code != 0 && reply.code != code {
            return Err(broken(name, "what it says is no SMTP"));
        }
        reply.code = code;
        reply.lines.push(said.to_owned());
        if !has_more {
            return Ok(reply);
        }
    }
}

fn broken(name: &str, why: &str) -> MailError {
    MailError::new(
        MailErrorKind::Connection,
        format!("the connection to the server of e-mail at `{name}` broke: {why}"),
    )
}
