//! What is true or false of a row.

use std::ops::{BitAnd, BitOr, BitXor, Not};

use quintet_core::query::{self as ast, Expr, Path};
use quintet_core::schema::{self, Value};

/// Something that is true or false of a row: `n.title().icontains("x") & !n.archived().eq(true)`.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a condition does nothing until a query has it: `.filter(|n| ..)`"]
pub struct Condition(pub(crate) ast::Condition);

/// A condition as the reference writes it: `q("author__username__icontains", "x")`. A name that is nothing is an error
/// when the query runs.
pub fn q(path: &str, value: impl Into<Value>) -> Condition {
    let value = match value.into() {
        Value::List(values) => Expr::List(values.into_iter().map(Expr::Value).collect()),
        value => Expr::Value(value),
    };
    Condition(ast::Condition::Lookup(Path::parse(path), value))
}

impl Condition {
    /// True of every row.
    pub fn always() -> Self {
        Self(ast::Condition::And(vec![]))
    }

    /// True of no row.
    pub fn never() -> Self {
        Self(ast::Condition::Never)
    }

    /// All of them; true where there are none.
    pub fn all(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self(ast::Condition::And(conditions.into_iter().map(|it| it.0).collect()))
    }

    /// One of them at least; true where there are none.
    pub fn any(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self(ast::Condition::Or(conditions.into_iter().map(|it| it.0).collect()))
    }

    /// As the core has it.
    pub fn into_ast(self) -> ast::Condition {
        self.0
    }
}

/// Whether a value is that of a user who is nobody.
pub(super) fn is_never(value: &Expr) -> bool {
    matches!(value, Expr::Condition(condition) if **condition == ast::Condition::Never)
}

/// What a comparison with nobody is: neither true nor false, so that its opposite is true of no row either.
pub(super) fn unknown() -> Condition {
    let null = Expr::Raw(ast::Raw { sql: "NULL".into(), values: vec![] });
    Condition(ast::Condition::Expr(Expr::Cast(Box::new(null), Box::new(schema::Kind::Boolean))))
}

/// A condition of a model's options: `limit_choices_to`.
impl From<&schema::Condition> for Condition {
    fn from(own: &schema::Condition) -> Self {
        Self(own.into())
    }
}

impl From<ast::Condition> for Condition {
    fn from(own: ast::Condition) -> Self {
        Self(own)
    }
}

impl BitAnd for Condition {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        use ast::Condition::And;
        Self(match (self.0, other.0) {
            (And(mut all), And(more)) => {
                all.extend(more);
                And(all)
            }
            (And(mut all), one) if !all.is_empty() => {
                all.push(one);
                And(all)
            }
            (one, other) => And(vec![one, other]),
        })
    }
}

impl BitOr for Condition {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        use ast::Condition::Or;
        Self(match (self.0, other.0) {
            (Or(mut any), one) if !any.is_empty() => {
                any.push(one);
                Or(any)
            }
            (one, other) => Or(vec![one, other]),
        })
    }
}

impl BitXor for Condition {
    type Output = Self;

    fn bitxor(self, other: Self) -> Self {
        use ast::Condition::Xor;
        Self(match (self.0, other.0) {
            (Xor(mut odd), one) if !odd.is_empty() => {
                odd.push(one);
                Xor(odd)
            }
            (one, other) => Xor(vec![one, other]),
        })
    }
}

impl Not for Condition {
    type Output = Self;

    fn not(self) -> Self {
        Self(ast::Condition::Not(Box::new(self.0)))
    }
}
