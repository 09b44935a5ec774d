//! A piece of a statement: SQL in which places are kept for values, and where the values come from.
//!
//! Pieces are put together as text. The places are numbered at the very end, so that no piece needs to know where it
//! will stand.

use crate::schema::{Kind, Value};
use crate::sql::Dialect;

use super::prepare::Prepare;
use super::registry::Registry;

/// What stands in a piece where a value belongs. No SQL that is written here contains it, and no name: see
/// [`crate::sql::quote`].
pub(crate) const PLACE: char = '\u{1}';

/// What everything is compiled with.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    /// The models.
    pub(crate) registry: &'a Registry,
    /// The database's language.
    pub(crate) dialect: Dialect,
}

/// A piece of a statement.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fragment<'q> {
    /// The SQL, with [`PLACE`] for each value.
    pub(crate) sql: String,
    /// The values, in the order of their places.
    pub(crate) binds: Vec<Bind<'q>>,
    /// The kind of what it gives, where that is known.
    pub(crate) kind: Option<Kind>,
    /// What it was made of, where a comparison must look behind it. Lost with any change of the text.
    pub(crate) origin: Option<Box<Origin<'q>>>,
}

/// What a piece was made of.
#[derive(Clone, Debug)]
pub(crate) enum Origin<'q> {
    /// Keys of a JSON value: the value, and the keys from the outside.
    Keys(Fragment<'q>, Vec<String>),
    /// The year of a date or a moment, or its year of weeks where that is said.
    Year(Fragment<'q>, bool),
    /// A moment as the clocks of a zone show it.
    Local(String),
    /// Kinds that do not go together: what is wrong, unless a kind is said.
    Mixed(String),
}

/// A value at a place.
#[derive(Clone, Debug)]
pub(crate) struct Bind<'q> {
    /// The value as it was said.
    pub(crate) given: Given<'q>,
    /// What becomes of it on its way to the database.
    pub(crate) prepare: Prepare,
}

/// A value as it was said.
#[derive(Clone, Debug)]
pub(crate) enum Given<'q> {
    /// A value of the query.
    Value(&'q Value),
    /// One of a list of the query.
    Element(&'q Value, usize),
    /// A value that follows from the shape of the query alone.
    Own(Value),
}

impl<'q> Fragment<'q> {
    /// SQL without values.
    pub(crate) fn new(sql: impl Into<String>, kind: Option<Kind>) -> Self {
        Self { sql: sql.into(), binds: vec![], kind, origin: None }
    }

    /// A place for a value.
    pub(crate) fn place(given: Given<'q>, prepare: Prepare, kind: Option<Kind>) -> Self {
        Self { sql: PLACE.to_string(), binds: vec![Bind { given, prepare }], kind, origin: None }
    }

    /// Adds SQL without values.
    pub(crate) fn push(&mut self, sql: &str) {
        self.sql.push_str(sql);
        self.origin = None;
    }

    /// Adds another piece.
    pub(crate) fn add(&mut self, other: Self) {
        self.sql.push_str(&other.sql);
        self.binds.extend(other.binds);
        self.origin = None;
    }

    /// The same with SQL before and behind.
    pub(crate) fn between(mut self, before: &str, behind: &str) -> Self {
        self.sql = format!("{before}{}{behind}", self.sql);
        self.origin = None;
        self
    }

    /// The same as another kind.
    pub(crate) fn of_kind(mut self, kind: Option<Kind>) -> Self {
        self.kind = kind;
        self
    }

    /// Several, with SQL between.
    pub(crate) fn join(all: impl IntoIterator<Item = Self>, between: &str) -> Self {
        let mut joined = Self::default();
        for (number, one) in all.into_iter().enumerate() {
            if number > 0 {
                joined.push(between);
            }
            joined.add(one);
        }
        joined
    }
}

/// A condition, compiled.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "nearly all of them are SQL")]
pub(crate) enum Truth<'q> {
    /// By SQL.
    Sql(Fragment<'q>),
    /// True of every row.
    Always,
    /// True of no row.
    Never,
}

/// What a lookup compares with.
#[derive(Clone, Debug)]
pub(crate) enum Right<'q> {
    /// A constant.
    Value(&'q Value),
    /// Something computed.
    Sql(Fragment<'q>),
    /// Several: for `in` and `range`.
    List(Vec<Right<'q>>),
    /// Several whole numbers as one value: for `in` on PostgreSQL.
    Numbers(&'q Value),
    /// Another query's rows of one column (or of several, for a composite key): for `in`; without parentheses.
    Subquery(Fragment<'q>),
}
