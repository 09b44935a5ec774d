//! What a database gave, compact: all cells of all rows one behind the other.
//!
//! A reader takes cells out without a copy. What a cell means for a field is decided by who reads it: PostgreSQL gives
//! typed cells, SQLite numbers, text and bytes, whatever a column was declared as.

use std::sync::Arc;

use quintet_core::schema::Value;

use crate::moment;
use crate::row::Row;
use crate::text_cell::TextCell;

/// One value as the driver has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A floating-point number.
    Float(f64),
    /// Text.
    Text(TextCell),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A date, in days since 1970.
    Date(i32),
    /// A time of day, in microseconds since midnight.
    Time(i64),
    /// A moment, in microseconds since 1970 in UTC.
    DateTime(i64),
    /// A duration in microseconds.
    Duration(i64),
    /// A UUID.
    Uuid(u128),
    /// A decimal number as text: `10.50`.
    Decimal(String),
    /// A JSON text.
    Json(String),
    /// Several.
    List(Vec<Cell>),
}

impl Cell {
    /// Whether it is nothing.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// What it is, in words.
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Int(_) => "a whole number",
            Self::Float(_) => "a floating-point number",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Date(_) => "a date",
            Self::Time(_) => "a time of day",
            Self::DateTime(_) => "a moment",
            Self::Duration(_) => "a duration",
            Self::Uuid(_) => "a UUID",
            Self::Decimal(_) => "a decimal number",
            Self::Json(_) => "JSON",
            Self::List(_) => "a list",
        }
    }
}

impl From<Cell> for Value {
    fn from(cell: Cell) -> Self {
        match cell {
            Cell::Null => Self::Null,
            Cell::Bool(yes) => Self::Bool(yes),
            Cell::Int(number) => Self::Int(number),
            Cell::Float(number) => Self::Float(number),
            Cell::Text(text) => Self::Text(text.into_string()),
            Cell::Bytes(bytes) => Self::Bytes(bytes),
            Cell::Date(days) => Self::Date(moment::date_text(days.into())),
            Cell::Time(microseconds) => Self::Time(moment::time_text(microseconds)),
            Cell::DateTime(microseconds) => Self::DateTime(moment::text(microseconds)),
            Cell::Duration(microseconds) => Self::Duration(microseconds),
            Cell::Uuid(number) => Self::Uuid(uuid::Uuid::from_u128(number).to_string()),
            Cell::Decimal(text) => Self::Decimal(text),
            Cell::Json(text) => Self::Json(text),
            Cell::List(cells) => Self::List(cells.into_iter().map(Self::from).collect()),
        }
    }
}

/// The rows of an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    columns: Option<Arc<[String]>>,
    width: usize,
    cells: Vec<Cell>,
}

impl Rows {
    /// Rows of so many cells each.
    pub fn new(width: usize, cells: Vec<Cell>) -> Self {
        Self { columns: None, width, cells }
    }

    /// The same with the names of the columns.
    #[must_use]
    pub(crate) fn named(mut self, columns: Arc<[String]>) -> Self {
        self.width = columns.len();
        self.columns = Some(columns);
        self
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.cells.len() / self.step()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// How many cells a row has.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The rows, looked at.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &[Cell]> + ExactSizeIterator {
        self.cells.chunks_exact(self.step())
    }

    /// The rows, whose cells can be taken out.
    pub fn iter_mut(&mut self) -> impl ExactSizeIterator<Item = &mut [Cell]> {
        let step = self.step();
        self.cells.chunks_exact_mut(step)
    }

    /// A row, looked at.
    pub fn get(&self, row: usize) -> Option<&[Cell]> {
        self.cells.chunks_exact(self.step()).nth(row)
    }

    /// A cell, looked at.
    #[inline]
    pub fn cell(&self, row: usize, column: usize) -> Option<&Cell> {
        if column < self.width { self.cells.get(row * self.width + column) } else { None }
    }

    /// The first cell of the first row; nothing where there is no row.
    pub fn into_first(self) -> Option<Cell> {
        self.cells.into_iter().next()
    }

    /// All cells, row after row.
    pub fn into_cells(self) -> Vec<Cell> {
        self.cells
    }

    /// Rows of values with names, where names came along.
    pub(crate) fn into_rows(self) -> Vec<Row> {
        let columns = self.columns.clone().unwrap_or_default();
        let step = self.step();
        let mut values = self.cells.into_iter().map(Value::from);
        let mut rows = vec![];
        loop {
            let row: Vec<Value> = values.by_ref().take(step).collect();
            if row.is_empty() {
                return rows;
            }
            rows.push(Row::new(Arc::clone(&columns), row));
        }
    }

    /// So many rows at a time.
    pub(crate) fn split(self, rows: usize) -> Vec<Self> {
        let (width, size) = (self.width, self.step() * rows);
        let mut cells = self.cells.into_iter();
        let mut chunks = vec![];
        loop {
            let chunk: Vec<Cell> = cells.by_ref().take(size).collect();
            if chunk.is_empty() {
                return chunks;
            }
            chunks.push(Self::new(width, chunk));
        }
    }

    /// The same without the first column.
    pub(crate) fn without_first(self) -> Self {
        let step = self.step();
        let cells = self.cells.into_iter().enumerate().filter(|(at, _)| at % step != 0).map(|(_, cell)| cell);
        Self::new(step - 1, cells.collect())
    }

    fn step(&self) -> usize {
        self.width.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_was_taken_is_not_there_any_more() {
        let mut rows = Rows::new(2, vec![Cell::Int(1), Cell::Text("a".into()), Cell::Int(2), Cell::Null]);
        assert_eq!(rows.len(), 2);
        let taken: Vec<Cell> = rows.iter_mut().map(|row| std::mem::take(&mut row[0])).collect();
        assert_eq!(taken, [Cell::Int(1), Cell::Int(2)]);
        assert_eq!(rows.into_cells(), [Cell::Null, Cell::Text("a".into()), Cell::Null, Cell::Null]);
    }

    #[test]
    fn a_cell_becomes_a_value_in_the_words_of_values() {
        let value = |cell: Cell| Value::from(cell);
        assert_eq!(value(Cell::Date(0)), Value::Date("1970-01-01".to_owned()));
        assert_eq!(value(Cell::DateTime(-1)), Value::DateTime("1969-12-31 23:59:59.999999".to_owned()));
        assert_eq!(value(Cell::Uuid(1)), Value::Uuid("00000000-0000-0000-0000-000000000001".to_owned()));
        assert_eq!(value(Cell::List(vec![Cell::Int(1), Cell::Null])), Value::List(vec![Value::Int(1), Value::Null]));
    }
}
