//! Validated data in the types of a serializer's fields.

use std::fmt;
use std::marker::PhantomData;

use quintet_core::query::Expr;
use quintet_core::rest::Datum;
use quintet_db::model::{FieldType, KeyValue, Model};
use quintet_db::query::{Assignment, Column, FieldPath, Many, OneOrMore, Relation};

use super::attributes::Attributes;
use super::context::Context;
use super::field::SerializerField;
use super::traits::{Declared, FieldsOf, ModelOf};
use crate::http::{BoxFuture, Error, Result};

/// Values for some of a serializer's fields: absent is not null.
pub struct Changes<S> {
    attributes: Attributes,
    of: PhantomData<fn() -> S>,
}

impl<S> From<Attributes> for Changes<S> {
    fn from(attributes: Attributes) -> Self {
        Self { attributes, of: PhantomData }
    }
}

impl<S> From<Changes<S>> for Attributes {
    fn from(changes: Changes<S>) -> Self {
        changes.attributes
    }
}

impl<S> Clone for Changes<S> {
    fn clone(&self) -> Self {
        self.attributes.clone().into()
    }
}

impl<S> fmt::Debug for Changes<S> {
    /// Names alone: among the values may be a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.attributes.iter().map(|(name, _)| name)).finish()
    }
}

impl<S: Declared> Changes<S> {
    /// A value: `data.get(|p| p.name())`. `None` where it is absent; of a field that may be null, `Some(None)` for null.
    pub fn get<I: Input>(&self, field: impl FnOnce(FieldsOf<S>) -> I) -> Option<I::Value> {
        let (name, _) = field(FieldsOf::<S>::default()).named();
        self.attributes.get(&name).cloned().and_then(|datum| told(&name, I::read(datum)))
    }

    /// The same, taken out: `let lines = data.take(|o| o.lines())`.
    pub fn take<I: Input>(&mut self, field: impl FnOnce(FieldsOf<S>) -> I) -> Option<I::Value> {
        let (name, _) = field(FieldsOf::<S>::default()).named();
        self.attributes.take(&name).and_then(|datum| told(&name, I::read(datum)))
    }

    /// Another value for a field, or for several: `data.set(|p| p.author().set(&user))`.
    ///
    /// # Panics
    /// Where the value is not one, but something that the database computes: the answer would not know it.
    #[track_caller]
    pub fn set<A: OneOrMore<Assignment>>(&mut self, values: impl FnOnce(FieldsOf<S>) -> A) {
        self.assign(values(FieldsOf::<S>::default()).all());
    }

    #[track_caller]
    pub(super) fn assign(&mut self, values: Vec<Assignment>) {
        for assignment in values {
            match assignment.into_parts() {
                Ok((name, Expr::Value(value))) => self.attributes.set(&name, Datum::Value(value)),
                Ok((name, _)) => panic!("`{name}` of a serializer is set to a value, not to what is computed"),
                Err(why) => panic!("{why}, so that it cannot be set"),
            }
        }
    }

    /// A value of whichever type the field has, for those that are no columns: `data.put(|p| p.tags(), vec![1, 2])`.
    pub fn put<I: Input>(&mut self, field: impl FnOnce(FieldsOf<S>) -> I, value: I::Value) {
        let (name, field) = field(FieldsOf::<S>::default()).named();
        self.attributes.set(&name, field.write(value));
    }

    /// Whether a field is there, be it null.
    pub fn has<I: Input>(&self, field: impl FnOnce(FieldsOf<S>) -> I) -> bool {
        self.attributes.get(&field(FieldsOf::<S>::default()).named().0).is_some()
    }

    /// The values by name, untyped.
    pub fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    /// The same, to change them.
    pub fn attributes_mut(&mut self) -> &mut Attributes {
        &mut self.attributes
    }

    /// The values of columns, as `insert` takes them.
    ///
    /// # Errors
    /// One of them is no value of a column: a list, a nested serializer's data or a file.
    pub fn into_assignments(self) -> Result<Vec<Assignment>> {
        let assignment = |(name, datum): (String, Datum)| match datum {
            Datum::Value(value) => Ok(Assignment::named(name, value)),
            _ => Err(Error::internal(format!("`{name}` is no value of a column"))),
        };
        self.attributes.into_iter().map(assignment).collect()
    }

    /// Makes a row of it as the reference does: the row, then its many-to-many fields.
    pub fn create<'a>(self, context: &'a Context<'a>) -> BoxFuture<'a, Result<ModelOf<S>>> {
        S::store(None, self.attributes, context)
    }

    /// Changes a row by it as the reference does: the row, then its many-to-many fields.
    pub fn update<'a>(self, instance: ModelOf<S>, context: &'a Context<'a>) -> BoxFuture<'a, Result<ModelOf<S>>> {
        S::store(Some(instance), self.attributes, context)
    }
}

/// A value that does not fit its own field is a mistake of the program's, and is not taken for an absent one silently.
fn told<T>(name: &str, read: Result<T>) -> Option<T> {
    read.map_err(|error| tracing::error!("the value of `{name}` does not fit its type: {error}")).ok()
}

/// A field of a serializer's data, with its type: a column of the model, or a field that the serializer declares.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no field of a serializer's data",
    label = "not a field that is given"
)]
pub trait Input: Sized {
    /// The type of its values.
    type Value;

    /// Its name in the data.
    fn named(self) -> (String, Self);

    /// Out of a validated value.
    ///
    /// # Errors
    /// The value does not fit.
    fn read(datum: Datum) -> Result<Self::Value>;

    /// As a validated value.
    fn write(&self, value: Self::Value) -> Datum;
}

fn name_of(expr: &Expr) -> String {
    match expr {
        Expr::F(path) => path.names().join("."),
        _ => String::new(),
    }
}

fn column<F: FieldType>(datum: Datum) -> Result<F> {
    match datum {
        Datum::Value(value) => match F::from_cell(value.into()) {
            Ok(value) => Ok(value),
            Err(error) => Err(Error::internal(error)),
        },
        _ => Err(Error::internal("it is no value of a column")),
    }
}

impl<F: FieldType> Input for Column<F> {
    type Value = F;

    fn named(self) -> (String, Self) {
        (name_of(self.expr()), self)
    }

    fn read(datum: Datum) -> Result<F> {
        column(datum)
    }

    fn write(&self, value: F) -> Datum {
        Datum::Value(value.to_value())
    }
}

impl<T: Model, F: FieldType> Input for Relation<T, F> {
    type Value = F;

    fn named(self) -> (String, Self) {
        let path = self.field_path();
        (path.names().join("."), self)
    }

    fn read(datum: Datum) -> Result<F> {
        column(datum)
    }

    fn write(&self, value: F) -> Datum {
        Datum::Value(value.to_value())
    }
}

/// The keys of the rows.
impl<T: Model> Input for Many<T> {
    type Value = Vec<T::Key>;

    fn named(self) -> (String, Self) {
        (self.field_path().names().join("."), self)
    }

    fn read(datum: Datum) -> Result<Self::Value> {
        let Datum::List(keys) = datum else { return Err(Error::internal("they are no keys")) };
        let key = |datum| match datum {
            Datum::Value(value) => T::Key::from_cell(value.into()).map_err(Error::internal),
            _ => Err(Error::internal("it is no key")),
        };
        keys.into_iter().map(key).collect()
    }

    fn write(&self, keys: Self::Value) -> Datum {
        Datum::List(keys.iter().map(|key| Datum::Value(key.to_value())).collect())
    }
}

/// A field that a serializer declares.
pub struct Given<T> {
    name: &'static str,
    of: PhantomData<fn() -> T>,
}

impl<T> Given<T> {
    /// By the name under which its value is found.
    pub fn of(name: &'static str) -> Self {
        Self { name, of: PhantomData }
    }
}

impl<T> fmt::Debug for Given<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Given({})", self.name)
    }
}

impl<T: SerializerField> Input for Given<T> {
    type Value = T::Value;

    fn named(self) -> (String, Self) {
        (self.name.to_owned(), self)
    }

    fn read(datum: Datum) -> Result<T::Value> {
        T::from_datum(datum)
    }

    fn write(&self, value: T::Value) -> Datum {
        T::to_datum(value)
    }
}
