//! Where connections come from, and the plain byte stream that one is: TCP or Unix behind one face.
//!
//! Knows sockets only. TLS is put around a [`Socket`] by the neighbour `tls`.

use std::io;
use std::net::{self, SocketAddr};
#[cfg(unix)]
use std::os::unix::net as net_unix;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
#[cfg(unix)]
use tokio::net::{UnixListener, UnixStream};

/// A socket that is bound and listens.
#[derive(Debug)]
pub enum Listener {
    /// A TCP port.
    Tcp(TcpListener),
    /// A Unix socket. Its file belongs to whoever bound it: it is not removed.
    #[cfg(unix)]
    Unix(UnixListener),
}

impl Listener {
    /// Waits for the next connection.
    pub(super) fn poll_accept(&self, context: &mut Context<'_>) -> Poll<io::Result<Socket>> {
        match self {
            Listener::Tcp(listener) => {
                listener.poll_accept(context).map_ok(|(stream, address)| Socket::of_tcp(stream, address))
            }
            #[cfg(unix)]
            Listener::Unix(listener) => listener
                .poll_accept(context)
                .map_ok(|(stream, _)| Socket { stream: Stream::Unix(stream), address: None }),
        }
    }

    /// Those who are waiting already, and nobody after them.
    pub(super) fn backlog(self) -> io::Result<Backlog> {
        Ok(match self {
            Listener::Tcp(listener) => Backlog::Tcp(listener.into_std()?),
            #[cfg(unix)]
            Listener::Unix(listener) => Backlog::Unix(listener.into_std()?),
        })
    }
}

/// A socket at its end. It asks the system who waits: the runtime hears of them later.
#[derive(Debug)]
pub(super) enum Backlog {
    Tcp(net::TcpListener),
    #[cfg(unix)]
    Unix(net_unix::UnixListener),
}

impl Backlog {
    /// The next; "would block" when there is none.
    pub(super) fn next(&self) -> io::Result<Socket> {
        match self {
            Backlog::Tcp(listener) => {
                let (stream, address) = listener.accept()?;
                stream.set_nonblocking(true)?;
                Ok(Socket::of_tcp(TcpStream::from_std(stream)?, address))
            }
            #[cfg(unix)]
            Backlog::Unix(listener) => {
                let (stream, _) = listener.accept()?;
                stream.set_nonblocking(true)?;
                Ok(Socket { stream: Stream::Unix(UnixStream::from_std(stream)?), address: None })
            }
        }
    }
}

/// A connection as it was accepted.
#[derive(Debug)]
pub(super) struct Socket {
    stream: Stream,
    address: Option<SocketAddr>,
}

#[derive(Debug)]
enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

impl Socket {
    fn of_tcp(stream: TcpStream, address: SocketAddr) -> Socket {
        // Answers are written whole: waiting for more to send only delays them. It can fail when the other end is
        // already gone, which the first read then says.
        let _ = stream.set_nodelay(true);
        Socket { stream: Stream::Tcp(stream), address: Some(address) }
    }

    /// The other end's address.
    pub(super) fn address(&self) -> Option<SocketAddr> {
        self.address
    }

    /// Our end's address.
    pub(super) fn local(&self) -> Option<SocketAddr> {
        match &self.stream {
            Stream::Tcp(stream) => stream.local_addr().ok(),
            #[cfg(unix)]
            Stream::Unix(_) => None,
        }
    }
}

macro_rules! on_stream {
    ($socket:expr, $stream:ident => $call:expr) => {
        match &mut $socket.get_mut().stream {
            Stream::Tcp($stream) => $call,
            #[cfg(unix)]
            Stream::Unix($stream) => $call,
        }
    };
}

impl AsyncRead for Socket {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        on_stream!(self, stream => Pin::new(stream).poll_read(context, into))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        on_stream!(self, stream => Pin::new(stream).poll_write(context, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        on_stream!(self, stream => Pin::new(stream).poll_write_vectored(context, slices))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        on_stream!(self, stream => Pin::new(stream).poll_flush(context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        on_stream!(self, stream => Pin::new(stream).poll_shutdown(context))
    }
}
