//! What is asked of a value once it has its type, in the order in which a field lists it.

use std::fmt;
use std::sync::Arc;

use super::{Datum, Field, Problems};
use crate::query::Query;
use crate::schema;

type Run = dyn Fn(&Datum, &Field) -> Result<(), Problems> + Send + Sync;

/// One thing that is asked of a value.
#[derive(Clone)]
pub enum Validator {
    /// A rule of the schema.
    Rule(schema::Validator),
    /// That no other row has the value. Its place among the others is here; whoever runs the serializer asks the database.
    Unique(Unique),
    /// A function of the project, which knows the field that it is asked for.
    Own(Arc<Run>),
}

/// That no other row has a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unique {
    /// The message; the reference's usual one where there is none.
    pub message: Option<String>,
    /// The rows that are looked at; all where there is no condition.
    pub condition: Option<schema::Condition>,
    /// The rows among which the value is looked for; those of the serializer's model where there is none.
    pub rows: Option<Box<Query>>,
    /// The model's field; the serializer field's source where there is none.
    pub field: Option<String>,
    /// The lookup by which values are compared; `exact` where there is none.
    pub lookup: Option<String>,
}

/// The part of a date that a value is unique in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UniqueFor {
    /// The day.
    Date,
    /// The month, of any year.
    Month,
    /// The year.
    Year,
}

impl Unique {
    /// What is said where another row has the value.
    pub fn message(&self) -> &str {
        self.message.as_deref().unwrap_or("This field must be unique.")
    }
}

impl UniqueFor {
    /// What is said where another row of the same date has the value.
    pub fn message(self, date_field: &str) -> String {
        let part = match self {
            Self::Date => "date",
            Self::Month => "month",
            Self::Year => "year",
        };
        format!("This field must be unique for the \"{date_field}\" {part}.")
    }
}

impl Validator {
    /// A function of the project.
    pub fn own(run: impl Fn(&Datum, &Field) -> Result<(), Problems> + Send + Sync + 'static) -> Self {
        Self::Own(Arc::new(run))
    }
}

impl From<Unique> for Validator {
    fn from(unique: Unique) -> Self {
        Self::Unique(unique)
    }
}

impl From<schema::Validator> for Validator {
    fn from(validator: schema::Validator) -> Self {
        Self::Rule(validator)
    }
}

impl From<schema::Rule> for Validator {
    fn from(rule: schema::Rule) -> Self {
        Self::Rule(schema::Validator::new(rule))
    }
}

impl fmt::Debug for Validator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(validator) => validator.fmt(f),
            Self::Unique(unique) => unique.fmt(f),
            Self::Own(_) => f.write_str("a function"),
        }
    }
}
