//! A serializer as the derive writes it down: which fields, what is said of them, and the functions of the project behind
//! one type each.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use quintet_core::json::Object;
use quintet_core::query::{Query, Registry};
use quintet_core::rest::{self, Data, Datum, Field, Kind};
use quintet_core::schema::Condition;
use quintet_db::Cell;
use quintet_db::model::{Instance, Model};
use quintet_db::query::Layout;

use super::attributes::Attributes;
use super::changes::{Changes, Input};
use super::context::Context;
use super::field::{Behind, SerializerField};
use super::represent::Represent;
use super::traits::{Declared, FieldsOf, ModelOf, Serializer};
use crate::http::{BoxFuture, Error, Result};

/// A serializer as data.
#[derive(Clone)]
pub struct Declaration {
    pub(crate) name: &'static str,
    pub(crate) model: Option<ModelFacts>,
    pub(crate) which: Which,
    pub(crate) declared: Vec<DeclaredField>,
    pub(crate) read_only: &'static [&'static str],
    pub(crate) write_only: &'static [&'static str],
    pub(crate) extra: Vec<Extra>,
    pub(crate) depth: u8,
    pub(crate) checks: Vec<(&'static str, Check)>,
    pub(crate) rules: Option<Vec<Rule>>,
    pub(crate) hooks: Hooks,
    pub(crate) shown_by: Option<ShownBy>,
    pub(crate) taken_by: Option<TakenBy>,
    pub(crate) data_of: Option<DataOf>,
}

impl fmt::Debug for Declaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Declaration({})", self.name)
    }
}

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
    pub(crate) method: Option<MethodOf>,
    pub(crate) text: Option<TextOf>,
}

/// What a method makes of a row, as JSON text.
pub(crate) type MethodOf = Arc<dyn Fn(&dyn Any, &Context<'_>, &mut Vec<u8>) -> Result<()> + Send + Sync>;

/// A row of another model in words, and how it is read.
#[derive(Clone, Copy)]
pub struct TextOf {
    pub(crate) facts: ModelFacts,
    pub(crate) text: fn(&dyn Any) -> String,
}

/// `validate(name = function)`.
pub(crate) type Check = Arc<dyn for<'a> Fn(Datum, &'a Context<'a>) -> BoxFuture<'a, Result<Datum>> + Send + Sync>;

/// `to_representation = function`.
pub(crate) type ShownBy = Arc<dyn Fn(&dyn Any, Object, &Context<'_>) -> Result<Object> + Send + Sync>;

/// Data that were not saved, in the type that functions of a serializer without a model are given.
pub(crate) type DataOf = fn(Attributes) -> Box<dyn Any + Send + Sync>;

/// `to_internal_value = function`.
pub(crate) type TakenBy = Arc<dyn for<'a> Fn(Data, &'a Context<'a>) -> BoxFuture<'a, Result<Attributes>> + Send + Sync>;

/// A rule about several fields together: the reference's validators of a serializer.
#[derive(Clone, Debug)]
pub enum Rule {
    /// No two rows are equal in all of these.
    UniqueTogether {
        /// The serializer's fields.
        fields: Vec<String>,
        /// What is said where there is another row; the reference's words unless said.
        message: Option<String>,
        /// The code of that.
        code: Option<String>,
        /// Which rows are meant.
        condition: Option<Condition>,
        /// The fields that the condition names.
        condition_fields: Vec<String>,
        /// Whether two nulls are different; they are unless said.
        nulls_distinct: Option<bool>,
    },
    /// No two rows of the same date are equal in this.
    UniqueFor {
        /// Which part of the date.
        part: rest::UniqueFor,
        /// The field.
        field: String,
        /// The field with the date.
        date_field: String,
        /// What is said where there is another row; the reference's words unless said.
        message: Option<String>,
    },
}

impl Rule {
    /// No two rows are equal in all of these.
    pub fn unique_together(fields: &[&str]) -> Self {
        Self::UniqueTogether {
            fields: fields.iter().map(|name| (*name).to_owned()).collect(),
            message: None,
            code: None,
            condition: None,
            condition_fields: vec![],
            nulls_distinct: None,
        }
    }

    /// No two rows of the same date, month or year are equal in this.
    pub fn unique_for(part: rest::UniqueFor, field: &str, date_field: &str) -> Self {
        Self::UniqueFor { part, field: field.to_owned(), date_field: date_field.to_owned(), message: None }
    }

    /// With other words.
    #[must_use]
    pub fn message(mut self, text: &str) -> Self {
        let (Self::UniqueTogether { message, .. } | Self::UniqueFor { message, .. }) = &mut self;
        *message = Some(text.to_owned());
        self
    }
}

/// The hooks of a serializer, whatever its type.
#[derive(Clone, Copy)]
pub(crate) struct Hooks {
    pub(crate) validate: for<'a> fn(&'a mut Attributes, &'a Context<'a>) -> BoxFuture<'a, Result<()>>,
}

fn validate<'a, S: Serializer>(data: &'a mut Attributes, context: &'a Context<'a>) -> BoxFuture<'a, Result<()>> {
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

impl Declaration {
    /// Of a serializer whose fields its struct declares.
    pub fn plain<S: Serializer>(name: &'static str) -> Self {
        Self {
            name,
            model: None,
            which: Which::Declared,
            declared: vec![],
            read_only: &[],
            write_only: &[],
            extra: vec![],
            depth: 0,
            checks: vec![],
            rules: None,
            hooks: Hooks { validate: validate::<S> },
            shown_by: None,
            taken_by: None,
            data_of: Some(|data| Box::new(Changes::<S>::from(data))),
        }
    }

    /// Of a serializer of a model.
    pub fn model<S: Serializer<Model: Model>>(name: &'static str) -> Self {
        Self { model: Some(facts::<ModelOf<S>>()), data_of: None, ..Self::plain::<S>(name) }
    }

    /// These fields, in this order.
    #[must_use]
    pub fn fields(mut self, names: &'static [&'static str]) -> Self {
        self.which = Which::Named(names);
        self
    }

    /// All fields.
    #[must_use]
    pub fn all(mut self) -> Self {
        self.which = Which::All;
        self
    }

    /// All fields but these.
    #[must_use]
    pub fn exclude(mut self, names: &'static [&'static str]) -> Self {
        self.which = Which::Without(names);
        self
    }

    /// Fields that are shown only.
    #[must_use]
    pub fn read_only(mut self, names: &'static [&'static str]) -> Self {
        self.read_only = names;
        self
    }

    /// Fields that are taken only.
    #[must_use]
    pub fn write_only(mut self, names: &'static [&'static str]) -> Self {
        self.write_only = names;
        self
    }

    /// More about a field of the model; `source` where it stands for one of another name.
    #[must_use]
    pub fn extra(mut self, name: &'static str, source: Option<&'static str>, words: Words) -> Self {
        self.extra.push(Extra { name, source, words });
        self
    }

    /// The source of a field that follows from the model.
    pub(crate) fn source_of<'n>(&self, name: &'n str) -> &'n str
    where
        'static: 'n,
    {
        self.extra.iter().filter(|extra| extra.name == name).find_map(|extra| extra.source).unwrap_or(name)
    }

    /// Rows behind relations are shown as nested serializers, so deep.
    #[must_use]
    pub fn depth(mut self, depth: u8) -> Self {
        self.depth = depth;
        self
    }

    /// A field that the struct declares. `is_null_said`: whether an attribute says that it may be null.
    #[must_use]
    pub fn declare<T: SerializerField>(mut self, name: &'static str, words: Words, is_null_said: bool) -> Self {
        let mut field = words(T::field()).named(name);
        // An `Option` of a field that need not be given stands for its absence.
        if T::NULLABLE && !field.required && !field.read_only && !is_null_said {
            field.allow_null = false;
        }
        self.declared.push(DeclaredField { name, field, behind: T::behind(), method: None, text: None });
        self
    }

    /// A field that a function of the row makes.
    #[must_use]
    pub fn method<M: 'static, T: Represent, Way>(
        mut self,
        name: &'static str,
        function: impl Method<M, T, Way> + 'static,
        words: Words,
    ) -> Self {
        let method: MethodOf = Arc::new(move |row, context, out| {
            let row = row.downcast_ref::<M>().ok_or_else(|| Error::internal("a method was given another row"))?;
            function.call(row, context)?.represent(context.facts(), out)
        });
        let field = words(Field::method(name)).named(name);
        let behind = Behind::Nothing;
        self.declared.push(DeclaredField { name, field, behind, method: Some(method), text: None });
        self
    }

    /// A field that shows the row behind a relation in its own words.
    #[must_use]
    pub fn in_words<T: Shown>(mut self, name: &'static str, words: Words) -> Self {
        let mut field = T::shown().named(name);
        let many = matches!(&field.kind, Kind::Related(related) if related.many);
        field = words(field);
        if let Kind::Related(related) = &mut field.kind {
            related.many = many;
        }
        self.declared.push(DeclaredField { name, field, behind: Behind::Nothing, method: None, text: Some(T::text()) });
        self
    }

    /// A function that looks at a field's value, and gives it back.
    #[must_use]
    pub fn check<S: Serializer, I: Input<Value: Send> + 'static, Way: 'static>(
        mut self,
        name: &'static str,
        field: fn(FieldsOf<S>) -> I,
        function: impl CheckOf<I::Value, Way> + 'static,
    ) -> Self {
        let function = Arc::new(function);
        self.checks.push((
            name,
            Arc::new(move |datum, context| {
                let function = Arc::clone(&function);
                match I::read(datum).and_then(|value| function.call(value, context)) {
                    Ok(value) => {
                        let datum = field(FieldsOf::<S>::default()).write(value);
                        Box::pin(std::future::ready(Ok(datum)))
                    }
                    Err(error) => Box::pin(std::future::ready(Err(error))),
                }
            }),
        ));
        self
    }

    /// The rules about several fields, instead of those that follow from the model.
    #[must_use]
    pub fn rules(mut self, rules: Vec<Rule>) -> Self {
        self.rules = Some(rules);
        self
    }

    /// What becomes of the representation of a row.
    #[must_use]
    pub fn shown_by<S: Declared>(
        mut self,
        function: impl Fn(&ModelOf<S>, Object, &Context<'_>) -> Result<Object> + Send + Sync + 'static,
    ) -> Self {
        self.shown_by = Some(Arc::new(move |row, object, context| {
            let row = row.downcast_ref().ok_or_else(|| Error::internal("`to_representation` was given another row"))?;
            function(row, object, context)
        }));
        self
    }

    /// What makes validated data of input, instead of the fields.
    #[must_use]
    pub fn taken_by<S: Declared>(mut self, function: impl for<'a> Takes<'a, S> + 'static) -> Self {
        let function = Arc::new(function);
        self.taken_by = Some(Arc::new(move |data, context| {
            let future = function(data, context);
            Box::pin(async move { Ok(future.await?.into()) })
        }));
        self
    }
}

/// A function of a row: `fn(&Product) -> bool`, or with the context behind.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not make this field",
    label = "not a function of `&{M}` that gives `{T}`",
    note = "write `fn name(row: &{M}) -> {T}`, or `fn name(row: &{M}, context: &Context<'_>) -> {T}`"
)]
pub trait Method<M, T, Way>: Send + Sync {
    /// Calls it.
    ///
    /// # Errors
    /// What it says.
    fn call(&self, row: &M, context: &Context<'_>) -> Result<T>;
}

/// A function without the context.
#[derive(Debug)]
pub enum Alone {}

/// A function with the context.
#[derive(Debug)]
pub enum WithContext {}

impl<M, T, F: Fn(&M) -> T + Send + Sync> Method<M, T, Alone> for F {
    fn call(&self, row: &M, _: &Context<'_>) -> Result<T> {
        Ok(self(row))
    }
}

impl<M, T, F: Fn(&M, &Context<'_>) -> T + Send + Sync> Method<M, T, WithContext> for F {
    fn call(&self, row: &M, context: &Context<'_>) -> Result<T> {
        Ok(self(row, context))
    }
}

/// A function that looks at a field's value: `fn(String) -> Result<String>`, or with the context behind.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not look at this field",
    label = "not a function of `{T}` that gives `Result<{T}>`",
    note = "write `fn name(value: {T}) -> Result<{T}>`, or with `context: &Context<'_>` behind the value"
)]
pub trait CheckOf<T, Way>: Send + Sync {
    /// Calls it.
    ///
    /// # Errors
    /// What it says.
    fn call(&self, value: T, context: &Context<'_>) -> Result<T>;
}

impl<T, F: Fn(T) -> Result<T> + Send + Sync> CheckOf<T, Alone> for F {
    fn call(&self, value: T, _: &Context<'_>) -> Result<T> {
        self(value)
    }
}

impl<T, F: Fn(T, &Context<'_>) -> Result<T> + Send + Sync> CheckOf<T, WithContext> for F {
    fn call(&self, value: T, context: &Context<'_>) -> Result<T> {
        self(value, context)
    }
}

/// An `async fn(Data, &Context<'_>) -> Result<Changes<S>>`.
pub trait Takes<'a, S>: Fn(Data, &'a Context<'a>) -> Self::Future + Send + Sync {
    /// What the function returns.
    type Future: Future<Output = Result<Changes<S>>> + Send + 'a;
}

impl<'a, S, F, R> Takes<'a, S> for F
where
    F: Fn(Data, &'a Context<'a>) -> R + Send + Sync,
    R: Future<Output = Result<Changes<S>>> + Send + 'a,
{
    type Future = R;
}

/// Keys whose rows can be shown in words: their model has `Display`.
pub trait Shown: SerializerField {
    /// The field.
    fn shown() -> Field;

    /// How the words are made.
    fn text() -> TextOfRow;
}

/// How a row's words are made.
pub type TextOfRow = TextOf;

impl<M: Model + fmt::Display> Shown for quintet_db::model::ForeignKey<M> {
    fn shown() -> Field {
        Field::string_related(&format!("{}.{}", M::APP_LABEL, M::DEF.name))
    }

    fn text() -> TextOfRow {
        TextOf { facts: facts::<M>(), text: |row| row.downcast_ref::<M>().map(M::to_string).unwrap_or_default() }
    }
}

impl<T: Shown> Shown for Option<T> {
    fn shown() -> Field {
        T::shown()
    }

    fn text() -> TextOfRow {
        T::text()
    }
}

impl<T: Shown> Shown for Vec<T> {
    fn shown() -> Field {
        T::shown().many(true)
    }

    fn text() -> TextOfRow {
        T::text()
    }
}

/// What is said of a serializer that a depth makes: all fields of its model.
pub(crate) fn by_depth(depth: u8) -> Declaration {
    fn nothing<'a>(_: &'a mut Attributes, _: &'a Context<'a>) -> BoxFuture<'a, Result<()>> {
        Box::pin(std::future::ready(Ok(())))
    }
    Declaration {
        name: "NestedSerializer",
        model: None,
        which: Which::All,
        declared: vec![],
        read_only: &[],
        write_only: &[],
        extra: vec![],
        depth,
        checks: vec![],
        rules: None,
        hooks: Hooks { validate: nothing },
        shown_by: None,
        taken_by: None,
        data_of: None,
    }
}
