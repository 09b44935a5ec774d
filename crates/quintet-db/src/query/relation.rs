//! Relations in a query: the key, and behind it the columns of the other model.

use std::fmt;
use std::ops::Deref;

use quintet_core::query::{Expr, Path};
use quintet_core::schema::Value;

use super::aggregate::Aggregate;
use super::assign::{Assign, Assignment, NullAssign};
use super::column::Column;
use super::condition::Condition;
use super::operand::{Key, Operand};
use super::order::Order;
use super::paths::FromPath;
use super::subquery::Members;
use crate::model::{FieldType, Model};

/// A key in a query: `n.author()`. Itself a column, and by its methods the columns of the other model:
/// `n.author().username()`.
pub struct Relation<T: Model, F> {
    column: Column<F>,
    to: T::Columns,
}

impl<T: Model, F> FromPath for Relation<T, F> {
    fn from_path(path: Path) -> Self {
        Self { to: T::Columns::from_path(path.clone()), column: Column::from_path(path) }
    }
}

impl<T: Model, F> Deref for Relation<T, F> {
    type Target = T::Columns;

    fn deref(&self) -> &T::Columns {
        &self.to
    }
}

impl<T: Model, F> fmt::Debug for Relation<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.column.fmt(f)
    }
}

impl<T: Model, F> Relation<T, F> {
    /// The columns of the other model, where one of them has the name of a method here.
    pub fn row(&self) -> &T::Columns {
        &self.to
    }

    /// The key as a plain value, to compare it with columns that are no keys: `r.book().key().eq(outer::<Book, _>(|b|
    /// b.id()))`.
    pub fn key(&self) -> Column<T::Key> {
        // By the name of the column: by that of the field, rows would be ordered as the other model says.
        let mut names = self.path().names().to_vec();
        if let Some(last) = names.last_mut() {
            *last = format!("{last}_id").into();
        }
        Column::of(Expr::F(Path::from_iter(names)))
    }

    /// The key as a column.
    pub fn into_column(self) -> Column<F> {
        self.column
    }

    pub(crate) fn path(&self) -> Path {
        path_of(self.column.expr())
    }
}

impl<T: Model, F: FieldType<Compared = Key<T>>> Relation<T, F> {
    /// This row.
    pub fn eq(&self, other: impl Operand<Key<T>>) -> Condition {
        self.column.eq(other)
    }

    /// Any row but this one.
    pub fn ne(&self, other: impl Operand<Key<T>>) -> Condition {
        self.column.ne(other)
    }

    /// One of these rows, or of those of a query.
    pub fn is_in(&self, members: impl Members<Key<T>>) -> Condition {
        self.column.is_in(members)
    }

    /// No row, or one.
    pub fn isnull(&self, yes: bool) -> Condition {
        self.column.isnull(yes)
    }

    /// What the key becomes.
    pub fn set<Way>(&self, value: impl Assign<F, Way>) -> Assignment {
        self.column.set(value)
    }

    /// The key becomes null.
    pub fn set_null(&self) -> Assignment
    where
        F: NullAssign,
    {
        self.column.set_null()
    }

    /// How many rows have a key here.
    pub fn count(&self) -> Aggregate<i64> {
        self.column.count()
    }
}

impl<T: Model, F: FieldType> Relation<T, F> {
    /// In the order of the other model.
    pub fn asc(&self) -> Order {
        self.column.asc()
    }

    /// In the order of the other model, turned around.
    pub fn desc(&self) -> Order {
        self.column.desc()
    }
}

macro_rules! ways {
    ($($name:ident => $doc:literal;)*) => {
        $(#[doc = $doc]
        pub struct $name<T: Model> {
            path: Path,
            to: T::Columns,
        }

        impl<T: Model> FromPath for $name<T> {
            fn from_path(path: Path) -> Self {
                Self { to: T::Columns::from_path(path.clone()), path }
            }
        }

        impl<T: Model> Deref for $name<T> {
            type Target = T::Columns;

            fn deref(&self) -> &T::Columns {
                &self.to
            }
        }

        impl<T: Model> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.path)
            }
        }

        impl<T: Model> $name<T> {
            /// The columns of the other model, where one of them has the name of a method here.
            pub fn row(&self) -> &T::Columns {
                &self.to
            }

            pub(crate) fn path(&self) -> Path {
                self.path.clone()
            }

            fn compared(&self, lookup: &'static str, with: Expr) -> Condition {
                if super::condition::is_never(&with) {
                    return super::condition::unknown();
                }
                Condition(quintet_core::query::Condition::Lookup(self.path.then(lookup), with))
            }

            /// This row is among them.
            pub fn eq(&self, other: impl Operand<Key<T>>) -> Condition {
                self.compared("exact", other.operand())
            }

            /// This row is not among them.
            pub fn ne(&self, other: impl Operand<Key<T>>) -> Condition {
                !self.eq(other)
            }

            /// One of these rows is among them.
            pub fn is_in(&self, members: impl Members<Key<T>>) -> Condition {
                self.compared("in", members.members())
            }

            /// There is none, or one at least.
            pub fn isnull(&self, yes: bool) -> Condition {
                self.compared("isnull", Expr::Value(Value::Bool(yes)))
            }

            /// How many there are.
            pub fn count(&self) -> Aggregate<i64> {
                Aggregate::of("Count", vec![Expr::F(self.path.clone())])
            }
        })*
    };
}

ways! {
    Many => "Rows of another model in a query: a many-to-many field, or a key seen from the other side. Two conditions in one
`filter` mean the same row, in two they may mean two.";
    One => "The one row of another model that refers to this one, in a query.";
}

/// The path of a column that was reached by one.
pub(crate) fn path_of(expr: &Expr) -> Path {
    if let Expr::F(path) = expr { path.clone() } else { Path::default() }
}
