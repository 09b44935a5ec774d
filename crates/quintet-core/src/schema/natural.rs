//! Values out of the types in which Rust has dates, decimal numbers, UUIDs and JSON.

use chrono::{Datelike, Timelike};

use super::{Expr, Value, digits};

macro_rules! natural {
    ($($type:ty => |$value:ident| $made:expr;)*) => {
        $(impl From<$type> for Value {
            fn from($value: $type) -> Self {
                $made
            }
        }

        impl From<$type> for Expr {
            fn from(value: $type) -> Self {
                Self::Value(value.into())
            }
        })*
    };
}

natural! {
    // Larger than any column holds; the database refuses it in its own words.
    u64 => |value| i64::try_from(value).map_or_else(|_| Value::Decimal(value.to_string()), Value::Int);
    Vec<u8> => |value| Value::Bytes(value);
    std::net::IpAddr => |value| Value::Text(value.to_string());
    rust_decimal::Decimal => |value| Value::Decimal(value.to_string());
    chrono::NaiveDate => |value| Value::Date(value.to_string());
    chrono::DateTime<chrono::Utc> => |value| Value::DateTime(moment(value.naive_utc()));
    chrono::NaiveTime => |value| Value::Time(value.format("%T%.f").to_string());
    chrono::TimeDelta => |value| Value::Duration(value.num_microseconds().unwrap_or(i64::MAX));
    uuid::Uuid => |value| Value::Uuid(value.to_string());
    serde_json::Value => |value| Value::Json(value.to_string());
}

/// `2024-01-31 12:00:00.000001`
fn moment(at: chrono::NaiveDateTime) -> String {
    let fraction = at.nanosecond();
    let is_usual = (0..=9999).contains(&at.year()) && (fraction == 0 || !fraction.is_multiple_of(1_000_000));
    if !is_usual || !fraction.is_multiple_of(1000) || fraction >= 1_000_000_000 {
        return at.format("%F %T%.f").to_string();
    }
    let mut text = Vec::with_capacity(26);
    digits::date(at.date(), &mut text);
    text.push(b' ');
    digits::time(at.time(), &mut text);
    if fraction > 0 {
        digits::microseconds(fraction / 1000, &mut text);
    }
    String::from_utf8(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_utc_with_the_parts_of_a_second_that_it_has() {
        let moment = chrono::DateTime::from_timestamp(1_706_702_400, 1_000).expect("a moment");
        assert_eq!(Value::from(moment), Value::DateTime("2024-01-31 12:00:00.000001".to_owned()));
        let whole = chrono::DateTime::from_timestamp(1_706_702_400, 0).expect("a moment");
        assert_eq!(Value::from(whole), Value::DateTime("2024-01-31 12:00:00".to_owned()));
        let years = [-62_200_000_000, -62_135_596_801, 0, 253_402_300_799, 253_402_300_800];
        for (seconds, part) in
            years.into_iter().flat_map(|year| [0, 1, 1_000, 120_000_000, 123_456_000].map(|part| (year, part)))
        {
            let at = chrono::DateTime::from_timestamp(seconds, part).expect("a moment");
            assert_eq!(Value::from(at), Value::DateTime(at.naive_utc().format("%F %T%.f").to_string()));
        }
    }

    #[test]
    fn a_decimal_number_keeps_its_zeros() {
        assert_eq!(Value::from(rust_decimal::Decimal::new(1050, 2)), Value::Decimal("10.50".to_owned()));
    }

    #[test]
    fn a_number_that_no_column_holds_is_still_itself() {
        assert_eq!(Value::from(u64::MAX), Value::Decimal("18446744073709551615".to_owned()));
    }
}
