//! A serializer as the derive writes it down: which fields, what is said of them, and the functions of the project behind
//! one type each.

use std::any::Any;
use std::sync::Arc;

use quintet_core::json::{Json, Object};
use quintet_core::query::{Query, Registry};
use quintet_core::rest::{Data, Datum, Field};
use quintet_db::Cell;
use quintet_db::model::{Instance, Model};
use quintet_db::query::Layout;

use super::attributes::Attributes;
use super::changes::Changes;
use super::context::Context;
pub use super::declare::Declaration;
use super::field::Behind;
use super::in_words::TextOf;
use super::traits::Serializer;
use crate::http::{BoxFuture, Result};

/// Where the columns of a model's rows stand, from the places of their names.
type LayoutOf = fn(&Registry, &dyn Fn(usize) -> Option<usize>) -> quintet_db::Result<Layout>;

/// A row out of its cells.
type ReadRow = fn(&mut Vec<Cell>, &Layout) -> quintet_db::Result<Box<dyn Instance>>;

/// What is known of a model's type where it is erased.
#[derive(Clone, Copy)]
pub struct ModelFacts {
    pub(crate) app: &'static str,
    pub(crate) name: &'static str,
    /// The rows that its manager gives.
    pub(crate) objects: fn() -> Query,
    pub(crate) layout: LayoutOf,
    pub(crate) read: ReadRow,
}

/// Which fields there are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Which {
    /// These, in this order.
    Named(&'static [&'static str]),
    /// All of the model.
    All,
    /// All but these.
    Without(&'static [&'static str]),
    /// Those that the struct declares.
    Declared,
}

/// More about a field of the model.
#[derive(Clone, Copy)]
pub(crate) struct Extra {
    pub(crate) name: &'static str,
    pub(crate) source: Option<&'static str>,
    pub(crate) words: Words,
}

/// What attributes say of a field.
pub type Words = fn(Field) -> Field;

/// A field that the struct declares.
#[derive(Clone)]
pub(crate) struct DeclaredField {
    pub(crate) name: &'static str,
    pub(crate) field: Field,
    pub(crate) behind: Behind,
    pub(crate) made: Option<Made>,
    pub(crate) text: Option<TextOf>,
}

/// How a function of the project makes a field's value.
#[derive(Clone)]
pub(crate) enum Made {
    /// `method = function`: whatever JSON can say.
    Method(MethodOf),
    /// `async_method = function`: the same, by asking for more.
    Later(AsyncMethodOf),
    /// `source = function`: a value of the field's type.
    Value(ValueOf),
}

/// What a method makes of a row, as JSON text.
pub(crate) type MethodOf = Arc<dyn Fn(&dyn Any, &Context<'_>, &mut Vec<u8>) -> Result<()> + Send + Sync>;

/// The same of an async one.
pub(crate) type AsyncMethodOf =
    Arc<dyn for<'a> Fn(&'a (dyn Any + Send + Sync), &'a Context<'a>) -> BoxFuture<'a, Result<Vec<u8>>> + Send + Sync>;

/// What a function makes of a row, as a value of its field.
pub(crate) type ValueOf = Arc<dyn Fn(&dyn Any, &Context<'_>) -> Result<Datum> + Send + Sync>;

/// `queryset = function`.
pub(crate) type RowsBy = Arc<dyn Fn(&Context<'_>) -> Query + Send + Sync>;

/// `validate(name = function)`.
pub(crate) type Check = Arc<dyn for<'a> Fn(Datum, &'a Context<'a>) -> BoxFuture<'a, Result<Datum>> + Send + Sync>;

/// `to_representation = function`.
pub(crate) type ShownBy = Arc<dyn Fn(&dyn Any, Object, &Context<'_>) -> Result<Json> + Send + Sync>;

/// Data that were not saved, in the type that functions of a serializer without a model are given.
pub(crate) type DataOf = fn(Attributes) -> Box<dyn Any + Send + Sync>;

/// `to_internal_value = function`.
pub(crate) type TakenBy = Arc<dyn for<'a> Fn(Data, &'a Context<'a>) -> BoxFuture<'a, Result<Attributes>> + Send + Sync>;

/// The hooks of a serializer, whatever its type.
#[derive(Clone, Copy)]
pub(crate) struct Hooks {
    pub(crate) validate: for<'a> fn(&'a mut Attributes, &'a Context<'a>) -> BoxFuture<'a, Result<()>>,
    pub(crate) validate_list: for<'a> fn(&'a mut Vec<Attributes>, &'a Context<'a>) -> BoxFuture<'a, Result<()>>,
}

pub(super) fn validate_list<'a, S: Serializer>(
    rows: &'a mut Vec<Attributes>,
    context: &'a Context<'a>,
) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let mut changes: Vec<Changes<S>> = std::mem::take(rows).into_iter().map(Changes::from).collect();
        let answer = S::validate_list(&mut changes, context).await;
        *rows = changes.into_iter().map(Attributes::from).collect();
        answer
    })
}

pub(super) fn validate<'a, S: Serializer>(
    data: &'a mut Attributes,
    context: &'a Context<'a>,
) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let mut changes = Changes::<S>::from(std::mem::take(data));
        let mut answer = S::validate(&mut changes, context);
        if answer.is_ok() {
            answer = S::validate_async(&mut changes, context).await;
        }
        *data = changes.into();
        answer
    })
}

pub(crate) fn facts<M: Model>() -> ModelFacts {
    ModelFacts {
        app: M::APP_LABEL,
        name: M::DEF.name,
        objects: || M::objects().ast().clone(),
        layout: quintet_db::query::layout::<M>,
        read: |cells, layout| Ok(Box::new(quintet_db::query::row_of::<M>(cells, layout)?)),
    }
}

/// What is said of a serializer that a depth makes: all fields of its model.
pub(crate) fn by_depth(depth: u8) -> Declaration {
    fn nothing<'a, T>(_: &'a mut T, _: &'a Context<'a>) -> BoxFuture<'a, Result<()>> {
        Box::pin(std::future::ready(Ok(())))
    }
    Declaration {
        name: "NestedSerializer",
        description: "",
        model: None,
        which: Which::All,
        declared: vec![],
        read_only: &[],
        write_only: &[],
        extra: vec![],
        depth,
        checks: vec![],
        rules: None,
        rows: vec![],
        hooks: Hooks { validate: nothing, validate_list: nothing },
        shown_by: None,
        taken_by: None,
        data_of: None,
    }
}
