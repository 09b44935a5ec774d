//! Dates, times, moments and durations from text, as the reference's dateparse reads them on version 3.11 of its
//! language: ISO 8601 first, then more lenient patterns.

use std::sync::LazyLock;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use regex::{Captures, Regex};

pub use super::duration::{LARGEST_DURATION, parse_duration};
use super::iso;
use super::text::ascii_digits;

/// Why a text is no date, time, moment or duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// It does not look like one.
    NoMatch,
    /// It looks like one, but there is none such: the 30th of February.
    OutOfRange,
}

/// A date and a time of day, perhaps with its distance from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// What a clock on the wall shows.
    pub local: NaiveDateTime,
    /// How far that clock is ahead of UTC, in microseconds; none where the text does not say.
    pub offset: Option<i64>,
}

impl Moment {
    /// The moment in UTC. None where the text did not say how far it is, or where it is outside the years 1 to 9999.
    pub fn utc(&self) -> Option<NaiveDateTime> {
        let utc = self.local.checked_sub_signed(chrono::Duration::microseconds(self.offset?))?;
        (1..=9999).contains(&chrono::Datelike::year(&utc)).then_some(utc)
    }
}

/// A date: `2024-01-31`, `20240131`, `2024-W05-3`, `2024-1-31`.
pub fn parse_date(text: &str) -> Result<NaiveDate, Error> {
    if let Some(date) = iso::date(text) {
        return Ok(date);
    }
    let plain = ascii_digits(text);
    let found = DATE.captures(&plain).ok_or(Error::NoMatch)?;
    date_of(&found).ok_or(Error::OutOfRange)
}

/// A time of day: `12:30`, `12:30:00.000001`, `T1230`. A distance from UTC is read and forgotten.
pub fn parse_time(text: &str) -> Result<NaiveTime, Error> {
    if let Some((time, _)) = iso::time(text.strip_prefix('T').unwrap_or(text)) {
        return Ok(time);
    }
    let plain = ascii_digits(text);
    let found = TIME.captures(&plain).ok_or(Error::NoMatch)?;
    time_of(&found).ok_or(Error::OutOfRange)
}

/// A date and a time of day: `2024-01-31T12:30:00Z`, `2024-01-31 12:30+02:00`, `2024-01-31`.
pub fn parse_datetime(text: &str) -> Result<Moment, Error> {
    if let Some(moment) = iso::datetime(text) {
        return Ok(moment);
    }
    let plain = ascii_digits(text);
    let found = DATETIME.captures(&plain).ok_or(Error::NoMatch)?;
    let offset = found.name("zone").map(|zone| minutes_of(zone.as_str()) * 60_000_000);
    let local = date_of(&found).zip(time_of(&found)).ok_or(Error::OutOfRange)?;
    let offset_fits = offset.is_none_or(|offset| offset.abs() < iso::DAY);
    if offset_fits { Ok(Moment { local: local.0.and_time(local.1), offset }) } else { Err(Error::OutOfRange) }
}

/// `$` of the reference's patterns is also before a last line feed.
const DATE_PART: &str = r"^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})";
const TIME_PART: &str =
    r"(?<hour>\d{1,2}):(?<minute>\d{1,2})(?::(?<second>\d{1,2})(?:[.,](?<fraction>\d{1,6})\d{0,6})?)?";
const SPACES: &str = r"[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*";
const ZONE: &str = r"(?<zone>Z|[+-]\d{2}(?::?\d{2})?)?";

static DATE: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("{DATE_PART}\n?$")));
static TIME: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("^{TIME_PART}\n?$")));
static DATETIME: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("{DATE_PART}[T ]{TIME_PART}{SPACES}{ZONE}\n?$")));

/// One of the patterns above, none of which comes from outside.
pub(super) fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap_or_else(|error| panic!("{error}"))
}

fn number(found: &Captures<'_>, name: &str) -> Option<u32> {
    found.name(name).map_or(Some(0), |digits| digits.as_str().parse().ok())
}

fn date_of(found: &Captures<'_>) -> Option<NaiveDate> {
    let year = number(found, "year").filter(|year| *year >= 1)?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(found, "month")?, number(found, "day")?)
}

fn time_of(found: &Captures<'_>) -> Option<NaiveTime> {
    let fraction = found.name("fraction").map_or("", |digits| digits.as_str());
    let micro = format!("{fraction:0<6}").parse().ok()?;
    NaiveTime::from_hms_micro_opt(number(found, "hour")?, number(found, "minute")?, number(found, "second")?, micro)
        .filter(|_| number(found, "second").is_some_and(|second| second < 60))
}

fn minutes_of(zone: &str) -> i64 {
    if zone == "Z" {
        return 0;
    }
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    let part = |digits: Option<&str>| digits.and_then(|digits| digits.parse::<i64>().ok()).unwrap_or(0);
    let minutes = part(digits.get(..2)) * 60 + part(digits.get(2..));
    if zone.starts_with('-') { -minutes } else { minutes }
}
