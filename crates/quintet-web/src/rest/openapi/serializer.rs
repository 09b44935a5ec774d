//! Serializers that were made ready, as the description sees them.

use std::sync::Arc;

use quintet_core::openapi::{Member, Serializer};
use quintet_core::rest::{Field, Kind};

use crate::rest::serializer::{Role, Shape};

/// A serializer with all that are within it.
pub(super) fn of_shape(shape: &Shape) -> Serializer {
    let member = |member: &crate::rest::serializer::Member| {
        let field = member.field.clone();
        let inner = match &member.role {
            Role::Nested(inner) => Some(Arc::new(of_shape(inner))),
            _ => None,
        };
        let may_lack = may_lack(shape, &field, &member.path);
        Member { field, inner, may_lack }
    };
    Serializer {
        name: shape.name.to_owned(),
        description: shape.description.to_owned(),
        members: shape.members.iter().map(member).collect(),
        is_shown_otherwise: shape.shown_by.is_some(),
        is_taken_otherwise: shape.taken_by.is_some(),
        is_nameless: shape.name == NAMELESS,
    }
}

/// What serializers are called that a depth makes.
const NAMELESS: &str = "NestedSerializer";

/// Fields alone, by a name.
pub(super) fn of_fields(name: &str, fields: Vec<Field>) -> Serializer {
    let member = |field: Field| Member { may_lack: !field.required && !field.read_only, field, inner: None };
    Serializer { name: name.to_owned(), members: fields.into_iter().map(member).collect(), ..Serializer::default() }
}

/// Whether an answer may be without it: where the way to its value can end early, or where there is no row, only data.
fn may_lack(shape: &Shape, field: &Field, path: &[String]) -> bool {
    if field.required || field.default.is_some() || matches!(field.kind, Kind::Method(_)) {
        return false;
    }
    match shape.model {
        Some(_) => path.len() > 1 && !field.allow_null,
        None => !field.read_only,
    }
}
