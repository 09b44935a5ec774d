//! The site's process under a supervisor: takes the socket over, says that it is ready, ends when it is hung up on.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::super::command::run_to_end;
use super::super::signals::Signals;
use super::super::sockets::from_std;
use super::super::{CommandError, Context, frontend, serving};
use super::handover::Socket;
use crate::access_log::{Format, Log};

/// Names the supervisor's address and the word that this child must say to it.
pub(super) const SUPERVISOR: &str = "QUINTET_RUNSERVER_SUPERVISOR";

/// What a supervisor hands to its child.
pub(super) struct Handed {
    supervisor: SocketAddr,
    word: String,
}

impl Handed {
    /// None in a process that has no supervisor.
    pub(super) fn from_supervisor() -> Option<Self> {
        let text = std::env::var(SUPERVISOR).ok()?;
        let (address, word) = text.split_once(' ')?;
        Some(Self { supervisor: address.parse().ok()?, word: word.to_owned() })
    }
}

pub(super) fn serve(context: &Context<'_>, handed: &Handed, threads: Option<usize>) -> Result<(), CommandError> {
    let log = Log::to_stdout(Format::Text);
    let app = serving::site(context, Some(log.sink()), true, frontend::handed())?;
    run_to_end(threads, async {
        let signals = Signals::listen();
        let listener = Socket::take().map_err(|error| CommandError::because("no socket was handed over", error))?;
        let bound = from_std(listener)?;
        let ready = async {
            let mut supervisor = TcpStream::connect(handed.supervisor).await?;
            supervisor.write_all(handed.word.as_bytes()).await?;
            Ok::<_, std::io::Error>(supervisor)
        };
        let mut supervisor =
            ready.await.map_err(|error| CommandError::because("the supervisor cannot be reached", error))?;
        // Whatever it reads, the supervisor has gone or has hung up: it never says anything.
        let hung_up = async move {
            let _ = supervisor.read(&mut [0]).await;
        };
        serving::serve(context, app, bound, None, (signals, hung_up)).await
    })?
}
