//! The byte stream that `plain` or hyper reads and writes: a socket or TLS over it, that counts what passes.
//!
//! Gives back first what was read to find out the protocol, tells `activity` about reads and writes, and closes so
//! that the last answer arrives. Knows nothing of HTTP.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

use super::accept::Place;
use super::activity::Activity;
use super::listener::Socket;
#[cfg(feature = "tls")]
use super::tls::Encrypted;

/// A connection as hyper sees it.
#[derive(Debug)]
pub(super) struct Wire {
    stream: TokioIo<Stream>,
    /// What was read before, and comes first.
    unread: Bytes,
    activity: Arc<Activity>,
    /// Our side is closed; the other end may still be sending.
    closing: bool,
    /// How much of what it sends since then was read.
    scraps: usize,
    patience: Option<Pin<Box<Sleep>>>,
    /// Given back when the stream is gone, which for an upgraded connection is later than the end of its task.
    _place: Place,
}

/// A socket, or TLS over one.
#[derive(Debug)]
pub(super) enum Stream {
    /// Bytes as they are.
    Plain(Socket),
    /// Encrypted bytes.
    #[cfg(feature = "tls")]
    Encrypted(Box<Encrypted>),
}

impl Wire {
    pub(super) fn new(stream: Stream, activity: Arc<Activity>, place: Place) -> Wire {
        let (stream, unread) = (TokioIo::new(stream), Bytes::new());
        Wire { stream, unread, activity, closing: false, scraps: 0, patience: None, _place: place }
    }

    /// The same, where hyper reads these bytes first.
    pub(super) fn behind(self, unread: Bytes) -> Wire {
        Wire { unread, ..self }
    }

    /// Reads without hyper.
    pub(super) fn poll_in(&mut self, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let read = ready!(Pin::new(self.stream.inner_mut()).poll_read(context, into));
        self.activity.has_read();
        Poll::Ready(read)
    }

    /// The stream itself, for a last word that is not hyper's.
    pub(super) fn stream(&mut self) -> &mut Stream {
        self.stream.inner_mut()
    }
}

impl Read for Wire {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, mut into: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.unread.is_empty() {
            // These alone: a failure of the socket must not keep hyper from them.
            let first = this.unread.split_to(this.unread.len().min(into.remaining()));
            into.put_slice(&first);
            this.activity.has_read();
            return Poll::Ready(Ok(()));
        }
        let read = ready!(Pin::new(&mut this.stream).poll_read(context, into));
        this.activity.has_read();
        Poll::Ready(read)
    }
}

impl Write for Wire {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.activity.has_written(written.is_pending());
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let stream = Pin::new(&mut self.stream);
        let written = match slices.iter().map(|slice| slice.len()).sum::<usize>() {
            ..=SHORT => stream.poll_write(context, joined(slices, &mut [0; SHORT])),
            _ => stream.poll_write_vectored(context, slices),
        };
        self.activity.has_written(written.is_pending());
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.activity.is_blocked(flushed.is_pending());
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.closing {
            self.activity.is_closing();
            ready!(Pin::new(&mut self.stream).poll_shutdown(context))?;
            self.closing = true;
        }
        self.poll_farewell(context).map(Ok)
    }
}

/// What is written as one piece: to copy so much is less work than the kernel has with two pieces.
const SHORT: usize = 1024;

/// Pieces for which there is room as one.
fn joined<'a>(slices: &[io::IoSlice<'_>], room: &'a mut [u8; SHORT]) -> &'a [u8] {
    let mut filled = 0;
    for slice in slices {
        room[filled..filled + slice.len()].copy_from_slice(slice);
        filled += slice.len();
    }
    &room[..filled]
}

impl Wire {
    /// How long the other end may go on sending after our last byte.
    const FAREWELL: Duration = Duration::from_secs(1);

    /// So much of it is read; whoever sends more waits until the time is over.
    const MOST_SCRAPS: usize = 4 << 20;

    /// Reads what is still being sent, for a moment: a socket that is closed over unread bytes is reset, and the reset
    /// can overtake the answer that says why.
    fn poll_farewell(&mut self, context: &mut Context<'_>) -> Poll<()> {
        // First: a sender who never pauses must not keep us from looking at the time.
        if let Some(patience) = &mut self.patience
            && patience.as_mut().poll(context).is_ready()
        {
            return Poll::Ready(());
        }
        if self.poll_to_the_end(context).is_ready() {
            return Poll::Ready(());
        }
        self.patience.get_or_insert_with(|| Box::pin(tokio::time::sleep(Self::FAREWELL))).as_mut().poll(context)
    }

    fn poll_to_the_end(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let mut scraps = [0; 4096];
        while self.scraps < Self::MOST_SCRAPS {
            let mut into = ReadBuf::new(&mut scraps);
            let read = ready!(Pin::new(self.stream.inner_mut()).poll_read(context, &mut into));
            if read.is_err() || into.filled().is_empty() {
                return Poll::Ready(());
            }
            self.scraps += into.filled().len();
        }
        Poll::Pending
    }
}

macro_rules! on_stream {
    ($stream:expr, $inner:ident => $call:expr) => {
        match $stream.get_mut() {
            Stream::Plain($inner) => $call,
            #[cfg(feature = "tls")]
            Stream::Encrypted($inner) => $call,
        }
    };
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        on_stream!(self, inner => Pin::new(inner).poll_read(context, into))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        on_stream!(self, inner => Pin::new(inner).poll_write(context, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        on_stream!(self, inner => Pin::new(inner).poll_write_vectored(context, slices))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        on_stream!(self, inner => Pin::new(inner).poll_flush(context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        on_stream!(self, inner => Pin::new(inner).poll_shutdown(context))
    }
}
