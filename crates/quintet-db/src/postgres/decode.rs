//! Values out of PostgreSQL, whose answers are binary.

use std::error::Error as StdError;
use std::sync::Arc;

use quintet_core::schema::Value;
use tokio_postgres::types::{FromSql, Kind, Type};
use tokio_postgres::{Row as Found, Statement};

use crate::error::{Error, Result};
use crate::moment;
use crate::row::Row;

type Read<T> = std::result::Result<T, Box<dyn StdError + Sync + Send>>;

pub(super) fn rows(statement: &Statement, found: &[Found]) -> Result<Vec<Row>> {
    let columns: Arc<[String]> = statement.columns().iter().map(|column| column.name().to_owned()).collect();
    let row = |row: &Found| {
        let values = (0..row.len()).map(|at| value(row, at)).collect::<Result<_>>()?;
        Ok(Row::new(Arc::clone(&columns), values))
    };
    found.iter().map(row).collect()
}

fn value(row: &Found, at: usize) -> Result<Value> {
    let raw: Option<Raw<'_>> = row.try_get(at)?;
    let Some(Raw { ty, bytes }) = raw else { return Ok(Value::Null) };
    read(&ty, bytes).map_err(|problem| {
        let name = row.columns().get(at).map_or("", tokio_postgres::Column::name);
        Error::other(format!("the column `{name}` of type `{}` cannot be read: {problem}", ty.name()))
            .with_hint("select it as text: `column::text`")
    })
}

/// Bytes as they came.
struct Raw<'a> {
    ty: Type,
    bytes: &'a [u8],
}

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(ty: &Type, bytes: &'a [u8]) -> Read<Self> {
        Ok(Self { ty: ty.clone(), bytes })
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

fn read(ty: &Type, bytes: &[u8]) -> Read<Value> {
    Ok(match *ty {
        Type::BOOL => Value::Bool(bytes.first() == Some(&1)),
        Type::INT2 => Value::Int(i16::from_be_bytes(array(bytes)?).into()),
        Type::INT4 => Value::Int(i32::from_be_bytes(array(bytes)?).into()),
        Type::INT8 => Value::Int(i64::from_be_bytes(array(bytes)?)),
        Type::OID => Value::Int(u32::from_be_bytes(array(bytes)?).into()),
        Type::FLOAT4 => Value::Float(f32::from_be_bytes(array(bytes)?).into()),
        Type::FLOAT8 => Value::Float(f64::from_be_bytes(array(bytes)?)),
        Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN | Type::XML => Value::Text(text(bytes)?),
        Type::CHAR => Value::Text(bytes.iter().map(|byte| char::from(*byte)).collect()),
        Type::BYTEA => Value::Bytes(bytes.to_vec()),
        Type::JSON => Value::Json(text(bytes)?),
        Type::JSONB => Value::Json(text(bytes.get(1..).unwrap_or_default())?),
        Type::UUID => Value::Uuid(uuid(array(bytes)?)),
        Type::NUMERIC => Value::Decimal(numeric(bytes)?),
        Type::TIMESTAMPTZ | Type::TIMESTAMP => Value::DateTime(timestamp(i64::from_be_bytes(array(bytes)?))?),
        Type::DATE => Value::Date(date(i32::from_be_bytes(array(bytes)?))?),
        Type::TIME => Value::Time(moment::time_text(i64::from_be_bytes(array(bytes)?))),
        Type::INTERVAL => Value::Duration(interval(array(bytes)?)),
        Type::INET | Type::CIDR => Value::Text(inet(bytes)?),
        Type::INT2_VECTOR => list(&Type::INT2, bytes)?,
        _ => match ty.kind() {
            Kind::Array(element) => list(element, bytes)?,
            Kind::Domain(inner) => read(inner, bytes)?,
            Kind::Enum(_) => Value::Text(text(bytes)?),
            // A type of an extension whose binary form is its text.
            _ if ty.name() == "citext" => Value::Text(text(bytes)?),
            _ => return Err("its type is not known here".into()),
        },
    })
}

fn array<const N: usize>(bytes: &[u8]) -> Read<[u8; N]> {
    Ok(bytes.try_into()?)
}

fn text(bytes: &[u8]) -> Read<String> {
    Ok(std::str::from_utf8(bytes)?.to_owned())
}

fn uuid(bytes: [u8; 16]) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// Microseconds since 2000.
fn timestamp(microseconds: i64) -> Read<String> {
    if matches!(microseconds, i64::MAX | i64::MIN) {
        return Err("it is infinite".into());
    }
    Ok(moment::text(microseconds.saturating_add(moment::YEAR_2000)))
}

/// Days since 2000.
fn date(days: i32) -> Read<String> {
    if matches!(days, i32::MAX | i32::MIN) {
        return Err("it is infinite".into());
    }
    Ok(moment::date_text(i64::from(days) + moment::YEAR_2000 / moment::DAY))
}

/// Microseconds, days and months; a month is 30 days and a year 365, as the reference's driver counts them.
fn interval(bytes: [u8; 16]) -> i64 {
    let part = |at: usize| i64::from(i32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]));
    let mut first = [0; 8];
    first.copy_from_slice(&bytes[..8]);
    let (days, months) = (part(8), part(12));
    let days = days + months / 12 * 365 + months % 12 * 30;
    i64::from_be_bytes(first).saturating_add(days.saturating_mul(moment::DAY))
}

/// Digits to the base of 10,000, the weight of the first, the sign, and how many digits follow the point.
fn numeric(bytes: &[u8]) -> Read<String> {
    let word = |at: usize| -> Read<i16> {
        Ok(i16::from_be_bytes(array(bytes.get(at * 2..at * 2 + 2).ok_or("it is cut short")?)?))
    };
    let (count, weight, sign, scale) = (word(0)?, word(1)?, word(2)?, usize::try_from(word(3)?)?);
    match sign as u16 {
        0xC000 => return Ok("NaN".to_owned()),
        0xD000 => return Ok("Infinity".to_owned()),
        0xF000 => return Ok("-Infinity".to_owned()),
        _ => {}
    }
    // The longest numbers have more groups of digits than a signed number of 16 bits counts.
    let (count, weight) = (i32::from(count.cast_unsigned()), i32::from(weight));
    let digit = |place: i32| -> Read<i16> {
        let at = weight - place;
        if (0..count).contains(&at) { word(4 + usize::try_from(at)?) } else { Ok(0) }
    };
    let mut whole = String::new();
    for place in (0..=weight.max(0)).rev() {
        whole.push_str(&format!("{:04}", digit(place)?));
    }
    let whole = whole.trim_start_matches('0');
    let mut fraction = String::new();
    for place in 1..=i32::try_from(scale.div_ceil(4))? {
        fraction.push_str(&format!("{:04}", digit(-place)?));
    }
    fraction.truncate(scale);
    let minus = if sign as u16 == 0x4000 { "-" } else { "" };
    let point = if scale > 0 { "." } else { "" };
    Ok(format!("{minus}{}{point}{fraction}", if whole.is_empty() { "0" } else { whole }))
}

/// Family, bits, whether it is a network, length, address. The bits are shown where they are not those of one address.
fn inet(bytes: &[u8]) -> Read<String> {
    let [family, bits, is_cidr, _, address @ ..] = bytes else { return Err("it is cut short".into()) };
    let (shown, all) = match family {
        2 => (std::net::Ipv4Addr::from(array::<4>(address)?).to_string(), 32),
        _ => (std::net::Ipv6Addr::from(array::<16>(address)?).to_string(), 128),
    };
    Ok(if *bits == all && *is_cidr == 0 { shown } else { format!("{shown}/{bits}") })
}

/// Dimensions, whether nulls occur, the elements' type; for each dimension its size; then the elements.
fn list(element: &Type, bytes: &[u8]) -> Read<Value> {
    let number =
        |at: usize| -> Read<i32> { Ok(i32::from_be_bytes(array(bytes.get(at..at + 4).ok_or("it is cut short")?)?)) };
    match number(0)? {
        0 => return Ok(Value::List(vec![])),
        1 => {}
        _ => return Err("it has several dimensions".into()),
    }
    let mut at = 20;
    let mut values = vec![];
    for _ in 0..number(12)? {
        let length = number(at)?;
        at += 4;
        let Ok(length) = usize::try_from(length) else {
            values.push(Value::Null);
            continue;
        };
        values.push(read(element, bytes.get(at..at + length).ok_or("it is cut short")?)?);
        at += length;
    }
    Ok(Value::List(values))
}
