//! Queries inside of queries.

use quintet_core::query::{Expr, Name, Path};

use super::column::Column;
use super::condition::Condition;
use super::operand::{Key, Operand};
use super::paths::FromPath;
use super::relation::Relation;
use super::selection::{InPart, Only, Whole};
use super::set::QuerySet;
use crate::model::{FieldType, Model};

/// Whether another query has a row: `exists(Note::objects().filter(|n| n.author().eq(outer::<User, _>(|u| u.id()))))`.
pub fn exists<M: Model, S>(query: QuerySet<M, S>) -> Condition {
    Condition(quintet_core::query::Condition::Expr(Expr::Exists(Box::new(query.into_nested()))))
}

/// A column of a query around: of those that this query is inside of, the nearest that is about the model `M`.
pub fn outer<M: Model, C: OuterColumn>(column: impl FnOnce(M::Columns) -> C) -> C::Outer {
    column(M::Columns::from_path(Path::default())).outer((M::APP_LABEL.into(), M::DEF.name.into()))
}

/// What can be named from inside of another query.
pub trait OuterColumn {
    /// The same, seen from there.
    type Outer;

    /// The same, seen from there; the model is the one that the query around is about.
    fn outer(self, of: (Name, Name)) -> Self::Outer;
}

impl<F> OuterColumn for Column<F> {
    type Outer = Self;

    fn outer(self, of: (Name, Name)) -> Self {
        Self::of(match self.into_expr() {
            Expr::F(path) => Expr::OuterOf(of, path),
            other => other,
        })
    }
}

impl<T: Model, F> OuterColumn for Relation<T, F> {
    type Outer = Column<F>;

    fn outer(self, of: (Name, Name)) -> Column<F> {
        self.into_column().outer(of)
    }
}

/// The one value of another query's first row: `subquery(u.values(|n| n.title()))`; null where there is no row.
pub fn subquery<M: Model, F: FieldType>(query: QuerySet<M, Only<Column<F>>>) -> Column<Option<F>> {
    Column::of(Expr::Subquery(Box::new(query.into_nested())))
}

/// What `is_in` takes: values, rows, or a query.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of values of `{B}`, nor a query of them",
    label = "expected a list, or a query of one column",
    note = "a query of rows gives keys; of one column: `.values(|n| n.title())`"
)]
pub trait Members<B> {
    /// As the core has it.
    fn members(self) -> Expr;
}

impl<B, O: Operand<B>, I: IntoIterator<Item = O>> Members<B> for I {
    fn members(self) -> Expr {
        Expr::List(self.into_iter().map(O::operand).collect())
    }
}

impl<T: Model> Members<Key<T>> for QuerySet<T, Whole> {
    fn members(self) -> Expr {
        Expr::Subquery(Box::new(self.into_nested()))
    }
}

impl<T: Model> Members<Key<T>> for QuerySet<T, InPart> {
    fn members(self) -> Expr {
        Expr::Subquery(Box::new(self.into_nested()))
    }
}

impl<M: Model, F: FieldType> Members<F::Compared> for QuerySet<M, Only<Column<F>>> {
    fn members(self) -> Expr {
        Expr::Subquery(Box::new(self.into_nested()))
    }
}

impl<M: Model, T: Model, F: FieldType<Compared = Key<T>>> Members<Key<T>> for QuerySet<M, Only<Relation<T, F>>> {
    fn members(self) -> Expr {
        Expr::Subquery(Box::new(self.into_nested()))
    }
}
