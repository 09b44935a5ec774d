//! A column, or anything else that has a value: what is compared, ordered by, set and computed with.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Add, Div, Mul, Rem, Sub};

use quintet_core::query::{self as ast, Expr, Func, Name, Operator, Path};
use quintet_core::schema::Value;

use super::aggregate::{Aggregate, Summed};
use super::assign::{Assign, Assignment, NullAssign};
use super::condition::Condition;
use super::operand::Operand;
use super::order::Order;
use super::paths::FromPath;
use super::subquery::Members;
use crate::model::{Decimal, FieldType};

/// A value of a query: a column, reached along relations, or what is computed from columns. `F` is the type of the field
/// that it is, or could be.
pub struct Column<F> {
    expr: Expr,
    of: PhantomData<fn() -> F>,
}

impl<F> Column<F> {
    /// What an expression of the core gives, as a type.
    pub(crate) fn of(expr: Expr) -> Self {
        Self { expr, of: PhantomData }
    }

    /// A function of the table of functions.
    pub(crate) fn call(name: &'static str, args: Vec<Expr>) -> Self {
        Self::of(Expr::Func(Func { name: name.into(), args }))
    }

    /// As the core has it.
    pub fn expr(&self) -> &Expr {
        &self.expr
    }

    /// The same, taken.
    pub fn into_expr(self) -> Expr {
        self.expr
    }

    /// A transform behind it: in the path where it is one, so that a lookup may use an index.
    pub(crate) fn transformed<G>(&self, name: impl Into<Name>, else_: impl FnOnce(Expr, Name) -> Expr) -> Column<G> {
        let name = name.into();
        Column::of(match &self.expr {
            Expr::F(path) => Expr::F(path.then(name)),
            other => else_(other.clone(), name),
        })
    }

    pub(crate) fn compared(&self, lookup: &'static str, with: Expr) -> Condition {
        if super::condition::is_never(&with) {
            return super::condition::unknown();
        }
        Condition(match &self.expr {
            Expr::F(path) => ast::Condition::Lookup(path.then(lookup), with),
            other => ast::Condition::Compare(other.clone(), Path::from_iter([lookup]), with),
        })
    }
}

impl<F> Clone for Column<F> {
    fn clone(&self) -> Self {
        Self::of(self.expr.clone())
    }
}

impl<F> fmt::Debug for Column<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Column({:?})", self.expr)
    }
}

impl<F> FromPath for Column<F> {
    fn from_path(path: Path) -> Self {
        Self::of(Expr::F(path))
    }
}

macro_rules! comparisons {
    ($($name:ident => $lookup:literal, $doc:literal;)*) => {
        $(#[doc = $doc]
        pub fn $name(&self, other: impl Operand<F::Compared>) -> Condition {
            self.compared($lookup, other.operand())
        })*
    };
}

impl<F: FieldType> Column<F> {
    comparisons! {
        eq => "exact", "Equal.";
        lt => "lt", "Less.";
        lte => "lte", "Less or equal.";
        gt => "gt", "Greater.";
        gte => "gte", "Greater or equal.";
    }

    /// Not equal: true of null too, as `exclude` of the reference is.
    pub fn ne(&self, other: impl Operand<F::Compared>) -> Condition {
        !self.eq(other)
    }

    /// One of these values, or of the rows of another query.
    pub fn is_in(&self, members: impl Members<F::Compared>) -> Condition {
        self.compared("in", members.members())
    }

    /// From the first to the last, both included.
    pub fn range(&self, first: impl Operand<F::Compared>, last: impl Operand<F::Compared>) -> Condition {
        self.compared("range", Expr::List(vec![first.operand(), last.operand()]))
    }

    /// Null, or not.
    pub fn isnull(&self, yes: bool) -> Condition {
        self.compared("isnull", Expr::Value(Value::Bool(yes)))
    }

    /// Smallest first.
    pub fn asc(&self) -> Order {
        self.ordered(false)
    }

    /// Largest first.
    pub fn desc(&self) -> Order {
        self.ordered(true)
    }

    fn ordered(&self, descending: bool) -> Order {
        let by = match &self.expr {
            Expr::F(path) => ast::Order::Path(path.clone()),
            other => ast::Order::Expr(other.clone()),
        };
        Order(ast::OrderBy { by, descending, nulls: None })
    }

    /// What the field becomes.
    pub fn set<Way>(&self, value: impl Assign<F, Way>) -> Assignment {
        Assignment::of(&self.expr, value.assigned())
    }

    /// The field becomes null.
    pub fn set_null(&self) -> Assignment
    where
        F: NullAssign,
    {
        Assignment::of(&self.expr, Expr::Value(Value::Null))
    }

    /// The same where null may come: behind a relation that may lead nowhere.
    pub fn optional(&self) -> Column<Option<F>> {
        Column::of(self.expr.clone())
    }

    /// As another type, without a conversion: where the types of a calculation differ.
    pub fn of_type<G: FieldType>(&self) -> Column<G> {
        Column::of(Expr::As(Box::new(self.expr.clone()), Box::new(G::field().kind)))
    }

    /// Converted into another type by the database.
    pub fn cast<G: FieldType>(&self) -> Column<G> {
        Column::of(Expr::Cast(Box::new(self.expr.clone()), Box::new(G::field().kind)))
    }

    /// This, or null where it equals the other.
    pub fn nullif(&self, other: impl Operand<F::Compared>) -> Column<Option<F>> {
        Column::call("NullIf", vec![self.expr.clone(), other.operand()])
    }

    /// How many rows have a value here.
    pub fn count(&self) -> Aggregate<i64> {
        Aggregate::of("Count", vec![self.expr.clone()])
    }

    /// The smallest.
    pub fn min(&self) -> Aggregate<Option<F::Compared>>
    where
        F::Compared: FieldType,
    {
        Aggregate::of("Min", vec![self.expr.clone()])
    }

    /// The largest.
    pub fn max(&self) -> Aggregate<Option<F::Compared>>
    where
        F::Compared: FieldType,
    {
        Aggregate::of("Max", vec![self.expr.clone()])
    }
}

impl<F: FieldType> Column<Option<F>> {
    /// This, or where it is null the other.
    pub fn coalesce(&self, other: impl Operand<F::Compared>) -> Column<F> {
        Column::call("Coalesce", vec![self.expr.clone(), other.operand()])
    }
}

impl<F: FieldType<Compared: Summed>> Column<F> {
    /// The sum; null where there are no rows.
    pub fn sum(&self) -> Aggregate<Option<<F::Compared as Summed>::Sum>> {
        Aggregate::of("Sum", vec![self.expr.clone()])
    }

    /// The average; null where there are no rows.
    pub fn avg(&self) -> Aggregate<Option<<F::Compared as Summed>::Average>> {
        Aggregate::of("Avg", vec![self.expr.clone()])
    }
}

/// Types that are calculated with.
#[diagnostic::on_unimplemented(message = "`{Self}` is not calculated with", label = "not a number")]
pub trait Number: FieldType {}

impl Number for i64 {}
impl Number for f64 {}
impl Number for Decimal {}

macro_rules! arithmetic {
    ($($trait:ident $method:ident $operator:ident;)*) => {
        $(impl<F: FieldType<Compared: Number>, R: Operand<F::Compared>> $trait<R> for Column<F> {
            type Output = Self;

            fn $method(self, right: R) -> Self {
                Self::of(Expr::Combined(Box::new(self.expr), Operator::$operator, Box::new(right.operand())))
            }
        }

        impl<F: FieldType<Compared: Number>, R: Operand<F::Compared>> $trait<R> for Aggregate<F> {
            type Output = Column<F>;

            fn $method(self, right: R) -> Column<F> {
                self.into_column().$method(right)
            }
        })*
    };
}

arithmetic! {
    Add add Add;
    Sub sub Sub;
    Mul mul Mul;
    Div div Div;
    Rem rem Mod;
}

macro_rules! bits {
    ($($name:ident => $operator:ident, $doc:literal;)*) => {
        impl<F: FieldType<Compared = i64>> Column<F> {
            $(#[doc = $doc]
            pub fn $name(&self, other: impl Operand<i64>) -> Self {
                Self::of(Expr::Combined(Box::new(self.expr.clone()), Operator::$operator, Box::new(other.operand())))
            })*
        }
    };
}

bits! {
    bitand => BitAnd, "The bits that both have.";
    bitor => BitOr, "The bits that either has.";
    bitxor => BitXor, "The bits that one of them has.";
    bitleftshift => ShiftLeft, "The bits moved up by so many places.";
    bitrightshift => ShiftRight, "The bits moved down by so many places.";
}
