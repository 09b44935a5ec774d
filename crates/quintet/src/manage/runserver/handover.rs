//! How the listening socket gets from the supervisor to the site's process, and what else differs between systems.
//!
//! On Unix the socket itself is handed over, as the standard input: the one descriptor that can be without `unsafe`. Old
//! and new process then share it, and no connection is ever refused. Elsewhere the address is handed over, and one
//! process follows the other.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

/// Whether two processes can listen at once.
pub(super) const SHARED: bool = cfg!(unix);

/// What the supervisor keeps of the socket.
#[cfg(unix)]
pub(super) struct Socket(TcpListener);

#[cfg(unix)]
impl Socket {
    /// Listens at an address, and says at which.
    pub(super) fn bind(address: SocketAddr) -> std::io::Result<(Self, SocketAddr)> {
        let listener = TcpListener::bind(address)?;
        let address = listener.local_addr()?;
        Ok((Self(listener), address))
    }

    /// Gives it to a process that is about to start.
    pub(super) fn give(&self, command: &mut Command) -> std::io::Result<()> {
        command.stdin(Stdio::from(std::os::fd::OwnedFd::from(self.0.try_clone()?)));
        Ok(())
    }

    /// Takes it, in that process.
    pub(super) fn take() -> std::io::Result<TcpListener> {
        use std::os::fd::AsFd;
        Ok(TcpListener::from(std::io::stdin().as_fd().try_clone_to_owned()?))
    }
}

#[cfg(not(unix))]
const ADDRESS: &str = "QUINTET_RUNSERVER_ADDRESS";

/// What the supervisor keeps: only the address, for there is one listener at a time.
#[cfg(not(unix))]
pub(super) struct Socket(SocketAddr);

#[cfg(not(unix))]
impl Socket {
    /// Finds out whether the address is free, and which it is.
    pub(super) fn bind(address: SocketAddr) -> std::io::Result<(Self, SocketAddr)> {
        let address = TcpListener::bind(address)?.local_addr()?;
        Ok((Self(address), address))
    }

    /// Gives it to a process that is about to start.
    pub(super) fn give(&self, command: &mut Command) -> std::io::Result<()> {
        command.env(ADDRESS, self.0.to_string()).stdin(Stdio::null());
        Ok(())
    }

    /// Listens there, in that process.
    pub(super) fn take() -> std::io::Result<TcpListener> {
        let address = std::env::var(ADDRESS).map_err(std::io::Error::other)?;
        TcpListener::bind(address.parse::<SocketAddr>().map_err(std::io::Error::other)?)
    }
}

/// Lets cargo write a program that is running: Windows forbids to replace such a file, but not to rename it.
pub(super) fn make_way(program: &Path) {
    if !cfg!(windows) {
        return;
    }
    let twin = program.parent().zip(program.file_name()).map(|(folder, name)| folder.join("deps").join(name));
    for path in [Some(program.to_owned()), twin].into_iter().flatten() {
        // Left over from the last time; where it still runs, it stays.
        let aside = path.with_extension("old.exe");
        let _ = std::fs::remove_file(&aside);
        if std::fs::rename(&path, &aside).is_ok() {
            // So that a build that fails leaves the program where it was.
            let _ = std::fs::copy(&aside, &path);
        }
    }
}
