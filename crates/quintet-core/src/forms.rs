//! Values of a query string as the reference's forms read them: texts in, values or words out. What is empty is nothing.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike as _};

use crate::json::Object;
use crate::openapi::typed;
use crate::python::{Decimal, strip, time};
use crate::query::Zone;
use crate::schema::{Kind, Value};

/// How a text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// As text, without white space around.
    Text,
    /// As a number of any size, at most 1e+50.
    Number,
    /// As the number of a year.
    Year,
    /// `true`, `false`, `1` or `0` in any case; anything else says nothing.
    Boolean,
    /// As a date, in one of several ways.
    Date,
    /// As a moment, ISO 8601.
    DateTime,
    /// As a time of day.
    Time,
    /// As a duration.
    Duration,
    /// As a UUID.
    Uuid,
}

/// Why a text is not what it should be: a code and words.
pub type Refusal = (&'static str, String);

impl Input {
    /// How values of a kind are read; none for kinds that no form has.
    pub fn of(kind: &Kind) -> Option<Self> {
        Some(match kind {
            Kind::SmallAuto | Kind::Auto | Kind::BigAuto => Self::Number,
            Kind::SmallInteger | Kind::Integer | Kind::BigInteger => Self::Number,
            Kind::PositiveSmallInteger | Kind::PositiveInteger | Kind::PositiveBigInteger => Self::Number,
            Kind::Decimal { .. } | Kind::Float => Self::Number,
            Kind::Boolean => Self::Boolean,
            Kind::Date { .. } => Self::Date,
            Kind::DateTime { .. } => Self::DateTime,
            Kind::Time { .. } => Self::Time,
            Kind::Duration => Self::Duration,
            Kind::Uuid => Self::Uuid,
            Kind::Char { .. } | Kind::Text { .. } | Kind::Slug { .. } | Kind::Email { .. } | Kind::Url { .. } => {
                Self::Text
            }
            Kind::GenericIpAddress { .. } | Kind::FilePath { .. } => Self::Text,
            Kind::Generated { output, .. } => return Self::of(&output.kind),
            _ => return None,
        })
    }

    /// What it takes, as a JSON schema.
    pub fn schema(self) -> Object {
        let text = |format: &str| typed("string").with("format", format);
        match self {
            Self::Text | Self::Duration => typed("string"),
            Self::Number => typed("number"),
            Self::Year => typed("integer"),
            Self::Boolean => typed("boolean"),
            Self::Date => text("date"),
            Self::DateTime => text("date-time"),
            Self::Time => text("time"),
            Self::Uuid => text("uuid"),
        }
    }

    /// The value of a text; nothing where it says nothing.
    ///
    /// # Errors
    /// The text is not what it should be.
    pub fn clean(self, text: &str, zone: &Zone) -> Result<Option<Value>, Refusal> {
        let stripped = strip(text);
        if text.is_empty() || (self == Self::Text && stripped.is_empty()) {
            return Ok(None);
        }
        let value = match self {
            Self::Text => return text_value(stripped).map(Some),
            Self::Boolean => {
                return Ok(match text.to_lowercase().as_str() {
                    "1" | "true" => Some(Value::Bool(true)),
                    "0" | "false" => Some(Value::Bool(false)),
                    _ => None,
                });
            }
            Self::Number => return number(text).map(Some),
            Self::Year => return year(text).map(Some),
            Self::Date => date(stripped).map(|date| Value::Date(date.to_string())),
            Self::DateTime => return moment(stripped, zone).map(Some),
            Self::Time => time_of_day(stripped).map(|time| Value::Time(time.format("%H:%M:%S%.f").to_string())),
            Self::Duration => return duration(text).map(Some),
            Self::Uuid => match uuid(stripped) {
                Some(uuid) => Some(Value::Uuid(uuid)),
                None => return Err(("invalid", "Enter a valid UUID.".to_owned())),
            },
        };
        let words = if self == Self::Date { "Enter a valid date." } else { "Enter a valid time." };
        value.map(Some).ok_or_else(|| ("invalid", words.to_owned()))
    }
}

fn text_value(text: &str) -> Result<Value, Refusal> {
    match text.contains('\0') {
        true => Err(("null_characters_not_allowed", "Null characters are not allowed.".to_owned())),
        false => Ok(Value::Text(text.to_owned())),
    }
}

fn number(text: &str) -> Result<Value, Refusal> {
    let invalid = || ("invalid", "Enter a number.".to_owned());
    let number = Decimal::parse(text).filter(Decimal::is_finite).ok_or_else(invalid)?;
    let most = Decimal::parse("1e50");
    if most.and_then(|most| number.compare(&most)).is_some_and(std::cmp::Ordering::is_gt) {
        return Err(("max_value", "Ensure this value is less than or equal to 1e+50.".to_owned()));
    }
    // Far behind the point nothing differs that a database could tell apart.
    Ok(Value::Decimal(number.to_plain().filter(|plain| plain.len() <= 400).ok_or_else(invalid)?))
}

/// A year that has days: the database cannot be asked for another.
fn year(text: &str) -> Result<Value, Refusal> {
    let (given, year) = (number(text)?, Decimal::parse(text));
    let beside = |bound: &str| year.as_ref()?.compare(&Decimal::parse(bound)?);
    if beside("1").is_some_and(std::cmp::Ordering::is_lt) {
        return Err(("min_value", "Ensure this value is greater than or equal to 1.".to_owned()));
    }
    if beside("9999").is_some_and(std::cmp::Ordering::is_gt) {
        return Err(("max_value", "Ensure this value is less than or equal to 9999.".to_owned()));
    }
    Ok(given)
}

fn date(text: &str) -> Option<NaiveDate> {
    const FORMATS: [&str; 11] = [
        "%Y-%m-%d",
        "%m/%d/%Y",
        "%m/%d/%y",
        "%b %d %Y",
        "%b %d, %Y",
        "%d %b %Y",
        "%d %b, %Y",
        "%B %d %Y",
        "%B %d, %Y",
        "%d %B %Y",
        "%d %B, %Y",
    ];
    FORMATS.iter().find_map(|format| NaiveDate::parse_from_str(text, format).ok().filter(in_range))
}

fn in_range(date: &NaiveDate) -> bool {
    (1..=9999).contains(&chrono::Datelike::year(date))
}

fn time_of_day(text: &str) -> Option<NaiveTime> {
    let time =
        ["%H:%M:%S", "%H:%M:%S%.6f", "%H:%M"].iter().find_map(|format| NaiveTime::parse_from_str(text, format).ok());
    // The second after the last is one to those formats, and none to databases.
    time.filter(|time| time.nanosecond() < 1_000_000_000)
}

fn moment(text: &str, zone: &Zone) -> Result<Value, Refusal> {
    let invalid = || ("invalid", "Enter a valid date/time.".to_owned());
    let moment = time::parse_datetime(text).map_err(|_| invalid())?;
    if moment.offset.is_some() {
        return Ok(Value::DateTime(moment.utc().map(shown).ok_or_else(invalid)?));
    }
    let unclear = || {
        let (local, zone) = (shown(moment.local), zone.name());
        let words = format!(
            "{local} couldn\u{2019}t be interpreted in time zone {zone}; it may be ambiguous or it may not exist."
        );
        ("ambiguous_timezone", words)
    };
    Ok(Value::DateTime(zone.utc_once(moment.local).map(shown).ok_or_else(unclear)?))
}

fn shown(utc: NaiveDateTime) -> String {
    utc.format("%Y-%m-%d %H:%M:%S%.6f").to_string().trim_end_matches(".000000").to_owned()
}

fn duration(text: &str) -> Result<Value, Refusal> {
    let days = "The number of days must be between -999999999 and 999999999.";
    let microseconds = time::parse_duration(text).map_err(|error| match error {
        time::Error::NoMatch => ("invalid", "Enter a valid duration.".to_owned()),
        time::Error::OutOfRange => ("overflow", days.to_owned()),
    })?;
    i64::try_from(microseconds).map(Value::Duration).map_err(|_| ("overflow", days.to_owned()))
}

/// As the reference's language reads one: braces, `urn:uuid:` and hyphens anywhere.
fn uuid(text: &str) -> Option<String> {
    let bare = text.replace("urn:", "").replace("uuid:", "");
    let digits: String = bare.trim_matches(['{', '}']).chars().filter(|character| *character != '-').collect();
    let number = (digits.chars().count() == 32).then(|| u128::from_str_radix(&digits, 16).ok()).flatten()?;
    let hex = format!("{number:032x}");
    Some(format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(input: Input, text: &str) -> Result<Option<Value>, String> {
        let zone = Zone::parse("Europe/Berlin").expect("a zone");
        input.clean(text, &zone).map_err(|(_, words)| words)
    }

    #[test]
    fn texts_become_values_as_forms_read_them() {
        let text = |text: &str| text.to_owned();
        assert_eq!(clean(Input::Text, "  a b "), Ok(Some(Value::Text(text("a b")))));
        assert_eq!(clean(Input::Number, " 1_0.50 "), Ok(Some(Value::Decimal(text("10.50")))));
        assert_eq!(clean(Input::Year, "9999"), Ok(Some(Value::Decimal(text("9999")))));
        assert_eq!(clean(Input::Date, "01/15/2024"), Ok(Some(Value::Date(text("2024-01-15")))));
        assert_eq!(clean(Input::Date, "Jan 5, 2024"), Ok(Some(Value::Date(text("2024-01-05")))));
        assert_eq!(clean(Input::DateTime, "2024-01-15T12:00"), Ok(Some(Value::DateTime(text("2024-01-15 11:00:00")))));
        assert_eq!(clean(Input::Time, "12:30"), Ok(Some(Value::Time(text("12:30:00")))));
        assert_eq!(clean(Input::Boolean, "TRUE"), Ok(Some(Value::Bool(true))));
        assert_eq!(clean(Input::Boolean, "x"), Ok(None));
        assert_eq!(clean(Input::Duration, "1 00:00:01"), Ok(Some(Value::Duration(86_401_000_000))));
        let uuid = "12345678-1234-5678-1234-567812345678";
        assert_eq!(clean(Input::Uuid, &format!("{{{uuid}}}")), Ok(Some(Value::Uuid(text(uuid)))));
        for input in [Input::Text, Input::Number, Input::Date, Input::Uuid] {
            assert_eq!(clean(input, ""), Ok(None));
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_in_the_reference_words() {
        let cases = [
            (Input::Text, "a\0b", "Null characters are not allowed."),
            (Input::Number, "abc", "Enter a number."),
            (Input::Number, "NaN", "Enter a number."),
            (Input::Number, "1e51", "Ensure this value is less than or equal to 1e+50."),
            (Input::Year, "abc", "Enter a number."),
            (Input::Year, "-1", "Ensure this value is greater than or equal to 1."),
            (Input::Year, "2024024024024", "Ensure this value is less than or equal to 9999."),
            (Input::Date, "x", "Enter a valid date."),
            (Input::DateTime, "x", "Enter a valid date/time."),
            (Input::Time, "25:00", "Enter a valid time."),
            (Input::Time, "23:59:60", "Enter a valid time."),
            (Input::Duration, "x", "Enter a valid duration."),
            (Input::Uuid, "x", "Enter a valid UUID."),
        ];
        for (input, text, words) in cases {
            assert_eq!(clean(input, text), Err(words.to_owned()), "{text}");
        }
    }
}
