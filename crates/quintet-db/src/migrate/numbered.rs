//! Operations as their author counts them.
//!
//! Whoever runs a migration may put operations of the framework's own behind those of the file. They are told as a part
//! of the one that they follow.

use quintet_core::operation::{Migration, Operation};

/// The path of the code that renames a content type, put behind the operation that renames a model.
pub const RENAME_CONTENT_TYPE: &str = "quintet::rename_content_type";

/// How many there are.
pub(super) fn count(migration: &Migration) -> usize {
    migration.operations.iter().filter(|operation| !is_added(operation)).count()
}

/// The number of an operation, from one, and what it does.
pub(super) fn told(migration: &Migration, at: usize) -> Option<(usize, String)> {
    let until = migration.operations.get(..=at)?;
    let own = || until.iter().filter(|operation| !is_added(operation));
    Some((own().count(), own().next_back()?.describe()))
}

fn is_added(operation: &Operation) -> bool {
    matches!(operation, Operation::RunRust { code, .. } if code.path == RENAME_CONTENT_TYPE)
}

#[cfg(test)]
mod tests {
    use quintet_core::operation::words::{rename_model, run_code, run_sql};
    use quintet_core::schema::Code;

    use super::*;

    #[test]
    fn what_is_put_behind_an_operation_is_told_as_that_operation() {
        let added = run_code(Code::new(RENAME_CONTENT_TYPE, ()));
        let operations = vec![rename_model("Note", "Memo"), added, run_sql(&["SELECT 1"]), run_sql(&["SELECT 2"])];
        let migration = Migration::new("0002_memo").operations(operations);
        let told: Vec<_> = (0..5).map(|at| told(&migration, at).map(|(number, _)| number)).collect();
        assert_eq!((count(&migration), told), (3, vec![Some(1), Some(1), Some(2), Some(3), None]));
        assert_eq!(
            super::told(&migration, 1).map(|(_, described)| described),
            Some(rename_model("Note", "Memo").describe())
        );
    }
}
