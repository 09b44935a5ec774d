//! What comes of compiling: the SQL, what is bound at its places, and what its columns are.

use std::collections::HashMap;

use crate::query::ast::Statement;
use crate::query::error::QueryError;
use crate::query::fragment::{Fragment, Given, PLACE};
use crate::query::prepare::Prepare;
use crate::query::{ModelId, Name, shape};
use crate::schema::{Kind, Value};
use crate::sql::Dialect;

use super::piece::is_same_bind;
use super::write::Written;

/// What is to be done for a statement.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// This SQL is run.
    Sql(Compiled),
    /// Nothing: there are no rows for certain. A count is 0, nothing exists, no row is changed.
    Nothing,
    /// Several statements, because what is updated lies in the tables of several models.
    Split(Split),
}

/// A statement in SQL, for all values of its shape.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The SQL, with `$1`, `$2` .. for values.
    pub sql: String,
    /// What is bound, in that order.
    pub binds: Vec<Bind>,
    /// The columns that it gives.
    pub outputs: Vec<Output>,
    /// The rows of models that they make up: the model's own first. None where the rows are values.
    pub rows: Vec<Row>,
}

/// What is bound at a place.
#[derive(Clone, Debug)]
pub struct Bind {
    from: Source,
    prepare: Prepare,
}

#[derive(Clone, Debug)]
enum Source {
    /// A value of the statement, by its place in the walk over them.
    Value(usize),
    /// One of a list.
    Element(usize, usize),
    /// A value of the shape.
    Own(Value),
}

/// A column that is given.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// Its name: of an annotation or a value the name that was given, of a column the name of the field's value.
    pub name: Name,
    /// The kind of its values, where it is known.
    pub kind: Option<Kind>,
    /// What it belongs to.
    pub part: Part,
}

/// What a column belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The row of a model, by its place among the rows, and the place of the column in that model.
    Column {
        /// Which of the rows.
        row: usize,
        /// Which of the model's columns.
        place: usize,
    },
    /// An annotation, or what was chosen as a value.
    Value,
    /// Nothing: only the order needs it. Such columns come last.
    Hidden,
}

/// A model's row in what is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The model.
    pub model: ModelId,
    /// The names of the relations that lead to it.
    pub path: Vec<Name>,
    /// The row before it on that way.
    pub parent: Option<usize>,
    /// Whether it may be missing: then its key is null.
    pub is_optional: bool,
    /// The columns that were asked for: the place in the model, and the output that has it. A column of a parent model
    /// may be an output of the row before.
    pub columns: Vec<(usize, usize)>,
}

/// An update of several models' tables. First the keys are read, so that no update changes which rows the next one finds;
/// then each part is an update of one model, for the rows whose primary key was read.
#[derive(Clone, Debug)]
pub struct Split {
    /// Reads the keys: an output for each part that has a key of its own.
    pub keys: Box<Compiled>,
    /// The updates.
    pub parts: Vec<SplitPart>,
}

/// The update of one model's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitPart {
    /// The model.
    pub model: ModelId,
    /// The assignments, by their places in the statement.
    pub assigns: Vec<usize>,
    /// The output that has its key.
    pub key: usize,
}

impl Compiled {
    /// The values to bind, of a statement of this shape: `given` are its [`values`](shape::values).
    ///
    /// # Errors
    /// A value that does not fit its field.
    pub fn bind(&self, dialect: Dialect, zone: &str, given: &[&Value]) -> Result<Vec<Value>, QueryError> {
        let lacks = || QueryError::usage("the values are of another statement");
        // To collect results makes no room ahead.
        let mut values = Vec::with_capacity(self.binds.len());
        for bind in &self.binds {
            let value = match &bind.from {
                Source::Value(place) => *given.get(*place).ok_or_else(lacks)?,
                Source::Element(place, number) => match given.get(*place) {
                    Some(Value::List(values)) => values.get(*number).ok_or_else(lacks)?,
                    _ => return Err(lacks()),
                },
                Source::Own(value) => value,
            };
            values.push(bind.prepare.value(dialect, zone, value)?);
        }
        Ok(values)
    }

    /// The same of values that nobody needs any more: most are bound as they are.
    ///
    /// # Errors
    /// A value that does not fit its field.
    pub fn bind_all(&self, dialect: Dialect, zone: &str, mut given: Vec<Value>) -> Result<Vec<Value>, QueryError> {
        let is_place = |(at, bind): (usize, &Bind)| matches!(bind.from, Source::Value(place) if place == at);
        if self.binds.len() != given.len() || !self.binds.iter().enumerate().all(is_place) {
            return self.bind(dialect, zone, &given.iter().collect::<Vec<_>>());
        }
        for (Bind { prepare, .. }, value) in self.binds.iter().zip(&mut given) {
            if !prepare.keeps(dialect, value) {
                *value = prepare.value(dialect, zone, value)?;
            }
        }
        Ok(given)
    }
}

/// The kind of what is given. A number that is computed has as many digits as it has: only a column's are those of its
/// field.
fn given(kind: Kind, is_column: bool) -> Kind {
    match kind {
        Kind::Decimal { .. } if !is_column => Kind::Decimal { max_digits: None, decimal_places: None },
        kind => kind,
    }
}

/// Numbers the places, and finds where the values come from.
pub(super) fn finish(statement: &Statement<'_>, written: Option<Written<'_>>) -> Result<Outcome, QueryError> {
    written.map_or(Ok(Outcome::Nothing), |written| Ok(Outcome::Sql(compiled(statement, written)?)))
}

/// The same for an update in parts.
pub(super) fn split(
    statement: &Statement<'_>,
    (keys, parts): super::update::SplitUpdate<'_>,
) -> Result<Outcome, QueryError> {
    match keys {
        None => Ok(Outcome::Nothing),
        Some(keys) => Ok(Outcome::Split(Split { keys: Box::new(compiled(statement, keys)?), parts })),
    }
}

fn compiled(statement: &Statement<'_>, written: Written<'_>) -> Result<Compiled, QueryError> {
    let Written { sql, selected, rows, is_grouped } = written;
    let places: HashMap<*const Value, usize> = shape::values(statement)
        .into_iter()
        .enumerate()
        .map(|(place, value)| (std::ptr::from_ref(value), place))
        .collect();
    let (text, sql) = numbered(sql, is_grouped);
    let place = |value: &Value| {
        let lost = || QueryError::usage("a value that is not of the statement");
        places.get(&std::ptr::from_ref(value)).copied().ok_or_else(lost)
    };
    let mut binds = vec![];
    for bind in sql {
        let from = match bind.given {
            Given::Value(value) => Source::Value(place(value)?),
            Given::Element(value, number) => Source::Element(place(value)?, number),
            Given::Own(value) => Source::Own(value),
        };
        binds.push(Bind { from, prepare: bind.prepare });
    }
    let output = |one: super::select::Selected<'_>| {
        let is_column = one.piece.col.is_some();
        Output { name: one.name, kind: one.piece.sql.kind.map(|kind| given(kind, is_column)), part: one.part }
    };
    let outputs = selected.into_iter().map(output).collect();
    let rows = rows.into_iter().map(|found| found.row).collect();
    Ok(Compiled { sql: text, binds, outputs, rows })
}

/// The text with numbers at its places. Where there are groups, equal values are one place: else PostgreSQL takes the
/// same expression, said twice, for two.
fn numbered(sql: Fragment<'_>, is_grouped: bool) -> (String, Vec<crate::query::fragment::Bind<'_>>) {
    let mut text = String::with_capacity(sql.sql.len() + 2 * sql.binds.len());
    let mut binds: Vec<crate::query::fragment::Bind<'_>> = Vec::with_capacity(sql.binds.len());
    let mut rest = sql.binds.into_iter();
    for (number, part) in sql.sql.split(PLACE).enumerate() {
        if number > 0
            && let Some(bind) = rest.next()
        {
            let same = binds.iter().position(|other| is_grouped && is_same_bind(other, &bind));
            let place = same.unwrap_or_else(|| {
                binds.push(bind);
                binds.len() - 1
            });
            text.push('$');
            text.push_str(&(place + 1).to_string());
        }
        text.push_str(part);
    }
    (text, binds)
}
