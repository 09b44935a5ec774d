//! The time of a test: it stands still, and goes on when the test says so.

use std::marker::PhantomData;
use std::time::{Duration, SystemTime};

use quintet_db::model::DateTime;

/// A clock that the thread of a test goes by until it is dropped: `auto_now`, `utc_now`, the lifetimes of tokens,
/// throttles and cookies. It stands still.
///
/// The database's own `now()` and the logs go by the machine, and so do other threads.
#[derive(Debug)]
pub struct TestClock {
    before: Option<SystemTime>,
    /// It belongs to the thread that it is set for.
    thread: PhantomData<*const ()>,
}

impl TestClock {
    /// Sets the time: `TestClock::at("2024-01-31T12:00:00Z")`.
    ///
    /// # Panics
    /// Where the text is no moment, with its zone, after 1970.
    #[track_caller]
    pub fn at(moment: &str) -> Self {
        Self { before: quintet_db::set_time(Some(parsed(moment))), thread: PhantomData }
    }

    /// Stops the time as it is.
    pub fn stopped() -> Self {
        Self { before: quintet_db::set_time(Some(quintet_db::time())), thread: PhantomData }
    }

    /// Sets another time.
    ///
    /// # Panics
    /// As [`TestClock::at`].
    #[track_caller]
    pub fn set(&self, moment: &str) {
        quintet_db::set_time(Some(parsed(moment)));
    }

    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        quintet_db::set_time(Some(quintet_db::time() + by));
    }

    /// The time.
    pub fn now(&self) -> DateTime {
        quintet_db::time().into()
    }
}

impl Drop for TestClock {
    fn drop(&mut self) {
        quintet_db::set_time(self.before);
    }
}

#[track_caller]
fn parsed(moment: &str) -> SystemTime {
    let parsed = quintet_core::python::time::parse_datetime(moment).ok();
    // Without a zone it would be this machine's, or the project's: nobody could tell.
    let utc = parsed.and_then(|moment| moment.utc());
    let microseconds = utc.and_then(|utc| u64::try_from(utc.and_utc().timestamp_micros()).ok());
    match microseconds {
        Some(microseconds) => SystemTime::UNIX_EPOCH + Duration::from_micros(microseconds),
        None => panic!("`{moment}` is no moment\nhint: write it with its zone, as `2024-01-31T12:00:00Z`"),
    }
}
