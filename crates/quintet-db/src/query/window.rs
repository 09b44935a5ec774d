//! Values of the rows around a row: `row_number().over(window().partition_by(n.author()).order_by(n.id().asc()))`.

use quintet_core::query::{self as ast, Expr, Frame, FrameUnit, Func};
use quintet_core::schema::Value;

use super::column::Column;
use super::function::ToColumn;
use super::order::{OneOrMore, Order};
use super::relation::Relation;
use crate::model::{FieldType, Model};

/// Which rows belong together, and in which order they come.
#[derive(Clone, Debug, Default)]
#[must_use = "a window is given to `.over(..)`"]
pub struct Window {
    partition_by: Vec<Expr>,
    order_by: Vec<ast::OrderBy>,
    frame: Option<Frame>,
}

/// All rows.
pub fn window() -> Window {
    Window::default()
}

/// What rows can be equal in.
pub trait Partition {
    /// As the core has it.
    fn partition(self) -> Expr;
}

impl<F> Partition for Column<F> {
    fn partition(self) -> Expr {
        self.into_expr()
    }
}

impl<T: Model, F> Partition for Relation<T, F> {
    fn partition(self) -> Expr {
        self.into_column().into_expr()
    }
}

impl Window {
    /// Rows that are equal in this belong together. Said again, in this as well.
    pub fn partition_by(mut self, by: impl Partition) -> Self {
        self.partition_by.push(by.partition());
        self
    }

    /// Their order.
    pub fn order_by(mut self, order: impl OneOrMore<Order>) -> Self {
        self.order_by = order.all().into_iter().map(|order| order.0).collect();
        self
    }

    /// Only so many rows before (negative) to so many behind; `None` is as far as there are rows.
    pub fn rows(mut self, start: Option<i64>, end: Option<i64>) -> Self {
        self.frame = Some(Frame { unit: FrameUnit::Rows, start, end });
        self
    }

    /// The same, counted by values.
    pub fn range(mut self, start: Option<i64>, end: Option<i64>) -> Self {
        self.frame = Some(Frame { unit: FrameUnit::Range, start, end });
        self
    }

    pub(crate) fn of<F>(self, of: Expr) -> Column<F> {
        let Self { partition_by, order_by, frame } = self;
        Column::of(Expr::Window(Box::new(ast::Window { of, partition_by, order_by, frame })))
    }
}

/// A function of windows.
#[derive(Clone, Debug)]
#[must_use = "a function of windows has a window: `.over(window())`"]
pub struct WindowFunction<F>(Column<F>);

impl<F> WindowFunction<F> {
    fn call(name: &'static str, args: Vec<Expr>) -> Self {
        Self(Column::of(Expr::Func(Func { name: name.into(), args })))
    }

    /// Of the rows in this window.
    pub fn over(self, window: Window) -> Column<F> {
        window.of(self.0.into_expr())
    }
}

macro_rules! plain {
    ($($name:ident -> $type:ty = $class:literal, $doc:literal;)*) => {
        $(#[doc = $doc]
        pub fn $name() -> WindowFunction<$type> {
            WindowFunction::call($class, vec![])
        })*
    };
}

plain! {
    row_number -> i64 = "RowNumber", "The number of the row, counted from 1.";
    rank -> i64 = "Rank", "The rank; equal rows have the same, and gaps follow.";
    dense_rank -> i64 = "DenseRank", "The rank, without gaps.";
    percent_rank -> f64 = "PercentRank", "The rank from 0 to 1.";
    cume_dist -> f64 = "CumeDist", "The part of the rows that come before this or with it.";
}

/// In which of so many groups of equal size the row is.
pub fn ntile(groups: i64) -> WindowFunction<i64> {
    WindowFunction::call("Ntile", vec![Expr::Value(Value::Int(groups))])
}

macro_rules! of_others {
    ($($name:ident = $class:literal, $doc:literal;)*) => {
        $(#[doc = $doc]
        pub fn $name<T: ToColumn>(of: T) -> WindowFunction<Option<<T::Of as FieldType>::Compared>>
        where
            <T::Of as FieldType>::Compared: FieldType,
        {
            WindowFunction::call($class, vec![of.to_column().into_expr()])
        })*
    };
}

of_others! {
    first_value = "FirstValue", "Of the first row.";
    last_value = "LastValue", "Of the last row.";
}

/// Of the row so many before.
pub fn lag<T: ToColumn>(of: T, rows: i64) -> WindowFunction<Option<<T::Of as FieldType>::Compared>>
where
    <T::Of as FieldType>::Compared: FieldType,
{
    WindowFunction::call("Lag", vec![of.to_column().into_expr(), Expr::Value(Value::Int(rows))])
}

/// Of the row so many behind.
pub fn lead<T: ToColumn>(of: T, rows: i64) -> WindowFunction<Option<<T::Of as FieldType>::Compared>>
where
    <T::Of as FieldType>::Compared: FieldType,
{
    WindowFunction::call("Lead", vec![of.to_column().into_expr(), Expr::Value(Value::Int(rows))])
}
