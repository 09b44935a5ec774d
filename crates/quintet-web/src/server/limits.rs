//! How much of everything a connection may have, as one documented value.

use std::time::Duration;

/// The limits within which connections are served. [`Limits::default`] is meant for production, with or without a
/// proxy in front.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a request's line and headers together; more is answered with 431. Default 32 KiB.
    pub header_bytes: usize,
    /// Number of a request's headers; more is answered with 431. Default 100.
    pub headers: usize,
    /// Time for a request's line and headers to arrive, from the first byte of the request (for a connection's first
    /// request: from the connection); also the time for a TLS handshake. However steadily a sender drips, this does
    /// not grow. Default 10 s.
    pub header_timeout: Duration,
    /// Bytes of a request's body; more ends its reading with [`BodyError::TooLarge`](super::BodyError::TooLarge),
    /// before the first byte where the request announces its length. 0 is no limit. Default 100 MiB.
    pub body_bytes: u64,
    /// Time that may be spent waiting for a body, see [`body_rate`](Self::body_rate); then its reading ends with
    /// [`BodyError::TimedOut`](super::BodyError::TimedOut). The time that the application takes between two reads is
    /// not counted. Default 30 s.
    pub body_timeout: Duration,
    /// Bytes of a body that buy it one more second, so that a long upload may take its time and a drip may not. 0 makes
    /// [`body_timeout`](Self::body_timeout) a fixed deadline. Default 1 KiB.
    pub body_rate: u64,
    /// Time during which the other end may accept no byte of an answer before the connection is cut. Default 60 s.
    pub write_timeout: Duration,
    /// Time that a connection may be idle between two requests; it is closed at most a quarter later. Default 75 s:
    /// longer than the 60 s after which common proxies close, so that it is not us who closes under their request.
    pub keep_alive_timeout: Duration,
    /// Connections at a time; further ones wait in the socket's backlog until one ends. The system's limit of open
    /// files should be higher. Default 16,384.
    pub connections: usize,
    /// Requests at a time on one HTTP/2 connection. Default 128.
    pub http2_streams: u32,
    /// After how long without a word from an HTTP/2 connection's other end it is asked whether it lives. Default 20 s.
    pub http2_ping_interval: Duration,
    /// Time for it to answer. Default 10 s.
    pub http2_ping_timeout: Duration,
    /// Time that running requests have to end after shutdown has begun. Default 25 s: orchestrators commonly kill
    /// after 30 s.
    pub shutdown_grace: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            header_bytes: 32 * 1024,
            headers: 100,
            header_timeout: Duration::from_secs(10),
            body_bytes: 100 * 1024 * 1024,
            body_timeout: Duration::from_secs(30),
            body_rate: 1024,
            write_timeout: Duration::from_secs(60),
            keep_alive_timeout: Duration::from_secs(75),
            connections: 16_384,
            http2_streams: 128,
            http2_ping_interval: Duration::from_secs(20),
            http2_ping_timeout: Duration::from_secs(10),
            shutdown_grace: Duration::from_secs(25),
        }
    }
}

impl Limits {
    /// How often an open connection is looked at: idle and stalled time are counted in these.
    pub(super) fn tick(&self) -> Duration {
        let shortest = self.keep_alive_timeout.min(self.write_timeout) / Self::TICKS;
        shortest.max(Duration::from_millis(1))
    }

    /// Ticks in the shorter of the timeouts that are counted in ticks: what they may be late is one of them.
    pub(super) const TICKS: u32 = 4;

    /// How many ticks make up `time`, never fewer.
    pub(super) fn ticks(&self, time: Duration) -> u32 {
        u32::try_from(time.as_nanos().div_ceil(self.tick().as_nanos())).unwrap_or(u32::MAX)
    }
}
