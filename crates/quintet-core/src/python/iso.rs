//! ISO 8601 as the reference's language reads it (`fromisoformat` of 3.11): calendar and week dates, with and without
//! their separators, any character between date and time.
//!
//! It looks at a few places only, so it accepts some texts that the standard does not know; those are accepted here too.

use chrono::{NaiveDate, NaiveTime, Weekday};

use super::time::Moment;

/// A day in microseconds.
pub(super) const DAY: i64 = 86_400_000_000;

/// A date of 7, 8 or 10 bytes.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    matches!(text.len(), 7 | 8 | 10).then(|| date_in(text.as_bytes(), text.len()))?
}

/// A time of day, and its distance from UTC in microseconds where it has one.
pub(super) fn time(text: &str) -> Option<(NaiveTime, Option<i64>)> {
    time_in(text.as_bytes())
}

/// A date, one character whatever it is, and a time of day that may be absent.
pub(super) fn datetime(text: &str) -> Option<Moment> {
    let bytes = text.as_bytes();
    if bytes.len() < 7 {
        return None;
    }
    let end = separator(bytes)?;
    let day = date_in(bytes, end)?;
    if bytes.len() <= end {
        return Some(Moment { local: day.and_time(NaiveTime::MIN), offset: None });
    }
    let after = end + text.get(end..)?.chars().next()?.len_utf8();
    let (time, offset) = time_in(&bytes[after..])?;
    Some(Moment { local: day.and_time(time), offset })
}

/// Where the date ends, which its fifth and sixth characters tell.
fn separator(text: &[u8]) -> Option<usize> {
    if text.len() == 7 {
        return Some(7);
    }
    let digit_at = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    match (text[4], text[5]) {
        (b'-', b'W') if text.len() > 8 && text[8] == b'-' => match text.len() {
            9 => None,
            _ if digit_at(10) => Some(8), // a week and a time after a hyphen
            _ => Some(10),
        },
        (b'-', b'W') => Some(8),
        (b'-', _) => Some(10),
        (b'W', _) => {
            let end = (7..text.len()).find(|at| !digit_at(*at)).unwrap_or(text.len());
            Some(if end < 9 {
                end
            } else if end % 2 == 0 {
                7
            } else {
                8
            })
        }
        _ => Some(8),
    }
}

fn date_in(text: &[u8], length: usize) -> Option<NaiveDate> {
    let at = |place: usize| text.get(place).copied().unwrap_or(0);
    let year = i32::try_from(digits(text, 0, 4)?).ok().filter(|year| *year >= 1)?;
    let separated = usize::from(at(4) == b'-');
    let mut place = 4 + separated;
    if at(place) == b'W' {
        let week = digits(text, place + 1, 2)?;
        place += 3;
        let day = if place < length {
            if separated == 1 && at(place) != b'-' {
                return None;
            }
            digits(text, place + separated, 1)?
        } else {
            1
        };
        let day = Weekday::try_from(u8::try_from(day.checked_sub(1)?).ok()?).ok()?;
        let date = NaiveDate::from_isoywd_opt(year, week, day)?;
        return (1..=9999).contains(&chrono::Datelike::year(&date)).then_some(date);
    }
    let month = digits(text, place, 2)?;
    place += 2;
    if separated == 1 && at(place) != b'-' {
        return None;
    }
    NaiveDate::from_ymd_opt(year, month, digits(text, place + separated, 2)?)
}

fn time_in(text: &[u8]) -> Option<(NaiveTime, Option<i64>)> {
    let zone = text.iter().position(|byte| matches!(byte, b'+' | b'-' | b'Z')).unwrap_or(text.len());
    let (clock, more) = clock(text, 0, zone)?;
    let time = NaiveTime::from_hms_micro_opt(clock[0], clock[1], clock[2], clock[3]).filter(|_| clock[2] < 60)?;
    match text.get(zone) {
        None => (!more).then_some((time, None)),
        // It is read as C reads text: what follows a NUL does not count.
        Some(b'Z') => text.get(zone + 1).is_none_or(|byte| *byte == 0).then_some((time, Some(0))),
        Some(sign) => {
            let (far, more) = self::clock(text, zone + 1, text.len())?;
            let seconds = (i64::from(far[0]) * 60 + i64::from(far[1])) * 60 + i64::from(far[2]);
            let offset = seconds * 1_000_000 + i64::from(far[3]);
            let signed = if *sign == b'-' { -offset } else { offset };
            (!more && offset < DAY).then_some((time, Some(signed)))
        }
    }
}

/// Hours, minutes, seconds, microseconds of `HH[:MM[:SS[.f]]]`, and whether something is left before the text ends.
fn clock(text: &[u8], start: usize, end: usize) -> Option<([u32; 4], bool)> {
    let at = |place: usize| text.get(place).copied().unwrap_or(0);
    let mut clock = [0; 4];
    let mut place = start;
    let mut separated = true;
    for part in 0..3 {
        clock[part] = digits(text, place, 2)?;
        place += 2;
        let next = at(place);
        place += 1;
        if part == 0 {
            separated = next == b':';
        }
        if place >= end {
            return Some((clock, next != 0));
        }
        match next {
            b':' if separated => {}
            b'.' | b',' => break,
            _ if !separated => place -= 1,
            _ => return None,
        }
    }
    let count = (end - place).min(6);
    clock[3] = digits(text, place, count)? * 10_u32.pow(6 - u32::try_from(count).ok()?);
    place += count;
    while at(place).is_ascii_digit() {
        place += 1;
    }
    Some((clock, at(place) != 0))
}

fn digits(text: &[u8], at: usize, count: usize) -> Option<u32> {
    let digits = text.get(at..at + count)?;
    digits.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}
