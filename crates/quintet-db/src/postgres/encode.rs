//! Values as parameters for PostgreSQL.
//!
//! They go as text: the server, which knows the type that it wants, reads a number, a date or a UUID as it reads them in
//! a statement. So a value needs no type, and a type of the server's own no code here.

use std::error::Error;

use bytes::BytesMut;
use quintet_core::schema::Value;
use tokio_postgres::types::{Format, IsNull, ToSql, Type};

/// A parameter in the server's words; `None` is null.
#[derive(Debug)]
pub(super) struct Parameter(Option<String>);

pub(super) fn parameters(values: &[Value]) -> Vec<Parameter> {
    values.iter().map(|value| Parameter(text(value))).collect()
}

impl ToSql for Parameter {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        self.to_sql_checked(ty, out)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        let Some(text) = &self.0 else { return Ok(IsNull::Yes) };
        out.extend_from_slice(text.as_bytes());
        Ok(IsNull::No)
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }
}

fn text(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(yes) => yes.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => match number {
            number if number.is_nan() => "NaN".to_owned(),
            number if number.is_infinite() => if *number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned(),
            number => number.to_string(),
        },
        Value::Decimal(text)
        | Value::Text(text)
        | Value::Date(text)
        | Value::Time(text)
        | Value::Uuid(text)
        | Value::Json(text) => text.clone(),
        Value::DateTime(text) => format!("{text}+00"),
        // Whole days apart, as the reference's driver sends them: the server keeps the two as they come.
        Value::Duration(microseconds) => {
            let (days, rest) =
                (microseconds.div_euclid(crate::moment::DAY), microseconds.rem_euclid(crate::moment::DAY));
            format!("{days} days {rest} microseconds")
        }
        Value::Bytes(bytes) => {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("\\x{hex}")
        }
        Value::List(values) => array(values),
    })
}

/// `{"a","b",NULL}`
fn array(values: &[Value]) -> String {
    let element = |value: &Value| match text(value) {
        None => "NULL".to_owned(),
        Some(text) => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
    };
    format!("{{{}}}", values.iter().map(element).collect::<Vec<_>>().join(","))
}
