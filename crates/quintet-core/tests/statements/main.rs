//! The SQL of queries: what is joined, filtered, grouped, ordered and refused.
//!
//! Models of a small shop, with a child model and a relation of each kind. The same rows as the reference's are another
//! test's matter; here the text is looked at, which tells why.

mod changes;
mod filters;
mod groups;
mod models;
mod refusals;
mod selects;
mod shapes;

use quintet_core::query::{
    Aggregate, Compiled, Condition, Expr, Order, OrderBy, Ordering, Outcome, Path, Query, QueryError, Statement, Step,
    compile,
};
use quintet_core::schema::Value;
use quintet_core::sql::Dialect;

/// All rows of a model of the shop.
fn all(name: &'static str) -> Query {
    Query::of("shop", name)
}

/// A comparison.
fn is(path: &str, value: impl Into<Value>) -> Condition {
    Condition::Lookup(Path::parse(path), Expr::Value(value.into()))
}

fn not(condition: Condition) -> Condition {
    Condition::Not(Box::new(condition))
}

fn f(path: &str) -> Expr {
    Expr::F(Path::parse(path))
}

fn outer(path: &str) -> Expr {
    Expr::Outer(Path::parse(path))
}

fn count(path: &str) -> Expr {
    Expr::Aggregate(Box::new(Aggregate { name: "Count".into(), args: vec![f(path)], ..Aggregate::default() }))
}

/// What tests say of a query, one after the other.
trait Say: Sized {
    fn step(self, step: Step) -> Self;
    fn by(self, names: &[&str]) -> Self;

    fn filter(self, condition: Condition) -> Self {
        self.step(Step::Filter(condition))
    }

    fn exclude(self, condition: Condition) -> Self {
        self.step(Step::Exclude(condition))
    }

    fn annotate(self, name: &'static str, expr: Expr) -> Self {
        self.step(Step::Annotate(name.into(), expr))
    }

    fn values(self, names: &[&'static str]) -> Self {
        self.step(Step::Values(names.iter().map(|name| ((*name).into(), f(name))).collect()))
    }
}

impl Say for Query {
    fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    fn by(mut self, names: &[&str]) -> Self {
        let item = |name: &&str| OrderBy::parse(name);
        self.ordering = Ordering::By(names.iter().map(item).collect());
        self
    }
}

fn compiled(dialect: Dialect, statement: &Statement<'_>) -> Result<Option<Compiled>, QueryError> {
    Ok(match compile(models::registry(), dialect, statement)? {
        Outcome::Sql(compiled) => Some(compiled),
        Outcome::Nothing => None,
        Outcome::Split(_) => panic!("an update in parts"),
    })
}

/// The SQL of a statement.
fn text(dialect: Dialect, statement: &Statement<'_>) -> String {
    compiled(dialect, statement).expect("a good statement").map_or("nothing".to_owned(), |compiled| compiled.sql)
}

/// The SQL for SQLite, behind what is selected.
fn from(query: &Query) -> String {
    let sql = text(Dialect::Sqlite, &Statement::Select(query));
    match sql.split_once(" FROM ") {
        Some((_, from)) => from.to_owned(),
        None => sql,
    }
}

/// The SQL for SQLite.
fn sql(query: &Query) -> String {
    text(Dialect::Sqlite, &Statement::Select(query))
}

/// Why a query is refused.
fn refused(query: &Query) -> String {
    refused_by(Dialect::Sqlite, &Statement::Select(query))
}

fn refused_by(dialect: Dialect, statement: &Statement<'_>) -> String {
    compiled(dialect, statement).expect_err("a refusal").to_string()
}

fn order(expr: Expr) -> Ordering {
    Ordering::By(vec![OrderBy { by: Order::Expr(expr), descending: false, nulls: None }])
}
