//! Moments, dates, times and durations: as ISO 8601 has them and a little more, or in formats of the project.

use chrono::{Datelike, NaiveDateTime, TimeDelta};
use chrono_tz::Tz;

use super::{Answer, Read, json};
use crate::json::Json;
use crate::python;
use crate::python::time::{Error, parse_date, parse_datetime, parse_duration, parse_time};
use crate::rest::calendar;
use crate::rest::strptime::{self, humanized};
use crate::rest::{Context, Dates, Datum, Field, Format, Input, Limits, Problem, Problems};
use crate::schema::Value;

/// A moment; one without a zone is in the field's or the current one.
pub(super) fn moment(field: &Field, options: &Dates, zone: Tz, input: &Input<'_>, context: &Context) -> Answer {
    let formats = options.input_formats.as_ref().unwrap_or(&context.settings.datetime_input_formats);
    if let (Json::Text(text), false) = (&*json(input), matches!(input, Input::File(_))) {
        for format in formats {
            let found = match format {
                Format::Pattern(pattern) => strptime::read(text, pattern),
                Format::Iso8601 | Format::Native => parse_datetime(text).ok(),
            };
            if let Some(found) = found {
                let utc = in_utc(field, found, zone)?;
                return Ok(Read::of(Datum::Value(Value::DateTime(shown(utc)))));
            }
        }
    }
    let iso = "YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]";
    Err(field.problem("invalid", &[("format", &humanized(formats, iso))]).into())
}

/// The moment in UTC. One without an offset is what the zone's clocks show.
fn in_utc(field: &Field, moment: python::time::Moment, zone: Tz) -> Result<NaiveDateTime, Problem> {
    let overflow = || field.problem("overflow", &[]);
    let is_dated = |moment: &NaiveDateTime| (1..=9999).contains(&moment.year());
    let seconds = |seconds: i32| TimeDelta::seconds(seconds.into());
    if moment.offset.is_some() {
        let utc = moment.utc().ok_or_else(overflow)?;
        let local = utc.checked_add_signed(seconds(calendar::offset_at(zone, &utc)));
        return local.filter(is_dated).map(|_| utc).ok_or_else(overflow);
    }
    let utc = moment.local.checked_sub_signed(seconds(calendar::offset_of(zone, &moment.local)));
    utc.filter(is_dated).ok_or_else(overflow)
}

fn shown(utc: NaiveDateTime) -> String {
    let fraction = if utc.and_utc().timestamp_subsec_micros() == 0 { "" } else { "%.6f" };
    utc.format(&format!("%Y-%m-%d %H:%M:%S{fraction}")).to_string()
}

/// A date.
pub(super) fn date(field: &Field, options: &Dates, input: &Input<'_>, context: &Context) -> Answer {
    let formats = options.input_formats.as_ref().unwrap_or(&context.settings.date_input_formats);
    let found = each(input, formats, |text, format| match format {
        Format::Pattern(pattern) => strptime::read(text, pattern).map(|moment| moment.local.date()),
        Format::Iso8601 | Format::Native => parse_date(text).ok(),
    });
    match found {
        Some(date) => Ok(Read::of(Datum::Value(Value::Date(date.format("%Y-%m-%d").to_string())))),
        None => Err(field.problem("invalid", &[("format", &humanized(formats, "YYYY-MM-DD"))]).into()),
    }
}

/// A time of day.
pub(super) fn time(field: &Field, options: &Dates, input: &Input<'_>, context: &Context) -> Answer {
    let formats = options.input_formats.as_ref().unwrap_or(&context.settings.time_input_formats);
    let found = each(input, formats, |text, format| match format {
        Format::Pattern(pattern) => strptime::read(text, pattern).map(|moment| moment.local.time()),
        Format::Iso8601 | Format::Native => parse_time(text).ok(),
    });
    match found {
        Some(time) => {
            let fraction = if chrono::Timelike::nanosecond(&time) == 0 { "" } else { "%.6f" };
            let text = time.format(&format!("%H:%M:%S{fraction}")).to_string();
            Ok(Read::of(Datum::Value(Value::Time(text))))
        }
        None => Err(field.problem("invalid", &[("format", &humanized(formats, "hh:mm[:ss[.uuuuuu]]"))]).into()),
    }
}

/// What the first format that fits makes of a text.
fn each<T>(input: &Input<'_>, formats: &[Format], read: impl Fn(&str, &Format) -> Option<T>) -> Option<T> {
    match (input, &*json(input)) {
        (Input::File(_), _) => None,
        (_, Json::Text(text)) => formats.iter().find_map(|format| read(text, format)),
        _ => None,
    }
}

/// A duration. One that has more microseconds than 64 bits count is too long, though the reference would take it; where
/// it is beyond the field's limits anyway, that is what is said.
pub(super) fn duration(field: &Field, limits: &Limits, input: &Input<'_>) -> Answer {
    let overflow = |least, most| field.problem("overflow", &[("min_days", least), ("max_days", most)]);
    let datum = |microseconds| Datum::Value(Value::Duration(microseconds));
    match parse_duration(&python::str(&json(input))) {
        Ok(microseconds) => match i64::try_from(microseconds) {
            Ok(microseconds) => Ok(Read::of(datum(microseconds))),
            Err(_) => {
                let nearest = datum(if microseconds < 0 { i64::MIN } else { i64::MAX });
                let mut problems = vec![];
                super::numbers::check(field, limits, &nearest, &mut problems);
                if problems.is_empty() {
                    problems.push(overflow("-106751991", "106751991"));
                }
                Err(Problems::List(problems))
            }
        },
        Err(Error::OutOfRange) => Err(overflow("-999999999", "999999999").into()),
        Err(Error::NoMatch) => Err(field.problem("invalid", &[("format", "[DD] [HH:[MM:]]ss[.uuuuuu]")]).into()),
    }
}
