//! New rows by their fields: `create!`, `get_or_create`, `update_or_create`.

use quintet_core::query::{Assign, Condition, Expr, ModelId, Name, Path, Query, Registry, Step};

use super::ask::{self, Answer, Asked};
use super::assign::Assignment;
use super::columns;
use super::made::{automatic, inserted, tell};
use super::order::OneOrMore;
use super::running::Running;
use super::set::QuerySet;
use crate::database::{Boxed, Db};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;

/// Writes a new row and gives it as it then is.
pub fn insert<'a, M: Model>(db: impl Into<Db<'a>>, values: Vec<Assignment>) -> Running<'a, M> {
    Running::then(insert_row(db.into(), (M::APP_LABEL.into(), M::DEF.name.into()), values), read::<M>)
}

/// The same of a model that is known by its app and its name.
pub fn insert_named<'a>(db: impl Into<Db<'a>>, (app, name): (&str, &str), values: Vec<Assignment>) -> Running<'a, ()> {
    let model = (app.to_owned().into(), name.to_owned().into());
    Running::then(insert_row(db.into(), model, values), |_| Ok(()))
}

fn read<M: Model>(mut answer: Answer) -> Result<M> {
    let plan = &answer.plan;
    let row = answer.rows.iter_mut().next().map(|row| plan.row(row));
    row.unwrap_or_else(|| Err(Error::other("the database gave no row")))
}

fn insert_row<'a>(db: Db<'a>, (app, name): (Name, Name), values: Vec<Assignment>) -> Boxed<'a, Result<Answer>> {
    Box::pin(async move {
        let values = values.into_iter().map(Assignment::into_ast).collect::<Result<Vec<_>, _>>()?;
        let db = db.routed((&app, &name), true)?;
        let registry = db.registry()?;
        let model = ask::model_named(registry, (&app, &name))?;
        inserted(db, registry, model, values).await
    })
}

impl<M: Model> QuerySet<M> {
    /// Writes a new row: `|n| (n.title().set("x"), n.author().set(&user))`. See also `create!`, which checks while
    /// compiling that nothing is missing.
    pub fn create<'a, A: OneOrMore<Assignment>>(
        self,
        db: impl Into<Db<'a>>,
        values: impl FnOnce(M::Columns) -> A,
    ) -> Running<'a, M> {
        insert(db, values(columns::<M>()).all())
    }

    /// The row with these values, or a new one with them and the defaults; `true` where it is new.
    pub fn get_or_create<'a, A: OneOrMore<Assignment>, B: OneOrMore<Assignment>>(
        self,
        db: impl Into<Db<'a>>,
        lookup: impl FnOnce(M::Columns) -> A,
        defaults: impl FnOnce(M::Columns) -> B,
    ) -> Running<'a, (M, bool)> {
        let (lookup, defaults) = (lookup(columns::<M>()).all(), defaults(columns::<M>()).all());
        let found = found_or_made(db.into(), self.asked(), lookup, defaults, false);
        Running::then(found, |(answer, is_new)| Ok((read(answer)?, is_new)))
    }

    /// The same, where a row that is there gets the defaults.
    pub fn update_or_create<'a, A: OneOrMore<Assignment>, B: OneOrMore<Assignment>>(
        self,
        db: impl Into<Db<'a>>,
        lookup: impl FnOnce(M::Columns) -> A,
        defaults: impl FnOnce(M::Columns) -> B,
    ) -> Running<'a, (M, bool)> {
        let (lookup, defaults) = (lookup(columns::<M>()).all(), defaults(columns::<M>()).all());
        let found = found_or_made(db.into(), self.asked(), lookup, defaults, true);
        Running::then(found, |(answer, is_new)| Ok((read(answer)?, is_new)))
    }
}

fn copy(asked: &Asked) -> Asked {
    Asked { query: asked.query.clone(), wrong: asked.wrong.clone(), prefetch: asked.prefetch.clone() }
}

fn found_or_made<'a>(
    db: Db<'a>,
    mut asked: Asked,
    lookup: Vec<Assignment>,
    defaults: Vec<Assignment>,
    updates: bool,
) -> Boxed<'a, Result<(Answer, bool)>> {
    Box::pin(async move {
        let lookup = lookup.into_iter().map(Assignment::into_ast).collect::<Result<Vec<_>, _>>()?;
        let defaults = defaults.into_iter().map(Assignment::into_ast).collect::<Result<Vec<_>, _>>()?;
        for value in &lookup {
            let path = Path::from_iter([value.field.clone(), Name::Borrowed("exact")]);
            asked.query.steps.push(Step::Filter(Condition::Lookup(path, value.value.clone())));
        }
        let (app, name) = &asked.query.model;
        let db = db.routed((app, name), true)?;
        db.atomic(async |tx| {
            let db = Db::from(tx);
            let registry = db.registry()?;
            let model = ask::model_of(registry, &asked.query)?;
            let mut locked = copy(&asked);
            if updates {
                locked.query.lock = Some(quintet_core::query::Lock::default());
            }
            match ask::one(db, locked).await {
                Ok(found) if !updates => Ok((found, false)),
                Ok(_) => Ok((changed(db, registry, model, &asked, &defaults).await?, false)),
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    // Another may have made it meanwhile: then that one is it.
                    let mut values = defaults.clone();
                    values.retain(|value| !lookup.iter().any(|other| other.field == value.field));
                    values.extend(lookup.iter().cloned());
                    match db.atomic(async |tx| inserted(tx.into(), registry, model, values).await).await {
                        Ok(made) => Ok((made, true)),
                        Err(error) if error.kind() == ErrorKind::Unique => match ask::one(db, copy(&asked)).await {
                            Ok(_) if updates => Ok((changed(db, registry, model, &asked, &defaults).await?, false)),
                            Ok(found) => Ok((found, false)),
                            Err(_) => Err(error),
                        },
                        Err(error) => Err(error),
                    }
                }
                Err(error) => Err(error),
            }
        })
        .await
    })
}

/// Gives the row that is there new values, by its key.
async fn changed(
    db: Db<'_>,
    registry: &Registry,
    model: ModelId,
    asked: &Asked,
    defaults: &[Assign],
) -> Result<Answer> {
    let found = ask::one(db, copy(asked)).await?;
    let info = registry.model(model);
    let key =
        info.key.first().and_then(|place| found.columns.place(*place)).and_then(|at| found.rows.cell(0, at).cloned());
    let mut query = Query::of(info.state.app.clone(), info.state.name.clone());
    query.steps.push(Step::Filter(ask::has_key(key.unwrap_or_default().into())));
    let mut values = defaults.to_vec();
    for column in &info.columns {
        if let Some(now) = automatic(db, &column.field.kind, false) {
            // What was given for it does not count, as in a row that is saved.
            values.retain(|given| *given.field != *column.name);
            values.push(Assign { field: column.name.clone().into(), value: Expr::Value(now) });
        }
    }
    let receivers = db.models()?.receivers();
    let name = (info.state.app.as_str(), info.state.name.as_str());
    receivers.pre_save(db, name, &mut values).await?;
    if !values.is_empty() {
        db.run(&quintet_core::query::Statement::Update(&query, &values)).await?;
    }
    let answer = ask::one(db, Asked { query, wrong: None, prefetch: vec![] }).await?;
    if receivers.hear_saves(name) {
        tell(db, registry, model, &answer, false).await?;
    }
    Ok(answer)
}
