//! Values as parameters for PostgreSQL.
//!
//! They go as text: the server, which knows the type that it wants, reads a number, a date or a UUID as it reads them in
//! a statement. So a value needs no type, and a type of the server's own no code here. Whole numbers, which are most of
//! what is asked by, moments and truths go as they are where the server wants just those: it need not read them.

use std::error::Error;
use std::fmt::Write as _;

use bytes::BytesMut;
use quintet_core::schema::Value;
use tokio_postgres::types::{Format, IsNull, ToSql, Type};

use crate::moment::{self, YEAR_2000};

/// A parameter, written in the server's words straight into the message.
#[derive(Debug)]
pub(super) struct Parameter<'a>(pub(super) &'a Value);

impl ToSql for Parameter<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        self.to_sql_checked(ty, out)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match (self.0, plain(self.0, ty)) {
            (Value::Null, _) => return Ok(IsNull::Yes),
            (Value::List(values), Some(Plain::Array(element))) => elements(values, &element, out),
            (_, Some(Plain::One(byte))) => out.extend_from_slice(&[byte]),
            (_, Some(Plain::Four(number))) => out.extend_from_slice(&number.to_be_bytes()),
            (_, Some(Plain::Eight(number))) => out.extend_from_slice(&number.to_be_bytes()),
            (value, None | Some(Plain::Array(_))) => text(value, out)?,
        }
        Ok(IsNull::No)
    }

    fn encode_format(&self, ty: &Type) -> Format {
        if plain(self.0, ty).is_some() { Format::Binary } else { Format::Text }
    }
}

/// What the server has as so many bytes.
enum Plain {
    One(u8),
    Four(i32),
    Eight(i64),
    /// Values of this type, and nulls.
    Array(Type),
}

/// A value as the server has it; nothing where it is not just of that type, or where it would have to say that it does
/// not fit.
fn plain(value: &Value, ty: &Type) -> Option<Plain> {
    match (value, ty) {
        (Value::Int(number), &Type::INT8) => Some(Plain::Eight(*number)),
        (Value::Int(number), &Type::INT4) => i32::try_from(*number).ok().map(Plain::Four),
        (Value::Bool(yes), &Type::BOOL) => Some(Plain::One(u8::from(*yes))),
        // The year 0 is none for the server.
        (Value::DateTime(text), &Type::TIMESTAMPTZ) if !text.starts_with("0000") => {
            moment::written(text)?.checked_sub(YEAR_2000).map(Plain::Eight)
        }
        (Value::List(values), _) => {
            let element = match *ty {
                Type::BOOL_ARRAY => Type::BOOL,
                Type::INT4_ARRAY => Type::INT4,
                Type::INT8_ARRAY => Type::INT8,
                Type::TEXT_ARRAY => Type::TEXT,
                Type::VARCHAR_ARRAY => Type::VARCHAR,
                Type::TIMESTAMPTZ_ARRAY => Type::TIMESTAMPTZ,
                _ => return None,
            };
            let is_plain = |value: &Value| match value {
                Value::Null => true,
                Value::Text(_) => matches!(element, Type::TEXT | Type::VARCHAR),
                Value::List(_) => false,
                value => plain(value, &element).is_some(),
            };
            (!values.is_empty() && values.iter().all(is_plain)).then_some(Plain::Array(element))
        }
        _ => None,
    }
}

/// An array of one dimension.
fn elements(values: &[Value], element: &Type, out: &mut BytesMut) {
    let word = |number: usize| i32::try_from(number).unwrap_or(i32::MAX).to_be_bytes();
    let has_null = values.contains(&Value::Null);
    // Dimensions, nulls, the type; then how many there are, and where they begin.
    for head in [word(1), word(usize::from(has_null)), element.oid().to_be_bytes(), word(values.len()), word(1)] {
        out.extend_from_slice(&head);
    }
    let put = |out: &mut BytesMut, bytes: &[u8]| {
        out.extend_from_slice(&word(bytes.len()));
        out.extend_from_slice(bytes);
    };
    for value in values {
        match (value, plain(value, element)) {
            (Value::Text(text), _) => put(out, text.as_bytes()),
            (_, Some(Plain::One(byte))) => put(out, &[byte]),
            (_, Some(Plain::Four(number))) => put(out, &number.to_be_bytes()),
            (_, Some(Plain::Eight(number))) => put(out, &number.to_be_bytes()),
            // A length below none is a null.
            _ => out.extend_from_slice(&(-1_i32).to_be_bytes()),
        }
    }
}

fn text(value: &Value, out: &mut BytesMut) -> std::fmt::Result {
    match value {
        Value::Null => Ok(()),
        Value::Bool(yes) => out.write_str(if *yes { "true" } else { "false" }),
        Value::Int(number) => write!(out, "{number}"),
        Value::Float(number) => match number {
            number if number.is_nan() => out.write_str("NaN"),
            number if number.is_infinite() => out.write_str(if *number > 0.0 { "Infinity" } else { "-Infinity" }),
            number => write!(out, "{number}"),
        },
        Value::Decimal(text)
        | Value::Text(text)
        | Value::Date(text)
        | Value::Time(text)
        | Value::Uuid(text)
        | Value::Json(text) => {
            out.extend_from_slice(text.as_bytes());
            Ok(())
        }
        Value::DateTime(text) => write!(out, "{text}+00"),
        // Whole days apart, as the reference's driver sends them: the server keeps the two as they come.
        Value::Duration(microseconds) => {
            let (days, rest) = (microseconds.div_euclid(moment::DAY), microseconds.rem_euclid(moment::DAY));
            write!(out, "{days} days {rest} microseconds")
        }
        Value::Bytes(bytes) => {
            out.write_str("\\x")?;
            bytes.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
        }
        Value::List(values) => array(values, out),
    }
}

/// `{"a","b",NULL}`
fn array(values: &[Value], out: &mut BytesMut) -> std::fmt::Result {
    out.write_char('{')?;
    for (number, value) in values.iter().enumerate() {
        if number > 0 {
            out.write_char(',')?;
        }
        match value {
            Value::Null => out.write_str("NULL")?,
            Value::List(inner) => array(inner, out)?,
            value => {
                let mut element = BytesMut::new();
                text(value, &mut element)?;
                let element = std::str::from_utf8(&element).map_err(|_| std::fmt::Error)?;
                write!(out, "\"{}\"", element.replace('\\', "\\\\").replace('"', "\\\""))?;
            }
        }
    }
    out.write_char('}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(value: &Value, ty: &Type) -> Vec<u8> {
        let mut out = BytesMut::new();
        Parameter(value).to_sql_checked(ty, &mut out).expect("a parameter");
        out.to_vec()
    }

    #[test]
    fn a_moment_goes_as_microseconds_since_2000() {
        let moment = Value::DateTime("2000-01-01 00:00:01.000002".to_owned());
        assert_eq!(sent(&moment, &Type::TIMESTAMPTZ), 1_000_002_i64.to_be_bytes());
    }

    #[test]
    fn a_list_of_numbers_or_texts_goes_as_it_is_where_all_of_them_fit() {
        let list = |numbers: &[i64]| Value::List(numbers.iter().copied().map(Value::Int).collect());
        let words = |words: &[i32]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<u8>>();
        assert_eq!(sent(&list(&[7, -1]), &Type::INT4_ARRAY), words(&[1, 0, 23, 2, 1, 4, 7, 4, -1]));
        assert_eq!(sent(&list(&[7, -1]), &Type::INT8_ARRAY), words(&[1, 0, 20, 2, 1, 8, 0, 7, 8, -1, -1]));
        assert_eq!(sent(&list(&[1 << 40]), &Type::INT4_ARRAY), br#"{"1099511627776"}"#);
        let texts = Value::List(vec![Value::from("a"), Value::from("")]);
        assert_eq!(sent(&texts, &Type::TEXT_ARRAY), [words(&[1, 0, 25, 2, 1, 1]), vec![b'a'], words(&[0])].concat());
        assert_eq!(sent(&texts, &Type::INT8_ARRAY), br#"{"a",""}"#);
        assert_eq!(sent(&list(&[]), &Type::INT8_ARRAY), b"{}");
        let with_null = Value::List(vec![Value::Int(1), Value::Null]);
        assert_eq!(sent(&with_null, &Type::INT4_ARRAY), words(&[1, 1, 23, 2, 1, 4, 1, -1]));
        assert_eq!(sent(&with_null, &Type::INT2_ARRAY), br#"{"1",NULL}"#);
        let truths = Value::List(vec![Value::Bool(true), Value::Bool(false)]);
        let truth = |byte| [words(&[1]), vec![byte]].concat();
        assert_eq!(sent(&truths, &Type::BOOL_ARRAY), [words(&[1, 0, 16, 2, 1]), truth(1), truth(0)].concat());
        let moments = Value::List(vec![Value::DateTime("2000-01-01 00:00:00.000007".to_owned())]);
        assert_eq!(sent(&moments, &Type::TIMESTAMPTZ_ARRAY), words(&[1, 0, 1184, 1, 1, 8, 0, 7]));
    }

    #[test]
    fn what_the_server_has_to_refuse_or_to_read_goes_as_text() {
        for text in ["0000-01-01 00:00:00", "2000-01-01 00:00", "2000-02-30 00:00:00"] {
            let moment = Value::DateTime(text.to_owned());
            assert_eq!(sent(&moment, &Type::TIMESTAMPTZ), format!("{text}+00").as_bytes());
        }
        let moment = Value::DateTime("2000-01-01 00:00:00".to_owned());
        assert_eq!(sent(&moment, &Type::TEXT), b"2000-01-01 00:00:00+00");
    }
}
