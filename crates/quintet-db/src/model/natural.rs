//! Types of Rust that are fields as they are, and our names for those of other crates.

use chrono::Datelike;
use quintet_core::rest::ValueRef;
use quintet_core::schema::{Field, Value, words};

use super::aspects::{ADDRESS, AUTO_NOW, Aspects, DECIMAL_PLACES, DIGITS, FLAT, MAX_LENGTH, NULL, PRIMARY_KEY};
use super::{FieldType, cells};
use crate::error::Result;
use crate::query::Column;
use crate::rows::Cell;

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
    ($($type:ty as $compared:ty => $field:expr, $takes:expr, $needs:expr, $read:path $(, at once $quick:path)? $(, lent $lent:path)?, |$value:ident| $made:expr;)*) => {
        $(impl FieldType for $type {
            type Base = Self;
            type Compared = $compared;
            type Column = Column<Self>;
            type NullColumn = Column<Option<Self>>;

            const TAKES: Aspects = $takes;
            const NEEDS: Aspects = $needs;

            fn field() -> Field {
                $field
            }

            fn from_cell(cell: Cell) -> Result<Self> {
                $read(cell)
            }

            $(#[inline]
            fn at_once(cell: &mut Cell) -> Option<Self> {
                $quick(cell)
            })?

            fn to_value(&self) -> Value {
                let $value = self;
                $made
            }

            $(fn lent(&self) -> Option<ValueRef<'_>> {
                $lent(self)
            })?

            fn base(&self) -> Self {
                self.clone()
            }
        })*
    };
}

natural! {
    i16 as i64 => words::small_integer(), PLAIN, 0, cells::int, at once cells::plain_int, lent int, |it| (*it).into();
    i32 as i64 => words::integer(), PLAIN, 0, cells::int, at once cells::plain_int, lent int, |it| (*it).into();
    i64 as i64 => words::big_integer(), PLAIN, 0, cells::int, at once cells::plain_int, lent int, |it| (*it).into();
    u16 as i64 => words::positive_small_integer(), PLAIN, 0, cells::int, at once cells::plain_int, lent int, |it| (*it).into();
    u32 as i64 => words::positive_integer(), PLAIN, 0, cells::int, at once cells::plain_int, lent int, |it| (*it).into();
    u64 as i64 => words::positive_big_integer(), PLAIN, 0, cells::int, at once cells::plain_int, lent int, |it| (*it).into();
    f64 as f64 => words::float(), PLAIN, 0, cells::float, |it| (*it).into();
    bool as bool => words::boolean(), PLAIN, 0, cells::bool, at once cells::plain_bool, lent flag, |it| (*it).into();
    Decimal as Decimal => words::decimal(0, 0), PLAIN | DIGITS | DECIMAL_PLACES, DIGITS | DECIMAL_PLACES, cells::decimal, |it| (*it).into();
    Date as Date => words::date(), PLAIN | AUTO_NOW, 0, cells::date, |it| (*it).into();
    DateTime as DateTime => words::date_time(), PLAIN | AUTO_NOW, 0, cells::moment, at once cells::plain_moment, lent moment, |it| (*it).into();
    Time as Time => words::time(), PLAIN | AUTO_NOW, 0, cells::time, |it| (*it).into();
    Duration as Duration => words::duration(), PLAIN, 0, cells::duration, |it| (*it).into();
    Uuid as Uuid => words::uuid(), PLAIN, 0, cells::uuid, |it| (*it).into();
    Json as Json => words::json(), PLAIN, 0, cells::json, |it| Value::Json(it.to_string());
    Binary as Binary => words::binary(), PLAIN | MAX_LENGTH, 0, cells::bytes, |it| it.clone().into();
    IpAddr as IpAddr => words::generic_ip_address(), PLAIN | ADDRESS, 0, cells::address, |it| (*it).into();
}

fn int<N: Copy + TryInto<i64>>(number: &N) -> Option<ValueRef<'_>> {
    (*number).try_into().ok().map(ValueRef::Int)
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "as all of them are asked")]
fn flag(yes: &bool) -> Option<ValueRef<'_>> {
    Some(ValueRef::Bool(*yes))
}

/// Those of other years have texts of their own.
fn moment(at: &DateTime) -> Option<ValueRef<'_>> {
    (1..=9999).contains(&at.year()).then(|| ValueRef::DateTime(at.timestamp_micros()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BigAuto, Text};

    fn agrees<F: FieldType>(field: &F) {
        let value = field.to_value();
        let lent = field.lent();
        assert!(lent.is_none_or(|lent| lent == ValueRef::from(&value)), "{value:?}");
    }

    #[test]
    fn what_is_lent_is_what_the_database_is_given() {
        agrees(&i16::MIN);
        agrees(&i64::MAX);
        agrees(&u64::MAX);
        agrees(&7_u64);
        agrees(&true);
        agrees(&1.5);
        agrees(&BigAuto(9));
        agrees(&"text".to_owned());
        agrees(&Text("text".to_owned()));
        agrees(&Some("text".to_owned()));
        agrees(&None::<String>);
        for seconds in [-62_200_000_000, -62_135_596_801, -1, 0, 253_402_300_799, 253_402_300_800] {
            for nanoseconds in [0, 1, 999, 1_000, 999_999_999] {
                agrees(&DateTime::from_timestamp(seconds, nanoseconds).expect("a moment"));
            }
        }
    }
}
