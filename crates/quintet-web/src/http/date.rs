//! Times as HTTP headers and logs write them. Takes the time as an argument; knows no clock.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// `Sun, 06 Nov 1994 08:49:37 GMT`.
pub fn http_date(time: SystemTime) -> String {
    httpdate::fmt_http_date(time)
}

/// A date of a header in any of its three forms; the weekday may be a wrong one, as for the reference. The year of the
/// oldest form has two digits, and is the one that is at most 50 years after `now`.
pub(crate) fn parse_http_date(text: &str, now: SystemTime) -> Option<SystemTime> {
    let parts: Vec<&str> = text.split(' ').collect();
    let (day, month, year, clock) = match *parts.as_slice() {
        [weekday, day, month, year, clock, "GMT"]
            if is_weekday(weekday.strip_suffix(',')?, 3..=3) && year.len() == 4 =>
        {
            (day, month, year, clock)
        }
        [weekday, date, clock, "GMT"] if is_weekday(weekday.strip_suffix(',')?, 6..=9) => {
            let mut date = date.splitn(3, '-');
            (date.next()?, date.next()?, date.next().filter(|year| year.len() == 2)?, clock)
        }
        [weekday, month, "", day, clock, year] if is_weekday(weekday, 3..=3) && day.len() == 1 && year.len() == 4 => {
            return seconds(number(day, 1)?, month, number(year, 4)?, clock);
        }
        [weekday, month, day, clock, year] if is_weekday(weekday, 3..=3) && year.len() == 4 => {
            (day, month, year, clock)
        }
        _ => return None,
    };
    let year = if year.len() == 2 { full_year(number(year, 2)?, now) } else { number(year, 4)? };
    seconds(number(day, 2)?, month, year, clock)
}

fn is_weekday(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn number(text: &str, digits: usize) -> Option<u64> {
    (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn full_year(year: u64, now: SystemTime) -> u64 {
    let (current, _, _) = civil(now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs() / 86_400);
    let century = current - current % 100;
    if year > current % 100 + 50 { (century + year).saturating_sub(100) } else { century + year }
}

/// The moment, where day, month and clock exist; none before 1970.
fn seconds(day: u64, month: &str, year: u64, clock: &str) -> Option<SystemTime> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let month = 1 + MONTHS.iter().position(|known| known.eq_ignore_ascii_case(month))? as u64;
    let mut clock = clock.split(':').map(|part| number(part, 2));
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    if clock.next().is_some() || hour > 23 || minute > 59 || second > 59 || year < 1970 {
        return None;
    }
    let days = days_since_1970(year, month, day);
    let real = civil(days) == (year, month, day);
    real.then(|| UNIX_EPOCH + Duration::from_secs(days * 86_400 + hour * 3600 + minute * 60 + second))
}

/// The inverse of [`civil`]; a day that does not exist becomes another day.
fn days_since_1970(year: u64, month: u64, day: u64) -> u64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year / 400, year % 400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    (era * 146_097 + day_of_era).saturating_sub(719_469)
}

/// `2026-11-21T07:45:00.123Z`.
pub fn iso_date(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let (days, seconds) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", since.subsec_millis())
}

/// Year, month and day of a day number since 1970-01-01, counted in eras of 400 years that begin in March.
fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_date_is_read_back_in_its_three_forms_and_only_in_them() {
        let now = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        let read = |text: &str| parse_http_date(text, now).map(http_date);
        let written = Some("Sun, 06 Nov 1994 08:49:37 GMT".to_owned());
        let good = [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Xyz, 06 nov 1994 08:49:37 GMT",
        ];
        for text in good {
            assert_eq!(read(text), written, "{text}");
        }
        assert_eq!(read("Saturday, 06-Nov-77 08:49:37 GMT").as_deref(), Some("Sat, 06 Nov 2077 08:49:37 GMT"));
        assert_eq!(read("Thu, 29 Feb 2024 00:00:00 GMT").as_deref(), Some("Thu, 29 Feb 2024 00:00:00 GMT"));
        let bad = [
            "",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 00 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 99999 08:49:37 GMT",
            "Sun, 29 Feb 2023 00:00:00 GMT",
            "1994-11-06T08:49:37Z",
        ];
        for text in bad {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn days_become_dates_across_leap_years_and_centuries() {
        let at = |seconds| iso_date(UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(at(951_782_400), "2000-02-29T00:00:00.000Z");
        assert_eq!(at(1_709_251_199), "2024-02-29T23:59:59.000Z");
        assert_eq!(at(4_107_542_400), "2100-03-01T00:00:00.000Z");
    }
}
