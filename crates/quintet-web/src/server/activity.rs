//! What a connection is doing, counted where it happens and read by the neighbour `watch`.
//!
//! Neither hyper nor `plain` says whether a connection is idle, receiving a head or busy. Three counters do: bytes come
//! in through `wire`, requests begin in `connection`, and end when their answer's body (`body`) is dropped. Counting
//! costs a few nanoseconds a request; arming a timer for each would cost a hundred times that.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

use super::limits::Limits;

/// What all connections of a server share, whatever the application.
#[derive(Debug)]
pub(super) struct Common {
    pub(super) limits: Limits,
    /// Set once shutdown has begun.
    pub(super) draining: AtomicBool,
}

/// The counters of one connection. All but `open`, `waiting` and `pieces` are written by the connection's own task
/// alone; what runs beside it (the requests of HTTP/2, a body that was handed on) only opens and closes, and hands out
/// pieces. So nothing needs an order.
#[derive(Debug)]
pub(super) struct Activity {
    pub(super) common: Arc<Common>,
    /// Whether the protocol has requests one after the other, with a head that bytes can be counted towards.
    pub(super) is_http1: bool,
    requests: AtomicUsize,
    open: AtomicUsize,
    reads: AtomicUsize,
    /// The value of `reads` that the last request accounts for.
    accounted: AtomicUsize,
    writes: AtomicUsize,
    blocked: AtomicBool,
    /// Pieces of answers for which the other end of an HTTP/2 connection has made no room yet, and all that there were.
    waiting: AtomicUsize,
    pieces: AtomicUsize,
    /// Our side is being closed: nothing follows.
    closing: AtomicBool,
    unread: AtomicBool,
    spoilt: AtomicBool,
}

/// Adds one, without the price of doing so against other writers.
fn count(counter: &AtomicUsize) {
    counter.store(counter.load(Relaxed).wrapping_add(1), Relaxed);
}

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Nothing: the next request has not begun.
    Idle,
    /// A request's head has begun and is not complete; so counts a new connection before its first byte.
    Head,
    /// A request is being handled or answered, or its body is still being read.
    Busy,
}

/// How often the other end has taken something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// Bytes, from the socket.
    Writes(usize),
    /// Pieces of answers, for which it made room.
    Pieces(usize),
}

impl Activity {
    pub(super) fn new(common: Arc<Common>, is_http1: bool) -> Activity {
        Activity {
            common,
            is_http1,
            requests: AtomicUsize::new(0),
            open: AtomicUsize::new(0),
            reads: AtomicUsize::new(0),
            accounted: AtomicUsize::new(usize::MAX),
            writes: AtomicUsize::new(0),
            blocked: AtomicBool::new(false),
            waiting: AtomicUsize::new(0),
            pieces: AtomicUsize::new(0),
            closing: AtomicBool::new(false),
            unread: AtomicBool::new(false),
            spoilt: AtomicBool::new(false),
        }
    }

    pub(super) fn phase(&self) -> Phase {
        if self.open.load(Relaxed) > 0 || self.blocked.load(Relaxed) {
            Phase::Busy
        } else if self.is_http1 && self.reads.load(Relaxed) != self.accounted.load(Relaxed) {
            Phase::Head
        } else {
            Phase::Idle
        }
    }

    /// How many requests have begun.
    pub(super) fn requests(&self) -> usize {
        self.requests.load(Relaxed)
    }

    /// Bytes came in, or the end of them.
    pub(super) fn has_read(&self) {
        count(&self.reads);
    }

    /// The other end took bytes, or (`blocked`) would take none.
    pub(super) fn has_written(&self, blocked: bool) {
        if !blocked {
            count(&self.writes);
        }
        self.is_blocked(blocked);
    }

    /// Whether bytes wait that the other end does not take.
    pub(super) fn is_blocked(&self, blocked: bool) {
        self.blocked.store(blocked, Relaxed);
    }

    /// How much was taken so far, if the other end takes nothing at present. As long as answers wait for room, bytes
    /// that are taken are none of theirs.
    pub(super) fn blocked_at(&self) -> Option<Taken> {
        if self.waiting.load(Relaxed) > 0 {
            Some(Taken::Pieces(self.pieces.load(Relaxed)))
        } else {
            self.blocked.load(Relaxed).then(|| Taken::Writes(self.writes.load(Relaxed)))
        }
    }

    /// Our side is being closed.
    pub(super) fn is_closing(&self) {
        self.closing.store(true, Relaxed);
    }

    /// Whether, being idle, hyper may hold the beginning of a head that came in one piece with the request before it.
    /// That has not been counted: nobody but hyper knows where a request ends.
    pub(super) fn may_hide_a_head(&self) -> bool {
        self.is_http1 && !self.closing.load(Relaxed)
    }

    /// Whether not one byte has come in.
    pub(super) fn is_silent(&self) -> bool {
        self.reads.load(Relaxed) == 0
    }

    /// Whether what came in last can be nothing but the beginning of a head: after an unread body it may be that.
    pub(super) fn has_begun_a_head(&self) -> bool {
        self.phase() == Phase::Head && !self.is_silent() && !self.unread.load(Relaxed)
    }

    /// Whether hyper must be told that the connection is to end: to an idle one it would do so at once.
    pub(super) fn has_to_be_wound_up(&self) -> bool {
        !self.is_http1 || self.open.load(Relaxed) > 0
    }

    /// A body was dropped before its end. Unless what is left can be skipped, no request can follow it.
    pub(super) fn leaves_a_body_unread(&self, can_be_skipped: bool) {
        self.unread.store(true, Relaxed);
        self.spoilt.store(!can_be_skipped, Relaxed);
    }

    /// Whether the answer to the running request must be the connection's last.
    pub(super) fn ends_with_this_answer(&self) -> bool {
        self.common.draining.load(Relaxed) || self.is_http1 && self.spoilt.load(Relaxed)
    }

    pub(super) fn is_draining(&self) -> bool {
        self.common.draining.load(Relaxed)
    }

    /// A request's head is complete.
    fn begins(&self) {
        count(&self.requests);
        self.unread.store(false, Relaxed);
        self.spoilt.store(false, Relaxed);
    }

    /// What came in so far belongs to requests that are over.
    fn is_accounted_for(&self) {
        self.accounted.store(self.reads.load(Relaxed), Relaxed);
    }
}

/// Exists as long as the connection's own task handles and answers a request, and nothing runs beside it: nobody else
/// opens or closes then.
#[derive(Debug)]
pub(super) struct Running<'a>(&'a Arc<Activity>);

impl<'a> Running<'a> {
    /// A request's head is complete.
    pub(super) fn begin(activity: &'a Arc<Activity>) -> Running<'a> {
        activity.begins();
        count(&activity.open);
        Running(activity)
    }

    /// The same request, from here on with what runs beside the task.
    pub(super) fn shared(self) -> InFlight {
        InFlight::another(self.0)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.is_accounted_for();
        self.0.open.store(self.0.open.load(Relaxed).wrapping_sub(1), Relaxed);
    }
}

/// Exists as long as a request is being handled, read or answered.
#[derive(Debug)]
pub(super) struct InFlight(Arc<Activity>);

impl InFlight {
    /// A request's head is complete.
    pub(super) fn begin(activity: &Arc<Activity>) -> InFlight {
        activity.begins();
        InFlight::another(activity)
    }

    /// One more reason for which the same request is not over.
    pub(super) fn also(&self) -> InFlight {
        InFlight::another(&self.0)
    }

    /// A piece of the request's answer is handed out.
    pub(super) fn waits(&self) -> Waiting {
        self.0.waiting.fetch_add(1, Relaxed);
        self.0.pieces.fetch_add(1, Relaxed);
        Waiting(Arc::clone(&self.0))
    }

    pub(super) fn activity(&self) -> &Activity {
        &self.0
    }

    fn another(activity: &Arc<Activity>) -> InFlight {
        activity.open.fetch_add(1, Relaxed);
        InFlight(Arc::clone(activity))
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.is_accounted_for();
        self.0.open.fetch_sub(1, Relaxed);
    }
}

/// Exists as long as a piece of an answer waits for the other end to make room for it.
#[derive(Debug)]
pub(super) struct Waiting(Arc<Activity>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Relaxed);
    }
}
