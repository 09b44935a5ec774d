//! Moments, dates, times and durations.

use std::io::Write;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike};
use chrono_tz::Tz;

use super::Written;
use crate::json::write_text;
use crate::rest::calendar::{self, DAY};
use crate::rest::{DurationFormat, Format, ValueRef, strptime};
use crate::schema::digits;

/// A moment in a zone. A text that is no moment is left as it is, as the reference leaves texts.
pub(super) fn moment(value: &ValueRef<'_>, format: &Format, zone: Tz, out: &mut Vec<u8>) -> Written {
    if let (ValueRef::Text(text), Format::Iso8601, Tz::UTC) = (value, format, zone)
        && is_usual(text.as_bytes())
    {
        let (day, time) = text.split_at(10);
        out.push(b'"');
        out.extend_from_slice(day.as_bytes());
        out.push(b'T');
        out.extend_from_slice(&time.as_bytes()[1..]);
        out.extend_from_slice(b"Z\"");
        return Ok(());
    }
    let microseconds = match value {
        ValueRef::DateTime(microseconds) => Some(*microseconds),
        ValueRef::Text(text) => calendar::moment(text),
        _ => None,
    };
    let Some(microseconds) = microseconds else { return as_it_is(value, out) };
    if (matches!((format, zone), (Format::Iso8601, Tz::UTC)) || *format == Format::Native) && in_utc(microseconds, out)
    {
        return Ok(());
    }
    let beyond = || "it is beyond the years 1 to 9999".to_owned();
    match format {
        Format::Iso8601 => {
            let text = moment_text(microseconds, zone, 'T').ok_or_else(beyond)?;
            write_text(&text, false, out);
        }
        // The renderer is given the moment as a database has it: in UTC.
        Format::Native => write_text(&moment_text(microseconds, Tz::UTC, 'T').ok_or_else(beyond)?, false, out),
        Format::Pattern(pattern) => {
            let utc = calendar::moment_of(microseconds).ok_or_else(beyond)?;
            let name = zone.from_utc_datetime(&utc).offset().to_string();
            let distance = calendar::offset_at(zone, &utc);
            let local = utc.checked_add_signed(TimeDelta::seconds(distance.into())).ok_or_else(beyond)?;
            let sign = if distance < 0 { '-' } else { '+' };
            let size = distance.abs();
            let seconds = if size % 60 == 0 { String::new() } else { format!("{:02}", size % 60) };
            let distance = format!("{sign}{:02}{:02}{seconds}", size / 3600, size / 60 % 60);
            write_text(&strptime::write(local, (&distance, &name), pattern), false, out);
        }
    }
    Ok(())
}

/// Writes a moment of the years 1 to 9999 in UTC, as most are; whether it is one.
fn in_utc(microseconds: i64, out: &mut Vec<u8>) -> bool {
    let begin = out.len();
    out.push(b'"');
    let is_one = digits::moment_of(microseconds, b'T', out);
    if is_one {
        out.extend_from_slice(b"Z\"");
    } else {
        out.truncate(begin);
    }
    is_one
}

/// Whether a text is a moment as SQLite keeps most of them, `2024-01-31 12:00:00.000001`: one that stands so in JSON too,
/// but for two letters. The last days of months are left to who knows the calendar.
fn is_usual(text: &[u8]) -> bool {
    const FORM: &[u8; 26] = b"0000-00-00 00:00:00.000000";
    if text.len() != 19 && text.len() != 26 {
        return false;
    }
    let fits = |(byte, form): (&u8, &u8)| if *form == b'0' { byte.is_ascii_digit() } else { byte == form };
    let number = |at: usize| (text[at] & 15) * 10 + (text[at + 1] & 15);
    text.iter().zip(FORM).all(fits)
        && text[..4] != *b"0000"
        && (1..=12).contains(&number(5))
        && (1..=28).contains(&number(8))
        && number(11) < 24
        && number(14) < 60
        && number(17) < 60
        && text.get(20..).is_none_or(|fraction| fraction != b"000000")
}

/// `2024-01-31T12:00:00.000001Z`
pub(in crate::rest) fn moment_text(microseconds: i64, zone: Tz, between: char) -> Option<String> {
    let utc = calendar::moment_of(microseconds)?;
    let (local, distance) = match zone {
        Tz::UTC => (utc, 0),
        zone => {
            let distance = calendar::offset_at(zone, &utc);
            (utc.checked_add_signed(TimeDelta::seconds(distance.into()))?, distance)
        }
    };
    let mut text = Vec::with_capacity(32);
    date_into(local.date(), &mut text);
    text.extend_from_slice(between.encode_utf8(&mut [0; 4]).as_bytes());
    time_into(local.time(), &mut text);
    if distance == 0 {
        text.extend_from_slice(if between == 'T' { b"Z" } else { b"+00:00" });
    } else {
        let (sign, size) = (if distance < 0 { '-' } else { '+' }, distance.abs());
        let _ = write!(text, "{sign}{:02}:{:02}", size / 3600, size / 60 % 60);
        if size % 60 != 0 {
            let _ = write!(text, ":{:02}", size % 60);
        }
    }
    String::from_utf8(text).ok()
}

/// `12:00:00.000001`
pub(in crate::rest) fn time_text(microseconds: i64) -> String {
    let mut text = vec![];
    if let Some(time) = calendar::time_of(microseconds) {
        time_into(time, &mut text);
    }
    String::from_utf8(text).unwrap_or_default()
}

fn date_into(date: NaiveDate, out: &mut Vec<u8>) {
    digits::date(date, out);
}

fn time_into(time: NaiveTime, out: &mut Vec<u8>) {
    digits::time(time, out);
    if time.nanosecond() > 0 {
        digits::microseconds(time.nanosecond() / 1000, out);
    }
}

/// A date.
pub(super) fn date(value: &ValueRef<'_>, format: &Format, out: &mut Vec<u8>) -> Written {
    let days = match value {
        ValueRef::Date(days) => Some(*days),
        ValueRef::Text(text) => calendar::days(text),
        _ => None,
    };
    let Some(days) = days else { return as_it_is(value, out) };
    let date = calendar::date_of(days).ok_or("it is beyond the calendar")?;
    match format {
        Format::Pattern(pattern) => {
            write_text(&strptime::write(date.and_time(NaiveTime::MIN), ("", ""), pattern), false, out);
        }
        Format::Iso8601 | Format::Native => {
            out.push(b'"');
            date_into(date, out);
            out.push(b'"');
        }
    }
    Ok(())
}

/// A time of day.
pub(super) fn time(value: &ValueRef<'_>, format: &Format, out: &mut Vec<u8>) -> Written {
    let microseconds = match value {
        ValueRef::Time(microseconds) => Some(*microseconds),
        ValueRef::Text(text) => calendar::time(text),
        _ => None,
    };
    let Some(microseconds) = microseconds else { return as_it_is(value, out) };
    let time = calendar::time_of(microseconds).ok_or("it is beyond the day")?;
    match format {
        Format::Pattern(pattern) => {
            let first = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default();
            write_text(&strptime::write(NaiveDateTime::new(first, time), ("", ""), pattern), false, out);
        }
        Format::Iso8601 | Format::Native => {
            out.push(b'"');
            time_into(time, out);
            out.push(b'"');
        }
    }
    Ok(())
}

/// A duration. A database without a type for them keeps microseconds.
pub(super) fn duration(value: &ValueRef<'_>, format: DurationFormat, out: &mut Vec<u8>) -> Written {
    let (ValueRef::Duration(microseconds) | ValueRef::Int(microseconds)) = value else { return as_it_is(value, out) };
    let text = match format {
        DurationFormat::Plain => plain(*microseconds),
        DurationFormat::Iso8601 => iso(*microseconds),
        #[allow(clippy::cast_precision_loss, reason = "the reference's own division")]
        DurationFormat::Native => crate::python::float_repr(*microseconds as f64 / 1e6),
    };
    write_text(&text, false, out);
    Ok(())
}

/// Days, the rest as a time of day, and the microseconds that are left.
fn parts(microseconds: i128) -> (i128, String, String) {
    let (days, rest) = (microseconds.div_euclid(DAY.into()), microseconds.rem_euclid(DAY.into()));
    let (seconds, fraction) = (rest / 1_000_000, rest % 1_000_000);
    let fraction = if fraction == 0 { String::new() } else { format!(".{fraction:06}") };
    let time = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    (days, time, fraction)
}

fn plain(microseconds: i64) -> String {
    let (days, time, fraction) = parts(microseconds.into());
    if days == 0 { format!("{time}{fraction}") } else { format!("{days} {time}{fraction}") }
}

fn iso(microseconds: i64) -> String {
    let sign = if microseconds < 0 { "-" } else { "" };
    let (days, time, fraction) = parts(i128::from(microseconds).abs());
    let (hours, minutes, seconds) = (&time[..2], &time[3..5], &time[6..]);
    format!("{sign}P{days}DT{hours}H{minutes}M{seconds}{fraction}S")
}

/// A text is left as it is; another value has no moment in it.
fn as_it_is(value: &ValueRef<'_>, out: &mut Vec<u8>) -> Written {
    match value {
        ValueRef::Text("") => out.extend_from_slice(b"null"),
        ValueRef::Text(text) => write_text(text, false, out),
        _ => return Err("it is no date or time".to_owned()),
    }
    Ok(())
}
