//! The system's clock and chance, for sites that serve the world.

use std::time::{Instant, SystemTime};

use quintet_web::Clock;

/// The clock of this machine.
pub(crate) fn system() -> Clock {
    let start = Instant::now();
    Clock::new(SystemTime::now, move || start.elapsed())
}

/// A number that another process would not have.
pub(crate) fn seed() -> u64 {
    // A machine without randomness still serves: the number names requests and pads gzip files, it guards nothing.
    getrandom::u64().unwrap_or_else(|_| u64::from(std::process::id()))
}
