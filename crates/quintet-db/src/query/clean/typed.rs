//! What somebody typed for a field, as the field has it, and what the reference says where it cannot be.

use quintet_core::query::{Column, ModelInfo, Registry};
use quintet_core::schema::{Kind, Value};

use super::words::{filled, message};
use super::{Cleaned, ValidationErrors, fields};
use crate::database::Db;
use crate::error::Result;
use crate::fixtures;

/// Reads text as the value of a column, and looks at it as [`full_clean`](crate::query::Stored::full_clean) does at the
/// values of a row, but for what must be unique.
pub(super) async fn read(
    db: Db<'_>,
    registry: &Registry,
    info: &ModelInfo,
    column: &Column,
    text: &str,
) -> Result<(Value, ValidationErrors)> {
    let mut errors = ValidationErrors::default();
    let Some(value) = fixtures::value_of_text(&column.kind, text) else {
        let (code, usual) = refusal(&column.kind);
        let said = filled(message(&column.field, code, usual), &[("value", text.to_owned())]);
        errors.add(&column.name, code, said);
        return Ok((Value::Null, errors));
    };
    let row = Cleaned { db, registry, info, values: vec![(column, value.clone())], key: None };
    fields::check(&row, &mut errors).await?;
    Ok((value, errors))
}

/// The code and the words for text that is no value of a kind.
fn refusal(kind: &Kind) -> (&'static str, &'static str) {
    let usual = match kind {
        Kind::Boolean => "“%(value)s” value must be either True or False.",
        Kind::Float => "“%(value)s” value must be a float.",
        Kind::Decimal { .. } => "“%(value)s” value must be a decimal number.",
        Kind::Date { .. } => "“%(value)s” value has an invalid date format. It must be in YYYY-MM-DD format.",
        Kind::Time { .. } => "“%(value)s” value has an invalid format. It must be in HH:MM[:ss[.uuuuuu]] format.",
        Kind::DateTime { .. } => {
            "“%(value)s” value has an invalid format. It must be in YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ] format."
        }
        Kind::Duration => "“%(value)s” value has an invalid format. It must be in [DD] [[HH:]MM:]ss[.uuuuuu] format.",
        Kind::Uuid => "“%(value)s” is not a valid UUID.",
        Kind::GenericIpAddress { .. } => "Enter a valid IPv4 or IPv6 address.",
        _ => "“%(value)s” value must be an integer.",
    };
    ("invalid", usual)
}
