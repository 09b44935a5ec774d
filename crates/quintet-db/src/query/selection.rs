//! What a query reads: rows, rows with values beside them, or values alone. Types say which.

use std::marker::PhantomData;

use quintet_core::query::{Expr, Name, Path};
use quintet_core::schema::Value;

use super::aggregate::{Aggregate, List};
use super::column::Column;
use super::partly::Partly;
use super::read::Plan;
use super::relation::Relation;
use crate::error::Result;
use crate::model::{FieldType, Model};
use crate::rows::Cell;

/// Columns and expressions to read, one or several in parentheses.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is nothing that a query reads",
    note = "columns, expressions and aggregates are read, one or several in parentheses: `|n| (n.id(), n.title())`"
)]
pub trait Selection: 'static {
    /// What is read of a row.
    type Output: Send + 'static;

    /// The same by their names, for conditions and orders.
    type Names;

    /// Adds them, as the core has them.
    fn exprs(self, to: &mut Vec<Expr>);

    /// The next values of a row.
    fn read(row: &mut [Cell], plan: &Plan, at: &mut usize) -> Result<Self::Output>;

    /// By their names.
    fn names(names: &[Name], at: &mut usize) -> Self::Names;
}

fn named<F>(names: &[Name], at: &mut usize) -> Column<F> {
    let name = names.get(*at).cloned().unwrap_or_default();
    *at += 1;
    Column::of(Expr::F(Path::from_iter([name])))
}

macro_rules! one {
    ($($name:ty [$($generics:tt)*] $field:ty, |$own:ident| $expr:expr;)*) => {
        $(impl<$($generics)*> Selection for $name {
            type Output = $field;
            type Names = Column<$field>;

            fn exprs(self, to: &mut Vec<Expr>) {
                let $own = self;
                to.push($expr);
            }

            fn read(row: &mut [Cell], plan: &Plan, at: &mut usize) -> Result<$field> {
                plan.value(row, at)
            }

            fn names(names: &[Name], at: &mut usize) -> Column<$field> {
                named(names, at)
            }
        })*
    };
}

one! {
    Column<F> [F: FieldType] F, |it| it.into_expr();
    Aggregate<F> [F: FieldType] F, |it| it.into_column().into_expr();
    Relation<T, F> [T: Model, F: FieldType] F, |it| it.into_column().into_expr();
}

/// Several values of each group; nothing where there are no rows.
impl<F: FieldType> Selection for Aggregate<List<F>> {
    type Output = Option<Vec<F>>;
    type Names = ();

    fn exprs(self, to: &mut Vec<Expr>) {
        to.push(self.into_column().into_expr());
    }

    fn read(row: &mut [Cell], plan: &Plan, at: &mut usize) -> Result<Self::Output> {
        plan.list(row, at)
    }

    fn names(_: &[Name], at: &mut usize) {
        *at += 1;
    }
}

macro_rules! tuples {
    ($($($part:ident $at:tt),*;)*) => {
        $(impl<$($part: Selection),*> Selection for ($($part,)*) {
            type Output = ($($part::Output,)*);
            type Names = ($($part::Names,)*);

            fn exprs(self, to: &mut Vec<Expr>) {
                $(self.$at.exprs(to);)*
            }

            fn read(row: &mut [Cell], plan: &Plan, at: &mut usize) -> Result<Self::Output> {
                Ok(($($part::read(row, plan, at)?,)*))
            }

            fn names(names: &[Name], at: &mut usize) -> Self::Names {
                ($($part::names(names, at),)*)
            }
        })*
    };
}

tuples! {
    A 0;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
    A 0, B 1, C 2, D 3, E 4;
    A 0, B 1, C 2, D 3, E 4, F 5;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
}

/// What a query gives for each row.
pub trait Shape<M: Model>: 'static {
    /// The type of that.
    type Row: Send + 'static;

    /// How many lists of rows stand beside each.
    const BESIDE: usize = 0;

    /// Out of what a database gave.
    fn read(row: &mut [Cell], plan: &Plan) -> Result<Self::Row>;
}

/// Rows of the model.
#[derive(Debug)]
pub enum Whole {}

impl<M: Model> Shape<M> for Whole {
    type Row = M;

    fn read(row: &mut [Cell], plan: &Plan) -> Result<M> {
        plan.row(row)
    }
}

/// Rows of the model with only some of their fields.
#[derive(Debug)]
pub enum InPart {}

impl<M: Model> Shape<M> for InPart {
    type Row = Partly<M>;

    fn read(row: &mut [Cell], plan: &Plan) -> Result<Partly<M>> {
        Partly::new(plan.part(row)?)
    }
}

/// Rows of the model with values beside them.
#[derive(Debug)]
pub struct With<A, S = Whole>(PhantomData<(A, S)>);

impl<M: Model, A: Selection, S: Shape<M>> Shape<M> for With<A, S> {
    type Row = (S::Row, A::Output);

    fn read(row: &mut [Cell], plan: &Plan) -> Result<Self::Row> {
        Ok((S::read(row, plan)?, A::read(row, plan, &mut 0)?))
    }
}

/// What a query gives where that is rows of the model, and not values alone.
#[diagnostic::on_unimplemented(
    message = "a query of `{Self}` gives no rows of its model",
    note = "`only`, `defer` and `select_related` are said of rows, not behind `values`"
)]
pub trait OfRows {
    /// The same with some of the fields.
    type InPart;

    /// The same with all of them.
    type Whole;
}

impl OfRows for Whole {
    type InPart = InPart;
    type Whole = Self;
}

impl OfRows for InPart {
    type InPart = Self;
    type Whole = Whole;
}

impl<A, S: OfRows> OfRows for With<A, S> {
    type InPart = With<A, S::InPart>;
    type Whole = With<A, S::Whole>;
}

impl<S: OfRows, R, T> OfRows for Beside<S, R, T> {
    type InPart = Beside<S::InPart, R, T>;
    type Whole = Beside<S::Whole, R, T>;
}

/// Values alone.
#[derive(Debug)]
pub struct Only<A>(PhantomData<A>);

impl<M: Model, A: Selection> Shape<M> for Only<A> {
    type Row = A::Output;

    fn read(row: &mut [Cell], plan: &Plan) -> Result<A::Output> {
        A::read(row, plan, &mut 0)
    }
}

/// Rows of a shape, with rows of another model beside each, which have a shape of their own.
pub struct Beside<S, R, T = Whole>(PhantomData<(S, R, T)>);

impl<M: Model, S: Shape<M>, R: Model, T: Shape<R>> Shape<M> for Beside<S, R, T> {
    type Row = (S::Row, Vec<T::Row>);

    const BESIDE: usize = S::BESIDE + 1;

    fn read(row: &mut [Cell], plan: &Plan) -> Result<Self::Row> {
        // Before the cells are taken by which they are found.
        let beside = plan.beside::<R, T>(row, S::BESIDE)?;
        Ok((S::read(row, plan)?, beside))
    }
}

/// Values by names that are known at run time.
#[derive(Debug)]
pub enum Dynamic {}

impl<M: Model> Shape<M> for Dynamic {
    type Row = Vec<Value>;

    fn read(row: &mut [Cell], plan: &Plan) -> Result<Vec<Value>> {
        Ok(plan.values(row))
    }
}
