//! What a serializer is: the traits that the derive fills in, and the hooks that a project may write.

use quintet_db::model::Model;

use super::attributes::Attributes;
use super::changes::Changes;
use super::context::Context;
use super::declaration::Declaration;
use crate::http::{BoxFuture, Result};

/// What `#[derive(Serializer)]` always writes: a serializer as data.
pub trait Declared: Sized + Send + Sync + 'static {
    /// What it makes and shows: a model, or for a serializer without one its data, `Changes<Self>`.
    type Model: Send + Sync + 'static;

    /// What the closures of its data see: a method for each field that is given.
    type Fields: Default;

    /// Everything that was said of it.
    fn declaration() -> Declaration;

    /// The row as the machinery sees it, where it is one of a model.
    fn row(model: &Self::Model) -> Option<&dyn quintet_db::model::Instance>;

    /// The data, where it is no row of a model.
    fn attributes(model: &Self::Model) -> Option<&Attributes>;

    /// What is saved where no hook says otherwise.
    fn store<'a>(
        instance: Option<Self::Model>,
        data: Attributes,
        context: &'a Context<'a>,
    ) -> BoxFuture<'a, Result<Self::Model>>;
}

/// A serializer. The derive writes an empty implementation, unless the attribute says `hooks`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a serializer",
    label = "not a serializer",
    note = "a serializer is a struct with `#[derive(Serializer)]`; `#[serializer(hooks)]` promises `impl Serializer for {Self} {{ .. }}`"
)]
pub trait Serializer: Declared {
    /// Looks at all fields together, when each is right by itself; may change them.
    ///
    /// # Errors
    /// What is wrong: `Error::invalid("..")`, `Error::invalid_field("name", "..")`.
    fn validate(data: &mut Changes<Self>, context: &Context<'_>) -> Result<()> {
        let _ = (data, context);
        Ok(())
    }

    /// The same for what has to ask the database; comes behind [`validate`](Self::validate).
    fn validate_async(data: &mut Changes<Self>, context: &Context<'_>) -> impl Future<Output = Result<()>> + Send {
        let _ = (data, context);
        std::future::ready(Ok(()))
    }

    /// Makes a new row of what was validated.
    fn create(data: Changes<Self>, context: &Context<'_>) -> impl Future<Output = Result<Self::Model>> + Send {
        data.create(context)
    }

    /// Changes a row.
    fn update(
        instance: Self::Model,
        data: Changes<Self>,
        context: &Context<'_>,
    ) -> impl Future<Output = Result<Self::Model>> + Send {
        data.update(instance, context)
    }

    /// Looks at the rows of a list together, when each is right by itself; may change them.
    ///
    /// # Errors
    /// What is wrong: `Error::invalid("..")` of none of them.
    fn validate_list(rows: &mut Vec<Changes<Self>>, context: &Context<'_>) -> impl Future<Output = Result<()>> + Send {
        let _ = (rows, context);
        std::future::ready(Ok(()))
    }

    /// Makes the rows of a list; each by [`create`](Self::create), unless written.
    fn create_list(
        rows: Vec<Changes<Self>>,
        context: &Context<'_>,
    ) -> impl Future<Output = Result<Vec<Self::Model>>> + Send {
        async move {
            let mut made = Vec::with_capacity(rows.len());
            for row in rows {
                made.push(Self::create(row, context).await?);
            }
            Ok(made)
        }
    }

    /// Changes rows by a list. What becomes of rows that the list lacks, and of those that it has in addition, nobody can
    /// guess: it has to be written.
    fn update_list(
        instances: Vec<Self::Model>,
        rows: Vec<Changes<Self>>,
        context: &Context<'_>,
    ) -> impl Future<Output = Result<Vec<Self::Model>>> + Send {
        let _ = (instances, rows, context);
        std::future::ready(Err(super::many::no_update::<Self>()))
    }
}

/// A serializer of a model's rows.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a serializer of a model",
    label = "has no model",
    note = "name it: `#[serializer(model = Note, fields(..))]`"
)]
pub trait ModelSerializer: Serializer<Model: Model> {}

impl<S: Serializer<Model: Model>> ModelSerializer for S {}

/// The model of a serializer.
pub type ModelOf<S> = <S as Declared>::Model;

/// What the closures of a serializer's data see.
pub type FieldsOf<S> = <S as Declared>::Fields;
