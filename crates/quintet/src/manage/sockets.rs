//! Where a server listens: an address, a Unix socket, or a socket that it inherits.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;

use quintet_web::server::Listener;

use super::CommandError;

/// A place to listen at, as the command line names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Tcp(SocketAddr),
    Unix(PathBuf),
}

impl Place {
    /// `8000`, `127.0.0.1:8000`, `[::1]:8000`, `localhost:8000`, `0:8000`, `unix:/run/site.sock`.
    pub(super) fn parse(text: &str, ipv6: bool) -> Result<Self, CommandError> {
        if let Some(path) = text.strip_prefix("unix:") {
            return if path.is_empty() { Err(bad_place(text)) } else { Ok(Self::Unix(path.into())) };
        }
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) => (host, port),
            None => ("", text),
        };
        let Ok(port) = port.parse::<u16>() else {
            return Err(if address(text, ipv6).is_some() { without_port(text) } else { bad_place(text) });
        };
        Ok(Self::Tcp(SocketAddr::new(address(host, ipv6).ok_or_else(|| bad_place(text))?, port)))
    }
}

/// An empty host is this machine alone; `0` is every interface, as the reference has it.
fn address(host: &str, ipv6: bool) -> Option<IpAddr> {
    match host {
        "" | "localhost" if ipv6 => Some(Ipv6Addr::LOCALHOST.into()),
        "" | "localhost" => Some(Ipv4Addr::LOCALHOST.into()),
        "0" if ipv6 => Some(Ipv6Addr::UNSPECIFIED.into()),
        "0" => Some(Ipv4Addr::UNSPECIFIED.into()),
        _ => match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(inner) => inner.parse::<Ipv6Addr>().ok().map(Into::into),
            None => host.parse::<Ipv4Addr>().ok().map(Into::into),
        },
    }
}

fn without_port(host: &str) -> CommandError {
    CommandError::new(format!("`{host}` has no port")).with_hint(format!("write `{host}:8000`"))
}

fn bad_place(text: &str) -> CommandError {
    CommandError::new(format!("`{text}` is no address to listen at"))
        .with_hint("write `8000`, `127.0.0.1:8000`, `[::1]:8000` or `unix:/run/site.sock`")
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "http://{address}/"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// A listener and how to name it; the file of a Unix socket goes when this goes.
#[derive(Debug)]
pub(super) struct Bound {
    pub(super) listener: Listener,
    pub(super) name: String,
    pub(super) file: Option<SocketFile>,
}

impl Bound {
    /// Sets the permissions of the Unix socket's file: the proxy in front is often another user.
    pub(super) fn permit(&self, mode: u32) -> Result<(), CommandError> {
        let Some(SocketFile { path, .. }) = &self.file else {
            let refused = CommandError::new("`--socket-mode` is for a Unix socket");
            return Err(refused.with_hint("leave it out, or listen at `unix:PATH`"));
        };
        permit(path, mode)
    }
}

#[cfg(unix)]
fn permit(path: &std::path::Path, mode: u32) -> Result<(), CommandError> {
    use std::os::unix::fs::PermissionsExt;
    let permissions = std::fs::Permissions::from_mode(mode);
    let refused =
        |error| CommandError::because(format!("the permissions of `{}` cannot be set", path.display()), error);
    std::fs::set_permissions(path, permissions).map_err(refused)
}

/// Nothing listens at a Unix socket here, so there is none to permit.
#[cfg(not(unix))]
fn permit(_: &std::path::Path, _: u32) -> Result<(), CommandError> {
    Ok(())
}

/// The file of a Unix socket of ours, and which one it is: a server that replaced it has another.
#[derive(Debug)]
pub(super) struct SocketFile {
    path: PathBuf,
    identity: Option<(u64, u64)>,
}

impl SocketFile {
    #[cfg(unix)]
    fn new(path: &std::path::Path) -> Self {
        Self { path: path.to_owned(), identity: identity(path) }
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        if self.identity.is_some() && identity(&self.path) == self.identity {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

#[cfg(unix)]
fn identity(path: &std::path::Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    std::fs::symlink_metadata(path).ok().map(|found| (found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn identity(_: &std::path::Path) -> Option<(u64, u64)> {
    None
}

/// Listens at a place. Must be called inside a runtime.
pub(super) async fn bind(place: &Place) -> Result<Bound, CommandError> {
    match place {
        Place::Tcp(address) => {
            let listener = tokio::net::TcpListener::bind(address)
                .await
                .map_err(|error| unbindable(&address.to_string(), error))?;
            let address = listener.local_addr().unwrap_or(*address);
            Ok(Bound { listener: Listener::Tcp(listener), name: Place::Tcp(address).to_string(), file: None })
        }
        #[cfg(unix)]
        Place::Unix(path) => bind_unix(path).await,
        #[cfg(not(unix))]
        Place::Unix(_) => Err(CommandError::new("Unix sockets are not available here")
            .with_hint("listen at an address: `127.0.0.1:8000`")),
    }
}

/// A socket file that nobody answers at is left over from a server that was killed; it is replaced.
#[cfg(unix)]
async fn bind_unix(path: &std::path::Path) -> Result<Bound, CommandError> {
    use std::os::unix::fs::FileTypeExt;
    let shown = path.display().to_string();
    if let Ok(found) = std::fs::symlink_metadata(path) {
        if !found.file_type().is_socket() {
            return Err(CommandError::new(format!("`{shown}` is there and is no socket"))
                .with_hint("choose another path, or remove it"));
        }
        is_left_over(path, &shown).await?;
        std::fs::remove_file(path)
            .map_err(|error| CommandError::because(format!("the old socket `{shown}` cannot be removed"), error))?;
    }
    let listener = tokio::net::UnixListener::bind(path).map_err(|error| unbindable(&shown, error))?;
    let file = Some(SocketFile::new(path));
    Ok(Bound { listener: Listener::Unix(listener), name: Place::Unix(path.to_owned()).to_string(), file })
}

/// Nobody listens at a socket that refuses a connection; anything else may be somebody's.
#[cfg(unix)]
async fn is_left_over(path: &std::path::Path, shown: &str) -> Result<(), CommandError> {
    let error = match tokio::net::UnixStream::connect(path).await {
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => return Ok(()),
        Err(error) if error.kind() != std::io::ErrorKind::WouldBlock => CommandError::because(
            format!("`{shown}` is there, and it cannot be told whether somebody listens at it"),
            error,
        ),
        _ => CommandError::new(format!("somebody listens at `{shown}` already")),
    };
    Err(error.with_hint("stop that server, or choose another path"))
}

/// Why a place cannot be listened at, and the way out.
pub(super) fn unbindable(place: &str, error: std::io::Error) -> CommandError {
    let hint = match error.kind() {
        std::io::ErrorKind::AddrInUse => "another program listens there: stop it, or choose another port",
        std::io::ErrorKind::PermissionDenied => {
            "this needs more rights: choose a port from 1024 on, or a folder that you may write to"
        }
        std::io::ErrorKind::AddrNotAvailable => {
            "this machine does not have that address: `0:PORT` listens at all that it has"
        }
        std::io::ErrorKind::NotFound => "the folder does not exist: make it, or choose another path",
        _ => "choose another place to listen at",
    };
    CommandError::because(format!("cannot listen at `{place}`"), error).with_hint(hint)
}

/// The socket that systemd or another parent hands over (`LISTEN_FDS`), if there is one.
#[cfg(unix)]
pub(super) fn inherited() -> Result<Option<Bound>, CommandError> {
    let mut sockets = listenfd::ListenFd::from_env();
    if sockets.len() == 0 {
        return Ok(None);
    }
    let odd = |error| {
        CommandError::because("the inherited socket cannot be used", error)
            .with_hint("hand over one listening stream socket")
    };
    if let Ok(Some(listener)) = sockets.take_tcp_listener(0) {
        return from_std(listener).map(Some);
    }
    let listener =
        sockets.take_unix_listener(0).map_err(odd)?.ok_or_else(|| CommandError::new("no inherited socket"))?;
    listener.set_nonblocking(true).map_err(odd)?;
    let listener = Listener::Unix(tokio::net::UnixListener::from_std(listener).map_err(odd)?);
    Ok(Some(Bound { listener, name: "an inherited Unix socket".to_owned(), file: None }))
}

#[cfg(not(unix))]
pub(super) fn inherited() -> Result<Option<Bound>, CommandError> {
    Ok(None)
}

/// A listening socket that is there already.
pub(super) fn from_std(listener: std::net::TcpListener) -> Result<Bound, CommandError> {
    let odd = |error| CommandError::because("the inherited socket cannot be used", error);
    listener.set_nonblocking(true).map_err(odd)?;
    let name = listener.local_addr().map(|address| Place::Tcp(address).to_string()).map_err(odd)?;
    Ok(Bound { listener: Listener::Tcp(tokio::net::TcpListener::from_std(listener).map_err(odd)?), name, file: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str, ipv6: bool) -> Option<String> {
        Place::parse(text, ipv6).ok().map(|place| place.to_string())
    }

    #[test]
    fn places_are_written_as_the_reference_writes_them() {
        let cases = [
            ("8000", "http://127.0.0.1:8000/"),
            ("0:8000", "http://0.0.0.0:8000/"),
            ("localhost:80", "http://127.0.0.1:80/"),
            ("10.0.0.1:65535", "http://10.0.0.1:65535/"),
            ("[::1]:7000", "http://[::1]:7000/"),
            ("unix:/run/x.sock", "unix:/run/x.sock"),
        ];
        for (text, name) in cases {
            assert_eq!(parsed(text, false).as_deref(), Some(name), "{text}");
        }
        assert_eq!(parsed("8000", true).as_deref(), Some("http://[::1]:8000/"));
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for text in ["", "x", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "example.com:80", "[::1:80", "unix:", ":-1"]
        {
            assert_eq!(parsed(text, false), None, "{text}");
        }
    }
}
