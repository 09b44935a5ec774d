//! A migration as a script that a person reads before it is run.

use super::editor::{Now, for_script};
use super::{Action, Catalogue, Dialect, SqlError, Step};
use crate::operation::{Migration, Operation};
use crate::schema::ProjectState;

/// The script of a migration, or of its undoing. `before` and `now` are as in [`forwards`](super::forwards).
pub fn script<'a>(
    dialect: Dialect,
    migration: &Migration,
    before: &ProjectState,
    backwards: bool,
    now: impl Into<Now<'a>>,
) -> Result<String, SqlError> {
    script_of(&migration.operations, dialect, migration, before, backwards, now)
}

/// The same under the words of other operations, in whose place the migration's are done: on a database that has only
/// some of a project's models.
pub fn script_of<'a>(
    shown: &[Operation],
    dialect: Dialect,
    migration: &Migration,
    before: &ProjectState,
    backwards: bool,
    now: impl Into<Now<'a>>,
) -> Result<String, SqlError> {
    let steps = for_script(dialect, migration, before, backwards, now, None)?;
    Ok(text(shown, migration.atomic, backwards, &steps))
}

/// The same on a database that is known.
pub fn script_in<'a>(
    dialect: Dialect,
    migration: &Migration,
    before: &ProjectState,
    backwards: bool,
    now: impl Into<Now<'a>>,
    catalogue: &Catalogue,
) -> Result<String, SqlError> {
    let steps = for_script(dialect, migration, before, backwards, now, Some(catalogue))?;
    Ok(text(&migration.operations, migration.atomic, backwards, &steps))
}

fn text(operations: &[Operation], is_atomic: bool, backwards: bool, steps: &[Step]) -> String {
    let mut lines = vec![];
    let mut order: Vec<(usize, &Operation)> = operations.iter().enumerate().collect();
    if backwards {
        order.reverse();
    }
    for (at, operation) in order {
        lines.extend(["--".to_owned(), format!("-- {}", operation.describe()), "--".to_owned()]);
        if matches!(operation, Operation::RunRust { .. }) {
            lines.push("-- THIS OPERATION CANNOT BE WRITTEN AS SQL".to_owned());
            continue;
        }
        let before = lines.len();
        lines.extend(statements(steps, Some(at)));
        if lines.len() == before {
            lines.push("-- (no-op)".to_owned());
        }
    }
    lines.extend(statements(steps, None));
    if is_atomic && !lines.is_empty() {
        lines.insert(0, "BEGIN;".to_owned());
        lines.push("COMMIT;".to_owned());
    }
    lines.into_iter().map(|line| line + "\n").collect()
}

/// The statements of an operation, or those that were put off. Code inside of an operation is no statement.
fn statements(steps: &[Step], operation: Option<usize>) -> impl Iterator<Item = String> {
    steps.iter().filter(move |step| step.operation == operation).filter_map(|step| match &step.action {
        Action::Sql(sql) => Some(if sql.trim_end().ends_with(';') { sql.clone() } else { format!("{sql};") }),
        Action::Code(_) => None,
    })
}
