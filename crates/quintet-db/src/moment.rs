//! Moments as numbers and as text, in the calendar that both databases use. All of them are in UTC.

use std::time::{SystemTime, UNIX_EPOCH};

/// A day in microseconds.
pub(crate) const DAY: i64 = 86_400_000_000;

/// The first moment of 2000, in microseconds since 1970.
pub(crate) const YEAR_2000: i64 = 10_957 * DAY;

/// Now, as values and statements have it: `2024-01-31 12:00:00.000001`.
pub fn now() -> String {
    text(microseconds())
}

/// Microseconds since 1970.
pub(crate) fn microseconds() -> i64 {
    let passed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(passed.as_micros()).unwrap_or(i64::MAX)
}

/// Microseconds since 1970 as text; a fraction is shown where there is one.
pub(crate) fn text(microseconds: i64) -> String {
    format!("{} {}", date_text(microseconds.div_euclid(DAY)), time_text(microseconds.rem_euclid(DAY)))
}

/// Days since 1970 as text.
pub(crate) fn date_text(days: i64) -> String {
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
    format!("{year:04}-{month:02}-{day:02}")
}

/// Microseconds since midnight as text.
pub(crate) fn time_text(microseconds: i64) -> String {
    let (seconds, fraction) = (microseconds / 1_000_000, microseconds % 1_000_000);
    let whole = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if fraction == 0 { whole } else { format!("{whole}.{fraction:06}") }
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
    }
}
