//! The constraints of a model, asked of a row that is not written yet.
//!
//! A condition is computed by the database with the row's values in the places of its fields, so that it means what it
//! means in the table.

use quintet_core::query::{Aggregate, Case, Condition, Expr, Func, Operator, Path, Query, Statement, Step};
use quintet_core::schema::{Check, Constraint, Unique, Value};

use super::unique::{equals, is_there, others, refuse};
use super::{Cleaned, ValidationErrors};
use crate::error::Result;
use crate::query::ask::has_key;
use crate::rows::Cell;

pub(super) async fn check(row: &Cleaned<'_>, wrong: &ValidationErrors, errors: &mut ValidationErrors) -> Result<()> {
    for constraint in &row.info.state.options.constraints {
        match constraint {
            Constraint::Check(check) => checked(row, check, wrong, errors).await?,
            Constraint::Unique(unique) => alone(row, unique, wrong, errors).await?,
        }
    }
    Ok(())
}

fn violated(name: &str, message: Option<&String>) -> String {
    let usual = "Constraint “%(name)s” is violated.";
    super::words::filled(message.map_or(usual, String::as_str), &[("name", name.to_owned())])
}

async fn checked(
    row: &Cleaned<'_>,
    check: &Check,
    wrong: &ValidationErrors,
    errors: &mut ValidationErrors,
) -> Result<()> {
    let mut place = Place { row, wrong, is_known: true };
    let condition = place.condition(Condition::from(&check.condition));
    // Neither is it broken where it is unknown.
    let args = vec![Expr::Condition(Box::new(condition)), Expr::Value(Value::Bool(true))];
    let met = Condition::Expr(Expr::Func(Func { name: "Coalesce".into(), args }));
    if place.is_known && !is_true(row, met).await? {
        let said = violated(&check.name, check.violation_error_message.as_ref());
        errors.push(ValidationErrors::WHOLE, check.violation_error_code.clone(), said);
    }
    Ok(())
}

async fn alone(
    row: &Cleaned<'_>,
    unique: &Unique,
    wrong: &ValidationErrors,
    errors: &mut ValidationErrors,
) -> Result<()> {
    let mut query = others(row);
    for field in &unique.fields {
        let Some(value) = row.value(field).filter(|_| !wrong.has(field)) else { return Ok(()) };
        if *value == Value::Null && unique.nulls_distinct != Some(false) {
            return Ok(());
        }
        query.steps.push(equals(field, value));
    }
    let mut place = Place { row, wrong, is_known: true };
    for expr in &unique.expressions {
        let there = Expr::from(expr);
        let here = place.expr(there.clone());
        query.steps.push(Step::Filter(Condition::Compare(there, Path::from_iter(["exact"]), here)));
    }
    if let Some(condition) = &unique.condition {
        let condition = Condition::from(condition);
        let here = place.condition(condition.clone());
        if !place.is_known || !is_true(row, here).await? {
            return Ok(());
        }
        query.steps.push(Step::Filter(condition));
    }
    if !place.is_known || !is_there(row, &query).await? {
        return Ok(());
    }
    let is_plain = unique.condition.is_none() && !unique.fields.is_empty();
    if is_plain && unique.violation_error_message.is_none() {
        let fields: Vec<&str> = unique.fields.iter().map(String::as_str).collect();
        refuse(row, &fields, errors);
        return Ok(());
    }
    let said = violated(&unique.name, unique.violation_error_message.as_ref());
    let field = match (unique.fields.as_slice(), unique.violation_error_code.as_deref()) {
        ([one], Some("unique")) => one,
        _ => ValidationErrors::WHOLE,
    };
    errors.push(field, unique.violation_error_code.clone(), said);
    Ok(())
}

/// Whether a condition is true of the row's values.
pub(super) async fn holds(row: &Cleaned<'_>, condition: &quintet_core::schema::Condition) -> Result<bool> {
    let wrong = ValidationErrors::default();
    let mut place = Place { row, wrong: &wrong, is_known: true };
    let here = place.condition(Condition::from(condition));
    Ok(place.is_known && is_true(row, here).await?)
}

/// Puts the row's values in the places of its fields.
struct Place<'p> {
    row: &'p Cleaned<'p>,
    wrong: &'p ValidationErrors,
    /// Whether all of them are known and right.
    is_known: bool,
}

impl Place<'_> {
    fn value(&mut self, field: &str) -> Expr {
        let found = self.row.values.iter().find(|(column, _)| column.name == field || column.attname == field);
        match found {
            Some((column, value)) if !self.wrong.has(&column.name) => {
                Expr::As(Box::new(Expr::Value(value.clone())), Box::new(column.kind.clone()))
            }
            _ => {
                self.is_known = false;
                Expr::Value(Value::Null)
            }
        }
    }

    fn condition(&mut self, condition: Condition) -> Condition {
        let mut all = |parts: Vec<Condition>| parts.into_iter().map(|part| self.condition(part)).collect();
        match condition {
            Condition::And(parts) => Condition::And(all(parts)),
            Condition::Or(parts) => Condition::Or(all(parts)),
            Condition::Xor(parts) => Condition::Xor(all(parts)),
            Condition::Not(inner) => Condition::Not(Box::new(self.condition(*inner))),
            Condition::Lookup(path, with) => match path.names() {
                [field, rest @ ..] => {
                    let rest = match rest {
                        [] => Path::from_iter(["exact"]),
                        rest => Path::from_iter(rest.iter().cloned()),
                    };
                    let value = self.value(field);
                    Condition::Compare(value, rest, self.expr(with))
                }
                [] => Condition::Never,
            },
            Condition::Compare(expr, path, with) => Condition::Compare(self.expr(expr), path, self.expr(with)),
            Condition::Expr(expr) => Condition::Expr(self.expr(expr)),
            Condition::Never => Condition::Never,
        }
    }

    fn expr(&mut self, expr: Expr) -> Expr {
        match expr {
            Expr::F(path) => match path.names() {
                [field] => self.value(field),
                _ => {
                    self.is_known = false;
                    Expr::Value(Value::Null)
                }
            },
            Expr::List(parts) => Expr::List(parts.into_iter().map(|part| self.expr(part)).collect()),
            Expr::As(inner, kind) => Expr::As(Box::new(self.expr(*inner)), kind),
            Expr::Cast(inner, kind) => Expr::Cast(Box::new(self.expr(*inner)), kind),
            Expr::Collate(inner, collation) => Expr::Collate(Box::new(self.expr(*inner)), collation),
            Expr::Func(func) => {
                Expr::Func(Func { name: func.name, args: func.args.into_iter().map(|arg| self.expr(arg)).collect() })
            }
            Expr::Combined(left, operator, right) => {
                Expr::Combined(Box::new(self.expr(*left)), operator, Box::new(self.expr(*right)))
            }
            Expr::Case(case) => Expr::Case(Box::new(Case {
                cases: case.cases.into_iter().map(|(when, then)| (self.condition(when), self.expr(then))).collect(),
                default: case.default.map(|default| self.expr(default)),
            })),
            Expr::Condition(condition) => Expr::Condition(Box::new(self.condition(*condition))),
            Expr::Value(value) => Expr::Value(value),
            // SQL of the program's own names columns, which are nowhere here.
            _ => {
                self.is_known = false;
                Expr::Value(Value::Null)
            }
        }
    }
}

/// Whether a condition about no column is true. An aggregate has one row, be there rows or not.
async fn is_true(row: &Cleaned<'_>, condition: Condition) -> Result<bool> {
    let case = Case { cases: vec![(condition, Expr::Value(Value::Int(1)))], default: Some(Expr::Value(Value::Int(0))) };
    let rows = Aggregate { name: "Count".into(), ..Aggregate::default() };
    let nothing =
        Expr::Combined(Box::new(Expr::Aggregate(Box::new(rows))), Operator::Mul, Box::new(Expr::Value(Value::Int(0))));
    let truth = Expr::Combined(Box::new(nothing), Operator::Add, Box::new(Expr::Case(Box::new(case))));
    let mut query = Query::of(row.info.state.app.clone(), row.info.state.name.clone());
    if let Some(key) = &row.key {
        // No other row has to be looked at.
        query.steps.push(Step::Filter(has_key(key.clone())));
    }
    let values = [("truth".into(), truth)];
    let fetched = row.db.select(&Statement::Aggregate(&query, &values)).await?;
    Ok(matches!(fetched.rows.cell(0, 0), Some(Cell::Int(1) | Cell::Bool(true))))
}
