//! Relations whose rows are shown in words: those of models that have `Display`.

use std::any::Any;
use std::fmt;

use quintet_core::rest::Field;
use quintet_db::model::Model;

use super::declaration::{ModelFacts, facts};
use super::field::SerializerField;

/// A row of another model in words, and how it is read.
#[derive(Clone, Copy)]
pub struct TextOf {
    pub(crate) facts: ModelFacts,
    pub(crate) text: fn(&dyn Any) -> String,
}

/// Keys whose rows can be shown in words: their model has `Display`.
pub trait Shown: SerializerField {
    /// The field.
    fn shown() -> Field;

    /// How the words are made.
    fn text() -> TextOf;
}

impl<M: Model + fmt::Display> Shown for quintet_db::model::ForeignKey<M> {
    fn shown() -> Field {
        Field::string_related(&format!("{}.{}", M::APP_LABEL, M::DEF.name))
    }

    fn text() -> TextOf {
        TextOf { facts: facts::<M>(), text: |row| row.downcast_ref::<M>().map(M::to_string).unwrap_or_default() }
    }
}

impl<T: Shown> Shown for Option<T> {
    fn shown() -> Field {
        T::shown()
    }

    fn text() -> TextOf {
        T::text()
    }
}

impl<T: Shown> Shown for Vec<T> {
    fn shown() -> Field {
        T::shown().many(true)
    }

    fn text() -> TextOf {
        T::text()
    }
}
