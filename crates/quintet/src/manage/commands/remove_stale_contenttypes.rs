//! `remove_stale_contenttypes`: deletes the content types that no model has any more, with what refers to them.

use std::collections::HashSet;

use clap::{Arg, ArgAction, ArgMatches};
use quintet_core::migrate::permissions::{ContentType, stale};
use quintet_core::schema::{ModelState, OnDelete, ProjectState, Value};
use quintet_db::history::{Apps, HistoricalRow};
use quintet_db::{Connection as _, Database, Db};

use crate::manage::migrations::models;
use crate::manage::{Checks, Command, CommandError, Context, database};

pub(super) const COMMAND: Command = Command {
    name: "remove_stale_contenttypes",
    about: "Delete the content types that no model has any more",
    args,
    checks: Checks::First,
    run,
};

const MODEL: &str = "contenttypes.ContentType";

fn args(command: clap::Command) -> clap::Command {
    let flag = |name: &'static str, help: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    command
        .arg(flag("noinput", "Do not ask").alias("no-input"))
        .arg(database::arg())
        .arg(flag("include-stale-apps", "Those of apps that are no longer installed as well"))
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let state = models(context);
    if state.model("contenttypes", "ContentType").is_none() {
        return Ok(());
    }
    let labels: Vec<&str> = context.settings.installed_apps.iter().map(|app| app.label).collect();
    let removal = Removal {
        context,
        db: database::connect(context),
        apps: Apps::new(state, database::dialect(&context.settings.database)),
        labels,
    };
    let is_asked = !args.get_flag("noinput");
    context.block_on(removal.all(args.get_flag("include-stale-apps"), is_asked))?
}

struct Removal<'a> {
    context: &'a Context<'a>,
    db: Database,
    apps: Apps,
    labels: Vec<&'a str>,
}

/// How many rows of a model go.
type Count = (String, usize);

impl Removal<'_> {
    /// App by app, each with its own question.
    async fn all(&self, of_removed_apps: bool, is_asked: bool) -> Result<(), CommandError> {
        let failed = |error: quintet_db::Error| database::failed("cannot read content types", &error);
        let rows = self.apps.model(MODEL).map_err(failed)?.all(&self.db).await.map_err(failed)?;
        let mut known: Vec<(ContentType, HistoricalRow)> = vec![];
        for row in rows {
            let key = (row.text("app_label").map_err(failed)?, row.text("model").map_err(failed)?);
            known.push(((key.0.to_owned(), key.1.to_owned()), row));
        }
        let keys: HashSet<ContentType> = known.iter().map(|(key, _)| key.clone()).collect();
        let stale = stale(self.apps.state(), &self.labels, &keys, of_removed_apps);
        for of_app in stale.chunk_by(|one, other| one.0 == other.0) {
            let rows: Vec<&(ContentType, HistoricalRow)> =
                of_app.iter().filter_map(|key| known.iter().find(|(own, _)| own == key)).collect();
            self.of_app(&rows, is_asked).await?;
        }
        Ok(())
    }

    async fn of_app(&self, rows: &[&(ContentType, HistoricalRow)], is_asked: bool) -> Result<(), CommandError> {
        let terminal = self.context.terminal;
        if is_asked && !self.is_wanted(rows).await? {
            if terminal.verbosity() >= 2 {
                terminal.print("Stale content types remain.");
            }
            return Ok(());
        }
        if terminal.verbosity() >= 2 {
            for ((app, model), _) in rows {
                terminal.print(format!("Deleting stale content type '{app} | {model}'"));
            }
        }
        self.delete(rows).await.map_err(|error| {
            let failed = database::failed("cannot delete the stale content types", &error);
            if error.hint().is_some() { failed } else { failed.with_hint("nothing was deleted; run the command again") }
        })
    }

    /// All of an app's, or none.
    async fn delete(&self, rows: &[&(ContentType, HistoricalRow)]) -> quintet_db::Result<()> {
        let model = self.apps.model(MODEL)?;
        let transaction = self.db.transaction().await?;
        for (_, row) in rows {
            model.delete(&transaction, row).await?;
        }
        transaction.commit().await
    }

    async fn is_wanted(&self, rows: &[&(ContentType, HistoricalRow)]) -> Result<bool, CommandError> {
        let failed = |error: quintet_db::Error| database::failed("cannot count what refers to content types", &error);
        let mut lines = vec![];
        for ((app, model), row) in rows {
            lines.push(format!("    - Content type for {app}.{model}"));
            let counts = self.referring(row).await.map_err(failed)?;
            lines.extend(counts.iter().map(|(label, count)| format!("    - {count} {label} object(s)")));
        }
        let question = format!(
            "Some content types in your database are stale and can be deleted.\n\
             Any objects that depend on these content types will also be deleted.\n\
             The content types and dependent objects that would be deleted are:\n\n\
             {}\n\n\
             This list doesn't include any cascade deletions to data outside of quintet's\n\
             models (uncommon).\n\n\
             Are you sure you want to delete these content types?\n\
             If you're unsure, answer 'no'.\n\
             Type 'yes' to continue, or 'no' to cancel: ",
            lines.join("\n")
        );
        match self.context.terminal.ask(&question) {
            Some(answer) => Ok(answer == "yes"),
            None => {
                Err(CommandError::new("nobody answered, so nothing was deleted").with_hint("`--noinput` does not ask"))
            }
        }
    }

    /// How many rows would go with a content type, model by model, in the order in which they are found.
    async fn referring(&self, row: &HistoricalRow) -> quintet_db::Result<Vec<Count>> {
        let state = self.apps.state();
        let models = self.models(state);
        let mut counts: Vec<Count> = vec![];
        let mut seen: HashSet<(String, String)> = HashSet::new();
        // A row is looked at before the next that refers to the same, as the reference collects them.
        let mut waiting: Vec<(ModelState, HistoricalRow)> =
            state.model("contenttypes", "ContentType").map(|model| (model.clone(), row.clone())).into_iter().collect();
        while let Some((model, row)) = waiting.pop() {
            let mut found = vec![];
            for other in &models {
                for (key, value) in keys(state, &model, other, &row)? {
                    for one in self.apps.model(&other.label())?.filter(Db::from(&self.db), &[(&key, value)]).await? {
                        if seen.insert((other.label(), format!("{:?}", one.pk()))) {
                            count(&mut counts, other.label());
                            found.push((other.clone(), one));
                        }
                    }
                }
            }
            waiting.extend(found.into_iter().rev());
        }
        Ok(counts)
    }

    /// All models with a table, those between two others after their own, in the order of the apps.
    fn models(&self, state: &ProjectState) -> Vec<ModelState> {
        let of_app = |app: &&str| -> Vec<ModelState> {
            let own: Vec<&ModelState> = state.of_app(app).filter(|model| !model.options.proxy).collect();
            let joins = own
                .iter()
                .flat_map(|model| model.fields.iter().filter_map(|(name, field)| state.join_model(model, name, field)));
            own.iter().map(|model| (*model).clone()).chain(joins).collect()
        };
        self.labels.iter().flat_map(of_app).collect()
    }
}

/// The keys of a model that go with the row to which they refer, and their values then.
fn keys(
    state: &ProjectState,
    model: &ModelState,
    other: &ModelState,
    row: &HistoricalRow,
) -> quintet_db::Result<Vec<(String, Value)>> {
    let mut keys = vec![];
    for (name, field) in &other.fields {
        let Some(relation) = field.relation().filter(|relation| relation.on_delete == OnDelete::Cascade) else {
            continue;
        };
        let Some((owner, referred, _)) = state.referred(relation) else { continue };
        if state.concrete(owner).key() == model.key() {
            keys.push((name.clone(), row.get(referred)?.clone()));
        }
    }
    Ok(keys)
}

fn count(counts: &mut Vec<Count>, label: String) {
    match counts.iter_mut().find(|(own, _)| *own == label) {
        Some((_, count)) => *count += 1,
        None => counts.push((label, 1)),
    }
}
