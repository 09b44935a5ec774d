//! The receivers of `post_migrate`, told when the rows that exist because models do are written.

use quintet_core::migrate::graph::Step;
use quintet_core::schema::ProjectState;
use quintet_db::Db;
use quintet_db::query::Migrated;

use super::allowed::refused;
use crate::manage::{CommandError, Context, database};

/// Tells them in the order of the apps and of their lists, each in a transaction of its own. `state` has the models that
/// the migrations lead to, and `steps` what was run.
pub(in crate::manage) async fn tell(
    context: &Context<'_>,
    steps: &[Step],
    state: &ProjectState,
) -> Result<(), CommandError> {
    let mut told = vec![];
    for app in &context.settings.installed_apps {
        told.extend(app.signals.iter().filter(|receiver| receiver.hears_migrated()).map(|receiver| (app, receiver)));
    }
    // Most projects have none, and need no database with models for it.
    if told.is_empty() {
        return Ok(());
    }
    let mut here = state.clone();
    for key in refused(context, state) {
        here.models.remove(&key);
    }
    let db = database::open(context)?;
    for (app, receiver) in told {
        let migrated = Migrated::new(&context.alias, steps, &here);
        // Several processes may migrate at once.
        db.atomic_retry(async |tx| receiver.tell_migrated(Db::from(tx), migrated).await).await.map_err(|error| {
            database::failed(&format!("the migrations are applied, but a receiver of `{}` failed", app.label), &error)
        })?;
    }
    Ok(())
}
