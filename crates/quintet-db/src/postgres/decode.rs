//! Values out of PostgreSQL, whose answers are binary.

use std::error::Error as StdError;
use std::sync::Arc;

use tokio_postgres::types::{FromSql, Kind, Type};
use tokio_postgres::{Column, Row as Found, Statement};

use crate::error::{Error, Result};
use crate::moment;
use crate::rows::{Cell, Rows};

type Read<T> = std::result::Result<T, Box<dyn StdError + Sync + Send>>;

/// How the bytes of a type become a cell. What most columns are is known at once; the rest is looked up for each cell.
#[derive(Clone, Copy)]
enum Decode {
    Bool,
    Four,
    Eight,
    Text,
    Moment,
    Other,
}

/// The columns of an answer: their names and how they are read, found once for a statement.
#[derive(Clone, Default)]
pub(super) struct Columns {
    names: Arc<[String]>,
    decode: Arc<[Decode]>,
}

impl Columns {
    pub(super) fn of(statement: &Statement) -> Self {
        Self::named(statement.columns())
    }

    fn named(columns: &[Column]) -> Self {
        Self {
            names: columns.iter().map(|column| column.name().to_owned()).collect(),
            decode: columns.iter().map(|column| Decode::of(column.type_())).collect(),
        }
    }

    pub(super) fn width(&self) -> usize {
        self.names.len()
    }

    /// The rows of an answer.
    pub(super) fn rows(&self, found: &[Found]) -> Result<Rows> {
        let mut cells = Vec::with_capacity(found.len() * self.width());
        for row in found {
            self.push(row, &mut cells)?;
        }
        Ok(self.whole(cells))
    }

    /// The rows of all their cells.
    pub(super) fn whole(&self, cells: Vec<Cell>) -> Rows {
        Rows::new(self.width(), cells).named(Arc::clone(&self.names))
    }

    /// A row's cells, added to others.
    pub(super) fn push(&self, row: &Found, cells: &mut Vec<Cell>) -> Result<()> {
        for (at, decode) in self.decode.iter().enumerate() {
            let cell = match row.try_get(at)? {
                Some(Raw(bytes)) => match decode.plain(bytes) {
                    Some(cell) => cell,
                    None => column(row, at, bytes)?,
                },
                None => Cell::Null,
            };
            cells.push(cell);
        }
        Ok(())
    }
}

/// Rows whose columns are known only with them.
pub(super) fn rows(found: &[Found]) -> Result<Rows> {
    match found.first() {
        Some(first) => Columns::named(first.columns()).rows(found),
        None => Ok(Rows::default()),
    }
}

fn column(row: &Found, at: usize, bytes: &[u8]) -> Result<Cell> {
    let column = &row.columns()[at];
    read(column.type_(), bytes).map_err(|problem| {
        let ty = column.type_().name();
        Error::other(format!("the column `{}` of type `{ty}` cannot be read: {problem}", column.name()))
            .with_hint("select it as text: `column::text`")
    })
}

/// Bytes as they came.
struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, bytes: &'a [u8]) -> Read<Self> {
        Ok(Self(bytes))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// The number that the server writes, and not the one that its bits would be with more digits: 0.1, not 0.10000000149.
fn shortest(number: f32) -> f64 {
    number.to_string().parse().unwrap_or_else(|_| number.into())
}

impl Decode {
    fn of(ty: &Type) -> Self {
        match *ty {
            Type::BOOL => Self::Bool,
            Type::INT4 => Self::Four,
            Type::INT8 => Self::Eight,
            Type::TEXT | Type::VARCHAR => Self::Text,
            Type::TIMESTAMPTZ => Self::Moment,
            _ => Self::Other,
        }
    }

    /// The cell; nothing where it takes more, or cannot be read.
    #[inline]
    fn plain(self, bytes: &[u8]) -> Option<Cell> {
        Some(match self {
            Self::Bool => Cell::Bool(bytes.first() == Some(&1)),
            Self::Four => Cell::Int(i32::from_be_bytes(bytes.try_into().ok()?).into()),
            Self::Eight => Cell::Int(i64::from_be_bytes(bytes.try_into().ok()?)),
            Self::Text => Cell::Text(std::str::from_utf8(bytes).ok()?.into()),
            Self::Moment => Cell::DateTime(timestamp(i64::from_be_bytes(bytes.try_into().ok()?)).ok()?),
            Self::Other => return None,
        })
    }
}

fn read(ty: &Type, bytes: &[u8]) -> Read<Cell> {
    Ok(match *ty {
        Type::BOOL => Cell::Bool(bytes.first() == Some(&1)),
        Type::INT2 => Cell::Int(i16::from_be_bytes(array(bytes)?).into()),
        Type::INT4 => Cell::Int(i32::from_be_bytes(array(bytes)?).into()),
        Type::INT8 => Cell::Int(i64::from_be_bytes(array(bytes)?)),
        Type::OID => Cell::Int(u32::from_be_bytes(array(bytes)?).into()),
        Type::FLOAT4 => Cell::Float(shortest(f32::from_be_bytes(array(bytes)?))),
        Type::FLOAT8 => Cell::Float(f64::from_be_bytes(array(bytes)?)),
        Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN | Type::XML => {
            Cell::Text(text(bytes)?.into())
        }
        Type::CHAR => Cell::Text(bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into()),
        Type::BYTEA => Cell::Bytes(bytes.to_vec()),
        Type::JSON => Cell::Json(text(bytes)?),
        Type::JSONB => Cell::Json(text(bytes.get(1..).unwrap_or_default())?),
        Type::UUID => Cell::Uuid(u128::from_be_bytes(array(bytes)?)),
        Type::NUMERIC => Cell::Decimal(numeric(bytes)?),
        Type::TIMESTAMPTZ | Type::TIMESTAMP => Cell::DateTime(timestamp(i64::from_be_bytes(array(bytes)?))?),
        Type::DATE => Cell::Date(date(i32::from_be_bytes(array(bytes)?))?),
        Type::TIME => Cell::Time(i64::from_be_bytes(array(bytes)?)),
        Type::INTERVAL => Cell::Duration(interval(array(bytes)?)),
        Type::INET | Type::CIDR => Cell::Text(inet(bytes)?.into()),
        // What a function gives that gives nothing.
        Type::VOID => Cell::Null,
        Type::INT2_VECTOR => list(&Type::INT2, bytes)?,
        _ => match ty.kind() {
            Kind::Array(element) => list(element, bytes)?,
            Kind::Domain(inner) => read(inner, bytes)?,
            Kind::Enum(_) => Cell::Text(text(bytes)?.into()),
            // A type of an extension whose binary form is its text.
            _ if ty.name() == "citext" => Cell::Text(text(bytes)?.into()),
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

/// Microseconds since 2000.
fn timestamp(microseconds: i64) -> Read<i64> {
    if matches!(microseconds, i64::MAX | i64::MIN) {
        return Err("it is infinite".into());
    }
    Ok(microseconds.saturating_add(moment::YEAR_2000))
}

/// Days since 2000.
fn date(days: i32) -> Read<i32> {
    if matches!(days, i32::MAX | i32::MIN) {
        return Err("it is infinite".into());
    }
    Ok(days.saturating_add(10_957))
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
fn list(element: &Type, bytes: &[u8]) -> Read<Cell> {
    let number =
        |at: usize| -> Read<i32> { Ok(i32::from_be_bytes(array(bytes.get(at..at + 4).ok_or("it is cut short")?)?)) };
    match number(0)? {
        0 => return Ok(Cell::List(vec![])),
        1 => {}
        _ => return Err("it has several dimensions".into()),
    }
    let mut at = 20;
    let mut values = vec![];
    for _ in 0..number(12)? {
        let length = number(at)?;
        at += 4;
        let Ok(length) = usize::try_from(length) else {
            values.push(Cell::Null);
            continue;
        };
        values.push(read(element, bytes.get(at..at + length).ok_or("it is cut short")?)?);
        at += length;
    }
    Ok(Cell::List(values))
}
