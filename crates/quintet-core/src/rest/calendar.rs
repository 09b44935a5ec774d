//! Dates and times between numbers and text.

use chrono::{
    DateTime, Datelike, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Timelike,
};
use chrono_tz::Tz;

/// A day in microseconds.
pub(super) const DAY: i64 = 86_400_000_000;

/// The days since 1970 of `2024-01-31`.
pub(super) fn days(text: &str) -> Option<i32> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    date.num_days_from_ce().checked_sub(719_163)
}

/// The microseconds since midnight of `12:00:00.000001`.
pub(super) fn time(text: &str) -> Option<i64> {
    let time = NaiveTime::parse_from_str(text, "%H:%M:%S%.f").ok()?;
    Some(i64::from(time.num_seconds_from_midnight()) * 1_000_000 + i64::from(time.nanosecond() / 1000))
}

/// The microseconds since 1970 of `2024-01-31 12:00:00.000001`, which is in UTC.
pub(super) fn moment(text: &str) -> Option<i64> {
    let moment = crate::schema::digits::moment(text)
        .or_else(|| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").ok())?;
    Some(moment.and_utc().timestamp_micros())
}

/// How far a zone's clocks are ahead of UTC at a moment in UTC, in seconds.
pub(super) fn offset_at(zone: Tz, utc: &NaiveDateTime) -> i32 {
    zone.offset_from_utc_datetime(&in_known_year(utc)).fix().local_minus_utc()
}

/// How far a zone's clocks are ahead of UTC when they show a time. A time that they show twice is the first; one that
/// they leave out is told as before the gap.
pub(super) fn offset_of(zone: Tz, local: &NaiveDateTime) -> i32 {
    let local = in_known_year(local);
    match zone.offset_from_local_datetime(&local) {
        LocalResult::Single(offset) | LocalResult::Ambiguous(offset, _) => offset.fix().local_minus_utc(),
        // No clock is so far ahead that this is not before the gap, and none so far behind that it is long before.
        LocalResult::None => offset_at(zone, &(local - TimeDelta::hours(26))),
    }
}

/// The zones are known until 2099. What is later is told as in one of the last years that begins with the same day and
/// is as long: the rules of the last year hold for ever.
fn in_known_year(moment: &NaiveDateTime) -> NaiveDateTime {
    if moment.year() <= 2099 {
        return *moment;
    }
    let kind = |year| NaiveDate::from_ymd_opt(year, 1, 1).map(|first| (first.weekday(), first.leap_year()));
    let alike = (2072..=2099).find(|year| kind(*year) == kind(moment.year()));
    alike.and_then(|year| moment.with_year(year)).unwrap_or(*moment)
}

/// The number of a UUID.
pub(super) fn uuid(text: &str) -> Option<u128> {
    uuid::Uuid::parse_str(text).ok().map(|uuid| uuid.as_u128())
}

/// The date of so many days since 1970.
pub(super) fn date_of(days: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(days.checked_add(719_163)?)
}

/// The moment of so many microseconds since 1970.
pub(super) fn moment_of(microseconds: i64) -> Option<NaiveDateTime> {
    DateTime::from_timestamp_micros(microseconds).map(|moment| moment.naive_utc())
}

/// The time of so many microseconds since midnight.
pub(super) fn time_of(microseconds: i64) -> Option<NaiveTime> {
    let (seconds, rest) = (microseconds.div_euclid(1_000_000), microseconds.rem_euclid(1_000_000));
    NaiveTime::from_num_seconds_from_midnight_opt(u32::try_from(seconds).ok()?, u32::try_from(rest).ok()? * 1000)
}
