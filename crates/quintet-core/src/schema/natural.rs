//! Values out of the types in which Rust has dates, decimal numbers, UUIDs and JSON.

use super::{Expr, Value};

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
    chrono::DateTime<chrono::Utc> => |value| Value::DateTime(value.naive_utc().format("%F %T%.f").to_string());
    chrono::NaiveTime => |value| Value::Time(value.format("%T%.f").to_string());
    chrono::TimeDelta => |value| Value::Duration(value.num_microseconds().unwrap_or(i64::MAX));
    uuid::Uuid => |value| Value::Uuid(value.to_string());
    serde_json::Value => |value| Value::Json(value.to_string());
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
