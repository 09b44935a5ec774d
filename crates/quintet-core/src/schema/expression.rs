//! Expressions and conditions as data: what an index, a constraint, a generated column or a default is made of.

use super::{Kind, Value};

/// Something with a value, computed by the database.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A field of the row, by name.
    F(String),
    /// A constant.
    Value(Value),
    /// A function of the database: `Lower`, `Now`. The table of those that are known is in [`sql`](crate::sql).
    Func {
        /// Its name, as the reference calls it: `Lower`.
        name: String,
        /// What it is given.
        args: Vec<Expr>,
    },
    /// Two expressions and an operator between them.
    Combined {
        /// The left side.
        left: Box<Expr>,
        /// What is done.
        operator: Operator,
        /// The right side.
        right: Box<Expr>,
    },
    /// An expression with a direction, in an index.
    OrderBy {
        /// What is ordered by.
        expr: Box<Expr>,
        /// Largest first.
        descending: bool,
        /// `Some(true)`: nulls first; `Some(false)`: nulls last.
        nulls_first: Option<bool>,
    },
    /// An expression under a collation.
    Collate {
        /// What is collated.
        expr: Box<Expr>,
        /// The collation's name.
        collation: String,
    },
    /// An expression as another type.
    Cast {
        /// What is converted.
        expr: Box<Expr>,
        /// Into what.
        kind: Box<Kind>,
    },
    /// The first case that is true, else a default.
    Case {
        /// Conditions and what they give.
        cases: Vec<(Condition, Expr)>,
        /// What is given where none is true; null unless said.
        default: Option<Box<Expr>>,
    },
    /// A condition used as a value.
    Condition(Box<Condition>),
    /// SQL as it stands.
    Raw(String),
}

/// An operator between two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Mod,
    /// `^`, to the power of.
    Pow,
    /// `&`, the bits that both have.
    BitAnd,
    /// `|`, the bits that either has.
    BitOr,
    /// `#`, the bits that one of them has.
    BitXor,
    /// `<<`
    ShiftLeft,
    /// `>>`
    ShiftRight,
}

impl Operator {
    /// Whether it computes with bits.
    pub fn is_bitwise(self) -> bool {
        matches!(self, Self::BitAnd | Self::BitOr | Self::BitXor | Self::ShiftLeft | Self::ShiftRight)
    }
}

/// Something true or false of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// All of them.
    And(Vec<Condition>),
    /// One of them.
    Or(Vec<Condition>),
    /// An odd number of them.
    Xor(Vec<Condition>),
    /// Not this one.
    Not(Box<Condition>),
    /// A field compared with something: `quantity__lte`, 1000.
    Lookup {
        /// The path and the lookup, as the reference writes them: `title`, `author__name__icontains`.
        key: String,
        /// What it is compared with.
        value: Expr,
    },
    /// An expression that is true or false.
    Expr(Expr),
}

impl Expr {
    /// Tells each field that it names, in order: a path as it stands, of a comparison's key the first step.
    pub fn each_field<'a>(&'a self, tell: &mut dyn FnMut(&'a str)) {
        match self {
            Self::F(name) => tell(name),
            Self::Value(_) | Self::Raw(_) => {}
            Self::Func { args, .. } => args.iter().for_each(|arg| arg.each_field(tell)),
            Self::Combined { left, right, .. } => [left, right].into_iter().for_each(|side| side.each_field(tell)),
            Self::OrderBy { expr, .. } | Self::Collate { expr, .. } | Self::Cast { expr, .. } => expr.each_field(tell),
            Self::Case { cases, default } => {
                for (condition, result) in cases {
                    condition.each_field(tell);
                    result.each_field(tell);
                }
                default.iter().for_each(|default| default.each_field(tell));
            }
            Self::Condition(condition) => condition.each_field(tell),
        }
    }
}

impl Condition {
    /// Tells each field that it names: see [`Expr::each_field`].
    pub fn each_field<'a>(&'a self, tell: &mut dyn FnMut(&'a str)) {
        match self {
            Self::And(parts) | Self::Or(parts) | Self::Xor(parts) => {
                parts.iter().for_each(|part| part.each_field(tell));
            }
            Self::Not(inner) => inner.each_field(tell),
            Self::Lookup { key, value } => {
                tell(key.split("__").next().unwrap_or(key));
                value.each_field(tell);
            }
            Self::Expr(expr) => expr.each_field(tell),
        }
    }
}

impl From<Value> for Expr {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}

impl std::ops::BitAnd for Condition {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        join(self, other, Self::And, |condition| match condition {
            Self::And(parts) => Ok(parts),
            other => Err(other),
        })
    }
}

impl std::ops::BitOr for Condition {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        join(self, other, Self::Or, |condition| match condition {
            Self::Or(parts) => Ok(parts),
            other => Err(other),
        })
    }
}

impl std::ops::Not for Condition {
    type Output = Self;

    fn not(self) -> Self {
        Self::Not(Box::new(self))
    }
}

/// Joins two conditions; parts of the same kind become one list, as the reference flattens them.
fn join(
    left: Condition,
    right: Condition,
    make: fn(Vec<Condition>) -> Condition,
    parts: fn(Condition) -> Result<Vec<Condition>, Condition>,
) -> Condition {
    let mut all = parts(left).unwrap_or_else(|one| vec![one]);
    all.extend(parts(right).unwrap_or_else(|one| vec![one]));
    make(all)
}

macro_rules! operators {
    ($($trait:ident $method:ident $operator:ident;)*) => {
        $(impl<T: Into<Expr>> std::ops::$trait<T> for Expr {
            type Output = Expr;

            fn $method(self, other: T) -> Expr {
                Expr::Combined { left: Box::new(self), operator: Operator::$operator, right: Box::new(other.into()) }
            }
        })*
    };
}

operators! {
    Add add Add;
    Sub sub Sub;
    Mul mul Mul;
    Div div Div;
    Rem rem Mod;
}

macro_rules! literals {
    ($($type:ty),*) => {
        $(impl From<$type> for Expr {
            fn from(value: $type) -> Self {
                Self::Value(value.into())
            }
        })*
    };
}

literals!(bool, i16, i32, i64, u8, u16, u32, f64, &str, String);
