//! Indexes and constraints, as data.

use super::{Condition, Expr};

/// An index of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// Its name; empty until the model gives it one.
    pub name: String,
    /// The fields in order; empty where expressions are indexed.
    pub fields: Vec<IndexedField>,
    /// The expressions in order.
    pub expressions: Vec<Expr>,
    /// Which rows are in it; all unless said.
    pub condition: Option<Condition>,
    /// Further fields that it carries (PostgreSQL).
    pub include: Vec<String>,
    /// Operator classes, one per field (PostgreSQL).
    pub opclasses: Vec<String>,
    /// How it is built.
    pub kind: IndexKind,
}

/// A field in an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexedField {
    /// The field's name.
    pub name: String,
    /// Largest first.
    pub descending: bool,
}

impl IndexedField {
    /// `-created_at` is descending.
    pub fn parse(text: &str) -> Self {
        let name = text.strip_prefix('-').unwrap_or(text);
        Self { name: name.to_owned(), descending: name.len() < text.len() }
    }

    /// As it was written.
    pub fn written(&self) -> String {
        format!("{}{}", if self.descending { "-" } else { "" }, self.name)
    }
}

/// How an index is built. All but the first exist on PostgreSQL only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum IndexKind {
    /// A tree.
    #[default]
    Default,
    /// `USING btree`, named.
    BTree,
    /// `USING brin`.
    Brin,
    /// `USING gin`.
    Gin,
    /// `USING gist`.
    Gist,
    /// `USING hash`.
    Hash,
    /// `USING spgist`.
    SpGist,
}

/// A constraint of a model.
#[derive(Clone, Debug, PartialEq)]
pub enum Constraint {
    /// No two rows with the same.
    Unique(Unique),
    /// A condition that all rows meet.
    Check(Check),
}

impl Constraint {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Unique(unique) => &unique.name,
            Self::Check(check) => &check.name,
        }
    }
}

/// No two rows with the same values.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Unique {
    /// Its name.
    pub name: String,
    /// The fields; empty where expressions are meant.
    pub fields: Vec<String>,
    /// The expressions.
    pub expressions: Vec<Expr>,
    /// Which rows are meant; all unless said.
    pub condition: Option<Condition>,
    /// When it is checked (PostgreSQL).
    pub deferrable: Option<Deferrable>,
    /// Further fields that its index carries (PostgreSQL).
    pub include: Vec<String>,
    /// Operator classes, one per field (PostgreSQL).
    pub opclasses: Vec<String>,
    /// Whether two nulls are different; they are unless said (PostgreSQL 15).
    pub nulls_distinct: Option<bool>,
    /// The message for who breaks it.
    pub violation_error_message: Option<String>,
    /// The code for who breaks it.
    pub violation_error_code: Option<String>,
}

/// When a constraint is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deferrable {
    /// At the end of the transaction.
    Deferred,
    /// At the end of the statement, unless the transaction says otherwise.
    Immediate,
}

/// A condition that all rows meet.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Its name.
    pub name: String,
    /// The condition.
    pub condition: Condition,
    /// The message for who breaks it.
    pub violation_error_message: Option<String>,
    /// The code for who breaks it.
    pub violation_error_code: Option<String>,
}
