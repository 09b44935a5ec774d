//! Dates and times in formats of the project: read as `strptime` does, written as `strftime` does.

use super::Format;
use super::rules::known;
use crate::python;
use crate::python::time::Moment;
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The reference's number for it.
const IGNORE_CASE: u32 = 2;

/// What people read of each directive.
const HUMAN: [(&str, &str); 15] = [
    ("%Y", "YYYY"),
    ("%y", "YY"),
    ("%m", "MM"),
    ("%b", "[Jan-Dec]"),
    ("%B", "[January-December]"),
    ("%d", "DD"),
    ("%H", "hh"),
    ("%I", "hh"),
    ("%M", "mm"),
    ("%S", "ss"),
    ("%f", "uuuuuu"),
    ("%a", "[Mon-Sun]"),
    ("%A", "[Monday-Sunday]"),
    ("%p", "[AM|PM]"),
    ("%z", "[+HHMM|-HHMM]"),
];

/// Formats as people read them: `YYYY-MM-DD, DD.MM.YYYY`.
pub(super) fn humanized(formats: &[Format], iso: &str) -> String {
    let one = |format: &Format| match format {
        Format::Iso8601 | Format::Native => iso.to_owned(),
        Format::Pattern(pattern) => pattern.clone(),
    };
    let all = formats.iter().map(one).collect::<Vec<_>>().join(", ");
    HUMAN.iter().fold(all, |text, (directive, human)| text.replace(directive, human))
}

/// A text in a format. One with a directive that is not known matches nothing, and is refused where it is named.
pub(super) fn read(text: &str, format: &str) -> Option<Moment> {
    let (pattern, directives) = pattern(format)?;
    let regex = known(&pattern, IGNORE_CASE)?;
    let found = regex.captures(text)?;
    // Digits of all scripts are digits.
    let digit = |letter| python::digit(letter).and_then(|digit| char::from_digit(digit, 10)).unwrap_or(letter);
    let (mut year, mut month, mut day) = (1900, 1, 1);
    let (mut hour, mut minute, mut second, mut micro) = (0, 0, 0, 0);
    let (mut offset, mut afternoon, mut twelve, mut ordinal) = (None, None, false, None);
    for (place, directive) in directives.iter().enumerate() {
        let part: &str = &found[place + 1].chars().map(digit).collect::<String>();
        let number = || part.trim().parse::<u32>().ok();
        let of = |names: &[&str], length: usize| {
            names.iter().position(|name| name[..length.min(name.len())].eq_ignore_ascii_case(part))
        };
        match directive {
            'Y' => year = i32::try_from(number()?).ok()?,
            'y' => year = i32::try_from(number()?).ok().map(|year| year + if year < 69 { 2000 } else { 1900 })?,
            'm' => month = number()?,
            'b' => month = u32::try_from(of(&MONTHS, 3)?).ok()? + 1,
            'B' => month = u32::try_from(of(&MONTHS, 99)?).ok()? + 1,
            'd' => day = number()?,
            'H' => hour = number()?,
            'I' => (hour, twelve) = (number()?, true),
            'M' => minute = number()?,
            'S' => second = number()?,
            'f' => micro = format!("{part:0<6}").parse().ok()?,
            'p' => afternoon = Some(part.eq_ignore_ascii_case("pm")),
            'j' => ordinal = Some(number()?),
            'z' => offset = Some(self::offset(part)?),
            _ => {}
        }
    }
    if twelve {
        hour = hour % 12 + if afternoon == Some(true) { 12 } else { 0 };
    }
    let date = match ordinal {
        Some(ordinal) => NaiveDate::from_yo_opt(year, ordinal),
        None => NaiveDate::from_ymd_opt(year, month, day),
    };
    let local =
        date.filter(|date| date.year() > 0)?.and_time(NaiveTime::from_hms_micro_opt(hour, minute, second, micro)?);
    Some(Moment { local, offset })
}

/// Whether all directives of a format are known.
pub(super) fn is_readable(format: &str) -> bool {
    pattern(format).is_some()
}

/// The expression of a format, and its directives in order.
fn pattern(format: &str) -> Option<(String, Vec<char>)> {
    let (mut pattern, mut directives) = ("^".to_owned(), vec![]);
    let mut letters = format.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter.is_whitespace() {
            while letters.next_if(|letter| letter.is_whitespace()).is_some() {}
            pattern.push_str(r"\s+");
            continue;
        }
        if letter != '%' {
            pattern.push_str(&regex::escape(letter.encode_utf8(&mut [0; 4])));
            continue;
        }
        let directive = letters.next()?;
        let names = |names: &[&str], length: usize| {
            names.iter().map(|name| &name[..length.min(name.len())]).collect::<Vec<_>>().join("|")
        };
        let part = match directive {
            '%' => {
                pattern.push('%');
                continue;
            }
            // The places where the reference takes only ASCII's digits are its own.
            'Y' => r"\d{4}".to_owned(),
            'y' => r"\d{2}".to_owned(),
            'm' => "1[0-2]|0[1-9]|[1-9]".to_owned(),
            'd' => r"3[01]|[12]\d|0[1-9]|[1-9]| [1-9]".to_owned(),
            'H' => r"2[0-3]|[01]\d|\d".to_owned(),
            'I' => "1[0-2]|0[1-9]|[1-9]".to_owned(),
            'M' => r"[0-5]\d|\d".to_owned(),
            'S' => r"6[01]|[0-5]\d|\d".to_owned(),
            'f' => "[0-9]{1,6}".to_owned(),
            'j' => r"36[0-6]|3[0-5]\d|[12]\d{2}|0[1-9]\d|00[1-9]|[1-9]\d|0[1-9]|[1-9]".to_owned(),
            'p' => "am|pm".to_owned(),
            'z' => r"[+-]\d{2}:?[0-5]\d(?::?[0-5]\d(?:\.\d{1,6})?)?|Z".to_owned(),
            'b' => names(&MONTHS, 3),
            'B' => names(&MONTHS, 99),
            'a' => names(&DAYS, 3),
            'A' => names(&DAYS, 99),
            _ => return None,
        };
        pattern.push_str(&format!("({part})"));
        directives.push(directive);
    }
    Some((pattern + r"\Z", directives))
}

fn offset(text: &str) -> Option<i64> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let part = |from: usize| digits.get(from..from + 2).map_or(Some(0), |part| part.parse::<i64>().ok());
    let fraction = digits.get(6..).map_or(Some(0), |part| format!("{part:0<6}").parse::<i64>().ok())?;
    let size = (part(0)? * 3600 + part(2)? * 60 + part(4)?) * 1_000_000 + fraction;
    Some(if text.starts_with('-') { -size } else { size })
}

/// A moment in a format; the text of its distance from UTC and of its zone stand for `%z` and `%Z`.
pub(super) fn write(moment: NaiveDateTime, zone: (&str, &str), format: &str) -> String {
    let mut text = String::new();
    let mut letters = format.chars();
    let (date, time) = (moment.date(), moment.time());
    while let Some(letter) = letters.next() {
        if letter != '%' {
            text.push(letter);
            continue;
        }
        let day = DAYS[date.weekday().num_days_from_monday() as usize];
        let month = MONTHS[date.month0() as usize];
        let week = date.iso_week();
        let part = match letters.next() {
            Some('Y') => date.year().to_string(),
            Some('y') => format!("{:02}", date.year().rem_euclid(100)),
            Some('m') => format!("{:02}", date.month()),
            Some('d') => format!("{:02}", date.day()),
            Some('e') => format!("{:2}", date.day()),
            Some('j') => format!("{:03}", date.ordinal()),
            Some('H') => format!("{:02}", time.hour()),
            Some('I') => format!("{:02}", time.hour12().1),
            Some('M') => format!("{:02}", time.minute()),
            Some('S') => format!("{:02}", time.second()),
            Some('f') => format!("{:06}", time.nanosecond() / 1000),
            Some('p') => (if time.hour() < 12 { "AM" } else { "PM" }).to_owned(),
            Some('b' | 'h') => month[..3].to_owned(),
            Some('B') => month.to_owned(),
            Some('a') => day[..3].to_owned(),
            Some('A') => day.to_owned(),
            Some('u') => date.weekday().number_from_monday().to_string(),
            Some('w') => date.weekday().num_days_from_sunday().to_string(),
            Some('G') => week.year().to_string(),
            Some('V') => format!("{:02}", week.week()),
            Some('F') => date.format("%Y-%m-%d").to_string(),
            Some('T') => time.format("%H:%M:%S").to_string(),
            Some('R') => time.format("%H:%M").to_string(),
            Some('D') => date.format("%m/%d/%y").to_string(),
            Some('s') => moment.and_utc().timestamp().to_string(),
            Some('z') => zone.0.to_owned(),
            Some('Z') => zone.1.to_owned(),
            Some('n') => "\n".to_owned(),
            Some('t') => "\t".to_owned(),
            Some('%') | None => "%".to_owned(),
            Some(other) => format!("%{other}"),
        };
        text.push_str(&part);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, format: &str) -> Option<String> {
        read(text, format).map(|moment| moment.local.format("%Y-%m-%d %H:%M:%S%.f").to_string())
    }

    #[test]
    fn a_text_is_read_in_a_format() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(shown("31.01.2024", "%d.%m.%Y"), some("2024-01-31 00:00:00"));
        assert_eq!(shown("3 feb 24 01:05 pm", "%d %b %y %I:%M %p"), some("2024-02-03 13:05:00"));
        assert_eq!(shown("30.02.2024", "%d.%m.%Y"), None);
        assert_eq!(shown("31.01.2024 ", "%d.%m.%Y"), None);
        assert_eq!(read("01:02:03.5 +0130", "%H:%M:%S.%f %z").and_then(|moment| moment.offset), Some(5_400_000_000));
    }

    #[test]
    fn a_moment_is_written_in_a_format() {
        let moment = read("2024-01-31 13:05:09.25", "%Y-%m-%d %H:%M:%S.%f").expect("a moment").local;
        let text = write(moment, ("+0000", "UTC"), "%a %d %B %Y, %I:%M %p .%f %z %Z 100%%");
        assert_eq!(text, "Wed 31 January 2024, 01:05 PM .250000 +0000 UTC 100%");
    }
}
