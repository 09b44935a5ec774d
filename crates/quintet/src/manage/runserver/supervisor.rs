//! Watches, builds, and replaces the site's process; never refuses a connection in between.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use super::super::command::run_to_end;
use super::super::frontend::{SERVER, Vite};
use super::super::signals::Signals;
use super::super::sockets::{Place, unbindable};
use super::super::{CommandError, Context};
use super::handover::{SHARED, Socket, make_way};
use super::{Wanted, announce, child, watch::Snapshot};

/// How often the sources are looked at.
const INTERVAL: Duration = Duration::from_millis(250);
/// How long a new process may take to become ready.
const START: Duration = Duration::from_secs(30);

pub(super) fn run(context: &Context<'_>, wanted: &Wanted) -> Result<(), CommandError> {
    let Place::Tcp(address) = wanted.place else {
        return Err(CommandError::new("`runserver` listens at an address")
            .with_hint("write `runserver 8000`; `serve` takes a Unix socket"));
    };
    let program =
        std::env::current_exe().map_err(|error| CommandError::because("this program cannot be found", error))?;
    let (socket, address) = Socket::bind(address).map_err(|error| unbindable(&address.to_string(), error))?;
    // Ends when this function does.
    let vite = if wanted.frontend { Vite::start(context)? } else { None };
    run_to_end(Some(1), async {
        let mut signals = Signals::listen();
        announce(context, &Place::Tcp(address).to_string());
        let vite = vite.as_ref().map(|vite| vite.address);
        let supervisor = Supervisor::new(context, socket, program, vite).await?;
        tokio::select! {
            ended = supervisor.supervise() => ended,
            () = signals.next() => Ok(()),
        }
    })?
}

struct Supervisor<'a> {
    context: &'a Context<'a>,
    socket: Socket,
    program: PathBuf,
    /// Where the front end's server is.
    vite: Option<SocketAddr>,
    /// Where children say that they are ready.
    ready: tokio::net::TcpListener,
}

/// A site's process, and the line that it hangs on.
struct Running {
    process: Child,
    line: TcpStream,
}

impl<'a> Supervisor<'a> {
    async fn new(
        context: &'a Context<'a>,
        socket: Socket,
        program: PathBuf,
        vite: Option<SocketAddr>,
    ) -> Result<Self, CommandError> {
        let ready = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let ready = ready.map_err(|error| CommandError::because("no connection on this machine can be made", error))?;
        Ok(Self { context, socket, program, vite, ready })
    }

    /// Serves for good: ends only by an error or by being dropped, and the processes end with it.
    async fn supervise(&self) -> Result<(), CommandError> {
        let folder = self.context.folder();
        let mut seen = Snapshot::of(folder);
        let mut running = self.start().await;
        if let Err(error) = &running {
            self.context.terminal.error(&error.to_string(), Some("correct it and save: the server then starts again"));
        }
        loop {
            let changed = self.change(&mut seen, running.as_mut().ok()).await;
            let Some(changed) = changed else {
                let hint = "correct what it said and save: the server then starts again";
                self.context.terminal.error("the server's process ended", Some(hint));
                running = Err(StartError::Ended);
                continue;
            };
            self.context.terminal.note(format!("{} changed, building", shown(folder, &changed)));
            let built = self.build().await?;
            seen.adopt_lock_file(folder);
            if !built {
                self.context
                    .terminal
                    .error("the build failed", Some("the server goes on as it was; it builds again when you save"));
                continue;
            }
            running = self.replace(running).await;
        }
    }

    /// Waits until a source changes; `None` where the process ends by itself first.
    async fn change(&self, seen: &mut Snapshot, running: Option<&mut Running>) -> Option<PathBuf> {
        let looking = async {
            loop {
                sleep(INTERVAL).await;
                let now = Snapshot::of(self.context.folder());
                if let Some(path) = now.difference(seen) {
                    *seen = settled(self.context.folder(), now).await;
                    return path;
                }
            }
        };
        match running {
            None => Some(looking.await),
            Some(running) => tokio::select! {
                path = looking => Some(path),
                _ = running.process.wait() => None,
            },
        }
    }

    /// Whether the build went well; cargo speaks to the terminal itself.
    async fn build(&self) -> Result<bool, CommandError> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.args(["build", "--quiet"]).current_dir(self.context.folder()).stdin(Stdio::null()).kill_on_drop(true);
        if self.program.parent().is_some_and(|folder| folder.ends_with("release")) {
            command.arg("--release");
        }
        if let Some(name) = self.program.file_stem() {
            command.arg("--bin").arg(name);
        }
        make_way(&self.program);
        let status = command.status().await.map_err(|error| {
            CommandError::because("cargo cannot be started", error).with_hint("install Rust, or use `--noreload`")
        })?;
        Ok(status.success())
    }

    /// The new process first, then the end of the old one; where the new one does not start, the old one goes on.
    /// Where they cannot share the address, the old one ends first.
    async fn replace(&self, old: Result<Running, StartError>) -> Result<Running, StartError> {
        let old = match old {
            Ok(old) if !SHARED => {
                old.finish().await;
                Err(StartError::Ended)
            }
            old => old,
        };
        match self.start().await {
            Ok(new) => {
                self.context.terminal.note("reloaded");
                if let Ok(old) = old {
                    tokio::spawn(old.finish());
                }
                Ok(new)
            }
            Err(error) => {
                let hint = match old {
                    Ok(_) => "the server goes on as it was; it builds again when you save",
                    Err(_) => "correct it and save: the server then starts again",
                };
                self.context.terminal.error(&error.to_string(), Some(hint));
                old
            }
        }
    }

    async fn start(&self) -> Result<Running, StartError> {
        // A word of its own for each process: what an earlier one said too late is not taken for this one's.
        let word = format!("{:016x}{:016x}", crate::clock::seed(), crate::clock::seed());
        let mut process = self.command(&word)?.spawn().map_err(StartError::Io)?;
        tokio::select! {
            line = timeout(START, self.reported(&word)) => match line {
                Ok(line) => Ok(Running { process, line: line.map_err(StartError::Io)? }),
                Err(_) => {
                    let _ = process.kill().await;
                    Err(StartError::Slow)
                }
            },
            _ = process.wait() => Err(StartError::Ended),
        }
    }

    /// The line of the process that says the right word; others are hung up on.
    async fn reported(&self, expected: &str) -> std::io::Result<TcpStream> {
        loop {
            let (mut line, _) = self.ready.accept().await?;
            let mut word = vec![0; expected.len()];
            let read = timeout(INTERVAL, line.read_exact(&mut word)).await;
            if matches!(read, Ok(Ok(_))) && word == expected.as_bytes() {
                return Ok(line);
            }
        }
    }

    fn command(&self, word: &str) -> Result<Command, StartError> {
        let mut command = Command::new(&self.program);
        let ready = self.ready.local_addr().map_err(StartError::Io)?;
        command.args(std::env::args_os().skip(1)).env(child::SUPERVISOR, format!("{ready} {word}"));
        if let Some(address) = self.vite {
            command.env(SERVER, address.to_string());
        }
        self.socket.give(&mut command).map_err(StartError::Io)?;
        Ok(command)
    }
}

impl Running {
    /// Hangs up, and waits for the process to finish what it is doing.
    async fn finish(mut self) {
        drop(self.line);
        let _ = self.process.wait().await;
    }
}

/// Why a process did not become a server.
#[derive(Debug)]
enum StartError {
    Io(std::io::Error),
    Slow,
    Ended,
}

impl std::fmt::Display for StartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io(error) => write!(f, "the server cannot be started: {error}"),
            Self::Slow => write!(f, "the server was not ready after {} s", START.as_secs()),
            Self::Ended => f.write_str("the server did not start"),
        }
    }
}

/// The sources once nothing has changed for a moment: editors write in several steps.
async fn settled(folder: &Path, mut now: Snapshot) -> Snapshot {
    for _ in 0..20 {
        sleep(Duration::from_millis(50)).await;
        let next = Snapshot::of(folder);
        if next == now {
            break;
        }
        now = next;
    }
    now
}

fn shown(folder: &Path, path: &Path) -> String {
    path.strip_prefix(folder).unwrap_or(path).display().to_string()
}
