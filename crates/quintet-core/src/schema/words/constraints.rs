//! Indexes and constraints: `index(&["-created_at"])`, `unique("one_seat", &["room", "seat"])`.

use super::strings;
use crate::schema::{Check, Condition, Constraint, Deferrable, Expr, Index, IndexKind, IndexedField, Unique};

/// An index on fields: `index(&["status", "-created_at"])`.
pub fn index(fields: &[&str]) -> Index {
    Index {
        name: String::new(),
        fields: fields.iter().map(|field| IndexedField::parse(field)).collect(),
        expressions: vec![],
        condition: None,
        include: vec![],
        opclasses: vec![],
        kind: IndexKind::Default,
    }
}

/// A constraint: no two rows with the same in these fields.
pub fn unique(name: &str, fields: &[&str]) -> Unique {
    Unique { name: name.to_owned(), fields: strings(fields), ..Unique::default() }
}

/// A constraint: no two rows with the same in these expressions.
pub fn unique_on(name: &str, expressions: impl Into<Vec<Expr>>) -> Unique {
    Unique { name: name.to_owned(), expressions: expressions.into(), ..Unique::default() }
}

/// A constraint: a condition that all rows meet.
pub fn check(name: &str, condition: Condition) -> Check {
    Check { name: name.to_owned(), condition, violation_error_message: None, violation_error_code: None }
}

impl From<Unique> for Constraint {
    fn from(unique: Unique) -> Self {
        Self::Unique(unique)
    }
}

impl From<Check> for Constraint {
    fn from(check: Check) -> Self {
        Self::Check(check)
    }
}

impl Check {
    /// The message for who breaks it.
    #[must_use]
    pub fn message(mut self, message: &str) -> Self {
        self.violation_error_message = Some(message.to_owned());
        self
    }

    /// The code for who breaks it.
    #[must_use]
    pub fn code(mut self, code: &str) -> Self {
        self.violation_error_code = Some(code.to_owned());
        self
    }
}

impl Unique {
    /// Which rows are meant.
    #[must_use]
    pub fn condition(mut self, condition: Condition) -> Self {
        self.condition = Some(condition);
        self
    }

    /// When it is checked.
    #[must_use]
    pub fn deferrable(mut self, when: Deferrable) -> Self {
        self.deferrable = Some(when);
        self
    }

    /// Further fields that its index carries.
    #[must_use]
    pub fn include(mut self, fields: &[&str]) -> Self {
        self.include = strings(fields);
        self
    }

    /// Operator classes, one per field.
    #[must_use]
    pub fn opclasses(mut self, classes: &[&str]) -> Self {
        self.opclasses = strings(classes);
        self
    }

    /// Whether two nulls are different.
    #[must_use]
    pub fn nulls_distinct(mut self, yes: bool) -> Self {
        self.nulls_distinct = Some(yes);
        self
    }

    /// The message for who breaks it.
    #[must_use]
    pub fn message(mut self, message: &str) -> Self {
        self.violation_error_message = Some(message.to_owned());
        self
    }

    /// The code for who breaks it.
    #[must_use]
    pub fn code(mut self, code: &str) -> Self {
        self.violation_error_code = Some(code.to_owned());
        self
    }
}

impl Index {
    /// An index on expressions.
    pub fn on(expressions: impl Into<Vec<Expr>>) -> Self {
        Self { expressions: expressions.into(), ..index(&[]) }
    }

    /// Its name.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Which rows are in it.
    #[must_use]
    pub fn condition(mut self, condition: Condition) -> Self {
        self.condition = Some(condition);
        self
    }

    /// Further fields that it carries.
    #[must_use]
    pub fn include(mut self, fields: &[&str]) -> Self {
        self.include = strings(fields);
        self
    }

    /// Operator classes, one per field.
    #[must_use]
    pub fn opclasses(mut self, classes: &[&str]) -> Self {
        self.opclasses = strings(classes);
        self
    }

    /// How it is built.
    #[must_use]
    pub fn kind(mut self, kind: IndexKind) -> Self {
        self.kind = kind;
        self
    }
}
