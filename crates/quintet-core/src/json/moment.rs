//! Dates, times, moments and durations as plain JSON, by the rules of the reference's encoder.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike};

use super::Json;

impl<Z: TimeZone> From<DateTime<Z>> for Json
where
    Z::Offset: std::fmt::Display,
{
    /// With `Z` for UTC, and six digits behind the second or none.
    fn from(moment: DateTime<Z>) -> Self {
        let text = Self::from(moment.naive_local());
        let offset = moment.format("%:z").to_string();
        match text {
            Self::Text(text) if offset == "+00:00" => Self::Text(text + "Z"),
            Self::Text(text) => Self::Text(text + &offset),
            other => other,
        }
    }
}

impl From<NaiveDateTime> for Json {
    fn from(moment: NaiveDateTime) -> Self {
        Self::Text(format!("{}T{}", moment.date(), clock(moment.time())))
    }
}

impl From<NaiveDate> for Json {
    fn from(date: NaiveDate) -> Self {
        Self::Text(date.to_string())
    }
}

impl From<NaiveTime> for Json {
    fn from(time: NaiveTime) -> Self {
        Self::Text(clock(time))
    }
}

impl From<TimeDelta> for Json {
    /// The seconds, as text.
    fn from(duration: TimeDelta) -> Self {
        let microseconds = duration.num_microseconds().unwrap_or(i64::MAX);
        // As exact as the reference, which divides in floating point.
        #[allow(clippy::cast_precision_loss)]
        Self::Text(crate::python::float_repr(microseconds as f64 / 1e6))
    }
}

fn clock(time: NaiveTime) -> String {
    let micro = time.nanosecond() / 1000 % 1_000_000;
    let fraction = if micro == 0 { String::new() } else { format!(".{micro:06}") };
    time.format("%H:%M:%S").to_string() + &fraction
}
