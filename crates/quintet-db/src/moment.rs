//! Moments as numbers and as text, in the calendar that both databases use. All of them are in UTC.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use quintet_core::query::zone_offset;

/// A day in microseconds.
pub(crate) const DAY: i64 = 86_400_000_000;

/// The first moment of 2000, in microseconds since 1970.
pub(crate) const YEAR_2000: i64 = 10_957 * DAY;

/// How many threads have a time of their own.
static SET: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static TIME: Cell<Option<SystemTime>> = const { Cell::new(None) };
}

/// Sets the time of this thread, for tests; `None` is the system's. Gives what it was before.
pub fn set_time(time: Option<SystemTime>) -> Option<SystemTime> {
    let before = TIME.replace(time);
    match (before, time) {
        (None, Some(_)) => drop(SET.fetch_add(1, Ordering::Relaxed)),
        (Some(_), None) => drop(SET.fetch_sub(1, Ordering::Relaxed)),
        _ => {}
    }
    before
}

/// The time: the system's, unless a test has set another for its thread.
pub fn time() -> SystemTime {
    if SET.load(Ordering::Relaxed) == 0 {
        return SystemTime::now();
    }
    TIME.get().unwrap_or_else(SystemTime::now)
}

/// Now, as values and statements have it: `2024-01-31 12:00:00.000001`.
pub fn now() -> String {
    text(since_1970(time()))
}

/// Now, as clocks show it that are so many seconds ahead of UTC at a second since 1970.
pub(crate) fn now_in(ahead: impl FnOnce(i64) -> i64) -> String {
    let now = since_1970(time());
    text(now + ahead(now.div_euclid(1_000_000)) * 1_000_000)
}

/// Now, as the clocks of a time zone show it; of UTC where there is no zone of that name.
pub fn now_in_zone(name: &str) -> String {
    now_in(|second| zone_offset(name, second))
}

/// Microseconds since 1970, whatever tests say: for what processes agree about.
pub(crate) fn microseconds() -> i64 {
    since_1970(SystemTime::now())
}

fn since_1970(time: SystemTime) -> i64 {
    let passed = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(passed.as_micros()).unwrap_or(i64::MAX)
}

/// Microseconds since 1970 as text; a fraction is shown where there is one.
pub(crate) fn text(microseconds: i64) -> String {
    let mut text = String::with_capacity(26);
    push_date(microseconds.div_euclid(DAY), &mut text);
    text.push(' ');
    push_time(microseconds.rem_euclid(DAY), &mut text);
    text
}

/// The microseconds since 1970 of a moment as [`text`] writes it; nothing where it is another text, or no moment. There are
/// many: with every row of SQLite, and with every new row.
pub(crate) fn written(text: &str) -> Option<i64> {
    const FORM: &[u8; 26] = b"0000-00-00 00:00:00.000000";
    let mut bytes = *FORM;
    match text.len() {
        length @ (19 | 26) => bytes[..length].copy_from_slice(text.as_bytes()),
        _ => return None,
    }
    let digits = bytes.map(|byte| byte.wrapping_sub(b'0'));
    // Without a way out between, so that all are looked at together.
    let mut is_form = true;
    for at in 0..FORM.len() {
        is_form &= if FORM[at] == b'0' { digits[at] <= 9 } else { bytes[at] == FORM[at] };
    }
    if !is_form {
        return None;
    }
    let two = |at: usize| i64::from(digits[at]) * 10 + i64::from(digits[at + 1]);
    let (year, month, day) = (two(0) * 100 + two(2), two(5), two(8));
    let (hour, minute, second) = (two(11), two(14), two(17));
    let is_moment = (1..=12).contains(&month)
        && (1..=days_of_month(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    let seconds = (days(year, month, day) * 24 + hour) * 3600 + minute * 60 + second;
    let fraction = two(20) * 10_000 + two(22) * 100 + two(24);
    is_moment.then_some(seconds * 1_000_000 + fraction)
}

fn days_of_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// The days since 1970 of a date.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month_from_march) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Days since 1970 as text.
pub(crate) fn date_text(days: i64) -> String {
    let mut text = String::with_capacity(10);
    push_date(days, &mut text);
    text
}

fn push_date(days: i64, text: &mut String) {
    // Years are counted from March here, so that the day that leap years add is the last one.
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    match u32::try_from(year) {
        Ok(year @ 0..=9999) => {
            let mut written = *b"0000-00-00";
            put(year, &mut written[..4]);
            put(month as u32, &mut written[5..7]);
            put(day as u32, &mut written[8..]);
            push(&written, text);
        }
        _ => text.push_str(&format!("{year:04}-{month:02}-{day:02}")),
    }
}

/// Microseconds since midnight as text.
pub(crate) fn time_text(microseconds: i64) -> String {
    let mut text = String::with_capacity(15);
    push_time(microseconds, &mut text);
    text
}

fn push_time(microseconds: i64, text: &mut String) {
    let (seconds, fraction) = (microseconds / 1_000_000, microseconds % 1_000_000);
    let mut written = *b"00:00:00.000000";
    put((seconds / 3600) as u32, &mut written[..2]);
    put((seconds / 60 % 60) as u32, &mut written[3..5]);
    put((seconds % 60) as u32, &mut written[6..8]);
    put(fraction as u32, &mut written[9..]);
    push(if fraction == 0 { &written[..8] } else { &written }, text);
}

/// Writes a number with as many digits as there is room for. Moments are written with every row: without `format!`, and
/// all digits at once, that takes a fraction of the time.
#[inline]
fn put(mut number: u32, room: &mut [u8]) {
    for place in room.iter_mut().rev() {
        *place = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

fn push(written: &[u8], text: &mut String) {
    text.push_str(std::str::from_utf8(written).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_before_and_after_1970_have_their_dates() {
        assert_eq!(text(0), "1970-01-01 00:00:00");
        assert_eq!(text(YEAR_2000 + 59 * DAY + 1), "2000-02-29 00:00:00.000001");
        assert_eq!(text(-1), "1969-12-31 23:59:59.999999");
        assert_eq!(date_text(-719_162), "0001-01-01");
        assert_eq!(date_text(2_932_896), "9999-12-31");
        assert_eq!(date_text(2_932_897), "10000-01-01");
        assert_eq!(date_text(-719_529), "-001-12-31");
    }

    #[test]
    fn what_was_written_is_read_again() {
        // Days that are coprime to the years and months of the calendar, with a time of their own each.
        for day in (-719_528..2_932_897).step_by(37) {
            let moment = day * DAY + (day * 7_919_999_983).rem_euclid(DAY);
            assert_eq!(written(&text(moment)), Some(moment), "{}", text(moment));
        }
    }

    #[test]
    fn what_is_no_moment_is_not_read() {
        let wrong = ["2023-02-29 00:00:00", "1900-02-29 00:00:00", "2024-00-01 00:00:00", "2024-13-01 00:00:00"];
        let wrong = wrong.into_iter().chain(["2024-04-31 00:00:00", "2024-01-00 00:00:00", "2024-01-32 00:00:00"]);
        let wrong = wrong.chain(["2024-01-01 24:00:00", "2024-01-01 00:60:00", "2024-01-01 00:00:60"]);
        let wrong = wrong.chain(["2024-01-01", "2024-01-01T00:00:00", "2024-01-01 00:00:00.12", "2024-01-01 0a:00:00"]);
        for text in wrong.chain(["2024-01-01 00:00:00,123456", ""]) {
            assert_eq!(written(text), None, "{text}");
        }
        assert_eq!(written("2000-02-29 00:00:00"), Some(YEAR_2000 + 59 * DAY));
    }
}
