//! The system's clock and chance, for sites that serve the world.

use std::time::Instant;

use quintet_web::Clock;

/// The clock of this machine, or the one that a test has set.
pub(crate) fn system() -> Clock {
    let start = Instant::now();
    Clock::new(quintet_db::time, move || start.elapsed())
}

/// A number that another process would not have.
pub(crate) fn seed() -> u64 {
    // A machine without randomness still serves: the number names requests and pads gzip files, it guards nothing.
    getrandom::u64().unwrap_or_else(|_| u64::from(std::process::id()))
}

/// The time of day now, for files and names that people read. In UTC.
#[derive(Clone, Debug)]
pub(crate) struct Moment(String);

impl Moment {
    /// Now.
    pub(crate) fn now() -> Self {
        Self(quintet_db::now())
    }

    /// `2024-01-31 12:00`
    pub(crate) fn minute(&self) -> &str {
        self.0.get(..16).unwrap_or(&self.0)
    }

    /// `20240131_1200`
    pub(crate) fn stamp(&self) -> String {
        let digits: String = self.minute().chars().filter(char::is_ascii_digit).collect();
        let (day, time) = digits.split_at_checked(8).unwrap_or((&digits, ""));
        format!("{day}_{time}")
    }

    /// `2024-01-31 12:00:00.000001`
    pub(crate) fn iso(&self) -> &str {
        &self.0
    }
}
