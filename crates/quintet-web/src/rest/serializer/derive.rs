//! What the derive writes calls of. Not for hands: whatever is here may change with it.

use std::fmt;

use quintet_core::rest::{DefaultValue, Field};
use quintet_core::schema::{Choice, Function, Value};
use quintet_db::Db;
use quintet_db::model::{Instance, Model};
use quintet_db::query::Assignment;

pub use quintet_core::rest::{Datum, Field as FieldData, Style};
pub use quintet_db::query::columns;

use super::attributes::Attributes;
pub use super::callback::{AsyncMethod, CheckOf, Method, RowsOf, Takes};
use super::changes::Changes;
use super::context::Context;
pub use super::declaration::Declaration;
pub use super::field::{Behind, chosen, chosen_from};
pub use super::represent::represent_choice;
pub use super::rule::Rule;
pub use super::save::{nothing, store};
use super::traits::{Declared, ModelOf};
pub use super::validators::{IntoValidator, validator, ways};
pub use super::words::Words;
pub use crate::http::{BoxFuture, Error, Result};
pub use quintet_core::rest::Context as Facts;

/// What the closures of a model serializer's data see where the serializer declares nothing: the model's columns.
pub struct Columns<M: Model>(M::Columns);

impl<M: Model> Default for Columns<M> {
    fn default() -> Self {
        Self(columns::<M>())
    }
}

impl<M: Model> std::ops::Deref for Columns<M> {
    type Target = M::Columns;

    fn deref(&self) -> &M::Columns {
        &self.0
    }
}

impl<M: Model> fmt::Debug for Columns<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(M::DEF.name)
    }
}

/// A row of a model as the machinery sees it.
pub fn row<M: Model>(row: &M) -> Option<&dyn Instance> {
    Some(row)
}

/// The words for a row: `source = "__str__"`.
pub fn in_its_words<M: fmt::Display>(row: &M) -> String {
    row.to_string()
}

/// Calls the function that `create = ..` names.
pub async fn create<S, R>(
    data: Changes<S>,
    context: &Context<'_>,
    function: impl FnOnce(Db<'_>, Vec<Assignment>) -> R,
) -> Result<ModelOf<S>>
where
    S: Declared,
    R: Future<Output = Result<ModelOf<S>>>,
{
    function(context.db(), data.into_assignments()?).await
}

/// The field of another serializer.
pub fn nested(name: &str) -> Field {
    super::shape::nested_field(name)
}

/// The data of a serializer as a value of another's field.
///
/// # Errors
/// It is no data of a serializer.
pub fn changes<S>(datum: Datum) -> Result<Changes<S>> {
    match datum {
        Datum::Map(members) => Ok(Attributes::from(members).into()),
        _ => Err(Error::internal(format!("a value is no data of `{}`", std::any::type_name::<S>()))),
    }
}

/// The same as a validated value.
pub fn datum<S>(changes: Changes<S>) -> Datum {
    Attributes::from(changes).into()
}

/// What a serializer's field has where nothing is given.
pub trait DefaultOf<Way> {
    /// As data.
    fn default_of(self) -> DefaultValue;
}

/// A value.
#[derive(Debug)]
pub enum AsValue {}

/// A function.
#[derive(Debug)]
pub enum AsFunction {}

impl<T: Into<Value>> DefaultOf<AsValue> for T {
    fn default_of(self) -> DefaultValue {
        DefaultValue::Value(Datum::Value(self.into()))
    }
}

impl<F: Fn() -> T + Send + Sync + 'static, T: Into<Value>> DefaultOf<(AsFunction, T)> for F {
    fn default_of(self) -> DefaultValue {
        DefaultValue::Function(Function::of(self))
    }
}

/// The key of the user who asks: `default = CurrentUserDefault`.
#[derive(Clone, Copy, Debug)]
pub struct CurrentUserDefault;

impl DefaultOf<CurrentUserDefault> for CurrentUserDefault {
    fn default_of(self) -> DefaultValue {
        DefaultValue::CurrentUser
    }
}

/// A default for new rows only: `default = CreateOnlyDefault(CurrentUserDefault)`.
#[derive(Clone, Copy, Debug)]
pub struct CreateOnlyDefault<T>(pub T);

impl<T: DefaultOf<Way>, Way> DefaultOf<CreateOnlyDefault<Way>> for CreateOnlyDefault<T> {
    fn default_of(self) -> DefaultValue {
        DefaultValue::CreateOnly(Box::new(self.0.default_of()))
    }
}

impl DefaultOf<DefaultValue> for DefaultValue {
    fn default_of(self) -> DefaultValue {
        self
    }
}

/// As data.
pub fn default_of<Way>(value: impl DefaultOf<Way>) -> DefaultValue {
    value.default_of()
}

/// A choice as attributes write it: `("a", "A")`.
pub fn choice(value: impl Into<Value>, label: &str) -> Choice {
    Choice::One(value.into(), label.to_owned())
}

/// A choice that people read as it is.
pub fn choice_of(value: impl Into<Value> + fmt::Display) -> Choice {
    let label = value.to_string();
    Choice::One(value.into(), label)
}
