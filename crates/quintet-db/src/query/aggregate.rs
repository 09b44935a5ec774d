//! Values of many rows: `n.comments().count()`, `n.price().sum().filter(..)`.

use std::marker::PhantomData;
use std::ops::Deref;

use quintet_core::query::{self as ast, Expr};

use super::column::Column;
use super::condition::Condition;
use super::operand::Operand;
use super::order::{OneOrMore, Order};
use super::window::Window;
use crate::model::{Decimal, Duration, FieldType, Json};

/// A value of many rows. A [`Column`] in all else.
#[derive(Clone, Debug)]
pub struct Aggregate<F>(Column<F>);

/// How many rows: `COUNT(*)`.
pub fn count_rows() -> Aggregate<i64> {
    Aggregate::of("Count", vec![])
}

impl<F> Aggregate<F> {
    pub(crate) fn of(name: &'static str, args: Vec<Expr>) -> Self {
        let aggregate = ast::Aggregate { name: name.into(), args, ..ast::Aggregate::default() };
        Self(Column::of(Expr::Aggregate(Box::new(aggregate))))
    }

    /// As a column.
    pub fn into_column(self) -> Column<F> {
        self.0
    }

    fn with(self, change: impl FnOnce(&mut ast::Aggregate)) -> Self {
        let mut expr = self.0.into_expr();
        if let Expr::Aggregate(own) = &mut expr {
            change(own);
        }
        Self(Column::of(expr))
    }

    /// Over those rows only of which this is true.
    #[must_use]
    pub fn filter(self, condition: Condition) -> Self {
        self.with(|own| {
            own.filter = Some(match own.filter.take() {
                Some(before) => ast::Condition::And(vec![before, condition.0]),
                None => condition.0,
            });
        })
    }

    /// Equal values count once.
    #[must_use]
    pub fn distinct(self) -> Self {
        self.with(|own| own.distinct = true)
    }

    /// In which order rows come, where that matters.
    #[must_use]
    pub fn order_by(self, order: impl OneOrMore<Order>) -> Self {
        self.with(|own| own.order_by = order.all().into_iter().map(|order| order.0).collect())
    }

    /// A value of the rows around each row, instead of one of them all.
    pub fn over(self, window: Window) -> Column<F> {
        window.of(self.0.into_expr())
    }
}

impl<F: FieldType> Aggregate<Option<F>> {
    /// What is given where there are no rows.
    pub fn default(self, value: impl Operand<F::Compared>) -> Aggregate<F> {
        Aggregate(Column::of(self.with(|own| own.default = Some(value.operand())).0.into_expr()))
    }
}

impl<F> Deref for Aggregate<F> {
    type Target = Column<F>;

    fn deref(&self) -> &Column<F> {
        &self.0
    }
}

impl<F> From<Aggregate<F>> for Column<F> {
    fn from(aggregate: Aggregate<F>) -> Self {
        aggregate.0
    }
}

/// Types that have a sum and an average.
#[diagnostic::on_unimplemented(message = "`{Self}` has no sum and no average", label = "not a number or a duration")]
pub trait Summed {
    /// The type of a sum.
    type Sum: FieldType;
    /// The type of an average.
    type Average: FieldType;
}

macro_rules! summed {
    ($($type:ty => $sum:ty, $average:ty;)*) => {
        $(impl Summed for $type {
            type Sum = $sum;
            type Average = $average;
        })*
    };
}

summed! {
    i64 => i64, f64;
    f64 => f64, f64;
    Decimal => Decimal, Decimal;
    Duration => Duration, Duration;
}

macro_rules! statistics {
    ($($name:ident => $class:literal, $doc:literal;)*) => {
        impl<F: FieldType<Compared: Summed>> Column<F> {
            $(#[doc = $doc]
            pub fn $name(&self) -> Aggregate<Option<<F::Compared as Summed>::Average>> {
                Aggregate::of($class, vec![self.expr().clone()])
            })*
        }
    };
}

statistics! {
    std_dev => "StdDev", "The standard deviation of all that there are.";
    variance => "Variance", "The variance of all that there are.";
}

/// Several values: what [`array_agg`](Column::array_agg) gives.
#[derive(Debug)]
pub struct List<F>(PhantomData<fn() -> F>);

impl<F: FieldType> Column<F> {
    /// All of them, in a list: nothing where there are no rows. `.order_by(..)`, `.distinct()` and `.filter(..)` go
    /// behind it. PostgreSQL only.
    pub fn array_agg(&self) -> Aggregate<List<F>> {
        Aggregate::of("ArrayAgg", vec![self.expr().clone()])
    }

    /// All of them, in a JSON array: nothing where there are no rows. PostgreSQL only.
    pub fn jsonb_agg(&self) -> Aggregate<Option<Json>> {
        Aggregate::of("JSONBAgg", vec![self.expr().clone()])
    }
}

macro_rules! of_all {
    ($of:ty: $($name:ident => $class:literal, $doc:literal;)*) => {
        impl<F: FieldType<Compared = $of>> Column<F> {
            $(#[doc = $doc]
            pub fn $name(&self) -> Aggregate<Option<$of>> {
                Aggregate::of($class, vec![self.expr().clone()])
            })*
        }
    };
}

of_all! { bool:
    bool_and => "BoolAnd", "Whether it is true of all. PostgreSQL only.";
    bool_or => "BoolOr", "Whether it is true of any. PostgreSQL only.";
}
of_all! { i64:
    bit_and => "BitAnd", "The bits that all have. PostgreSQL only.";
    bit_or => "BitOr", "The bits that any has. PostgreSQL only.";
    bit_xor => "BitXor", "The bits that an odd number of them has. PostgreSQL only.";
}
