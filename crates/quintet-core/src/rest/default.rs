//! What a field has where nothing is given.

use super::{Context, Datum};
use crate::schema::{Function, Initial};

/// What a field has where nothing is given.
#[derive(Clone, Debug)]
pub enum DefaultValue {
    /// Always this.
    Value(Datum),
    /// What a function makes each time.
    Function(Function),
    /// The key of the user who asks.
    CurrentUser,
    /// Something, but only for a new row: a change leaves it out.
    CreateOnly(Box<DefaultValue>),
}

impl DefaultValue {
    /// The value; `None` where it is left out.
    pub fn get(&self, context: &Context) -> Option<Datum> {
        match self {
            Self::Value(value) => Some(value.clone()),
            Self::Function(function) => Some(Datum::Value(function.call())),
            Self::CurrentUser => Some(Datum::Value(context.user.clone())),
            Self::CreateOnly(_) if context.is_update => None,
            Self::CreateOnly(inner) => inner.get(context),
        }
    }
}

impl From<Initial> for DefaultValue {
    fn from(initial: Initial) -> Self {
        match initial {
            Initial::Value(value) => Self::Value(value.into()),
            Initial::Function(function) => Self::Function(function),
        }
    }
}

impl<T: Into<Datum>> From<T> for DefaultValue {
    fn from(value: T) -> Self {
        Self::Value(value.into())
    }
}
