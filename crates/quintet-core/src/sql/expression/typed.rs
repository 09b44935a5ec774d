//! What type an expression has, as far as SQL needs to know it.

use super::{Scope, function, lookup};
use crate::schema::{Expr, Kind, Operator, Value};

/// The type of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Text,
    Int,
    Float,
    Decimal,
    Bool,
    Date,
    DateTime,
    Time,
    Duration,
    Uuid,
    Json,
    Bytes,
    Ip,
}

impl Type {
    /// A date, a moment or a time of day.
    pub(crate) fn is_moment(self) -> bool {
        matches!(self, Self::Date | Self::DateTime | Self::Time)
    }

    /// PostgreSQL would take literals of these types for text: the name that it is told.
    pub(crate) fn needs_cast(self) -> Option<&'static str> {
        match self {
            Self::Uuid => Some("uuid"),
            Self::Time => Some("time"),
            Self::Ip => Some("inet"),
            _ => None,
        }
    }
}

/// The type of a field's values.
pub(crate) fn of_kind(kind: &Kind) -> Option<Type> {
    Some(match kind {
        Kind::SmallAuto
        | Kind::Auto
        | Kind::BigAuto
        | Kind::SmallInteger
        | Kind::Integer
        | Kind::BigInteger
        | Kind::PositiveSmallInteger
        | Kind::PositiveInteger
        | Kind::PositiveBigInteger
        | Kind::OrderWrt => Type::Int,
        Kind::Char { .. }
        | Kind::Text { .. }
        | Kind::Slug { .. }
        | Kind::Email { .. }
        | Kind::Url { .. }
        | Kind::File { .. }
        | Kind::Image { .. }
        | Kind::FilePath { .. } => Type::Text,
        Kind::GenericIpAddress { .. } => Type::Ip,
        Kind::Decimal { .. } => Type::Decimal,
        Kind::Float => Type::Float,
        Kind::Boolean => Type::Bool,
        Kind::Date { .. } => Type::Date,
        Kind::DateTime { .. } => Type::DateTime,
        Kind::Time { .. } => Type::Time,
        Kind::Duration => Type::Duration,
        Kind::Uuid => Type::Uuid,
        Kind::Json => Type::Json,
        Kind::Binary { .. } => Type::Bytes,
        Kind::Generated { output, .. } => return of_kind(&output.kind),
        Kind::CompositePrimaryKey { .. } | Kind::ForeignKey(_) | Kind::OneToOne(_) | Kind::ManyToMany(_) => {
            return None;
        }
    })
}

pub(crate) fn of_value(value: &Value) -> Option<Type> {
    Some(match value {
        Value::Null | Value::List(_) => return None,
        Value::Bool(_) => Type::Bool,
        Value::Int(_) => Type::Int,
        Value::Float(_) => Type::Float,
        Value::Decimal(_) => Type::Decimal,
        Value::Text(_) => Type::Text,
        Value::Bytes(_) => Type::Bytes,
        Value::Date(_) => Type::Date,
        Value::DateTime(_) => Type::DateTime,
        Value::Time(_) => Type::Time,
        Value::Duration(_) => Type::Duration,
        Value::Uuid(_) => Type::Uuid,
        Value::Json(_) => Type::Json,
    })
}

impl Scope<'_> {
    /// The type of an expression, where it is known.
    pub(super) fn type_of(&self, expr: &Expr) -> Option<Type> {
        match expr {
            Expr::F(name) => of_kind(&lookup::column(self.table, name).ok()?.field.kind),
            Expr::Value(value) => of_value(value),
            Expr::Func { name, args } => {
                function::type_of(name, &args.iter().map(|arg| self.type_of(arg)).collect::<Vec<_>>())
            }
            Expr::Combined { left, operator, right } => of_combined(self.type_of(left), *operator, self.type_of(right)),
            Expr::OrderBy { expr, .. } | Expr::Collate { expr, .. } => self.type_of(expr),
            Expr::Cast { kind, .. } => of_kind(kind),
            Expr::Case { cases, default } => {
                let mut all: Vec<_> = cases.iter().map(|(_, result)| self.type_of(result)).collect();
                all.extend(default.as_deref().map(|default| self.type_of(default)));
                same(&all)
            }
            Expr::Condition(_) => Some(Type::Bool),
            Expr::Raw(_) => None,
        }
    }
}

/// The type that all have, those without one aside.
pub(crate) fn same(all: &[Option<Type>]) -> Option<Type> {
    let mut known = all.iter().flatten();
    let first = *known.next()?;
    known.all(|other| *other == first).then_some(first)
}

pub(crate) fn of_combined(left: Option<Type>, operator: Operator, right: Option<Type>) -> Option<Type> {
    use Type::{Date, DateTime, Decimal, Duration, Float, Int, Time};
    let additive = matches!(operator, Operator::Add | Operator::Sub);
    match (left?, right) {
        (Int, Some(Int)) => Some(Int),
        _ if operator.is_bitwise() => None,
        (one @ (Int | Float | Decimal), None) => Some(one),
        (one @ (Int | Float | Decimal), Some(other)) if one == other => Some(one),
        (Int, Some(other @ (Float | Decimal))) | (other @ (Float | Decimal), Some(Int))
            if operator != Operator::Pow =>
        {
            Some(other)
        }
        (Date | DateTime, Some(Date | DateTime)) | (Time, Some(Time)) if operator == Operator::Sub => Some(Duration),
        (Date | DateTime, Some(Duration)) if additive => Some(DateTime),
        (Time, Some(Duration)) if additive => Some(Time),
        (Duration, Some(Duration)) if additive => Some(Duration),
        (Duration, Some(Date | DateTime)) if operator == Operator::Add => Some(DateTime),
        (Duration, Some(Time)) if operator == Operator::Add => Some(Time),
        _ => None,
    }
}
