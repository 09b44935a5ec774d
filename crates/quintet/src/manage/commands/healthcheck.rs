//! `healthcheck`: asks a server of this program on this machine whether it can serve.
//!
//! For whoever watches a container: the image has no other program that could ask.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use clap::{Arg, ArgMatches};

use crate::manage::sockets::Place;
use crate::manage::{Checks, Command, CommandError, Context};

pub(super) const COMMAND: Command = Command {
    name: "healthcheck",
    about: "Ask a server on this machine whether it can serve",
    args,
    checks: Checks::Configured,
    run,
};

/// Where `serve` listens unless it is told.
const PLACE: &str = "127.0.0.1:8000";

/// Longer than the server waits for its database.
const PATIENCE: Duration = Duration::from_secs(4);

fn args(command: clap::Command) -> clap::Command {
    command.arg(
        Arg::new("place")
            .value_name("PLACE")
            .default_value(PLACE)
            .help("Where `serve` listens: PORT, ADDR:PORT or unix:PATH"),
    )
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let server = &context.settings.server;
    let Some(path) = [&server.readyz, &server.livez].into_iter().find(|path| !path.is_empty()) else {
        return Err(CommandError::new(
            "the site says nothing of its health: `server.readyz` and `server.livez` are empty",
        )
        .with_hint("give one of them a path"));
    };
    let named = args.get_one::<String>("place").map_or(PLACE, String::as_str);
    let failed = |error: std::io::Error| CommandError::because(format!("`{named}` does not answer"), error);
    let answer = ask(&Place::parse(named, false)?, path).map_err(failed)?;
    let status = answer.lines().next().unwrap_or_default().trim_end();
    if status.split(' ').nth(1) == Some("200") {
        context.terminal.print(format!("`{named}` can serve"));
        return Ok(());
    }
    let what = if status.is_empty() { "nothing" } else { status };
    Err(CommandError::new(format!("`{named}` cannot serve: it answered `{what}` to `{path}`")))
}

fn ask(place: &Place, path: &str) -> std::io::Result<String> {
    match place {
        Place::Tcp(address) => tcp(*address, path),
        Place::Unix(socket) => unix(socket, path),
    }
}

fn tcp(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    exchange(stream, path)
}

#[cfg(unix)]
fn unix(socket: &std::path::Path, path: &str) -> std::io::Result<String> {
    let stream = std::os::unix::net::UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    exchange(stream, path)
}

#[cfg(not(unix))]
fn unix(_: &std::path::Path, _: &str) -> std::io::Result<String> {
    Err(std::io::Error::new(std::io::ErrorKind::Unsupported, "unix sockets are not available here"))
}

/// Health is answered for any host. What is of interest is in the first bytes.
fn exchange(mut stream: impl Read + Write, path: &str) -> std::io::Result<String> {
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(4096).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
