//! Orders of rows, and what closures give: one of something, or several.

use quintet_core::query as ast;

use super::assign::Assignment;
use super::column::Column;
use super::relation::Relation;
use crate::model::{FieldType, Model};

/// A direction: `n.created_at().desc()`.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "an order does nothing until a query has it: `.order_by(|n| ..)`"]
pub struct Order(pub(crate) ast::OrderBy);

impl Order {
    /// Nulls before all others.
    pub fn nulls_first(mut self) -> Self {
        self.0.nulls = Some(ast::Nulls::First);
        self
    }

    /// Nulls behind all others.
    pub fn nulls_last(mut self) -> Self {
        self.0.nulls = Some(ast::Nulls::Last);
        self
    }
}

/// A column alone is ordered upwards.
impl<F: FieldType> From<Column<F>> for Order {
    fn from(column: Column<F>) -> Self {
        column.asc()
    }
}

/// So is a key alone, as the other model is.
impl<T: Model, F: FieldType> From<Relation<T, F>> for Order {
    fn from(relation: Relation<T, F>) -> Self {
        relation.asc()
    }
}

/// One of something, or several: `x`, `(x, y)`, `vec![..]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither one `{T}` nor several",
    note = "a closure gives one, several in parentheses, or a `Vec`: `|n| (n.title().asc(), n.id().desc())`, `|n| (n.title().set(\"x\"), n.views().set(1))`"
)]
pub trait OneOrMore<T> {
    /// All of them.
    fn all(self) -> Vec<T>;
}

macro_rules! one_or_more {
    ($item:ident) => {
        impl OneOrMore<$item> for $item {
            fn all(self) -> Vec<$item> {
                vec![self]
            }
        }

        impl OneOrMore<$item> for Vec<$item> {
            fn all(self) -> Vec<$item> {
                self
            }
        }

        impl<const N: usize> OneOrMore<$item> for [$item; N] {
            fn all(self) -> Vec<$item> {
                self.into()
            }
        }

        impl OneOrMore<$item> for () {
            fn all(self) -> Vec<$item> {
                vec![]
            }
        }

        one_or_more! { $item: A }
        one_or_more! { $item: A B }
        one_or_more! { $item: A B C }
        one_or_more! { $item: A B C D }
        one_or_more! { $item: A B C D E }
        one_or_more! { $item: A B C D E F }
        one_or_more! { $item: A B C D E F G }
        one_or_more! { $item: A B C D E F G H }
    };
    ($item:ident: $($part:ident)*) => {
        impl<$($part: Into<$item>),*> OneOrMore<$item> for ($($part,)*) {
            #[allow(non_snake_case)]
            fn all(self) -> Vec<$item> {
                let ($($part,)*) = self;
                vec![$($part.into()),*]
            }
        }
    };
}

one_or_more!(Order);
one_or_more!(Assignment);

impl<F: FieldType> OneOrMore<Order> for Column<F> {
    fn all(self) -> Vec<Order> {
        vec![self.asc()]
    }
}

impl<T: Model, F: FieldType> OneOrMore<Order> for Relation<T, F> {
    fn all(self) -> Vec<Order> {
        vec![self.asc()]
    }
}
