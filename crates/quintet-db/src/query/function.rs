//! Values that are computed, and that begin with no column: `now()`, `case(..)`, `concat([..])`.

use std::marker::PhantomData;

use quintet_core::query::{self as ast, Expr, Func, Name};
use quintet_core::schema::Value;

use super::aggregate::Aggregate;
use super::column::Column;
use super::condition::Condition;
use super::operand::Operand;
use super::order::Order;
use crate::model::{Choices, Date, DateTime, Decimal, Duration, FieldType, Json, Time, Uuid};

/// What is a column already, or a value that can be one.
#[diagnostic::on_unimplemented(message = "`{Self}` is neither a column nor a value of a query")]
pub trait ToColumn {
    /// Its type.
    type Of: FieldType;

    /// As a column.
    fn to_column(self) -> Column<Self::Of>;
}

impl<F: FieldType> ToColumn for Column<F> {
    type Of = F;

    fn to_column(self) -> Self {
        self
    }
}

impl<F: FieldType> ToColumn for Aggregate<F> {
    type Of = F;

    fn to_column(self) -> Column<F> {
        self.into_column()
    }
}

macro_rules! to_columns {
    ($($type:ty => $of:ty;)*) => {
        $(impl ToColumn for $type {
            type Of = $of;

            fn to_column(self) -> Column<$of> {
                let value: Value = self.into();
                // The type is known here, so that no database has to guess it.
                Column::of(Expr::As(Box::new(Expr::Value(value)), Box::new(<$of as FieldType>::field().kind)))
            }
        })*
    };
}

to_columns! {
    i32 => i64;
    i64 => i64;
    f64 => f64;
    bool => bool;
    &str => String;
    String => String;
    Decimal => Decimal;
    Date => Date;
    DateTime => DateTime;
    Time => Time;
    Duration => Duration;
    Uuid => Uuid;
    Json => Json;
}

/// One of what may be chosen.
impl<C: Choices + FieldType> ToColumn for C {
    type Of = C;

    fn to_column(self) -> Column<C> {
        Column::of(Expr::As(Box::new(Expr::Value(self.to_value())), Box::new(C::field().kind)))
    }
}

/// A value as a column.
pub fn value<T: ToColumn>(value: T) -> Column<T::Of> {
    value.to_column()
}

/// A condition as a value.
pub fn condition(condition: Condition) -> Column<bool> {
    Column::of(Expr::Condition(Box::new(condition.0)))
}

/// The moment at which the database works.
pub fn now() -> Column<DateTime> {
    Column::call("Now", vec![])
}

/// An order by chance.
pub fn random() -> Order {
    Order(ast::OrderBy { by: ast::Order::Random, descending: false, nulls: None })
}

/// Several texts, one behind the other; null counts as nothing.
pub fn concat<O: Operand<String>>(parts: impl IntoIterator<Item = O>) -> Column<String> {
    Column::call("Concat", parts.into_iter().map(O::operand).collect())
}

/// The largest of several.
pub fn greatest<F: FieldType>(of: impl IntoIterator<Item = Column<F>>) -> Column<Option<F::Compared>>
where
    F::Compared: FieldType,
{
    Column::call("Greatest", of.into_iter().map(Column::into_expr).collect())
}

/// The smallest of several.
pub fn least<F: FieldType>(of: impl IntoIterator<Item = Column<F>>) -> Column<Option<F::Compared>>
where
    F::Compared: FieldType,
{
    Column::call("Least", of.into_iter().map(Column::into_expr).collect())
}

/// A function of the reference by its name, as a type: `function::<String>("Upper", [n.title().into_expr()])`.
pub fn function<F: FieldType>(name: impl Into<Name>, args: impl IntoIterator<Item = Expr>) -> Column<F> {
    Column::of(Expr::Func(Func { name: name.into(), args: args.into_iter().collect() }))
}

/// SQL of the program's own: `?` stands for each value. Text from outside belongs into the values, never into the SQL.
pub fn raw<F: FieldType>(sql: &'static str, values: impl IntoIterator<Item = Value>) -> Column<F> {
    Column::of(Expr::Raw(ast::Raw { sql: sql.into(), values: values.into_iter().collect() }))
}

/// The first case that is true: `case(n.views().gt(100), "much").when(..).otherwise("little")`.
pub fn case<T: ToColumn>(condition: Condition, then: T) -> Case<T::Of> {
    Case { cases: vec![(condition.0, then.to_column().into_expr())], of: PhantomData }
}

/// Cases, so far.
#[derive(Clone, Debug)]
#[must_use = "cases end with `.otherwise(..)` or `.or_null()`"]
pub struct Case<F> {
    cases: Vec<(ast::Condition, Expr)>,
    of: PhantomData<fn() -> F>,
}

impl<F: FieldType> Case<F> {
    /// Another case.
    pub fn when(mut self, condition: Condition, then: impl Operand<F::Compared>) -> Self {
        self.cases.push((condition.0, then.operand()));
        self
    }

    /// What is given where none is true.
    pub fn otherwise(self, value: impl Operand<F::Compared>) -> Column<F> {
        Column::of(Expr::Case(Box::new(ast::Case { cases: self.cases, default: Some(value.operand()) })))
    }

    /// Null is given where none is true.
    pub fn or_null(self) -> Column<Option<F>> {
        Column::of(Expr::Case(Box::new(ast::Case { cases: self.cases, default: None })))
    }
}
