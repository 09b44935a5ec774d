//! One connection from its first byte to its last: finds out the protocol, lets `plain` or hyper speak it, says goodbye.
//!
//! Knows the neighbours that each do one part; itself only strings them together.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::CONNECTION;
use http::{HeaderValue, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::service::service_fn;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::watch;
use tokio::time::{Sleep, sleep, timeout};

use super::accept::{Place, Shared};
use super::activity::{Activity, InFlight};
use super::body::{Pieces, Reply, RequestBody};
use super::gate;
use super::limits::or_never;
use super::listener::Socket;
use super::plain::Plain;
use super::watch::{End, LAST_CALL, Stage, Watch, over, reached};
use super::wire::{Stream, Wire};
use super::{Application, Payload, Peer, Tls};

/// Serves the connection that `socket` is until it ends.
pub(super) async fn attend<A, B>(
    shared: Arc<Shared<A>>,
    socket: Socket,
    place: Place,
    mut stage: watch::Receiver<Stage>,
) where
    A: Application<B>,
    B: Payload,
{
    let mut timer = pin!(sleep(or_never(shared.common.limits.header_timeout)));
    let peer = Peer { address: socket.address(), local: socket.local(), tls: shared.tls.is_some() };
    let opened = match &shared.tls {
        None => open(Stream::Plain(socket), timer.as_mut(), &mut stage).await,
        // Both in boxes, so that a connection that says nothing is small.
        Some(tls) => Box::pin(open_encrypted(tls, socket, timer.as_mut(), &mut stage)).await,
    };
    let end = match opened {
        Ok(opened) => Box::pin(serve(shared, opened, peer.clone(), place, timer, &mut stage)).await,
        Err(end) => end,
    };
    log(&end, &peer);
}

/// A connection of which the protocol is known.
struct Opened {
    stream: Stream,
    /// What was read to tell it.
    start: Bytes,
    is_http2: bool,
}

/// What a client of HTTP/2 says first.
const PREFACE: [u8; 24] = *b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Reads until the protocol is certain; that is at the first byte for most methods of HTTP/1.
async fn tell(stream: &mut Stream, start: &mut Vec<u8>) -> io::Result<bool> {
    while start.len() < PREFACE.len() {
        let mut room = [0; PREFACE.len()];
        let read = stream.read(&mut room[start.len()..]).await?;
        let from = start.len();
        start.extend_from_slice(&room[from..from + read]);
        if read == 0 || !PREFACE.starts_with(start) {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn open(
    mut stream: Stream,
    mut timer: Pin<&mut Sleep>,
    stage: &mut watch::Receiver<Stage>,
) -> Result<Opened, End> {
    let mut start = Vec::new();
    let is_http2 = tokio::select! {
        biased;
        told = tell(&mut stream, &mut start) => told.map_err(End::Lost)?,
        () = timer.as_mut() => {
            if !start.is_empty() {
                say_too_slow(&mut stream).await;
            }
            return Err(End::HeadTimeout);
        }
        // Whoever has begun may go on. So few bytes are HTTP/1 in all likelihood.
        () = last_call(stage, LAST_CALL) => false,
    };
    if start.is_empty() {
        return Err(End::Idle);
    }
    Ok(Opened { stream, start: start.into(), is_http2 })
}

#[cfg(feature = "tls")]
async fn open_encrypted(
    tls: &Tls,
    socket: Socket,
    mut timer: Pin<&mut Sleep>,
    stage: &mut watch::Receiver<Stage>,
) -> Result<Opened, End> {
    let (stream, is_http2) = tokio::select! {
        biased;
        accepted = tls.accept(socket) => accepted.map_err(End::Lost)?,
        () = timer.as_mut() => return Err(End::HeadTimeout),
        () = last_call(stage, LAST_HANDSHAKE) => return Err(End::Idle),
    };
    Ok(Opened { stream: Stream::Encrypted(Box::new(stream)), start: Bytes::new(), is_http2 })
}

/// How long a handshake may take after shutdown has begun: it has more than one round to make.
#[cfg(feature = "tls")]
const LAST_HANDSHAKE: Duration = Duration::from_secs(1);

#[cfg(not(feature = "tls"))]
async fn open_encrypted(
    tls: &Tls,
    _socket: Socket,
    _timer: Pin<&mut Sleep>,
    _stage: &mut watch::Receiver<Stage>,
) -> Result<Opened, End> {
    match tls.never() {}
}

async fn last_call(stage: &mut watch::Receiver<Stage>, time: Duration) {
    reached(stage, Stage::Draining).await;
    sleep(time).await;
}

async fn serve<A, B>(
    shared: Arc<Shared<A>>,
    opened: Opened,
    peer: Peer,
    place: Place,
    mut timer: Pin<&mut Sleep>,
    stage: &mut watch::Receiver<Stage>,
) -> End
where
    A: Application<B>,
    B: Payload,
{
    if peer.tls {
        timer.set(sleep(or_never(shared.common.limits.header_timeout)));
    }
    let activity = Arc::new(Activity::new(Arc::clone(&shared.common), !opened.is_http2));
    let wire = Wire::new(opened.stream, Arc::clone(&activity), place);
    let answers = Answers { shared, peer: Arc::new(peer), activity: Arc::clone(&activity) };
    let mut watch = Watch::new(&activity, timer);
    if opened.is_http2 {
        return Box::pin(serve_http2(wire.behind(opened.start), answers, watch, stage)).await;
    }
    if !opened.start.is_empty() {
        activity.has_read();
    }
    let mut plain = Plain::new(wire, opened.start);
    loop {
        let end = over(pin!(plain.serve(&answers)), |_| {}, &mut watch, stage).await;
        match end {
            End::Unusual => break,
            // It is not: a head that has begun was counted.
            End::InDoubt => {}
            End::HeadTimeout => {
                if activity.has_begun_a_head() {
                    say_too_slow(plain.wire.stream()).await;
                }
                return end;
            }
            _ => return end,
        }
    }
    // In a box: most connections never come here.
    Box::pin(serve_http1(plain, answers, watch, stage)).await
}

async fn serve_http2<A: Application<B>, B: Payload>(
    wire: Wire,
    answers: Answers<A>,
    mut watch: Watch<'_>,
    stage: &mut watch::Receiver<Stage>,
) -> End {
    let shared = Arc::clone(&answers.shared);
    let service = service_fn(move |request| {
        let answer = answers.answer_arriving(request);
        async move { Ok::<_, Infallible>(answer.await.map(Pieces::new)) }
    });
    let mut connection = shared.http2.serve_connection(wire, service);
    over(Pin::new(&mut connection), |it| it.graceful_shutdown(), &mut watch, stage).await
}

async fn serve_http1<A: Application<B>, B: Payload>(
    plain: Plain<B>,
    answers: Answers<A>,
    mut watch: Watch<'_>,
    stage: &mut watch::Receiver<Stage>,
) -> End {
    let shared = Arc::clone(&answers.shared);
    let activity = Arc::clone(&answers.activity);
    let mut wire = plain.wire.behind(plain.unread);
    let answered = Mutex::new(plain.answered);
    let mut service = service_fn(move |request| {
        let answered = answered.lock().unwrap_or_else(PoisonError::into_inner).take();
        let answer = answered.map_or_else(|| Err(answers.answer_arriving(request)), Ok);
        async move {
            Ok::<_, Infallible>(match answer {
                Ok(answered) => answered,
                Err(answer) => answer.await,
            })
        }
    });
    loop {
        let mut connection = shared.http1.serve_connection(wire, service).with_upgrades();
        let end = over(Pin::new(&mut connection), |it| it.graceful_shutdown(), &mut watch, stage).await;
        if !matches!(end, End::HeadTimeout | End::InDoubt) {
            return end;
        }
        let in_doubt = matches!(end, End::InDoubt);
        let Some(mut parts) = connection.into_parts() else { return end };
        if in_doubt && parts.read_buf.iter().all(|byte| b"\r\n".contains(byte)) {
            // Between two requests hyper remembers nothing else.
            (wire, service) = (parts.io, parts.service);
            continue;
        }
        if in_doubt || activity.has_begun_a_head() {
            say_too_slow(parts.io.stream()).await;
        }
        return End::HeadTimeout;
    }
}

/// The application as a connection sees it: requests within their limits in, answers that are counted out.
pub(super) struct Answers<A> {
    shared: Arc<Shared<A>>,
    peer: Arc<Peer>,
    pub(super) activity: Arc<Activity>,
}

impl<A> Answers<A> {
    /// The answer to a request whose body hyper hands on as it comes.
    fn answer_arriving<B>(
        &self,
        request: Request<Incoming>,
    ) -> impl Future<Output = Response<Reply<B>>> + Send + use<A, B>
    where
        A: Application<B>,
        B: Payload,
    {
        let running = InFlight::begin(&self.activity);
        let request = request.map(|incoming| RequestBody::arriving(incoming, &running));
        let answer = self.answer(request);
        async move {
            let mut response = answer.await;
            say_whether_last(&mut response, running.activity());
            response.body_mut().ends(running);
            response
        }
    }

    /// The answer to a request that has begun; whoever asks for it knows when it is over.
    pub(super) fn answer<B>(
        &self,
        mut request: Request<RequestBody>,
    ) -> impl Future<Output = Response<Reply<B>>> + Send + use<A, B>
    where
        A: Application<B>,
        B: Payload,
    {
        let headers = self.shared.common.limits.headers_of_a_head();
        let answer = match gate::refusal(&mut request, headers) {
            // In a box: a connection keeps room for a whole answer otherwise, and moves it about.
            None => Ok(Box::pin(self.shared.app.call(request, &self.peer))),
            Some(status) => Err(status),
        };
        async move {
            match answer {
                Ok(answer) => answer.await.map(|body| Reply::new(Some(body))),
                Err(status) => refused(status),
            }
        }
    }
}

/// Says of an answer that the connection ends with it, where it does.
pub(super) fn say_whether_last<B>(response: &mut Response<B>, activity: &Activity) {
    if activity.ends_with_this_answer() && response.status() != StatusCode::SWITCHING_PROTOCOLS {
        response.headers_mut().insert(CONNECTION, CLOSE);
    }
}

/// Nothing that follows a request which may be read in two ways can be trusted either.
fn refused<B>(status: StatusCode) -> Response<Reply<B>> {
    let mut response = Response::new(Reply::new(None));
    *response.status_mut() = status;
    response.headers_mut().insert(CONNECTION, CLOSE);
    response
}

/// hyper takes it out of what it sends over HTTP/2, which has other words for it.
const CLOSE: HeaderValue = HeaderValue::from_static("close");

async fn say_too_slow(stream: &mut Stream) {
    const ANSWER: &[u8] = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    let say = async {
        stream.write_all(ANSWER).await?;
        stream.shutdown().await
    };
    // Whether it arrives is not our loss.
    let _ = timeout(LAST_WORD, say).await;
}

const LAST_WORD: Duration = Duration::from_secs(1);

fn log(end: &End, peer: &Peer) {
    let address = peer.address.map(tracing::field::display);
    match end {
        End::Closed => {}
        End::Failed(error) => tracing::debug!(target: "quintet.server", address, %error, "connection failed"),
        End::Lost(error) => tracing::debug!(target: "quintet.server", address, %error, "connection lost"),
        End::HeadTimeout => tracing::debug!(target: "quintet.server", address, "request header came too slowly"),
        End::Idle | End::InDoubt | End::Unusual => {
            tracing::trace!(target: "quintet.server", address, "idle connection closed");
        }
        End::Stalled => tracing::debug!(target: "quintet.server", address, "answer was not taken"),
        End::Cut => tracing::warn!(target: "quintet.server", address, "connection cut by the end of the grace period"),
    }
}
