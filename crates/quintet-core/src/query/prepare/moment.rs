//! Dates, moments, times of day and durations out of text, and the time zone in which a day begins.

use std::str::FromStr;

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike, Utc, Weekday};
use chrono_tz::Tz;

use crate::query::error::QueryError;
use crate::schema::Value;

/// A time zone by name: `Europe/Berlin`, or a distance from UTC: `+02:00`, or both: `Europe/Berlin+01:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone {
    tz: Tz,
    /// Minutes that are added.
    minutes: i32,
}

impl Zone {
    /// The zone of a name; `None` where there is none.
    pub fn parse(name: &str) -> Option<Self> {
        if let Ok(tz) = Tz::from_str(name) {
            return Some(Self { tz, minutes: 0 });
        }
        let at = name.rfind(['+', '-'])?;
        let (base, offset) = name.split_at(at);
        let tz = if base.is_empty() { Tz::UTC } else { Tz::from_str(base).ok()? };
        let (hours, minutes) = offset[1..].split_once(':')?;
        let minutes = i32::try_from(digits(hours)? * 60 + digits(minutes)?).ok()?;
        (minutes < 24 * 60).then_some(())?;
        Some(Self { tz, minutes: if offset.starts_with('-') { -minutes } else { minutes } })
    }

    /// A moment in UTC as the clocks of the zone show it.
    pub fn local(&self, utc: NaiveDateTime) -> Option<NaiveDateTime> {
        let moved = utc.checked_add_signed(Duration::minutes(self.minutes.into()))?;
        if !(1..=9999).contains(&moved.year()) {
            return None;
        }
        Some(Utc.from_utc_datetime(&moved).with_timezone(&self.tz).naive_local())
    }

    /// What the clocks of the zone show as a moment in UTC, where they show it once; `None` twice, and in a gap.
    pub fn utc_once(&self, local: NaiveDateTime) -> Option<NaiveDateTime> {
        let moment = self.tz.from_local_datetime(&local).single()?.naive_utc();
        moment.checked_sub_signed(Duration::minutes(self.minutes.into()))
    }

    /// The name of the zone.
    pub fn name(&self) -> &'static str {
        self.tz.name()
    }

    /// What the clocks of the zone show as a moment in UTC: the earlier of two; in a gap, as if the clocks had not been
    /// turned yet.
    pub fn utc(&self, local: NaiveDateTime) -> Option<NaiveDateTime> {
        let found = match self.tz.from_local_datetime(&local) {
            chrono::LocalResult::Single(found) | chrono::LocalResult::Ambiguous(found, _) => found,
            chrono::LocalResult::None => {
                let before = local.checked_sub_signed(Duration::days(1))?;
                let before: DateTime<Tz> = self.tz.from_local_datetime(&before).earliest()?;
                before.checked_add_signed(Duration::days(1))?
            }
        };
        found.naive_utc().checked_sub_signed(Duration::minutes(self.minutes.into()))
    }
}

/// A date.
pub(super) fn date(value: &Value, zone: &str) -> Result<Option<Value>, QueryError> {
    Ok(match value {
        Value::Date(text) => read_date(text),
        Value::DateTime(text) => match (read_naive(text), project(zone)?) {
            (Some(utc), zone) => zone.local(utc).map(|local| local.date()),
            (None, _) => None,
        },
        Value::Text(text) => read_date(text),
        _ => None,
    }
    .map(|date| Value::Date(show_date(date))))
}

/// A moment in UTC. What has no offset is in the project's time zone.
pub(super) fn moment(value: &Value, zone: &str) -> Result<Option<Value>, QueryError> {
    let utc = match value {
        Value::DateTime(text) if is_as_shown(text) => return Ok(Some(value.clone())),
        Value::DateTime(text) => read_moment(text).map(|(naive, offset)| (naive, offset.or(Some(0)))),
        Value::Date(text) => read_date(text).map(|date| (date.and_time(NaiveTime::MIN), None)),
        Value::Text(text) => {
            read_moment(text).or_else(|| read_date(text).map(|date| (date.and_time(NaiveTime::MIN), None)))
        }
        _ => None,
    };
    let Some((naive, offset)) = utc else { return Ok(None) };
    let utc = match offset {
        Some(minutes) => naive.checked_sub_signed(Duration::minutes(minutes)),
        None => project(zone)?.utc(naive),
    };
    let utc = utc.filter(|utc| (1..=9999).contains(&utc.year()));
    Ok(utc.map(|utc| Value::DateTime(show_moment(utc))))
}

/// A time of day; of a moment, in UTC.
pub(super) fn time(value: &Value) -> Option<Value> {
    let time = match value {
        Value::Time(text) | Value::Text(text) => read_time(text),
        Value::DateTime(text) => read_naive(text).map(|utc| utc.time()),
        _ => None,
    };
    time.map(|time| Value::Time(show_time(time)))
}

/// A duration.
pub(super) fn duration(value: &Value) -> Option<Value> {
    match value {
        Value::Duration(_) => Some(value.clone()),
        Value::Text(text) => read_duration(text.trim()).map(Value::Duration),
        _ => None,
    }
}

/// An end of a year, or of a year of weeks.
pub(super) fn end_of_year(
    year: i64,
    last: bool,
    of_weeks: bool,
    is_moment: bool,
    zone: &str,
) -> Result<Value, QueryError> {
    let refuse = || QueryError::value(format!("`{year}` is no year from 1 to 9999"));
    let year = i32::try_from(year).ok().filter(|year| (1..=9999).contains(year)).ok_or_else(refuse)?;
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).ok_or_else(refuse);
    let week = |year| NaiveDate::from_isoywd_opt(year, 1, Weekday::Mon).ok_or_else(refuse);
    let date = match (last, of_weeks) {
        (false, false) => day(year, 1, 1)?,
        (true, false) => day(year, 12, 31)?,
        (false, true) => week(year)?,
        (true, true) => week(year + 1)?.pred_opt().ok_or_else(refuse)?,
    };
    if !is_moment {
        return Ok(Value::Date(show_date(date)));
    }
    let time = if last { NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999) } else { Some(NaiveTime::MIN) };
    let local = date.and_time(time.ok_or_else(refuse)?);
    let utc = project(zone)?.utc(local).filter(|utc| (1..=9999).contains(&utc.year())).ok_or_else(refuse)?;
    Ok(Value::DateTime(show_moment(utc)))
}

fn project(zone: &str) -> Result<Zone, QueryError> {
    Zone::parse(zone).ok_or_else(|| unknown(zone))
}

/// A zone that nobody knows.
pub(crate) fn unknown(zone: &str) -> QueryError {
    QueryError::name(format!("no time zone `{zone}` is known\nhint: write it as `Europe/Berlin` or `+02:00`"))
}

fn digits(text: &str) -> Option<i64> {
    let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

/// `2024-01-31`, `2024-1-31`, `20240131` or `2024-W05-3`.
fn read_date(text: &str) -> Option<NaiveDate> {
    let text = text.trim_end_matches('\n');
    let number = |text: &str| text.bytes().all(|c| c.is_ascii_digit()).then(|| text.parse::<u32>().ok()).flatten();
    let year = |text: &str| i32::try_from(number(text.get(..4)?)?).ok().filter(|year| *year > 0);
    if let Some((first, rest)) = text.split_once("-W").or_else(|| text.split_once('W')) {
        let rest = rest.replace('-', "");
        let day = if rest.len() > 2 { number(rest.get(2..)?)? } else { 1 };
        let weekday = Weekday::try_from(u8::try_from(day.checked_sub(1)?).ok()?).ok()?;
        return NaiveDate::from_isoywd_opt(year(first).filter(|_| first.len() == 4)?, number(rest.get(..2)?)?, weekday);
    }
    if text.len() == 8 && !text.contains('-') {
        return NaiveDate::from_ymd_opt(year(text)?, number(text.get(4..6)?)?, number(text.get(6..)?)?);
    }
    let mut parts = text.splitn(3, '-');
    let first = parts.next().filter(|first| first.len() == 4)?;
    let mut short = || parts.next().filter(|part| (1..=2).contains(&part.len()));
    let (month, day) = (short()?, short()?);
    NaiveDate::from_ymd_opt(year(first)?, number(month)?, number(day)?)
}

/// `12`, `12:00`, `12:00:00` or `12:00:00.5`, with colons or without; digits beyond the sixth are cut.
fn read_time(text: &str) -> Option<NaiveTime> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let is_bare = matches!(whole.len(), 2 | 4 | 6) && whole.bytes().all(|c| c.is_ascii_digit());
    if is_bare {
        let part = |at: usize| whole.get(at..at + 2).unwrap_or("00");
        return read_time(&text.replacen(whole, &format!("{}:{}:{}", part(0), part(2), part(4)), 1));
    }
    let mut parts = whole.split(':').map(digits);
    let (hours, minutes) = (parts.next()??, parts.next()??);
    let seconds = match parts.next() {
        Some(seconds) => seconds?,
        None if whole.len() == text.len() => 0,
        None => return None,
    };
    parts.next().is_none().then_some(())?;
    let part = |number: i64| u32::try_from(number).ok();
    NaiveTime::from_hms_micro_opt(part(hours)?, part(minutes)?, part(seconds)?, part(micros(fraction)?)?)
}

fn micros(fraction: &str) -> Option<i64> {
    let is_fraction = fraction.bytes().all(|c| c.is_ascii_digit());
    is_fraction.then(|| format!("{fraction:0<6.6}").parse().ok()).flatten()
}

/// Whether a moment is written as [`show_moment`] writes it, as those are that come from a clock or a database.
pub(super) fn is_as_shown(text: &str) -> bool {
    const FORM: &[u8] = b"0000-00-00 00:00:00.000000";
    let bytes = text.as_bytes();
    let is_form = matches!(bytes.len(), 19 | 26)
        && bytes.iter().zip(FORM).all(|(byte, form)| if *form == b'0' { byte.is_ascii_digit() } else { byte == form });
    if !is_form || text.ends_with(".000000") {
        return false;
    }
    let number = |at: usize| u32::from(bytes[at] - b'0') * 10 + u32::from(bytes[at + 1] - b'0');
    let year = i32::try_from(number(0) * 100 + number(2)).unwrap_or_default();
    let is_date = year > 0 && NaiveDate::from_ymd_opt(year, number(5), number(8)).is_some();
    is_date && number(11) < 24 && number(14) < 60 && number(17) < 60
}

/// A moment without its offset, and the offset in minutes where there is one.
fn read_moment(text: &str) -> Option<(NaiveDateTime, Option<i64>)> {
    let text = text.trim_end();
    let (date, rest) = text.split_once(['T', ' '])?;
    let (clock, zone) = match rest.find(['Z', 'z', '+', '-']) {
        Some(at) => (&rest[..at], Some(&rest[at..])),
        None => (rest, None),
    };
    let offset = match zone {
        Some(zone) => Some(offset(zone)?),
        None => None,
    };
    Some((read_date(date)?.and_time(read_time(clock.trim_end())?), offset))
}

fn read_naive(text: &str) -> Option<NaiveDateTime> {
    let (naive, offset) = read_moment(text)?;
    naive.checked_sub_signed(Duration::minutes(offset.unwrap_or_default()))
}

/// Minutes before UTC.
fn offset(zone: &str) -> Option<i64> {
    if matches!(zone, "Z" | "z") {
        return Some(0);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let plain: String = zone[1..].chars().filter(|c| *c != ':').collect();
    let (hours, minutes) = match plain.len() {
        2 => (digits(&plain)?, 0),
        4 => (digits(plain.get(..2)?)?, digits(plain.get(2..)?)?),
        _ => return None,
    };
    (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

fn show_date(date: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

fn show_time(time: NaiveTime) -> String {
    let whole = format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second());
    match time.nanosecond() / 1_000 {
        0 => whole,
        micros => format!("{whole}.{micros:06}"),
    }
}

fn show_moment(moment: NaiveDateTime) -> String {
    format!("{} {}", show_date(moment.date()), show_time(moment.time()))
}

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// Microseconds as the reference's language shows a duration: `1 day, 2:03:04.000005`.
pub fn show_duration(microseconds: i64) -> String {
    let (days, rest) = (microseconds.div_euclid(DAY), microseconds.rem_euclid(DAY));
    let (seconds, fraction) = (rest / SECOND, rest % SECOND);
    let time = format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    let time = if fraction == 0 { time } else { format!("{time}.{fraction:06}") };
    match days {
        0 => time,
        -1 | 1 => format!("{days} day, {time}"),
        days => format!("{days} days, {time}"),
    }
}

/// Microseconds of `1 02:03:04.5`, `-1 day, 02:03:04` or `P1DT2H3M4.5S`.
fn read_duration(text: &str) -> Option<i64> {
    let (sign, rest) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let rest = if sign > 0 { rest.strip_prefix('+').unwrap_or(rest) } else { rest };
    if let Some(iso) = rest.strip_prefix('P') {
        return Some(sign * read_iso(iso)?);
    }
    let (days, clock) = match text.split_once(' ') {
        Some((days, clock)) => {
            let clock = clock.trim_start_matches("days").trim_start_matches("day").trim_start_matches(',').trim_start();
            (days.parse::<i64>().ok()?, clock)
        }
        None => (0, text),
    };
    let (sign, clock) = clock.strip_prefix('-').map_or((1, clock), |rest| (-1, rest));
    days.checked_mul(DAY)?.checked_add(sign * read_clock(clock)?)
}

/// `02:03:04.5`, `03:04` or `4.5`, where the first part may have any number of digits.
fn read_clock(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let number = |part: &str| part.bytes().all(|c| c.is_ascii_digit()).then(|| part.parse::<i64>().ok()).flatten();
    let parts: Vec<i64> = whole.split(':').map(number).collect::<Option<_>>()?;
    let seconds = parts.iter().try_fold(0_i64, |sum, part| sum.checked_mul(60)?.checked_add(*part))?;
    (parts.len() <= 3).then_some(())?;
    seconds.checked_mul(SECOND)?.checked_add(micros(fraction)?)
}

/// What follows `P`.
fn read_iso(text: &str) -> Option<i64> {
    let (days, clock) = text.split_once('T').unwrap_or((text, ""));
    let mut total: i64 = 0;
    for (part, units) in
        [(days, &[('D', DAY)][..]), (clock, &[('H', 3600 * SECOND), ('M', 60 * SECOND), ('S', SECOND)])]
    {
        let mut rest = part;
        for (unit, micros_each) in units {
            let Some((number, after)) = rest.split_once(*unit) else { continue };
            let (whole, fraction) = number.split_once(['.', ',']).unwrap_or((number, ""));
            let part = micros(fraction)?.checked_mul(*micros_each)? / SECOND;
            let whole = whole.parse::<i64>().ok()?.checked_mul(*micros_each)?;
            total = total.checked_add(whole)?.checked_add(if number.starts_with('-') { -part } else { part })?;
            rest = after;
        }
        rest.is_empty().then_some(())?;
    }
    (!text.is_empty()).then_some(total)
}
