//! The content that a form for raw data begins with.

use quintet_core::json::{Json, Object};
use quintet_core::rest::{Field, Kind};

use super::widget::pretty;
use crate::rest::metadata::Taken;

/// What a new row would be, as JSON: every field that is taken, empty.
pub(super) fn empty(taken: &Taken) -> String {
    let all = match taken {
        Taken::Shape(shape) => object(shape.fields()),
        Taken::Fields(fields) => object(fields.iter()),
    };
    pretty(&all, 4)
}

/// The row as it is, as JSON.
pub(super) fn of_row(row: &Json, taken: &Taken) -> String {
    let Json::Object(members) = row else { return pretty(row, 4) };
    let is_hidden = |name: &str| {
        let is = |field: &Field| field.name == name && matches!(field.kind, Kind::Hidden);
        match taken {
            Taken::Shape(shape) => shape.fields().any(is),
            Taken::Fields(fields) => fields.iter().any(is),
        }
    };
    let shown = members.iter().filter(|(name, _)| !is_hidden(name));
    pretty(&shown.map(|(name, value)| (name, value.clone())).collect::<Object>().into(), 4)
}

fn object<'f>(fields: impl Iterator<Item = &'f Field>) -> Json {
    let taken = fields.filter(|field| !field.read_only && !matches!(field.kind, Kind::Hidden | Kind::Method(_)));
    taken.map(|field| (field.name.as_ref(), initial(field))).collect::<Object>().into()
}

/// What the reference's classes begin with.
fn initial(field: &Field) -> Json {
    if let Some(own) = &field.initial {
        return own.clone();
    }
    match &field.kind {
        Kind::Char(_) => Json::from(""),
        Kind::Boolean if !field.allow_null => Json::Bool(false),
        Kind::List(_) | Kind::MultipleChoice { .. } => Json::List(vec![]),
        Kind::Related(related) if related.many => Json::List(vec![]),
        Kind::Dict(_) | Kind::HStore(_) => Json::Object(Object::new()),
        Kind::Nested(nested) if nested.many => Json::List(vec![]),
        Kind::Nested(nested) => object(nested.fields.iter()),
        _ => Json::Null,
    }
}
