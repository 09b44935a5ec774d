//! Enums whose members are what may be chosen.

use std::fmt::Debug;

use quintet_core::schema::{Choice, Field, Value};

/// An enum whose members are what may be chosen. Derived: `#[derive(Choices, Clone, Copy, Debug, PartialEq)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no enum of choices",
    label = "not an enum of choices",
    note = "give the enum `#[derive(Choices, Clone, Copy, Debug, PartialEq)]`"
)]
pub trait Choices: Copy + Debug + PartialEq + Send + Sync + 'static {
    /// The members in order.
    const MEMBERS: &'static [Member<Self>];

    /// What people read for "nothing chosen", where that is a choice too.
    const EMPTY: Option<&'static str> = None;

    /// The field that holds a member, without the choices.
    fn column() -> Field;

    /// What people read.
    fn label(self) -> &'static str {
        Self::MEMBERS.iter().find(|member| member.is == self).map_or("", |member| member.label)
    }

    /// What the database has.
    fn value(self) -> Value {
        Self::MEMBERS.iter().find(|member| member.is == self).map_or(Value::Null, |member| member.value.to_value())
    }

    /// The member with this value.
    fn from_value(value: &Value) -> Option<Self> {
        Self::MEMBERS.iter().find(|member| member.value.to_value() == *value).map(|member| member.is)
    }

    /// All that may be chosen, as data.
    fn choices() -> Vec<Choice> {
        let empty = Self::EMPTY.map(|label| Choice::One(Value::Null, label.to_owned()));
        let members = Self::MEMBERS.iter().map(|member| Choice::One(member.value.to_value(), member.label.to_owned()));
        empty.into_iter().chain(members).collect()
    }
}

/// A member of an enum of choices.
#[derive(Clone, Copy, Debug)]
pub struct Member<T> {
    /// The member.
    pub is: T,
    /// What the database has.
    pub value: Constant,
    /// What people read.
    pub label: &'static str,
}

/// The value of a member.
#[derive(Clone, Copy, Debug)]
pub enum Constant {
    /// Text.
    Text(&'static str),
    /// A whole number.
    Int(i64),
}

impl Constant {
    fn to_value(self) -> Value {
        match self {
            Self::Text(text) => text.into(),
            Self::Int(number) => number.into(),
        }
    }
}
