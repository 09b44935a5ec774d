//! Types of Rust that are fields as they are, and our names for those of other crates.

use quintet_core::schema::{Field, words};

use super::FieldType;
use super::aspects::{ADDRESS, AUTO_NOW, Aspects, DECIMAL_PLACES, DIGITS, FLAT, MAX_LENGTH, NULL, PRIMARY_KEY};

/// A day.
pub type Date = chrono::NaiveDate;
/// A moment, in UTC.
pub type DateTime = chrono::DateTime<chrono::Utc>;
/// A time of day.
pub type Time = chrono::NaiveTime;
/// A span of time, kept to the microsecond.
pub type Duration = chrono::TimeDelta;
/// A decimal number, exact.
pub type Decimal = rust_decimal::Decimal;
/// A UUID.
pub type Uuid = uuid::Uuid;
/// Whatever JSON can say.
pub type Json = serde_json::Value;
/// Bytes.
pub type Binary = Vec<u8>;
/// An address of IPv4 or IPv6.
pub type IpAddr = std::net::IpAddr;

/// What every type with a column takes.
const PLAIN: Aspects = NULL | PRIMARY_KEY | FLAT;

macro_rules! natural {
    ($($type:ty => $field:expr, $takes:expr, $needs:expr;)*) => {
        $(impl FieldType for $type {
            type Base = Self;

            const TAKES: Aspects = $takes;
            const NEEDS: Aspects = $needs;

            fn field() -> Field {
                $field
            }
        })*
    };
}

natural! {
    i16 => words::small_integer(), PLAIN, 0;
    i32 => words::integer(), PLAIN, 0;
    i64 => words::big_integer(), PLAIN, 0;
    u16 => words::positive_small_integer(), PLAIN, 0;
    u32 => words::positive_integer(), PLAIN, 0;
    u64 => words::positive_big_integer(), PLAIN, 0;
    f64 => words::float(), PLAIN, 0;
    bool => words::boolean(), PLAIN, 0;
    Decimal => words::decimal(0, 0), PLAIN | DIGITS | DECIMAL_PLACES, DIGITS | DECIMAL_PLACES;
    Date => words::date(), PLAIN | AUTO_NOW, 0;
    DateTime => words::date_time(), PLAIN | AUTO_NOW, 0;
    Time => words::time(), PLAIN | AUTO_NOW, 0;
    Duration => words::duration(), PLAIN, 0;
    Uuid => words::uuid(), PLAIN, 0;
    Json => words::json(), PLAIN, 0;
    Binary => words::binary(), PLAIN | MAX_LENGTH, 0;
    IpAddr => words::generic_ip_address(), PLAIN | ADDRESS, 0;
}
