//! What a plan would do, in words, and whether it can be done.

use quintet_core::migrate::graph::{Graph, Step};
use quintet_core::operation::Operation;

use crate::manage::{CommandError, Style, Terminal};

/// What cannot be undone is told before anything runs.
pub(super) fn refuse_one_way(graph: &Graph, plan: &[Step], fake: bool) -> Result<(), CommandError> {
    for (key, _) in plan.iter().filter(|(_, backwards)| *backwards && !fake) {
        let Some(migration) = graph.migration(key) else { continue };
        let Some(operation) = migration.operations.iter().find(|operation| !has_way_back(operation)) else { continue };
        let place = migration.file.as_ref().map(|file| format!(" ({file})")).unwrap_or_default();
        return Err(CommandError::new(format!(
            "the migration `{}`{place} cannot be unapplied: `{}` has no way back",
            migration.label(),
            operation.describe()
        ))
        .with_hint("give it one: `.reverse(..)`, or `.reverse_sql(..)`; nothing was changed"));
    }
    Ok(())
}

fn has_way_back(operation: &Operation) -> bool {
    match operation {
        Operation::RunSql { reverse, .. } => reverse.is_some(),
        Operation::RunRust { reverse, .. } => reverse.is_some(),
        Operation::SeparateDatabaseAndState { database, .. } => database.iter().all(has_way_back),
        _ => true,
    }
}

pub(super) fn show(terminal: &Terminal, graph: &Graph, plan: &[Step]) {
    terminal.print("Planned operations:");
    if plan.is_empty() {
        terminal.print("  No planned migration operations.");
    }
    for (key, backwards) in plan {
        let Some(migration) = graph.migration(key) else { continue };
        terminal.print(terminal.styled(Style::Heading, &migration.label()));
        for operation in &migration.operations {
            terminal.print(format!("    {}", planned(operation, *backwards)));
        }
    }
}

/// An operation in a plan; those of a project's own are told with what they run.
fn planned(operation: &Operation, backwards: bool) -> String {
    let own = match (operation, backwards) {
        (Operation::RunRust { code, .. }, false) => Some(code.path.clone()),
        (Operation::RunRust { reverse, .. }, true) => Some(one_way(reverse.as_ref().map(|code| code.path.clone()))),
        (Operation::RunSql { sql, .. }, false) => Some(sql.join(" ")),
        (Operation::RunSql { reverse, .. }, true) => Some(one_way(reverse.as_ref().map(|sql| sql.join(" ")))),
        _ => None,
    };
    match own {
        Some(own) => format!("{}{}", operation.describe(), shortened(&format!(" -> {}", own.replace('\n', "")))),
        None if backwards => format!("Undo {}", operation.describe()),
        None => operation.describe(),
    }
}

fn one_way(way_back: Option<String>) -> String {
    way_back.unwrap_or_else(|| "IRREVERSIBLE".to_owned())
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= 40 {
        text.to_owned()
    } else {
        format!("{}…", text.chars().take(39).collect::<String>())
    }
}
