//! `migrate --prune`: deletes the records of an app's migrations that are gone.

use quintet_core::migrate::graph::Graph;
use quintet_db::Database;
use quintet_db::migrate as db_migrate;

use crate::manage::{CommandError, Context, Style, database};

pub(super) async fn prune(
    context: &Context<'_>,
    database: &Database,
    graph: &Graph,
    label: Option<&str>,
) -> Result<(), CommandError> {
    let Some(label) = label else {
        return Err(CommandError::new("migrations can be pruned only when an app is specified")
            .with_hint("`cargo manage migrate APP --prune`"));
    };
    let terminal = context.terminal;
    let says = terminal.verbosity() > 0;
    if says {
        terminal.print(terminal.styled(Style::Heading, "Pruning migrations:"));
    }
    match graph.prunable(label) {
        Err(squashed) => {
            terminal.print(
                "  Cannot use --prune because the following squashed migrations name what they replace and may not be \
                 recorded as applied:",
            );
            squashed.iter().for_each(|(app, name)| terminal.print(format!("    {app}.{name}")));
            terminal.print(
                "  Run `migrate` if they are not marked as applied, and take `.replaces(..)` out of their files.",
            );
        }
        Ok(prunable) => {
            for (app, name) in &prunable {
                db_migrate::unrecord(database, app, name)
                    .await
                    .map_err(|error| database::failed("cannot prune", &error))?;
                if says {
                    terminal.print(format!("  Pruning {app}.{name} OK"));
                }
            }
            if prunable.is_empty() && says {
                terminal.print("  No migrations to prune.");
            }
        }
    }
    Ok(())
}
