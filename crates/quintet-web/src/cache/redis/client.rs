//! One connection to a Redis server for a whole process: commands go out as they come, and the answers come in their order.
//!
//! A connection that is lost is made again for the next command. Whoever waited on it is told that it is not known
//! whether his command was done.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::time::timeout;

use super::resp::{self, Reply};
use crate::cache::url::{RedisHost, RedisUrl};

/// The way to a server.
pub(super) struct Client {
    url: RedisUrl,
    link: Mutex<Option<mpsc::Sender<Order>>>,
}

/// A command under way: dropped without an answer, the connection was lost.
struct Order {
    command: Vec<u8>,
    answer: oneshot::Sender<Reply>,
}

/// Why there is no answer.
pub(super) enum Lost {
    /// Nothing was said to the server.
    Unreachable(Why),
    /// The command may have been done.
    InFlight(Why),
}

/// What went wrong, in words.
#[derive(Debug)]
pub(super) enum Why {
    Io(std::io::Error),
    Refused(String),
    Closed,
    Late(Duration),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Refused(text) => f.write_str(text),
            Self::Closed => f.write_str("the connection was lost"),
            Self::Late(wait) => write!(f, "no answer within {} s", wait.as_secs()),
        }
    }
}

/// So many commands wait for the server at most; who comes then waits until there is room.
const WAITING: usize = 1024;

impl Client {
    /// Opens nothing yet.
    pub(super) fn new(url: &RedisUrl) -> Result<Self, String> {
        if cfg!(not(unix)) && matches!(url.host, RedisHost::Socket(_)) {
            return Err("there are no Unix sockets here\nhint: write `redis://localhost:6379/0`".to_owned());
        }
        Ok(Self { url: url.clone(), link: Mutex::new(None) })
    }

    /// Says a command, and waits for its answer.
    pub(super) async fn call(&self, words: &[&[u8]]) -> Result<Reply, Lost> {
        let late = || Why::Late(self.url.wait);
        let (answer, answered) = oneshot::channel();
        let mut order = Order { command: resp::command(words), answer };
        let sent = timeout(self.url.wait, async {
            loop {
                let link = self.link().await?;
                match link.send(order).await {
                    Ok(()) => return Ok(()),
                    // It was lost before it took the command.
                    Err(back) => order = back.0,
                }
            }
        });
        sent.await.unwrap_or_else(|_| Err(late())).map_err(Lost::Unreachable)?;
        match timeout(self.url.wait, answered).await {
            Ok(Ok(reply)) => Ok(reply),
            Ok(Err(_)) => Err(Lost::InFlight(Why::Closed)),
            Err(_) => {
                // What does not answer is given up, with all that wait for it.
                *self.link.lock().await = None;
                Err(Lost::InFlight(late()))
            }
        }
    }

    /// The connection that there is, or a new one.
    async fn link(&self) -> Result<mpsc::Sender<Order>, Why> {
        let mut held = self.link.lock().await;
        if let Some(link) = held.as_ref().filter(|link| !link.is_closed()) {
            return Ok(link.clone());
        }
        let mut line = Line::open(&self.url).await?;
        line.greet(&self.url).await?;
        let (link, orders) = mpsc::channel(WAITING);
        tokio::spawn(line.serve(orders));
        *held = Some(link.clone());
        Ok(link)
    }
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// An open connection.
struct Line {
    stream: Box<dyn Stream>,
    inbox: BytesMut,
}

impl Line {
    async fn open(url: &RedisUrl) -> Result<Self, Why> {
        let stream: Box<dyn Stream> = match &url.host {
            RedisHost::Tcp(host, port) => {
                let stream = TcpStream::connect((host.as_str(), *port)).await.map_err(Why::Io)?;
                stream.set_nodelay(true).map_err(Why::Io)?;
                Box::new(stream)
            }
            #[cfg(unix)]
            RedisHost::Socket(path) => Box::new(tokio::net::UnixStream::connect(path).await.map_err(Why::Io)?),
            #[cfg(not(unix))]
            RedisHost::Socket(_) => return Err(Why::Closed),
        };
        Ok(Self { stream, inbox: BytesMut::new() })
    }

    /// Logs in, and chooses the database.
    async fn greet(&mut self, url: &RedisUrl) -> Result<(), Why> {
        if let Some(password) = &url.password {
            let user = url.user.as_deref().map(str::as_bytes);
            let words: Vec<&[u8]> =
                [&b"AUTH"[..]].into_iter().chain(user).chain([password.expose().as_bytes()]).collect();
            self.ask(&words).await?;
        }
        let number = url.number.to_string();
        self.ask(&[b"SELECT", number.as_bytes()]).await
    }

    async fn ask(&mut self, words: &[&[u8]]) -> Result<(), Why> {
        self.stream.write_all(&resp::command(words)).await.map_err(Why::Io)?;
        loop {
            match resp::reply(&self.inbox).map_err(|_| Why::Refused("it does not speak as Redis does".to_owned()))? {
                Some((Reply::Error(text), _)) => return Err(Why::Refused(text)),
                Some((_, length)) => {
                    self.inbox.advance(length);
                    return Ok(());
                }
                None if self.stream.read_buf(&mut self.inbox).await.map_err(Why::Io)? == 0 => return Err(Why::Closed),
                None => {}
            }
        }
    }

    /// Carries commands out and answers in, until the connection is lost or nobody asks any more.
    async fn serve(self, mut orders: mpsc::Receiver<Order>) {
        let (mut reader, mut writer) = split(self.stream);
        let (mut inbox, mut outbox, mut waiting) = (self.inbox, BytesMut::new(), VecDeque::new());
        loop {
            tokio::select! {
                read = reader.read_buf(&mut inbox) => {
                    if !matches!(read, Ok(1..)) || hand_out(&mut inbox, &mut waiting).is_none() {
                        return;
                    }
                }
                written = writer.write_buf(&mut outbox), if !outbox.is_empty() => {
                    if !matches!(written, Ok(1..)) {
                        return;
                    }
                }
                order = orders.recv(), if waiting.len() < WAITING => {
                    // Nobody asks any more; who still waits is answered by nobody, as his site is gone.
                    let Some(order) = order else { return };
                    take(order, &mut outbox, &mut waiting);
                    while let Ok(more) = orders.try_recv() {
                        take(more, &mut outbox, &mut waiting);
                    }
                }
            }
        }
    }
}

fn take(order: Order, outbox: &mut BytesMut, waiting: &mut VecDeque<oneshot::Sender<Reply>>) {
    outbox.extend_from_slice(&order.command);
    waiting.push_back(order.answer);
}

/// Gives each answer that is whole to who waits for it; nothing where that makes no sense.
fn hand_out(inbox: &mut BytesMut, waiting: &mut VecDeque<oneshot::Sender<Reply>>) -> Option<()> {
    while let Some((reply, length)) = resp::reply(inbox).ok()? {
        inbox.advance(length);
        // Who does not wait any longer needs no answer.
        let _ = waiting.pop_front()?.send(reply);
    }
    Some(())
}
