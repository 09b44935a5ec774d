//! Watches one connection while it is served: heads that do not end, idleness, answers that nobody takes, shutdown.
//!
//! One timer for a connection's whole life. It is armed anew only when a head has begun and is not complete, which is
//! rare where requests arrive in one piece; otherwise it ticks, a few times per timeout, and what it sees unchanged
//! since the last tick is counted. A request itself touches no timer.

use std::future::{Future, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Sleep, sleep};

use super::activity::{Activity, Phase, Taken};
use super::limits::or_never;

/// How far a server's end has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Not at all.
    Serving,
    /// Shutdown has begun: what has begun may finish.
    Draining,
    /// The grace is over.
    Cut,
}

/// Why a connection is over.
#[derive(Debug)]
pub(super) enum End {
    /// Both ends agreed.
    Closed,
    /// hyper gave up: an error of the protocol or the socket.
    Failed(hyper::Error),
    /// The socket failed, or the handshake of TLS, before there was a protocol.
    Lost(io::Error),
    /// A head did not end in time.
    HeadTimeout,
    /// Nothing happened for too long, or during shutdown.
    Idle,
    /// No end yet: it has been idle for so long that a head which hyper may hold would be too slow. Whether it holds
    /// one is seen only by taking the connection apart; once in an idle time is enough.
    InDoubt,
    /// No end yet: a request came that is hyper's.
    Unusual,
    /// The other end took nothing of an answer for too long.
    Stalled,
    /// The grace of shutdown was over.
    Cut,
}

/// Drives `connection` to its end. `wind_up` makes the running requests the last ones.
pub(super) async fn over<C: Future<Output: Into<End>>>(
    mut connection: Pin<&mut C>,
    wind_up: impl FnOnce(Pin<&mut C>),
    watch: &mut Watch<'_>,
    stage: &mut watch::Receiver<Stage>,
) -> End {
    if let Some(end) = while_serving(connection.as_mut(), watch, stage).await {
        return end;
    }
    if watch.activity.has_to_be_wound_up() {
        wind_up(connection.as_mut());
    }
    watch.last_call();
    while_draining(connection, watch, stage).await
}

/// The connection's end, or nothing when shutdown has begun.
async fn while_serving<C: Future<Output: Into<End>>>(
    mut connection: Pin<&mut C>,
    watch: &mut Watch<'_>,
    stage: &mut watch::Receiver<Stage>,
) -> Option<End> {
    let mut draining = pin!(reached(stage, Stage::Draining));
    let mut asked = false;
    poll_fn(|context| {
        if let Poll::Ready(result) = connection.as_mut().poll(context) {
            return Poll::Ready(Some(result.into()));
        }
        // Polled once, to be woken by it; then only when it has something to say, because it takes a lock that all
        // connections share. (A task's waker stays the same.)
        if (!asked || watch.activity.is_draining()) && draining.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        asked = true;
        watch.poll(context).map(Some)
    })
    .await
}

async fn while_draining<C: Future<Output: Into<End>>>(
    mut connection: Pin<&mut C>,
    watch: &mut Watch<'_>,
    stage: &mut watch::Receiver<Stage>,
) -> End {
    let mut cut = pin!(reached(stage, Stage::Cut));
    poll_fn(|context| {
        if let Poll::Ready(result) = connection.as_mut().poll(context) {
            return Poll::Ready(result.into());
        }
        if cut.as_mut().poll(context).is_ready() {
            return Poll::Ready(End::Cut);
        }
        watch.poll(context)
    })
    .await
}

/// Waits until the server's end has come as far as `stage`. A server that is gone counts.
pub(super) async fn reached(at: &mut watch::Receiver<Stage>, stage: Stage) {
    let _ = at.wait_for(|at| *at >= stage).await;
}

impl From<hyper::Result<()>> for End {
    fn from(result: hyper::Result<()>) -> End {
        result.map_or_else(End::Failed, |()| End::Closed)
    }
}

/// How long an idle connection stays open after shutdown has begun: a request may be on its way.
pub(super) const LAST_CALL: Duration = Duration::from_millis(100);

/// What is remembered of a connection from one look to the next.
pub(super) struct Watch<'a> {
    activity: &'a Activity,
    timer: Pin<&'a mut Sleep>,
    /// The timer will wake the connection's task: until then it need not be polled again.
    is_waiting: bool,
    /// What was seen at the last look, and at which number of requests.
    seen: (Phase, usize),
    /// Ticks at which nothing had begun since the one before, and the number of requests at that one.
    idle: (u32, usize),
    /// At which number of requests it was found that hyper holds no head.
    cleared: usize,
    /// Ticks at which the other end had taken nothing since the one before, and how much it had at that one.
    stalled: (u32, Option<Taken>),
    draining: bool,
}

impl<'a> Watch<'a> {
    /// `timer` is what is left of the time for the first head.
    pub(super) fn new(activity: &'a Activity, timer: Pin<&'a mut Sleep>) -> Watch<'a> {
        Watch {
            activity,
            timer,
            is_waiting: false,
            seen: (Phase::Head, 0),
            idle: (0, NEVER),
            cleared: NEVER,
            stalled: (0, None),
            draining: false,
        }
    }

    /// From now on an idle connection is closed at the next tick, which is soon.
    fn last_call(&mut self) {
        self.draining = true;
        if self.activity.phase() != Phase::Head || self.activity.is_silent() {
            self.arm(LAST_CALL);
        }
    }

    /// Ready when the connection must end. To be polled whenever the connection has been.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<End> {
        loop {
            self.look();
            if self.is_waiting && !self.timer.is_elapsed() {
                return Poll::Pending;
            }
            if self.timer.as_mut().poll(context).is_pending() {
                self.is_waiting = true;
                return Poll::Pending;
            }
            if let Some(end) = self.tick() {
                return Poll::Ready(end);
            }
        }
    }

    /// Gives a head that has begun its time, and lets the timer tick again when it is complete.
    fn look(&mut self) {
        let seen = (self.activity.phase(), self.activity.requests());
        match (self.seen.0, seen.0) {
            (_, Phase::Head) if self.seen != seen => self.arm(or_never(self.activity.common.limits.header_timeout)),
            (Phase::Head, Phase::Idle | Phase::Busy) => self.arm(self.pause()),
            _ => {}
        }
        self.seen = seen;
    }

    fn tick(&mut self) -> Option<End> {
        let end = match self.seen.0 {
            Phase::Head => Some(End::HeadTimeout),
            Phase::Idle => self.idle_end(),
            // During shutdown the grace is what counts.
            Phase::Busy => (!self.draining && self.is_stalled_for_too_long()).then_some(End::Stalled),
        };
        self.arm(self.pause());
        end
    }

    /// Until the next tick.
    fn pause(&self) -> Duration {
        match self.draining {
            true => LAST_CALL,
            false => self.activity.common.limits.tick(),
        }
    }

    fn idle_end(&mut self) -> Option<End> {
        if self.draining || self.is_idle_for_too_long() {
            return Some(End::Idle);
        }
        self.has_to_be_cleared().then_some(End::InDoubt)
    }

    fn is_idle_for_too_long(&mut self) -> bool {
        let requests = self.activity.requests();
        self.idle = if self.idle.1 == requests { (self.idle.0 + 1, requests) } else { (0, requests) };
        let limits = &self.activity.common.limits;
        limits.have_passed(self.idle.0, limits.keep_alive_timeout)
    }

    fn has_to_be_cleared(&mut self) -> bool {
        let limits = &self.activity.common.limits;
        let requests = self.activity.requests();
        let in_doubt = self.activity.may_hide_a_head()
            && self.cleared != requests
            && limits.have_passed(self.idle.0, limits.header_timeout);
        if in_doubt {
            self.cleared = requests;
        }
        in_doubt
    }

    fn is_stalled_for_too_long(&mut self) -> bool {
        self.idle.1 = NEVER;
        let at = self.activity.blocked_at();
        self.stalled = if at.is_some() && self.stalled.1 == at { (self.stalled.0 + 1, at) } else { (0, at) };
        let limits = &self.activity.common.limits;
        limits.have_passed(self.stalled.0, limits.write_timeout)
    }

    fn arm(&mut self, time: Duration) {
        self.timer.set(sleep(time));
        self.is_waiting = false;
    }
}

/// No number of requests, so that idleness is counted from the next tick on.
const NEVER: usize = usize::MAX;
