//! The connection server: accepts connections, keeps each within its limits and hands its requests to an application.
//!
//! One port speaks HTTP/1.1 and HTTP/2 (with prior knowledge, or agreed on by TLS). hyper does the protocol, but for
//! requests in which nothing is in doubt; what is here besides is what stands between both and an open network: who may
//! connect, how long anything may take, how large it may be, and how everything ends without losing a request.
//! Knows sockets and `http` types. Deliberately knows nothing of routing, views, settings or files; of the clock no more
//! than the `Date` of an answer: what is idle or slow is told from timers alone.

mod accept;
mod activity;
mod body;
mod connection;
mod gate;
mod limits;
mod listener;
mod plain;
pub(crate) mod spare;
mod tls;
mod watch;
mod wire;

#[cfg(test)]
mod tests;

use std::error::Error;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;

pub use body::{BodyError, RequestBody};
pub use limits::Limits;
pub use listener::Listener;
pub use tls::{Tls, TlsError};

/// Serves connections of `listener` until `shutdown` resolves, then lets what has begun finish.
///
/// From then on new connections are refused, idle ones are closed, and a request that is being received, handled or
/// answered has [`Limits::shutdown_grace`] to end. Returns when the last connection is gone, or cut.
///
/// Must be called inside a tokio runtime with its network and time drivers; connections are tasks of that runtime.
pub async fn serve<A, B>(
    listener: Listener,
    tls: Option<Tls>,
    limits: Limits,
    app: A,
    shutdown: impl Future<Output = ()>,
) -> Report
where
    A: Application<B>,
    B: Payload,
{
    let host = accept::Host::new(tls, limits, app);
    host.accept_until(listener, shutdown).await;
    host.finish().await
}

/// What answers requests.
///
/// A closure `Fn(Request<RequestBody>, &Arc<Peer>) -> impl Future<Output = Response<B>>` is one. The future owns what
/// it needs, so that the server can keep it without a box: clone an [`Arc`] of the application's state into it.
///
/// What an application may rely on: an HTTP/1.1 request has exactly one `Host` header and its target has a path; where
/// the target itself names an authority (HTTP/2, or an absolute URI), `Host` says the same.
///
/// A panic in it ends the connection (HTTP/2: the stream) and nothing else; answering it with a 500 is the
/// application's own affair.
pub trait Application<B>: Send + Sync + 'static {
    /// Answers one request of the connection that `peer` describes.
    fn call(
        &self,
        request: Request<RequestBody>,
        peer: &Arc<Peer>,
    ) -> impl Future<Output = Response<B>> + Send + 'static + use<Self, B>;
}

impl<F, R, B> Application<B> for F
where
    F: Fn(Request<RequestBody>, &Arc<Peer>) -> R + Send + Sync + 'static,
    R: Future<Output = Response<B>> + Send + 'static,
{
    fn call(
        &self,
        request: Request<RequestBody>,
        peer: &Arc<Peer>,
    ) -> impl Future<Output = Response<B>> + Send + 'static + use<F, R, B> {
        self(request, peer)
    }
}

/// What an answer's body must be: pieces of bytes, ready to go to another thread. Most types of bodies are.
pub trait Payload: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + Send + Unpin + 'static {}

impl<B> Payload for B where B: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + Send + Unpin + 'static {}

/// What a request knows of the connection that brought it.
///
/// These are facts of the socket: behind a proxy they describe the proxy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Peer {
    /// The other end's address; none on a Unix socket.
    pub address: Option<SocketAddr>,
    /// Our end's address; none on a Unix socket.
    pub local: Option<SocketAddr>,
    /// Whether the connection is encrypted by this server.
    pub tls: bool,
}

/// How serving ended, for the last line of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Connections that were open at shutdown and ended by themselves.
    pub finished: usize,
    /// Connections that were cut because [`Limits::shutdown_grace`] was over.
    pub aborted: usize,
}
