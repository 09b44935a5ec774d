//! Dates and times as digits, without the machinery of formats: every row of a list has some.

use std::io::Write;
use std::ops::Range;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

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

/// The moment of `2024-01-31 12:00:00`, or of that with `.000001` behind it; nothing where it is another text, or no moment.
pub(crate) fn moment(text: &str) -> Option<NaiveDateTime> {
    const FORM: &[u8; 26] = b"0000-00-00 00:00:00.000000";
    let mut bytes = *FORM;
    match text.len() {
        length @ (19 | 26) => bytes[..length].copy_from_slice(text.as_bytes()),
        _ => return None,
    }
    let mut is_form = true;
    for (byte, form) in bytes.iter().zip(FORM) {
        is_form &= if *form == b'0' { byte.is_ascii_digit() } else { byte == form };
    }
    let number =
        |place: Range<usize>| bytes[place].iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
    let date = || NaiveDate::from_ymd_opt(number(0..4).try_into().ok()?, number(5..7), number(8..10));
    let time = || NaiveTime::from_hms_micro_opt(number(11..13), number(14..16), number(17..19), number(20..26));
    if is_form { Some(NaiveDateTime::new(date()?, time()?)) } else { None }
}

/// `2024-01-31T12:00:00`, with `.000001` behind it where there is a fraction, of microseconds since 1970; whether it is a
/// moment of the years 1 to 9999.
pub(crate) fn moment_of(microseconds: i64, between: u8, out: &mut Vec<u8>) -> bool {
    const DAY: i64 = 86_400_000_000;
    let (days, rest) = (microseconds.div_euclid(DAY), microseconds.rem_euclid(DAY));
    // Days since the first of March of the year 0; from there on each leap day ends a year.
    let Ok(days) = u32::try_from(days.saturating_add(719_468)) else { return false };
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = (era * 400 + year + month / 10, if month < 10 { month + 3 } else { month - 9 });
    if !(1..=9999).contains(&year) {
        return false;
    }
    let (seconds, fraction) = (rest / 1_000_000, rest % 1_000_000);
    let seconds = u32::try_from(seconds).unwrap_or_default();
    let [a, b] = digits(year / 100);
    let [c, d] = digits(year % 100);
    let ([e, f], [g, h]) = (digits(month), digits(day));
    let ([i, j], [k, l], [m, n]) = (digits(seconds / 3600), digits(seconds / 60 % 60), digits(seconds % 60));
    out.extend_from_slice(&[a, b, c, d, b'-', e, f, b'-', g, h, between, i, j, b':', k, l, b':', m, n]);
    if fraction > 0 {
        self::microseconds(u32::try_from(fraction).unwrap_or_default(), out);
    }
    true
}

fn two(number: u32, out: &mut Vec<u8>) {
    out.extend_from_slice(&digits(number));
}

/// The last two digits.
fn digits(number: u32) -> [u8; 2] {
    let digit = |number: u32| b'0' + (number % 10).to_le_bytes()[0];
    [digit(number / 10), digit(number)]
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
        for text in [
            "2024-02-29 12:34:56",
            "2024-02-29 12:34:56.000001",
            "0001-01-01 00:00:00",
            "9999-12-31 23:59:59.999999",
            "2023-02-29 12:34:56",
            "2024-13-01 12:34:56",
            "2024-01-31 24:00:00",
            "2024-01-31T12:34:56",
            "2024-01-31 12:34:5x",
        ] {
            assert_eq!(moment(text), NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").ok(), "{text}");
        }
        // Days that are coprime to the years and months of the calendar, with a time of their own each.
        for day in (-719_700_i64..2_933_100).step_by(37) {
            let moment = day * 86_400_000_000 + (day * 7_919_999_983).rem_euclid(86_400_000_000);
            let known = chrono::DateTime::from_timestamp_micros(moment).expect("a moment").naive_utc();
            let mut text = vec![];
            let is_one = moment_of(moment, b' ', &mut text);
            assert_eq!(is_one, (1..=9999).contains(&known.year()), "{known}");
            if is_one {
                let form = if known.nanosecond() > 0 { "%Y-%m-%d %H:%M:%S%.6f" } else { "%Y-%m-%d %H:%M:%S" };
                assert_eq!(String::from_utf8_lossy(&text), known.format(form).to_string());
            }
        }
        for (moment, shown) in [(0, "1970-01-01T00:00:00"), (-1, "1969-12-31T23:59:59.999999")] {
            let mut text = vec![];
            assert!(moment_of(moment, b'T', &mut text));
            assert_eq!(String::from_utf8_lossy(&text), shown);
        }
        assert!(![i64::MIN, i64::MAX].into_iter().any(|moment| moment_of(moment, b'T', &mut vec![])));
        for number in [1, 10, 999, 100_000, 123_456, 999_999] {
            let mut text = vec![];
            microseconds(number, &mut text);
            assert_eq!(String::from_utf8_lossy(&text), format!(".{number:06}"));
        }
    }
}
