//! What is saved where no hook says otherwise: the row, then its many-to-many fields, as the reference does.

use std::any::Any;
use std::sync::Arc;

use quintet_core::query::{Column, ModelInfo, Registry, Way};
use quintet_core::rest::{Datum, UploadedFile};
use quintet_core::schema::{Kind, UploadTo, Value};
use quintet_db::Db;
use quintet_db::model::{Instance, Model};
use quintet_db::query::{Assignment, field_value, insert, save_with, set_fields, set_many};

use super::attributes::Attributes;
use super::context::Context;
use super::traits::{Declared, ModelOf};
use super::unwritten::{unwritten, with_empty_texts};
use crate::http::{BoxFuture, Error, Result};
use crate::rest::storage::{generate_filename, given_filename};

/// Makes a row of validated data, or changes one by it.
pub fn store<'a, S: Declared<Model: Model>>(
    instance: Option<ModelOf<S>>,
    data: Attributes,
    context: &'a Context<'a>,
) -> BoxFuture<'a, Result<ModelOf<S>>> {
    let registry = context.registry();
    let verb = if instance.is_some() { "update" } else { "create" };
    let parts = match Parts::of::<ModelOf<S>>(registry, data, name_of::<S>(), verb) {
        Ok(parts) => parts,
        Err(error) => return Box::pin(std::future::ready(Err(error))),
    };
    // Each way has a box of its own size.
    if !parts.files.is_empty() || !parts.many.is_empty() {
        return Box::pin(with_more(instance, parts, context));
    }
    let db = context.db();
    match instance {
        Some(row) => Box::pin(async move { changed(db, row, parts.columns).await.map_err(Error::internal) }),
        None => Box::pin(async move { made(db, registry, parts.columns).await.map_err(Error::internal) }),
    }
}

/// The same with files, which are stored before, and relations of many, which are written behind the row.
async fn with_more<M: Model>(mut instance: Option<M>, parts: Parts, context: &Context<'_>) -> Result<M> {
    let registry = context.registry();
    // A site that keeps no files needs no place for them.
    let parts = if parts.files.is_empty() { parts } else { parts.with_files(&mut instance, context).await? };
    let Parts { columns, many, .. } = parts;
    let written = async |db: Db<'_>| match instance {
        Some(row) => changed(db, row, columns).await,
        None => made(db, registry, columns).await,
    };
    if many.is_empty() {
        return written(context.db()).await.map_err(Error::internal);
    }
    let stored = context.db().atomic(async |tx| {
        let row = written(tx.into()).await?;
        for (relation, keys) in many {
            belong(tx.into(), registry, &row, &relation, keys).await?;
        }
        Ok(row)
    });
    stored.await.map_err(Error::internal)
}

/// A serializer without a model cannot know what to save.
pub fn nothing<'a, S: Declared>(verb: &'static str) -> BoxFuture<'a, Result<ModelOf<S>>> {
    let name = name_of::<S>();
    let message = format!(
        "`{name}` has no model, so that it does not know how to {verb}\nhint: `#[serializer(hooks)]`, and write `{verb}` in `impl Serializer for {name}`"
    );
    Box::pin(std::future::ready(Err(Error::internal(message))))
}

fn name_of<S>() -> &'static str {
    let name = std::any::type_name::<S>();
    name.rsplit("::").next().unwrap_or(name)
}

/// Validated data as what is done with it.
struct Parts {
    columns: Vec<(String, Value)>,
    many: Vec<(String, Vec<Value>)>,
    files: Vec<(Column, Arc<dyn UploadedFile>)>,
}

impl Parts {
    /// Files go into the storage; their columns hold the names that they have there.
    async fn with_files<M: Model>(mut self, instance: &mut Option<M>, context: &Context<'_>) -> Result<Self> {
        let request = context.request();
        let (storage, now) = (request.storage()?, request.site().options().clock.now());
        let now = now.duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let now = i64::try_from(now).unwrap_or(i64::MAX);
        for (column, file) in std::mem::take(&mut self.files) {
            let (Kind::File { upload_to, max_length } | Kind::Image { upload_to, max_length, .. }) = &column.kind
            else {
                return Err(Error::internal(format!("`{}` is given a file and keeps none", column.name)));
            };
            let in_folder = |folder: &str| generate_filename(folder, file.name(), now, context.registry().zone());
            let name = match upload_to {
                UploadTo::Path(path) => in_folder(path)?,
                UploadTo::Function(function) if function.is_of_row() => {
                    let row = self.row(instance, context.registry())?;
                    let name = function.call_of_row(row.as_any(), file.name()).ok_or_else(|| {
                        Error::internal(format!("`{}` names the files of another model's rows", function.path))
                    })?;
                    given_filename(&name)?
                }
                UploadTo::Function(function) => match function.call() {
                    Value::Text(path) => in_folder(&path)?,
                    _ => return Err(Error::internal(format!("the folder of `{}` is no text", column.name))),
                },
            };
            let most = max_length.and_then(|most| usize::try_from(most).ok());
            let name = storage.save(&name, &file, most).await?;
            self.columns.push((column.name, Value::Text(name)));
        }
        Ok(self)
    }

    /// The row as it is about to be: the one that is changed, or one that nobody has written yet.
    fn row<'i, M: Model>(&self, instance: &'i mut Option<M>, registry: &Registry) -> Result<Cow<'i, M>> {
        if let Some(row) = instance {
            set_fields(registry, row, self.columns.clone()).map_err(Error::internal)?;
            return Ok(Cow::Borrowed(row));
        }
        unwritten(registry, &self.columns).map(Cow::Owned)
    }

    fn of<M: Model>(registry: &Registry, data: Attributes, serializer: &str, verb: &str) -> Result<Self> {
        let model = registry.find(M::APP_LABEL, M::DEF.name);
        let model = model.ok_or_else(|| Error::internal(format!("`{}` is no model of this site", M::DEF.name)))?;
        let info = registry.model(model);
        let mut parts = Self { columns: Vec::with_capacity(info.columns.len()), many: vec![], files: vec![] };
        for (name, datum) in data {
            let link = info.links.values().find(|link| link.accessor.as_deref() == Some(&name));
            match datum {
                Datum::Value(value) if info.place(&name).is_some() => parts.columns.push((name, value)),
                Datum::List(members) if link.is_some_and(|link| link.is_many) => {
                    let keys = members.into_iter().map(|member| match member {
                        Datum::Value(value) => Ok(value),
                        _ => Err(nested(info, serializer, verb, &name)),
                    });
                    let keys = keys.collect::<Result<Vec<Value>>>()?;
                    parts.many.push((name, keys));
                }
                Datum::List(_) | Datum::Map(_) if link.is_some() => return Err(nested(info, serializer, verb, &name)),
                Datum::File(file) if info.column(&name).is_some() => {
                    parts.files.extend(info.column(&name).cloned().map(|column| (column, file)));
                }
                _ => {
                    return Err(Error::internal(format!(
                        "`{serializer}` took a value for `{name}`, which is no field of `{}`\nhint: take it out in the hook `{verb}`: `data.take(|it| it.{name}())`",
                        info.label()
                    )));
                }
            }
        }
        Ok(parts)
    }
}

fn nested(info: &ModelInfo, serializer: &str, verb: &str, name: &str) -> Error {
    Error::internal(format!(
        "`{verb}` of `{serializer}` does not write the rows of the nested serializer `{name}` of `{}` by itself\nhint: `#[serializer(hooks)]` and a `{verb}` of your own, or `read_only` on the field",
        info.label()
    ))
}

async fn changed<M: Model>(db: Db<'_>, mut row: M, columns: Vec<(String, Value)>) -> quintet_db::Result<M> {
    save_with(db, &mut row, columns).await?;
    Ok(row)
}

async fn made<M: Model>(db: Db<'_>, registry: &Registry, columns: Vec<(String, Value)>) -> quintet_db::Result<M> {
    // PostgreSQL brings JSON into an order of its own; the answer shows it as it was given.
    let given: Vec<(String, Value)> =
        columns.iter().filter(|(_, value)| matches!(value, Value::Json(_))).cloned().collect();
    let columns = with_empty_texts::<M>(registry, columns);
    let values = columns.into_iter().map(|(name, value)| Assignment::named(name, value)).collect();
    let mut row = insert::<M>(db, values).await?;
    if !given.is_empty() {
        set_fields(registry, &mut row, given)?;
    }
    Ok(row)
}

/// A row that is there, or one made for the moment.
enum Cow<'i, M> {
    Borrowed(&'i M),
    Owned(M),
}

impl<M: Model> Cow<'_, M> {
    fn as_any(&self) -> &dyn Any {
        match self {
            Self::Borrowed(row) => row.as_any(),
            Self::Owned(row) => row.as_any(),
        }
    }
}

/// Gives a row the rows of a relation of many.
async fn belong(
    db: Db<'_>,
    registry: &Registry,
    row: &dyn Instance,
    relation: &str,
    keys: Vec<Value>,
) -> quintet_db::Result<()> {
    let (app, name) = row.model();
    let info = registry.find(app, name).map(|model| registry.model(model));
    let link = info.and_then(|info| info.links.values().find(|link| link.accessor.as_deref() == Some(relation)));
    let here = match (info, link.map(|link| &link.way)) {
        (Some(info), Some(Way::Key { here, .. } | Way::Back { here, .. } | Way::Between { here, .. })) => {
            info.columns[*here].name.as_str()
        }
        _ => "pk",
    };
    let owner = field_value(registry, row, here).unwrap_or(Value::Null);
    set_many(db, (app, name), relation, owner, keys)?.await
}
