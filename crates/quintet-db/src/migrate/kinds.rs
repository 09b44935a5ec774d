//! What kind of operations a migration has, as far as running it depends on that.

use quintet_core::operation::Operation;

/// Whether SQLite must be asked for a name: it makes tables anew, and only rules of `unique_together` stand beside them.
pub(super) fn may_drop_unnamed(operation: &Operation) -> bool {
    match operation {
        Operation::AlterUniqueTogether { .. } => true,
        Operation::SeparateDatabaseAndState { database, .. } => database.iter().any(may_drop_unnamed),
        _ => false,
    }
}

/// Whether an operation runs SQL or code that the project has written.
pub(super) fn runs_what_it_is_given(operation: &Operation) -> bool {
    match operation {
        Operation::RunSql { .. } | Operation::RunRust { .. } => true,
        Operation::SeparateDatabaseAndState { database, .. } => database.iter().any(runs_what_it_is_given),
        _ => false,
    }
}

/// Whether an operation makes what it names by itself, and drops nothing.
pub(super) fn only_makes(operation: &Operation) -> bool {
    matches!(
        operation,
        Operation::CreateModel { .. }
            | Operation::AddIndex { .. }
            | Operation::AlterModelOptions { .. }
            | Operation::AlterModelManagers { .. }
            | Operation::RunSql { .. }
            | Operation::RunRust { .. }
    )
}
