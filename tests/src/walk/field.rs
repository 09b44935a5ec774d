//! Fields of all kinds, and values for their columns. Two values made of different numbers are different, unless the kind
//! has only two.

use quintet_core::schema::words::*;
use quintet_core::schema::{Field, Kind, Value};

use crate::support::Random;

/// A field of any kind with a column of its own that is no relation; without options.
pub(super) fn plain(random: &mut Random) -> Field {
    let date = || [date(), date().auto_now_add(), date().auto_now()];
    match random.below(26) {
        0..=2 => char(20 + 10 * u32::try_from(random.below(4)).unwrap_or_default()),
        3 => text(),
        4 => slug(),
        5 => email(),
        6 => url(),
        7 => generic_ip_address(),
        8 => small_integer(),
        9 | 10 => integer(),
        11 => big_integer(),
        12 => positive_small_integer(),
        13 => positive_integer(),
        14 => positive_big_integer(),
        15 => decimal(8 + u32::try_from(random.below(3)).unwrap_or_default(), 2),
        16 => float(),
        17 => boolean(),
        18 => random.one_of(&date()).clone(),
        19 => date_time(),
        20 => time(),
        21 => duration(),
        22 => uuid(),
        23 => json(),
        24 => binary(),
        _ => random.one_of(&[file(), image(), file_path("/srv"), url().max_length(90)]).clone(),
    }
}

/// A value of a field without a relation.
pub(super) fn value(kind: &Kind, number: usize) -> Value {
    let (day, month, year) = (1 + number % 28, 1 + number / 28 % 12, 2000 + number / 336);
    let whole = i64::try_from(number).unwrap_or_default();
    let moment = format!("{:02}:{:02}:{:02}", number / 3600 % 24, number / 60 % 60, number % 60);
    match kind {
        Kind::Email { .. } => format!("v{number}@e.example").into(),
        Kind::Url { .. } => format!("http://e.example/{number}").into(),
        Kind::GenericIpAddress { .. } => {
            format!("10.{}.{}.{}", number / 62_500, number / 250 % 250, 1 + number % 250).into()
        }
        Kind::SmallInteger
        | Kind::Integer
        | Kind::BigInteger
        | Kind::PositiveSmallInteger
        | Kind::PositiveInteger
        | Kind::PositiveBigInteger
        | Kind::OrderWrt
        | Kind::SmallAuto
        | Kind::Auto
        | Kind::BigAuto => whole.into(),
        Kind::Decimal { .. } => Value::Decimal(format!("{number}.25")),
        Kind::Float => (f64::from(u32::try_from(number).unwrap_or_default()) + 0.5).into(),
        Kind::Boolean => number.is_multiple_of(2).into(),
        Kind::Date { .. } => Value::Date(format!("{year}-{month:02}-{day:02}")),
        Kind::DateTime { .. } => Value::DateTime(format!("{year}-{month:02}-{day:02} {moment}")),
        Kind::Time { .. } => Value::Time(moment),
        Kind::Duration => Value::Duration(whole * 1_000_000),
        Kind::Uuid => Value::Uuid(format!("00000000-0000-4000-8000-{number:012}")),
        Kind::Json => Value::Json(format!("{{\"n\": {number}}}")),
        Kind::Binary { .. } => Value::Bytes(number.to_be_bytes().to_vec()),
        _ => format!("v{number}").into(),
    }
}

/// Whether it holds whole numbers that are no keys.
pub(super) fn is_whole(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::SmallInteger
            | Kind::Integer
            | Kind::BigInteger
            | Kind::PositiveSmallInteger
            | Kind::PositiveInteger
            | Kind::PositiveBigInteger
    )
}

/// Whether it holds text.
pub(super) fn is_text(kind: &Kind) -> bool {
    kind.empty_strings_allowed() && !matches!(kind, Kind::Binary { .. })
}

/// Whether rows can have as many different values as there are rows.
pub(super) fn can_be_unique(kind: &Kind) -> bool {
    !matches!(kind, Kind::Boolean | Kind::Generated { .. })
        && kind.relation().is_none()
        && kind.many_to_many().is_none()
}
