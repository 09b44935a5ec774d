//! Dates, moments and times of day, which SQLite keeps as text: their parts, cutting them, and computing with durations.
//!
//! A text that is none gives null, as the reference has it. A null is null only where it is the moment: a null for a zone
//! means that there is none.

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use quintet_core::query::{Zone, show_duration};
use rusqlite::Result;
use rusqlite::functions::Context;
use rusqlite::types::{Value, ValueRef};

use super::{Function, failure};

pub(super) const FUNCTIONS: &[Function] = &[
    ("django_date_extract", 2, |given| Ok(with(moment(given, 1, None)?, |at| extract(given, at)))),
    ("django_datetime_extract", 4, |given| Ok(with(moment(given, 1, Some(2))?, |at| extract(given, at)))),
    ("django_time_extract", 2, |given| {
        let time = text(given, 1).and_then(time);
        Ok(with(time.map(|time| NaiveDate::default().and_time(time)), |at| extract(given, at)))
    }),
    ("django_date_trunc", 4, |given| {
        Ok(with(moment(given, 1, Some(2))?, |at| cut(given, at).map(|at| Value::Text(date_text(at.date())))))
    }),
    ("django_datetime_trunc", 4, |given| {
        Ok(with(moment(given, 1, Some(2))?, |at| cut(given, at).map(|at| Value::Text(moment_text(at)))))
    }),
    ("django_time_trunc", 4, time_trunc),
    ("django_datetime_cast_date", 3, |given| {
        Ok(with(moment(given, 0, Some(1))?, |at| Some(Value::Text(date_text(at.date())))))
    }),
    ("django_datetime_cast_time", 3, |given| {
        Ok(with(moment(given, 0, Some(1))?, |at| Some(Value::Text(time_text(at.time())))))
    }),
    ("django_time_diff", 2, |given| {
        difference(given, |text| time(text).map(|time| NaiveDate::default().and_time(time)))
    }),
    ("django_timestamp_diff", 2, |given| difference(given, |text| stamp(text).map(Stamp::moment))),
    ("django_format_dtdelta", 3, with_duration),
    ("quintet_utc", 2, |given| {
        let (Some(at), Some(zone)) = (text(given, 0).and_then(stamp), zone(given, 1)?) else { return Ok(Value::Null) };
        Ok(with(zone.utc(at.moment()), |at| Some(Value::Text(moment_text(at)))))
    }),
];

/// A date, or a date and a time of day.
#[derive(Clone, Copy)]
enum Stamp {
    Date(NaiveDate),
    Moment(NaiveDateTime),
}

impl Stamp {
    fn moment(self) -> NaiveDateTime {
        match self {
            Self::Date(date) => date.and_time(NaiveTime::MIN),
            Self::Moment(moment) => moment,
        }
    }
}

/// Null where there is nothing.
fn with(at: Option<NaiveDateTime>, of: impl FnOnce(NaiveDateTime) -> Option<Value>) -> Value {
    at.and_then(of).unwrap_or(Value::Null)
}

fn text<'a>(given: &'a Context<'_>, at: usize) -> Option<&'a str> {
    match given.get_raw(at) {
        ValueRef::Text(text) => std::str::from_utf8(text).ok(),
        _ => None,
    }
}

/// A moment as the clocks of a zone show it. `zones` is the place of the zone, behind which stands the zone in which the
/// text is.
fn moment(given: &Context<'_>, at: usize, zones: Option<usize>) -> Result<Option<NaiveDateTime>> {
    let Some(stamp) = text(given, at).and_then(stamp) else { return Ok(None) };
    let Some(zones) = zones.filter(|zones| text(given, *zones).is_some()) else { return Ok(Some(stamp.moment())) };
    let naive = stamp.moment();
    if text(given, zones) == text(given, zones + 1) {
        return Ok(Some(naive));
    }
    let (Some(wanted), kept) = (zone(given, zones)?, zone(given, zones + 1)?) else { return Ok(Some(naive)) };
    let utc = kept.map_or(Some(naive), |kept| kept.utc(naive));
    let local = utc.and_then(|utc| wanted.local(utc));
    local.map(Some).ok_or_else(|| failure(format!("`{naive}` has no place in that time zone")))
}

fn zone(given: &Context<'_>, at: usize) -> Result<Option<Zone>> {
    let Some(name) = text(given, at) else { return Ok(None) };
    Zone::parse(name).map(Some).ok_or_else(|| failure(format!("no time zone `{name}` is known")))
}

fn extract(given: &Context<'_>, at: NaiveDateTime) -> Option<Value> {
    let week = at.iso_week();
    let part = match text(given, 0)? {
        "year" => at.year(),
        "iso_year" => week.year(),
        name => signed(match name {
            "month" => at.month(),
            "day" => at.day(),
            "quarter" => at.month().div_ceil(3),
            "week" => week.week(),
            "week_day" => at.weekday().num_days_from_sunday() + 1,
            "iso_week_day" => at.weekday().number_from_monday(),
            "hour" => at.hour(),
            "minute" => at.minute(),
            "second" => at.second(),
            "microsecond" => at.nanosecond() / 1000,
            _ => return None,
        })?,
    };
    Some(Value::Integer(part.into()))
}

fn signed(number: u32) -> Option<i32> {
    i32::try_from(number).ok()
}

/// The first moment of the part in which a moment is.
fn cut(given: &Context<'_>, at: NaiveDateTime) -> Option<NaiveDateTime> {
    let date = at.date();
    let day = match text(given, 0)? {
        "year" => date.with_day(1)?.with_month(1)?,
        "quarter" => date.with_day(1)?.with_month(at.month0() / 3 * 3 + 1)?,
        "month" => date.with_day(1)?,
        "week" => date.checked_sub_signed(Duration::days(date.weekday().num_days_from_monday().into()))?,
        "day" => date,
        "hour" => return Some(date.and_time(NaiveTime::from_hms_opt(at.hour(), 0, 0)?)),
        "minute" => return Some(date.and_time(NaiveTime::from_hms_opt(at.hour(), at.minute(), 0)?)),
        "second" => return Some(date.and_time(NaiveTime::from_hms_opt(at.hour(), at.minute(), at.second())?)),
        _ => return None,
    };
    Some(day.and_time(NaiveTime::MIN))
}

fn time_trunc(given: &Context<'_>) -> Result<Value> {
    let of_time = || text(given, 1).and_then(time).map(|time| NaiveDate::default().and_time(time));
    let at = moment(given, 1, Some(2))?.or_else(of_time);
    Ok(with(at, |at| cut(given, at).map(|at| Value::Text(time_text(at.time())))))
}

/// Microseconds from the second to the first.
fn difference(given: &Context<'_>, read: fn(&str) -> Option<NaiveDateTime>) -> Result<Value> {
    if (0..2).any(|at| given.get_raw(at) == ValueRef::Null) {
        return Ok(Value::Null);
    }
    let read = |at: usize| {
        text(given, at).and_then(read).ok_or_else(|| failure("what is subtracted is no date and no time of day"))
    };
    let between = read(0)?.signed_duration_since(read(1)?);
    Ok(between.num_microseconds().map_or(Value::Null, Value::Integer))
}

/// One side of a sum with a duration.
enum Side {
    Duration(Duration),
    Stamp(Stamp),
}

/// A sum, a difference, a product or a quotient of which a duration is one side: microseconds are a duration, text is a
/// date or a moment.
fn with_duration(given: &Context<'_>) -> Result<Value> {
    if (0..3).any(|at| given.get_raw(at) == ValueRef::Null) {
        return Ok(Value::Null);
    }
    let sign = text(given, 0).unwrap_or_default().trim();
    match sign {
        "*" | "/" => return scaled(given, sign),
        "+" | "-" => {}
        _ => return Err(failure("there is no such operator of a duration")),
    }
    let side = |at: usize| match given.get_raw(at) {
        ValueRef::Integer(number) => Some(Side::Duration(Duration::microseconds(number))),
        ValueRef::Text(_) => text(given, at).and_then(stamp).map(Side::Stamp),
        _ => None,
    };
    let (Some(left), Some(right)) = (side(1), side(2)) else { return Ok(Value::Null) };
    let sum = match (left, right, sign) {
        (Side::Duration(duration), Side::Stamp(stamp), "+") | (Side::Stamp(stamp), Side::Duration(duration), "+") => {
            moved(stamp, duration, 1)
        }
        (Side::Stamp(stamp), Side::Duration(duration), _) => moved(stamp, duration, -1),
        (Side::Duration(left), Side::Duration(right), "+") => left.checked_add(&right).and_then(duration_text),
        (Side::Duration(left), Side::Duration(right), _) => left.checked_sub(&right).and_then(duration_text),
        (Side::Stamp(Stamp::Date(left)), Side::Stamp(Stamp::Date(right)), "-") => duration_text(left - right),
        (Side::Stamp(Stamp::Moment(left)), Side::Stamp(Stamp::Moment(right)), "-") => duration_text(left - right),
        _ => return Err(failure("a duration is added to a date, or subtracted from one")),
    };
    sum.map(Value::Text).ok_or_else(|| failure("a date ends before the year 1 or behind the year 9999"))
}

/// As the reference's language shows it.
fn duration_text(duration: Duration) -> Option<String> {
    duration.num_microseconds().map(show_duration)
}

/// A date moves by the whole days of a duration, and stays a date.
fn moved(stamp: Stamp, duration: Duration, sign: i32) -> Option<String> {
    let years = 1..=9999;
    match stamp {
        Stamp::Date(date) => {
            let days = duration.num_microseconds()?.div_euclid(86_400_000_000);
            let date = date.checked_add_signed(Duration::days(days) * sign)?;
            years.contains(&date.year()).then(|| date_text(date))
        }
        Stamp::Moment(moment) => {
            let moment = moment.checked_add_signed(duration * sign)?;
            years.contains(&moment.year()).then(|| moment_text(moment))
        }
    }
}

fn scaled(given: &Context<'_>, sign: &str) -> Result<Value> {
    let (left, right) = (given.get_raw(1), given.get_raw(2));
    if let (ValueRef::Integer(left), ValueRef::Integer(right), "*") = (left, right, sign) {
        let product = left.checked_mul(right);
        return product.map(Value::Integer).ok_or_else(|| failure("a duration is too long"));
    }
    let (left, right) = (given.get::<f64>(1)?, given.get::<f64>(2)?);
    match sign {
        "/" if right == 0.0 => Err(failure("a duration is divided by zero")),
        "/" => Ok(Value::Real(left / right)),
        _ => Ok(Value::Real(left * right)),
    }
}

/// `2024-01-31`, or `2024-01-31 12:00:00.5`, whose offset is left out.
fn stamp(text: &str) -> Option<Stamp> {
    let Some((day, clock)) = text.split_once(' ') else { return date(text).map(Stamp::Date) };
    let clock = clock.trim().split(['-', '+']).next()?;
    Some(Stamp::Moment(date(day)?.and_time(time(clock)?)))
}

fn date(text: &str) -> Option<NaiveDate> {
    let mut parts = text.splitn(3, '-');
    let mut part = || number(parts.next()?);
    let (year, month, day) = (part()?, part()?, part()?);
    NaiveDate::from_ymd_opt(signed(year).filter(|year| (1..=9999).contains(year))?, month, day)
}

/// `12:00:00` or `12:00:00.5`.
fn time(text: &str) -> Option<NaiveTime> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = whole.splitn(3, ':');
    let mut part = || number(parts.next()?);
    let (hour, minute, second) = (part()?, part()?, part()?);
    NaiveTime::from_hms_micro_opt(hour, minute, second, number(&format!("{fraction:0<6.6}"))?)
}

fn number(text: &str) -> Option<u32> {
    text.bytes().all(|c| c.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn date_text(date: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

fn time_text(time: NaiveTime) -> String {
    let whole = format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second());
    match time.nanosecond() / 1000 {
        0 => whole,
        micros => format!("{whole}.{micros:06}"),
    }
}

fn moment_text(moment: NaiveDateTime) -> String {
    format!("{} {}", date_text(moment.date()), time_text(moment.time()))
}
