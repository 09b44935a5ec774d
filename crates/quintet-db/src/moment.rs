//! Moments as numbers and as text, in the calendar that both databases use. All of them are in UTC.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

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
    push_number(year, 4, text);
    text.push('-');
    push_number(month, 2, text);
    text.push('-');
    push_number(day, 2, text);
}

/// Microseconds since midnight as text.
pub(crate) fn time_text(microseconds: i64) -> String {
    let mut text = String::with_capacity(15);
    push_time(microseconds, &mut text);
    text
}

fn push_time(microseconds: i64, text: &mut String) {
    let (seconds, fraction) = (microseconds / 1_000_000, microseconds % 1_000_000);
    push_number(seconds / 3600, 2, text);
    text.push(':');
    push_number(seconds / 60 % 60, 2, text);
    text.push(':');
    push_number(seconds % 60, 2, text);
    if fraction != 0 {
        text.push('.');
        push_number(fraction, 6, text);
    }
}

/// A number with this many digits, at most six. Moments are written with every row: without `format!` that takes a
/// tenth of the time.
fn push_number(number: i64, digits: usize, text: &mut String) {
    let mut written = [b'0'; 6];
    let mut left = u32::try_from(number).unwrap_or(u32::MAX);
    let places = written.iter_mut().rev().take(digits);
    for place in places {
        *place = b'0' + (left % 10) as u8;
        left /= 10;
    }
    match std::str::from_utf8(&written[written.len() - digits..]) {
        Ok(written) if left == 0 => text.push_str(written),
        _ => text.push_str(&format!("{number:0digits$}")),
    }
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
}
