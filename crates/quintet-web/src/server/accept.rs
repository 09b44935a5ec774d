//! Accepts connections as long as there is room, and brings all of them to an end.
//!
//! Knows listeners and how many connections there are; what happens on one is the neighbour `connection`'s.

use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Sleep, sleep, timeout};

use super::activity::Common;
use super::connection;
use super::listener::{Listener, Socket};
use super::watch::Stage;
use super::{Application, Limits, Payload, Report, Tls};

/// A server that runs.
pub(super) struct Host<A> {
    shared: Arc<Shared<A>>,
    places: Arc<Semaphore>,
    capacity: u32,
    stage: watch::Sender<Stage>,
}

/// What every connection needs of its server.
pub(super) struct Shared<A> {
    pub(super) app: A,
    pub(super) tls: Option<Tls>,
    pub(super) common: Arc<Common>,
    pub(super) http1: http1::Builder,
    pub(super) http2: http2::Builder<TokioExecutor>,
}

/// A connection's place among those that may be open; free again when dropped.
#[derive(Debug)]
pub(super) struct Place {
    _permit: OwnedSemaphorePermit,
}

impl Drop for Place {
    fn drop(&mut self) {
        if std::thread::panicking() {
            tracing::error!(target: "quintet.server", "a connection ended by a panic in the application");
        }
    }
}

impl<A> Host<A> {
    /// Pause after a failed accept: what is missing (files, memory) does not come back at once.
    const PAUSE: Duration = Duration::from_millis(50);
    /// Time for connections to notice that they are cut.
    const CUTTING: Duration = Duration::from_secs(1);

    pub(super) fn new(tls: Option<Tls>, limits: Limits, app: A) -> Host<A> {
        let capacity = capacity(limits.connections);
        let (http1, http2) = (http1_within(&limits), http2_within(&limits));
        let common = Arc::new(Common { limits, draining: AtomicBool::new(false) });
        Host {
            shared: Arc::new(Shared { app, tls, common, http1, http2 }),
            places: Arc::new(Semaphore::new(capacity as usize)),
            capacity,
            stage: watch::Sender::new(Stage::Serving),
        }
    }

    /// Serves until `shutdown` resolves; the listener is closed when this returns.
    pub(super) async fn accept_until<B>(&self, listener: Listener, shutdown: impl Future<Output = ()>)
    where
        A: Application<B>,
        B: Payload,
    {
        tokio::select! {
            biased;
            () = shutdown => {}
            () = self.accept(&listener) => {}
        }
        self.accept_backlog(listener);
    }

    async fn accept<B>(&self, listener: &Listener)
    where
        A: Application<B>,
        B: Payload,
    {
        let mut complaints = Complaints::default();
        while let Ok(permit) = Arc::clone(&self.places).acquire_owned().await {
            match poll_fn(|context| listener.poll_accept(context)).await {
                Ok(socket) => self.welcome(socket, permit),
                Err(error) if concerns_one_connection(&error) => {}
                Err(error) => {
                    complaints.hear(&error);
                    sleep(Self::PAUSE).await;
                }
            }
        }
    }

    /// Accepts who is already waiting: to them the port was open, and a request may have been sent.
    fn accept_backlog<B>(&self, listener: Listener)
    where
        A: Application<B>,
        B: Payload,
    {
        let Ok(backlog) = listener.backlog() else { return };
        while let Ok(permit) = Arc::clone(&self.places).try_acquire_owned() {
            match backlog.next() {
                Ok(socket) => self.welcome(socket, permit),
                Err(error) if concerns_one_connection(&error) => {}
                Err(_) => return,
            }
        }
    }

    fn welcome<B>(&self, socket: Socket, permit: OwnedSemaphorePermit)
    where
        A: Application<B>,
        B: Payload,
    {
        let place = Place { _permit: permit };
        tokio::spawn(connection::attend(Arc::clone(&self.shared), socket, place, self.stage.subscribe()));
    }

    /// Lets what has begun finish, and cuts what does not.
    pub(super) async fn finish(self) -> Report {
        let open = self.open();
        self.shared.common.draining.store(true, Relaxed);
        self.stage.send_replace(Stage::Draining);
        let all_gone = timeout(self.shared.common.limits.shutdown_grace, self.all_gone()).await.is_ok();
        let aborted = if all_gone { 0 } else { self.open() };
        self.stage.send_replace(Stage::Cut);
        let _ = timeout(Self::CUTTING, self.all_gone()).await;
        Report { finished: open.saturating_sub(aborted), aborted }
    }

    async fn all_gone(&self) {
        let _ = self.places.acquire_many(self.capacity).await;
    }

    fn open(&self) -> usize {
        (self.capacity as usize).saturating_sub(self.places.available_permits())
    }
}

/// 0 is as many as can be counted.
fn capacity(connections: usize) -> u32 {
    let most = u32::try_from(Semaphore::MAX_PERMITS).unwrap_or(u32::MAX);
    u32::try_from(connections).ok().filter(|connections| (1..most).contains(connections)).unwrap_or(most)
}

/// Says that accepting fails, at most once a second however often it does.
#[derive(Default)]
struct Complaints {
    silence: Option<Pin<Box<Sleep>>>,
}

impl Complaints {
    const SILENCE: Duration = Duration::from_secs(1);

    fn hear(&mut self, error: &io::Error) {
        if self.silence.as_ref().is_none_or(|silence| silence.is_elapsed()) {
            tracing::error!(target: "quintet.server", %error, "connections cannot be accepted at present");
            self.silence = Some(Box::pin(sleep(Self::SILENCE)));
        }
    }
}

/// The connection ended before it was accepted: the next may be fine.
fn concerns_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::*;
    matches!(error.kind(), ConnectionAborted | ConnectionReset | ConnectionRefused | Interrupted)
}

/// Largest pieces that are read or gathered for writing, so that neither an upload nor a slow reader takes more
/// memory than this.
const BUFFER: usize = 64 * 1024;

fn http1_within(limits: &Limits) -> http1::Builder {
    let mut http1 = http1::Builder::new();
    http1
        .max_header_size(limits.bytes_of_a_head())
        .max_buf_size(limits.bytes_of_a_head().max(BUFFER))
        // A client that has said all it has to say still gets its answer; and what a client began is carried through
        // when it leaves, instead of being dropped half way.
        .half_close(true);
    if limits.headers_of_a_head() != HYPERS_HEADERS {
        http1.max_headers(limits.headers_of_a_head());
    }
    http1
}

/// hyper's own limit, for which it needs no allocation.
const HYPERS_HEADERS: usize = 100;

fn http2_within(limits: &Limits) -> http2::Builder<TokioExecutor> {
    let mut http2 = http2::Builder::new(TokioExecutor::new());
    let asks = !limits.http2_ping_interval.is_zero() && !limits.http2_ping_timeout.is_zero();
    http2
        .timer(TokioTimer::new())
        .max_concurrent_streams((limits.http2_streams > 0).then_some(limits.http2_streams))
        .max_header_list_size(u32::try_from(limits.bytes_of_a_head()).unwrap_or(u32::MAX))
        .max_send_buf_size(BUFFER)
        .keep_alive_interval(asks.then_some(limits.http2_ping_interval))
        .keep_alive_timeout(limits.http2_ping_timeout)
        // Against floods of requests that are taken back at once, and of frames that must be answered with a reset.
        .max_pending_accept_reset_streams(HTTP2_PENDING_RESETS)
        .max_local_error_reset_streams(HTTP2_ERROR_RESETS);
    http2
}

const HTTP2_PENDING_RESETS: usize = 20;
const HTTP2_ERROR_RESETS: usize = 256;
