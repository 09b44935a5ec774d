//! Watches, builds, and replaces the site's process; never refuses a connection in between.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use super::super::command::runtime;
use super::super::sockets::Place;
use super::super::{CommandError, Context, signals};
use super::{Wanted, announce, child, watch::Snapshot};

/// How often the sources are looked at.
const INTERVAL: Duration = Duration::from_millis(250);
/// How long a new process may take to become ready.
const START: Duration = Duration::from_secs(30);
/// Where a child listens that cannot be handed a socket.
#[cfg(not(unix))]
pub(super) const ADDRESS: &str = "QUINTET_RUNSERVER_ADDRESS";

pub(super) fn run(context: &Context<'_>, wanted: &Wanted) -> Result<(), CommandError> {
    let Place::Tcp(address) = wanted.place else {
        return Err(CommandError::new("`runserver` listens at an address")
            .with_hint("write `runserver 8000`; `serve` takes a Unix socket"));
    };
    let program =
        std::env::current_exe().map_err(|error| CommandError::because("this program cannot be found", error))?;
    runtime(Some(1))?.block_on(async {
        let public = super::bind(&wanted.place).await?;
        announce(context, &public.name);
        let quintet_web::server::Listener::Tcp(listener) = public.listener else {
            return Err(CommandError::new("no address to listen at"));
        };
        let listener =
            listener.into_std().map_err(|error| CommandError::because(format!("cannot listen at {address}"), error))?;
        let supervisor = Supervisor::new(context, listener, program).await?;
        tokio::select! {
            ended = supervisor.supervise() => ended,
            _ = signals::end_is_asked_for() => Ok(()),
        }
    })
}

struct Supervisor<'a> {
    context: &'a Context<'a>,
    listener: TcpListener,
    program: PathBuf,
    /// Where children say that they are ready.
    ready: tokio::net::TcpListener,
    word: String,
}

/// A site's process, and the line that it hangs on.
struct Running {
    process: Child,
    line: TcpStream,
}

impl<'a> Supervisor<'a> {
    async fn new(context: &'a Context<'a>, listener: TcpListener, program: PathBuf) -> Result<Self, CommandError> {
        let ready = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let ready = ready.map_err(|error| CommandError::because("no connection on this machine can be made", error))?;
        let word = format!("{:016x}{:016x}", crate::clock::seed(), crate::clock::seed());
        Ok(Self { context, listener, program, ready, word })
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
            if !self.build().await? {
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
                if let Some(path) = now.difference(seen).map(Path::to_owned) {
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
        if self.program.components().any(|part| part.as_os_str() == "release") {
            command.arg("--release");
        }
        if let Some(name) = self.program.file_stem() {
            command.arg("--bin").arg(name);
        }
        let status = command.status().await.map_err(|error| {
            CommandError::because("cargo cannot be started", error).with_hint("install Rust, or use `--noreload`")
        })?;
        Ok(status.success())
    }

    /// The new process first, then the end of the old one; where the new one does not start, the old one goes on.
    #[cfg(unix)]
    async fn replace(&self, old: Result<Running, StartError>) -> Result<Running, StartError> {
        match self.start().await {
            Ok(new) => {
                self.context.terminal.note("reloaded");
                if let Ok(old) = old {
                    old.finish();
                }
                Ok(new)
            }
            Err(error) => {
                self.context
                    .terminal
                    .error(&error.to_string(), Some("the server goes on as it was; it builds again when you save"));
                old
            }
        }
    }

    /// Here the address cannot be shared, so the old process ends first.
    #[cfg(not(unix))]
    async fn replace(&self, old: Result<Running, StartError>) -> Result<Running, StartError> {
        if let Ok(mut old) = old {
            drop(old.line);
            let _ = timeout(START, old.process.wait()).await;
        }
        let new = self.start().await;
        match &new {
            Ok(_) => self.context.terminal.note("reloaded"),
            Err(error) => self
                .context
                .terminal
                .error(&error.to_string(), Some("correct it and save: the server then starts again")),
        }
        new
    }

    async fn start(&self) -> Result<Running, StartError> {
        let mut process = self.command()?.spawn().map_err(StartError::Io)?;
        let ready = async {
            loop {
                let (mut line, _) = self.ready.accept().await?;
                let mut word = vec![0; self.word.len()];
                if line.read_exact(&mut word).await.is_ok() && word == self.word.as_bytes() {
                    return Ok::<_, std::io::Error>(line);
                }
            }
        };
        tokio::select! {
            line = timeout(START, ready) => match line {
                Ok(line) => Ok(Running { process, line: line.map_err(StartError::Io)? }),
                Err(_) => {
                    let _ = process.kill().await;
                    Err(StartError::Slow)
                }
            },
            _ = process.wait() => Err(StartError::Ended),
        }
    }

    fn command(&self) -> Result<Command, StartError> {
        let mut command = Command::new(&self.program);
        let ready = self.ready.local_addr().map_err(StartError::Io)?;
        command.args(std::env::args_os().skip(1)).env(child::SUPERVISOR, format!("{ready} {}", self.word));
        // A child takes its colours from its streams, and these are the terminal's own.
        self.hand_over(&mut command)?;
        Ok(command)
    }

    #[cfg(unix)]
    fn hand_over(&self, command: &mut Command) -> Result<(), StartError> {
        let socket = self.listener.try_clone().map_err(StartError::Io)?;
        command.stdin(Stdio::from(std::os::fd::OwnedFd::from(socket)));
        Ok(())
    }

    #[cfg(not(unix))]
    fn hand_over(&self, command: &mut Command) -> Result<(), StartError> {
        let address = self.listener.local_addr().map_err(StartError::Io)?;
        command.env(ADDRESS, address.to_string()).stdin(Stdio::null());
        Ok(())
    }
}

impl Running {
    /// Hangs up, and waits for the process in the background.
    fn finish(mut self) {
        drop(self.line);
        tokio::spawn(async move { self.process.wait().await });
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
