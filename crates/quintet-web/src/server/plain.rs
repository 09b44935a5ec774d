//! Requests in which nothing is in doubt, and answers that are known whole: answered here, without hyper.
//!
//! Most requests are whole when they come, have nothing to agree on beyond HTTP/1.1, and get an answer that is known
//! whole; they need neither hyper's states nor its two buffers, and a connection that waits needs no buffer at all.
//! Whatever else comes (a part of a body, chunks, `Expect`, an upgrade, a wrong word, a streamed answer) is left as it
//! came: hyper reads it again from its first byte, decides about it, and has the connection from then on. So there is
//! nothing here that refuses, and nothing that is read in two ways.

mod answer;
mod head;

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::ready;

use bytes::{Bytes, BytesMut};
use http::{Method, Response};
use hyper::rt::Write;
use tokio::io::ReadBuf;

use self::answer::{Text, in_words};
use self::head::{Reading, read};
use super::activity::Running;
use super::body::Reply;
use super::connection::{Answers, say_whether_last};
use super::watch::End;
use super::wire::Wire;
use super::{Application, Payload};

/// A connection whose requests were all plain so far.
pub(super) struct Plain<B> {
    pub(super) wire: Wire,
    /// What came and is not answered yet.
    pub(super) unread: Bytes,
    /// The answer to the request that `unread` begins with, where it is hyper that must write it.
    pub(super) answered: Option<Response<Reply<B>>>,
}

/// What is read at once, and the most that a plain request has: hyper's first buffer holds it all, so that a body is
/// skipped where hyper writes the answer.
const ROOM: usize = 8 * 1024;

impl<B: Payload> Plain<B> {
    /// In so many pieces a plain request may come: it is looked at from its beginning each time.
    const PIECES: usize = 4;

    /// `unread` is what came already.
    pub(super) fn new(wire: Wire, unread: Bytes) -> Plain<B> {
        Plain { wire, unread, answered: None }
    }

    /// Answers one request after the other, until one comes that is hyper's ([`End::Unusual`]). May be dropped, and
    /// called again, whenever no request has begun.
    pub(super) async fn serve(&mut self, answers: &Answers<impl Application<B>>) -> End {
        loop {
            match self.turn(answers).await {
                Ok(None) => {}
                Ok(Some(end)) => return end,
                Err(error) => return End::Lost(error),
            }
        }
    }

    /// One request and its answer, or why there is none.
    async fn turn(&mut self, answers: &Answers<impl Application<B>>) -> io::Result<Option<End>> {
        let activity = &answers.activity;
        let mut pieces = 0;
        let request = loop {
            match read(&self.unread, ROOM, &activity.common.limits) {
                Reading::Plain(request) => break request,
                Reading::Unusual => return Ok(Some(End::Unusual)),
                Reading::Incomplete => {}
            }
            if pieces == 0 && !self.holds_no_head() {
                // It began in one piece with the request before.
                activity.has_read();
            }
            pieces += 1;
            if pieces > Self::PIECES {
                return Ok(Some(End::Unusual));
            }
            if !self.read_on().await? {
                return if self.unread.is_empty() { self.close().await.map(Some) } else { Ok(Some(End::Unusual)) };
            }
        };
        let is_head = *request.message.method() == Method::HEAD;
        let running = Running::begin(activity);
        let mut response = answers.answer(request.message).await;
        say_whether_last(&mut response, activity);
        let Some(text) = poll_fn(|context| in_words(&mut response, is_head, context)).await? else {
            response.body_mut().ends(running.shared());
            self.answered = Some(response);
            return Ok(Some(End::Unusual));
        };
        self.unread = request.rest;
        self.write(&text).await?;
        super::spare::keep(std::mem::take(response.headers_mut()));
        drop((response, running));
        let is_last = text.is_last || activity.is_draining();
        if is_last { self.close().await.map(Some) } else { Ok(None) }
    }

    /// Whether what is unread is nothing, or line ends that may stand before a request.
    fn holds_no_head(&self) -> bool {
        self.unread.iter().all(|byte| b"\r\n".contains(byte))
    }

    /// Adds what comes next to what is unread; nothing is the end.
    async fn read_on(&mut self) -> io::Result<bool> {
        poll_fn(|context| {
            // On the stack: a connection that waits has no room for what may come.
            let mut room = [MaybeUninit::uninit(); ROOM];
            let mut into = ReadBuf::uninit(&mut room);
            ready!(self.wire.poll_in(context, &mut into))?;
            let came = into.filled();
            self.unread = match self.unread.len() {
                0 => Bytes::copy_from_slice(came),
                before => {
                    let mut all = BytesMut::with_capacity(before + came.len());
                    all.extend_from_slice(&self.unread);
                    all.extend_from_slice(came);
                    all.freeze()
                }
            };
            io::Result::Ok(!came.is_empty()).into()
        })
        .await
    }

    async fn write(&mut self, text: &Text) -> io::Result<()> {
        let mut written = 0;
        poll_fn(|context| {
            while written < text.len() {
                let wire = Pin::new(&mut self.wire);
                let some = match text.behind(written) {
                    (piece, &[]) | (&[], piece) => wire.poll_write(context, piece),
                    (head, body) => wire.poll_write_vectored(context, &[IoSlice::new(head), IoSlice::new(body)]),
                };
                match ready!(some)? {
                    0 => return Err(io::ErrorKind::WriteZero.into()).into(),
                    more => written += more,
                }
            }
            Pin::new(&mut self.wire).poll_flush(context)
        })
        .await
    }

    async fn close(&mut self) -> io::Result<End> {
        poll_fn(|context| Pin::new(&mut self.wire).poll_shutdown(context)).await?;
        Ok(End::Closed)
    }
}
