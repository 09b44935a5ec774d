//! What a database gave, as the types of fields: PostgreSQL gives typed cells, SQLite numbers and text.

#![allow(clippy::needless_pass_by_value, reason = "all of them take a cell out of a row, whether or not it has parts")]

use std::net::IpAddr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::moment;
use crate::rows::Cell;

/// What is said where a cell does not fit.
pub(crate) fn unfit(cell: &Cell, wanted: &str) -> Error {
    Error::other(format!("the database gave {} where {wanted} is expected", cell.noun()))
}

pub(crate) fn int<N: TryFrom<i64>>(cell: Cell) -> Result<N> {
    let number = match cell {
        Cell::Int(number) => number,
        other => near_int(other)?,
    };
    N::try_from(number).map_err(|_| Error::other(format!("the number {number} does not fit the type of the field")))
}

/// A cell that is a whole number, looked at; most are.
#[inline]
pub(crate) fn plain_int<N: TryFrom<i64>>(cell: &Cell) -> Option<N> {
    match cell {
        Cell::Int(number) => N::try_from(*number).ok(),
        _ => None,
    }
}

/// A cell that is a truth, looked at.
#[inline]
pub(crate) fn plain_bool(cell: &Cell) -> Option<bool> {
    match cell {
        Cell::Bool(yes) => Some(*yes),
        Cell::Int(number @ (0 | 1)) => Some(*number == 1),
        _ => None,
    }
}

/// A cell that is a moment in the form that rows have, looked at.
#[inline]
pub(crate) fn plain_moment(cell: &Cell) -> Option<DateTime<Utc>> {
    match cell {
        Cell::DateTime(microseconds) => DateTime::from_timestamp_micros(*microseconds),
        Cell::Text(text) => DateTime::from_timestamp_micros(moment::written(text)?),
        _ => None,
    }
}

/// A whole number out of what a database gives in its place.
fn near_int(cell: Cell) -> Result<i64> {
    let number = match &cell {
        Cell::Bool(yes) => Some((*yes).into()),
        // What PostgreSQL gives for a sum of large numbers.
        Cell::Decimal(text) => text.split_once('.').map_or(text.as_str(), |(whole, _)| whole).parse().ok(),
        #[allow(clippy::cast_possible_truncation, reason = "a whole number that was kept as one with a fraction")]
        Cell::Float(number) if number.fract() == 0.0 => Some(*number as i64),
        _ => None,
    };
    number.ok_or_else(|| unfit(&cell, "a whole number"))
}

pub(crate) fn float(cell: Cell) -> Result<f64> {
    match &cell {
        Cell::Float(number) => Ok(*number),
        #[allow(clippy::cast_precision_loss, reason = "what the database itself does")]
        Cell::Int(number) => Ok(*number as f64),
        Cell::Decimal(text) => text.parse().map_err(|_| unfit(&cell, "a number")),
        _ => Err(unfit(&cell, "a number")),
    }
}

pub(crate) fn bool(cell: Cell) -> Result<bool> {
    match cell {
        Cell::Bool(yes) => Ok(yes),
        Cell::Int(number @ (0 | 1)) => Ok(number == 1),
        other => Err(unfit(&other, "true or false")),
    }
}

pub(crate) fn text(cell: Cell) -> Result<String> {
    match cell {
        Cell::Text(text) => Ok(text.into_string()),
        other => Err(unfit(&other, "text")),
    }
}

pub(crate) fn bytes(cell: Cell) -> Result<Vec<u8>> {
    match cell {
        Cell::Bytes(bytes) => Ok(bytes),
        Cell::Text(text) => Ok(text.into_string().into_bytes()),
        other => Err(unfit(&other, "bytes")),
    }
}

pub(crate) fn decimal(cell: Cell) -> Result<Decimal> {
    let number = match &cell {
        Cell::Decimal(text) => parse_decimal(text),
        Cell::Text(text) => parse_decimal(text),
        Cell::Int(number) => Some(Decimal::from(*number)),
        // 15 digits are what a floating-point number keeps of any decimal one.
        Cell::Float(number) => Decimal::from_scientific(&format!("{number:.14e}")).ok().map(|it| it.normalize()),
        _ => None,
    };
    number.ok_or_else(|| unfit(&cell, "a decimal number"))
}

fn parse_decimal(text: &str) -> Option<Decimal> {
    Decimal::from_str_exact(text).ok().or_else(|| Decimal::from_scientific(text).ok())
}

pub(crate) fn date(cell: Cell) -> Result<NaiveDate> {
    let date = match &cell {
        Cell::Date(days) => DateTime::from_timestamp(i64::from(*days) * 86_400, 0).map(|moment| moment.date_naive()),
        Cell::DateTime(microseconds) => {
            DateTime::from_timestamp_micros(*microseconds).map(|moment| moment.date_naive())
        }
        Cell::Text(text) => text.get(..10).and_then(|day| day.parse().ok()),
        _ => None,
    };
    date.ok_or_else(|| unfit(&cell, "a date"))
}

pub(crate) fn moment(cell: Cell) -> Result<DateTime<Utc>> {
    let moment = match &cell {
        Cell::DateTime(microseconds) => DateTime::from_timestamp_micros(*microseconds),
        Cell::Text(text) => parse_moment(text),
        Cell::Date(days) => DateTime::from_timestamp(i64::from(*days) * 86_400, 0),
        _ => None,
    };
    moment.ok_or_else(|| unfit(&cell, "a moment"))
}

fn parse_moment(text: &str) -> Option<DateTime<Utc>> {
    if let Some(microseconds) = moment::written(text) {
        return DateTime::from_timestamp_micros(microseconds);
    }
    if let Ok(moment) = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f") {
        return Some(moment.and_utc());
    }
    if let Ok(moment) = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f") {
        return Some(moment.and_utc());
    }
    let with_zone = ["%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M:%S%.f%#z"];
    let parsed = with_zone.iter().find_map(|format| DateTime::parse_from_str(text, format).ok());
    parsed.map(|moment| moment.to_utc()).or_else(|| {
        let day: NaiveDate = text.parse().ok()?;
        Some(day.and_time(NaiveTime::MIN).and_utc())
    })
}

pub(crate) fn time(cell: Cell) -> Result<NaiveTime> {
    let time = match &cell {
        Cell::Time(microseconds) => {
            let seconds = u32::try_from(microseconds / 1_000_000).ok();
            let nanoseconds = u32::try_from(microseconds % 1_000_000 * 1000).ok();
            seconds.zip(nanoseconds).and_then(|(s, n)| NaiveTime::from_num_seconds_from_midnight_opt(s, n))
        }
        Cell::Text(text) => ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|it| NaiveTime::parse_from_str(text, it).ok()),
        _ => None,
    };
    time.ok_or_else(|| unfit(&cell, "a time of day"))
}

pub(crate) fn duration(cell: Cell) -> Result<TimeDelta> {
    match cell {
        Cell::Duration(microseconds) | Cell::Int(microseconds) => Ok(TimeDelta::microseconds(microseconds)),
        #[allow(clippy::cast_possible_truncation, reason = "an average of durations, to the microsecond")]
        Cell::Float(microseconds) => Ok(TimeDelta::microseconds(microseconds.round() as i64)),
        other => Err(unfit(&other, "a duration")),
    }
}

pub(crate) fn uuid(cell: Cell) -> Result<Uuid> {
    match &cell {
        Cell::Uuid(number) => Ok(Uuid::from_u128(*number)),
        Cell::Text(text) => Uuid::parse_str(text).map_err(|_| unfit(&cell, "a UUID")),
        _ => Err(unfit(&cell, "a UUID")),
    }
}

/// SQLite takes a value out of JSON as its own; text that is no JSON is such a value too.
pub(crate) fn json(cell: Cell) -> Result<serde_json::Value> {
    let read = |text: String| serde_json::from_str(&text).unwrap_or(serde_json::Value::String(text));
    Ok(match cell {
        Cell::Json(text) => read(text),
        Cell::Text(text) => read(text.into_string()),
        Cell::Int(number) => number.into(),
        Cell::Float(number) => number.into(),
        Cell::Bool(yes) => yes.into(),
        other => return Err(unfit(&other, "JSON")),
    })
}

pub(crate) fn address(cell: Cell) -> Result<IpAddr> {
    match &cell {
        Cell::Text(text) => {
            let address = text.split_once('/').map_or(&**text, |(address, _)| address);
            address.parse().map_err(|_| unfit(&cell, "an address"))
        }
        _ => Err(unfit(&cell, "an address")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micros(text: &str) -> Option<i64> {
        moment(Cell::Text(text.into())).ok().map(|moment| moment.timestamp_micros())
    }

    #[test]
    fn moments_are_read_alike_in_each_form_that_rows_have() {
        for same in ["2024-02-29 12:00:00.000001", "2024-02-29T12:00:00.000001", "2024-02-29 14:00:00.000001+02:00"] {
            assert_eq!(micros(same), Some(1_709_208_000_000_001), "{same}");
        }
        assert_eq!(micros("2024-02-29 12:00:00"), Some(1_709_208_000_000_000));
        assert_eq!(micros("2024-02-29 12:00:00.5"), Some(1_709_208_000_500_000));
        assert_eq!(micros("0001-01-01 00:00:00"), Some(-62_135_596_800_000_000));
        for never in ["2023-02-29 12:00:00", "2024-02-29 24:00:00", "2024-02-29 12:00:0x", "2024-13-01 12:00:00.000001"]
        {
            assert_eq!(micros(never), None, "{never}");
        }
    }
}
