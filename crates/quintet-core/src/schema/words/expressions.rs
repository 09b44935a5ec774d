//! Expressions and conditions: `q("seat__gte", 0)`, `lower("title").desc()`.

use crate::schema::{Condition, Expr, Field, Operator, Value};

/// A field of the row in an expression.
pub fn f(name: &str) -> Expr {
    Expr::F(name.to_owned())
}

/// A constant in an expression.
pub fn value(value: impl Into<Value>) -> Expr {
    Expr::Value(value.into())
}

/// A function of the database: `func("Lower", [f("name")])`.
pub fn func(name: &str, args: impl Into<Vec<Expr>>) -> Expr {
    Expr::Func { name: name.to_owned(), args: args.into() }
}

/// A field in lower case.
pub fn lower(name: &str) -> Expr {
    func("Lower", [f(name)])
}

/// A field in upper case.
pub fn upper(name: &str) -> Expr {
    func("Upper", [f(name)])
}

/// The database's own time.
pub fn now() -> Expr {
    func("Now", [])
}

/// A condition: `q("quantity__lte", 1000)`.
pub fn q(key: &str, value: impl Into<Expr>) -> Condition {
    Condition::Lookup { key: key.to_owned(), value: value.into() }
}

macro_rules! text_values {
    ($($name:ident => $variant:ident, $doc:literal;)*) => {
        $(#[doc = $doc]
        pub fn $name(text: &str) -> Value {
            Value::$variant(text.to_owned())
        })*
    };
}

text_values! {
    dec => Decimal, "A decimal number: `dec(\"10.50\")`.";
    date_value => Date, "A date: `date_value(\"2024-01-31\")`.";
    date_time_value => DateTime, "A moment in UTC: `date_time_value(\"2024-01-31 12:00:00\")`.";
    time_value => Time, "A time of day: `time_value(\"12:00:00\")`.";
    uuid_value => Uuid, "A UUID, in lower case and with hyphens.";
    json_value => Json, "A JSON text.";
}

/// Nothing.
pub fn null() -> Value {
    Value::Null
}

/// A duration in microseconds.
pub fn duration_value(microseconds: i64) -> Value {
    Value::Duration(microseconds)
}

/// Bytes: `bytes_value(b"\x00")`.
pub fn bytes_value(bytes: &[u8]) -> Value {
    Value::Bytes(bytes.to_vec())
}

/// Several values, as `in` takes them.
pub fn list(values: Vec<Value>) -> Value {
    Value::List(values)
}

/// All of these conditions.
pub fn all_of(conditions: Vec<Condition>) -> Condition {
    Condition::And(conditions)
}

/// One of these conditions.
pub fn any_of(conditions: Vec<Condition>) -> Condition {
    Condition::Or(conditions)
}

/// An odd number of these conditions.
pub fn odd_of(conditions: Vec<Condition>) -> Condition {
    Condition::Xor(conditions)
}

/// Not this condition.
pub fn not(condition: Condition) -> Condition {
    Condition::Not(Box::new(condition))
}

/// An expression that is true or false, as a condition.
pub fn holds(expr: Expr) -> Condition {
    Condition::Expr(expr)
}

/// A condition, as an expression.
pub fn truth_of(condition: Condition) -> Expr {
    Expr::Condition(Box::new(condition))
}

/// SQL as it stands, in an expression.
pub fn raw(sql: &str) -> Expr {
    Expr::Raw(sql.to_owned())
}

/// Two expressions and an operator between them.
pub fn combined(left: Expr, operator: Operator, right: impl Into<Expr>) -> Expr {
    Expr::Combined { left: Box::new(left), operator, right: Box::new(right.into()) }
}

/// The first case whose condition is true; [`Expr::otherwise`] says what there is where none is.
pub fn case(cases: Vec<(Condition, Expr)>) -> Expr {
    Expr::Case { cases, default: None }
}

impl Expr {
    /// In an index: smallest first.
    #[must_use]
    pub fn asc(self) -> Self {
        Self::OrderBy { expr: Box::new(self), descending: false, nulls_first: None }
    }

    /// In an index: largest first.
    #[must_use]
    pub fn desc(self) -> Self {
        Self::OrderBy { expr: Box::new(self), descending: true, nulls_first: None }
    }

    /// After a direction: nulls first.
    #[must_use]
    pub fn nulls_first(self) -> Self {
        self.nulls(true)
    }

    /// After a direction: nulls last.
    #[must_use]
    pub fn nulls_last(self) -> Self {
        self.nulls(false)
    }

    fn nulls(self, first: bool) -> Self {
        match self {
            Self::OrderBy { expr, descending, .. } => Self::OrderBy { expr, descending, nulls_first: Some(first) },
            other => other.asc().nulls(first),
        }
    }

    /// Under a collation.
    #[must_use]
    pub fn collate(self, collation: &str) -> Self {
        Self::Collate { expr: Box::new(self), collation: collation.to_owned() }
    }

    /// As another type: that of this field.
    #[must_use]
    pub fn cast(self, field: Field) -> Self {
        Self::Cast { expr: Box::new(self), kind: Box::new(field.kind) }
    }

    /// What a case gives where no condition is true.
    #[must_use]
    pub fn otherwise(mut self, value: impl Into<Self>) -> Self {
        if let Self::Case { default, .. } = &mut self {
            *default = Some(Box::new(value.into()));
        }
        self
    }
}
