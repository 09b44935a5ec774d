//! Tests of the server through real sockets on this machine.
//!
//! Times are fractions of a second, given with room: what must end is waited for generously, what must not end is
//! looked at long after it wrongly would.

mod harness;

mod body;
mod http1;
mod http2;
mod limits;
mod plain;
mod shutdown;
mod smuggling;
#[cfg(unix)]
mod starving;
mod tls;
#[cfg(unix)]
mod unix;
