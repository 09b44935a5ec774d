//! Times as settings are written with: `minutes(30)`.

use std::time::Duration;

/// So many seconds.
pub const fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

/// So many minutes.
pub const fn minutes(number: u64) -> Duration {
    Duration::from_secs(number * 60)
}

/// So many hours.
pub const fn hours(number: u64) -> Duration {
    Duration::from_secs(number * 60 * 60)
}

/// So many days.
pub const fn days(number: u64) -> Duration {
    Duration::from_secs(number * 24 * 60 * 60)
}
