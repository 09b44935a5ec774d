//! What a database holds: tables, columns, constraints and indexes, as plain data that can be compared.
//!
//! Somebody else reads it out of a database; here it is looked at.

use std::collections::BTreeMap;

/// The names of our own tables begin with this.
pub const OWN_PREFIX: &str = "quintet_";

/// What a database holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// The tables by name.
    pub tables: BTreeMap<String, Table>,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// A comment on it.
    pub comment: Option<String>,
    /// Its columns in order.
    pub columns: Vec<Column>,
    /// Its constraints, sorted.
    pub constraints: Vec<Constraint>,
    /// Its indexes, sorted by name, without those that a constraint made.
    pub indexes: Vec<Index>,
}

/// A column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type, as the database writes it: `varchar(100)`, `character varying(100)`.
    pub kind: String,
    /// Whether it may be null.
    pub null: bool,
    /// Its default, as SQL.
    pub default: Option<String>,
    /// Its collation, where that is not the usual one.
    pub collation: Option<String>,
    /// A comment on it.
    pub comment: Option<String>,
    /// Whether the database counts it up.
    pub counts_up: bool,
    /// How it is computed from other columns.
    pub generated: Option<Generated>,
    /// The sequence behind it (PostgreSQL).
    pub sequence: Option<String>,
}

/// How a column is computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// As SQL.
    pub sql: String,
    /// Whether it is stored.
    pub stored: bool,
}

/// A constraint.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Constraint {
    /// What it is.
    pub kind: ConstraintKind,
    /// Its columns; empty for a condition on SQLite.
    pub columns: Vec<String>,
    /// Its name; empty where it has none (SQLite).
    pub name: String,
    /// When it is checked: `deferrable`, `initially deferred`; empty for at once.
    pub deferrable: String,
}

/// What a constraint is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConstraintKind {
    /// The primary key.
    PrimaryKey,
    /// No two rows with the same.
    Unique,
    /// A condition, as SQL.
    Check(String),
    /// A reference.
    ForeignKey {
        /// The other table.
        table: String,
        /// Its columns; empty for its primary key (SQLite).
        columns: Vec<String>,
    },
}

/// An index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Whether no two rows have the same.
    pub unique: bool,
    /// How it is built: `btree`.
    pub method: String,
    /// What is indexed, in order.
    pub parts: Vec<Part>,
    /// Which rows are in it, as SQL.
    pub condition: Option<String>,
    /// Further columns that it carries.
    pub include: Vec<String>,
}

/// A part of an index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The column's name, or an expression as SQL.
    pub sql: String,
    /// Whether it is a column.
    pub is_column: bool,
    /// What else is said of it: `desc`, a collation, an operator class.
    pub options: String,
}

impl Index {
    /// The columns among its parts.
    pub fn columns(&self) -> Vec<String> {
        self.parts.iter().filter(|part| part.is_column).map(|part| part.sql.clone()).collect()
    }

    /// Whether it is a tree of whole columns over all rows.
    pub fn is_usual(&self) -> bool {
        self.method == "btree"
            && self.condition.is_none()
            && self.include.is_empty()
            && self.parts.iter().all(|part| part.is_column && part.options.is_empty())
    }
}

impl Schema {
    /// Without our own tables, as it is compared with a database that the reference made.
    #[must_use]
    pub fn without_own(mut self) -> Self {
        self.tables.retain(|name, _| !name.starts_with(OWN_PREFIX));
        self
    }
}

impl Table {
    /// A column by name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The columns of the primary key.
    pub fn primary_key(&self) -> &[String] {
        let key = self.constraints.iter().find(|constraint| constraint.kind == ConstraintKind::PrimaryKey);
        key.map_or(&[], |key| &key.columns)
    }

    /// Puts constraints and indexes into their order, so that the tables of two databases can be compared.
    pub fn sort(&mut self) {
        self.constraints.sort();
        self.indexes.sort_by(|one, other| one.name.cmp(&other.name));
    }
}
