//! Ways from a query's model to a column, as types.

use quintet_core::query::Path;

/// Made of a path: columns, relations, and the columns of a model.
pub trait FromPath {
    /// What stands at the end of a path.
    fn from_path(path: Path) -> Self;
}

/// The columns of a model, or of fields that models share. Derived.
pub trait Columns: FromPath {
    /// The way to them.
    fn path(&self) -> &Path;
}

/// Tells a way back from a row from one in a query. Found by the compiler.
#[derive(Debug)]
pub enum RowSide {}

/// Tells a way back in a query from one of a row. Found by the compiler.
#[derive(Debug)]
pub enum ColumnSide {}

/// No columns: what a query sees of shared fields that have mistakes.
#[derive(Clone, Debug)]
pub struct NoColumns(Path);

impl FromPath for NoColumns {
    fn from_path(path: Path) -> Self {
        Self(path)
    }
}

impl Columns for NoColumns {
    fn path(&self) -> &Path {
        &self.0
    }
}
