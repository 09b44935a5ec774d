//! A server with a small application, and a client that says and hears bytes.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::{HOST, UPGRADE};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body::{Body, Frame};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::super::{BodyError, Limits, Listener, Peer, Report, RequestBody, Tls, serve};
use super::plain;

/// Long enough for anything that should happen at once, on a machine that is busy.
pub(super) const SOON: Duration = Duration::from_secs(2);

pub(super) const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A running server.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    pub(super) counts: Arc<Counts>,
    stop: oneshot::Sender<()>,
    report: JoinHandle<Report>,
}

/// What the application counts.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) begun: AtomicUsize,
    pub(super) finished: AtomicUsize,
    /// Pieces that the endless answer has given.
    pub(super) pieces: AtomicUsize,
}

impl Server {
    pub(super) async fn start(limits: Limits) -> Server {
        Server::start_with(limits, None).await
    }

    pub(super) async fn start_with(limits: Limits, tls: Option<Tls>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let counts = Arc::new(Counts::default());
        let app = application(Arc::clone(&counts));
        let shutdown = async {
            let _ = stopped.await;
        };
        let report = tokio::spawn(serve(Listener::Tcp(listener), tls, limits, app, shutdown));
        Server { address, counts, stop, report }
    }

    pub(super) async fn connect(&self) -> Client<TcpStream> {
        Client::new(TcpStream::connect(self.address).await.unwrap())
    }

    /// Sends `request` on a connection of its own.
    pub(super) async fn ask(&self, request: &str) -> Answer {
        self.connect().await.ask(request).await
    }

    /// Tells the server to stop, and goes on.
    pub(super) fn begin_to_stop(self) -> JoinHandle<Report> {
        let _ = self.stop.send(());
        self.report
    }

    pub(super) async fn stop(self) -> Report {
        timeout(SOON, self.begin_to_stop()).await.expect("the server should stop").unwrap()
    }
}

/// Waits until `counter` has come as far as `value`.
pub(super) async fn until(counter: &AtomicUsize, value: usize) {
    let reached = async {
        while counter.load(Ordering::SeqCst) < value {
            sleep(ms(2)).await;
        }
    };
    timeout(SOON, reached).await.expect("the application should have been called");
}

pub(super) type AnyBody = UnsyncBoxBody<Bytes, Infallible>;

type Answering = Pin<Box<dyn Future<Output = Response<AnyBody>> + Send>>;

/// One path for each way in which a view can behave.
pub(super) fn application(counts: Arc<Counts>) -> impl Fn(Request<RequestBody>, &Arc<Peer>) -> Answering + Send + Sync {
    move |request, peer| {
        let (counts, peer) = (Arc::clone(&counts), Arc::clone(peer));
        Box::pin(async move {
            counts.begun.fetch_add(1, Ordering::SeqCst);
            let response = view(request, &peer, &counts).await;
            counts.finished.fetch_add(1, Ordering::SeqCst);
            response
        })
    }
}

async fn view(mut request: Request<RequestBody>, peer: &Peer, counts: &Arc<Counts>) -> Response<AnyBody> {
    let path = request.uri().path().to_owned();
    match path.as_str() {
        "/peer" => text(format!("{} {}", peer.address.is_some(), peer.tls)),
        "/host" => text(request.headers().get(HOST).map_or("none", |host| host.to_str().unwrap()).to_owned()),
        "/echo" => match request.into_body().collect().await {
            Ok(body) => Response::new(Full::new(body.to_bytes()).boxed_unsync()),
            Err(error) => status_of(error),
        },
        "/pause" => {
            let mut body = request.into_body();
            let _ = body.frame().await;
            sleep(ms(600)).await;
            match body.collect().await {
                Ok(body) => text(format!("{} more", body.to_bytes().len())),
                Err(error) => status_of(error),
            }
        }
        "/large" => Response::new(Full::new(Bytes::from_static(&[b'x'; LARGE])).boxed_unsync()),
        "/endless" => Response::new(Endless(Arc::clone(counts)).boxed_unsync()),
        "/upgrade" => {
            tokio::spawn(echo(hyper::upgrade::on(&mut request)));
            let mut response = text(String::new());
            *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
            response.headers_mut().insert(UPGRADE, HeaderValue::from_static("echo"));
            response
        }
        path if path.starts_with("/answer/") => plain::answer(path),
        "/panic" => panic!("the panic of a test"),
        path => {
            if let Some(time) = path.strip_prefix("/slow/") {
                sleep(ms(time.parse().unwrap())).await;
            }
            text("hello".to_owned())
        }
    }
}

/// The length of an answer whose body is one piece.
pub(super) const LARGE: usize = 1 << 20;

/// Another protocol: what is said is said back.
async fn echo(upgrade: OnUpgrade) {
    let (mut hear, mut say) = tokio::io::split(TokioIo::new(upgrade.await.unwrap()));
    let _ = tokio::io::copy(&mut hear, &mut say).await;
}

fn text(text: String) -> Response<AnyBody> {
    Response::new(Full::new(Bytes::from(text)).boxed_unsync())
}

fn status_of(error: BodyError) -> Response<AnyBody> {
    let mut response = text(String::new());
    *response.status_mut() = match error {
        BodyError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        BodyError::TimedOut => StatusCode::REQUEST_TIMEOUT,
        BodyError::Malformed | BodyError::Disconnected => StatusCode::BAD_REQUEST,
    };
    response
}

/// 16 KiB at a time, for ever, as fast as they are asked for.
struct Endless(Arc<Counts>);

impl Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.pieces.fetch_add(1, Ordering::SeqCst);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b'x'; 16 * 1024])))))
    }
}

/// A client that is as rude as a test needs.
pub(super) struct Client<S> {
    pub(super) stream: S,
    heard: Vec<u8>,
}

/// An answer of HTTP/1, apart.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: String,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    pub(super) fn new(stream: S) -> Client<S> {
        Client { stream, heard: Vec::new() }
    }

    pub(super) async fn say(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.unwrap();
    }

    /// Says `bytes` one at a time, `every` so often, until they are said or nobody listens.
    pub(super) async fn drip(&mut self, bytes: impl AsRef<[u8]>, every: Duration) {
        for byte in bytes.as_ref() {
            if self.stream.write_all(&[*byte]).await.is_err() {
                return;
            }
            sleep(every).await;
        }
    }

    pub(super) async fn ask(&mut self, request: &str) -> Answer {
        self.say(request).await;
        self.answer().await
    }

    /// The next answer; it must come soon.
    pub(super) async fn answer(&mut self) -> Answer {
        timeout(SOON, self.next_answer()).await.expect("an answer should come").expect("an answer should come whole")
    }

    /// The next answer; none if the connection ends before.
    pub(super) async fn next_answer(&mut self) -> Option<Answer> {
        let end = loop {
            match self.heard.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                Some(end) => break end + 4,
                None => self.hear().await?,
            }
        };
        let head = String::from_utf8(self.heard.drain(..end).collect()).unwrap().to_ascii_lowercase();
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let length = head
            .split_once("content-length: ")
            .map_or(0, |(_, rest)| rest.lines().next().unwrap_or_default().parse().unwrap_or(0));
        while self.heard.len() < length {
            self.hear().await?;
        }
        let body = String::from_utf8_lossy(&self.heard.drain(..length).collect::<Vec<_>>()).into_owned();
        Some(Answer { status, head, body })
    }

    async fn hear(&mut self) -> Option<()> {
        let read = self.stream.read_buf(&mut self.heard).await.ok()?;
        (read > 0).then_some(())
    }

    /// Waits until the server closes, and returns what it said before.
    pub(super) async fn rest(&mut self) -> String {
        let rest = async { while self.hear().await.is_some() {} };
        timeout(SOON, rest).await.expect("the server should close the connection");
        String::from_utf8_lossy(&std::mem::take(&mut self.heard)).into_owned()
    }

    /// Whether the server neither says anything nor closes for `time`.
    pub(super) async fn is_left_alone_for(&mut self, time: Duration) -> bool {
        self.heard.is_empty() && timeout(time, self.hear()).await.is_err()
    }
}

impl Answer {
    pub(super) fn is_last(&self) -> bool {
        self.head.contains("connection: close")
    }
}

/// A request without a body.
pub(super) fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: example.com\r\n\r\n")
}

/// A request with one.
pub(super) fn post(path: &str, body: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: example.com\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}
