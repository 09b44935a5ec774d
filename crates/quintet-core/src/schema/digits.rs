//! Dates and times as digits, without the machinery of formats: every row of a list has some.

use std::io::Write;

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};

/// `2024-01-31`
pub(crate) fn date(date: NaiveDate, out: &mut Vec<u8>) {
    match u32::try_from(date.year()) {
        Ok(year) if year <= 9999 => {
            two(year / 100, out);
            two(year % 100, out);
        }
        // Writing to bytes in memory does not fail.
        _ => drop(write!(out, "{:04}", date.year())),
    }
    out.push(b'-');
    two(date.month(), out);
    out.push(b'-');
    two(date.day(), out);
}

/// `12:00:00`
pub(crate) fn time(time: NaiveTime, out: &mut Vec<u8>) {
    two(time.hour(), out);
    out.push(b':');
    two(time.minute(), out);
    out.push(b':');
    two(time.second(), out);
}

/// `.000001`
pub(crate) fn microseconds(number: u32, out: &mut Vec<u8>) {
    out.push(b'.');
    two(number / 10_000 % 100, out);
    two(number / 100 % 100, out);
    two(number % 100, out);
}

fn two(number: u32, out: &mut Vec<u8>) {
    let digit = |number: u32| b'0' + u8::try_from(number % 10).unwrap_or_default();
    out.extend_from_slice(&[digit(number / 10), digit(number)]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_of_the_library() {
        for days in [-800_000, -719_528, -1, 0, 58, 59, 19_753, 2_932_896, 2_932_897] {
            let day = NaiveDate::from_num_days_from_ce_opt(days + 719_163).expect("a day");
            let mut text = vec![];
            date(day, &mut text);
            assert_eq!(
                String::from_utf8_lossy(&text),
                format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
            );
        }
        for seconds in [0, 59, 60, 3_599, 43_200, 86_399] {
            let at = NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).expect("a time");
            let mut text = vec![];
            time(at, &mut text);
            assert_eq!(String::from_utf8_lossy(&text), at.format("%T").to_string());
        }
        for number in [1, 10, 999, 100_000, 123_456, 999_999] {
            let mut text = vec![];
            microseconds(number, &mut text);
            assert_eq!(String::from_utf8_lossy(&text), format!(".{number:06}"));
        }
    }
}
