//! Expressions as SQL text with literals inlined: what stands in indexes, constraints, generated columns and defaults.
//!
//! Columns are named without their table. What would need another table is an error: a table's definition cannot join.

mod condition;
pub(crate) mod function;
pub(crate) mod lookup;
pub(crate) mod moment;
pub(crate) mod prepare;
pub(crate) mod typed;

use super::columns::kind_type;
use super::literal::literal;
use super::place::{Column, Table};
use super::{Dialect, quote};
use crate::schema::{Condition, Expr, Kind, Operator, Value};
use condition::Outcome;
use typed::Type;

/// Where an expression stands.
#[derive(Clone, Copy)]
struct Scope<'a> {
    dialect: Dialect,
    table: Table<'a>,
    /// Whether conditions within are put in parentheses even where they are alone: the reference does so in a
    /// condition that is itself made of an expression.
    enclosed: bool,
}

/// An expression as the text of a generated column: what stands between the parentheses.
pub(super) fn expression(dialect: Dialect, table: Table<'_>, expr: &Expr) -> Result<String, String> {
    Scope { dialect, table, enclosed: false }.sql(expr)
}

/// A condition as the text of a check or of a partial index.
pub(super) fn condition(dialect: Dialect, table: Table<'_>, condition: &Condition) -> Result<String, String> {
    match (Scope { dialect, table, enclosed: false }).condition(condition)? {
        Outcome::Sql(sql) => Ok(sql),
        Outcome::Always => Err(format!("a condition of `{}` is true of every row", table.model.label())),
        Outcome::Never => Err(format!("a condition of `{}` is true of no row", table.model.label())),
    }
}

/// An expression as an index or a unique constraint has it: in parentheses unless it is a column, then its collation,
/// then its direction.
pub(super) fn index_expression(dialect: Dialect, table: Table<'_>, expr: &Expr) -> Result<String, String> {
    let scope = Scope { dialect, table, enclosed: false };
    let (mut root, mut collation, mut order) = (expr, String::new(), String::new());
    loop {
        match root {
            Expr::OrderBy { expr, descending, nulls_first } if order.is_empty() => {
                (root, order) = (expr, ordering(*descending, *nulls_first));
            }
            Expr::Collate { expr, collation: name } if collation.is_empty() => {
                (root, collation) = (expr, format!(" COLLATE {}", quote(name)));
            }
            Expr::OrderBy { .. } | Expr::Collate { .. } => {
                let what = "an indexed expression has one direction and one collation at most";
                return Err(format!("{what}, in `{}`", table.model.label()));
            }
            _ => break,
        }
    }
    let sql = scope.sql(root)?;
    let sql = match root {
        Expr::F(_) => sql,
        _ => scope.as_number(format!("({sql})"), scope.type_of(root)),
    };
    Ok(format!("{sql}{collation}{order}"))
}

/// What stands after `DEFAULT`.
pub(super) fn db_default(dialect: Dialect, column: &Column<'_>, expr: &Expr) -> Result<String, String> {
    let scope = Scope { dialect, table: column.table, enclosed: false };
    match expr {
        Expr::Value(Value::Null) => Ok("NULL".to_owned()),
        Expr::Value(value) => {
            Ok(scope.as_number(literal_of(dialect, column, value)?, typed::of_kind(&column.field.kind)))
        }
        _ => Ok(format!("({})", scope.sql(expr)?)),
    }
}

/// A value as the text that a column is compared with or filled with.
pub(super) fn literal_of(dialect: Dialect, column: &Column<'_>, value: &Value) -> Result<String, String> {
    Ok(prepare::literal_for(dialect, &prepare::kind_of(column)?, value))
}

/// The columns that expressions name.
pub(super) fn columns_of(table: Table<'_>, exprs: &[Expr]) -> Vec<String> {
    let mut found = vec![];
    for expr in exprs {
        expr.each_field(&mut |name| {
            found.extend(lookup::column(table, name).map(|column| column.column()));
        });
    }
    found
}

impl Scope<'_> {
    /// The text of an expression.
    fn sql(&self, expr: &Expr) -> Result<String, String> {
        let sql = match expr {
            Expr::F(name) => return Ok(quote(&lookup::column(self.table, name)?.column())),
            Expr::Value(value) => literal(self.dialect, value),
            Expr::Func { name, args } => self.function(name, args)?,
            Expr::Combined { left, operator, right } => self.combined(left, *operator, right)?,
            Expr::OrderBy { expr, descending, nulls_first } => {
                return Ok(format!("{}{}", self.sql(expr)?, ordering(*descending, *nulls_first)));
            }
            Expr::Collate { expr, collation } => format!("{} COLLATE {}", self.sql(expr)?, quote(collation)),
            Expr::Cast { expr, kind } => return self.cast(expr, kind),
            Expr::Case { cases, default } => self.case(cases, default.as_deref(), self.type_of(expr))?,
            Expr::Condition(condition) => return self.condition_as_value(condition),
            Expr::Raw(sql) => return Ok(format!("({sql})")),
        };
        Ok(self.as_number(sql, self.type_of(expr)))
    }

    /// SQLite keeps decimals as text unless it is told that they are numbers.
    fn as_number(&self, sql: String, found: Option<Type>) -> String {
        match (self.dialect, found) {
            (Dialect::Sqlite, Some(Type::Decimal)) => format!("(CAST({sql} AS NUMERIC))"),
            _ => sql,
        }
    }

    fn combined(&self, left: &Expr, operator: Operator, right: &Expr) -> Result<String, String> {
        let (left_type, right_type) = (self.type_of(left), self.type_of(right));
        let (left, right) = (self.sql(left)?, self.sql(right)?);
        let moments =
            [left_type, right_type].iter().flatten().any(|found| found.is_moment() || *found == Type::Duration);
        if moments && self.dialect == Dialect::Sqlite {
            let label = self.table.model.label();
            return Err(format!("the tables of SQLite cannot compute with dates and durations, as `{label}` asks"));
        }
        if left_type == Some(Type::Date) && right_type == left_type && operator == Operator::Sub {
            return Ok(format!("(interval '1 day' * ({left} - {right}))"));
        }
        Ok(match (operator, self.dialect) {
            (Operator::Pow, Dialect::Sqlite) => format!("(POWER({left},{right}))"),
            (Operator::BitXor, Dialect::Sqlite) => format!("(BITXOR({left},{right}))"),
            _ => format!("({left} {} {right})", sign(operator)),
        })
    }

    fn cast(&self, expr: &Expr, kind: &Kind) -> Result<String, String> {
        let sql = self.sql(expr)?;
        Ok(match (self.dialect, kind) {
            (Dialect::Sqlite, Kind::DateTime { .. }) => format!("strftime('%Y-%m-%d %H:%M:%f', {sql})"),
            (Dialect::Sqlite, Kind::Time { .. }) => format!("strftime('%H:%M:%f', {sql})"),
            (Dialect::Sqlite, Kind::Date { .. }) => format!("date({sql})"),
            (Dialect::Sqlite, _) => format!("CAST({sql} AS {})", self.cast_type(kind)?),
            (Dialect::Postgres, _) => format!("({sql})::{}", self.cast_type(kind)?),
        })
    }

    fn cast_type(&self, kind: &Kind) -> Result<String, String> {
        match (self.dialect, kind) {
            (Dialect::Sqlite, Kind::Char { max_length: None }) => Ok("text".to_owned()),
            _ => kind_type(self.dialect, kind).ok_or_else(|| {
                format!("an expression of `{}` cannot become a `{}`", self.table.model.label(), kind.class())
            }),
        }
    }

    fn case(&self, cases: &[(Condition, Expr)], default: Option<&Expr>, found: Option<Type>) -> Result<String, String> {
        let mut parts = String::new();
        let mut otherwise = default.map_or_else(|| Ok("NULL".to_owned()), |default| self.sql(default))?;
        for (condition, result) in cases {
            match self.condition(condition)? {
                Outcome::Never => {}
                Outcome::Sql(sql) => parts.push_str(&format!(" WHEN {sql} THEN {}", self.sql(result)?)),
                Outcome::Always => {
                    otherwise = self.sql(result)?;
                    break;
                }
            }
        }
        if parts.is_empty() {
            return Ok(otherwise);
        }
        let sql = format!("CASE{parts} ELSE {otherwise} END");
        Ok(match (self.dialect, found.and_then(Type::needs_cast)) {
            (Dialect::Postgres, Some(name)) => format!("CAST({sql} AS {name})"),
            _ => sql,
        })
    }

    fn condition_as_value(&self, condition: &Condition) -> Result<String, String> {
        Ok(match self.condition(condition)? {
            Outcome::Sql(sql) => sql,
            Outcome::Always => literal(self.dialect, &Value::Bool(true)),
            Outcome::Never => literal(self.dialect, &Value::Bool(false)),
        })
    }
}

fn ordering(descending: bool, nulls_first: Option<bool>) -> String {
    let nulls = match nulls_first {
        None => "",
        Some(true) => " NULLS FIRST",
        Some(false) => " NULLS LAST",
    };
    format!(" {}{nulls}", if descending { "DESC" } else { "ASC" })
}

pub(crate) fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::Add => "+",
        Operator::Sub => "-",
        Operator::Mul => "*",
        Operator::Div => "/",
        Operator::Mod => "%",
        Operator::Pow => "^",
        Operator::BitAnd => "&",
        Operator::BitOr => "|",
        Operator::BitXor => "#",
        Operator::ShiftLeft => "<<",
        Operator::ShiftRight => ">>",
    }
}
