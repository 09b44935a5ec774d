//! The words in which the derive declares a serializer: each says one thing of it.

use std::fmt;
use std::sync::Arc;

use quintet_core::json::{Json, Object};
use quintet_core::rest::{Field, Kind};
use quintet_db::model::Model;

use super::callback::{AsyncMethod, CheckOf, Method, RowsOf, Takes};
use super::changes::{Changes, Input};
use super::context::Context;
use super::declaration::{
    AsyncMethodOf, Check, DataOf, DeclaredField, Extra, Hooks, Made, MethodOf, ModelFacts, RowsBy, ShownBy, TakenBy,
    ValueOf, Which, Words, facts, validate, validate_list,
};
use super::field::{Behind, Relates, SerializerField};
use super::in_words::Shown;
use super::represent::Represent;
use super::rule::Rule;
use super::traits::{Declared, FieldsOf, ModelOf, Serializer};
use crate::http::{Error, Result};

/// A serializer as data.
#[derive(Clone)]
pub struct Declaration {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) model: Option<ModelFacts>,
    pub(crate) which: Which,
    pub(crate) declared: Vec<DeclaredField>,
    pub(crate) read_only: &'static [&'static str],
    pub(crate) write_only: &'static [&'static str],
    pub(crate) extra: Vec<Extra>,
    pub(crate) depth: u8,
    pub(crate) checks: Vec<(&'static str, Check)>,
    pub(crate) rules: Option<Vec<Rule>>,
    pub(crate) rows: Vec<(&'static str, RowsBy)>,
    pub(crate) hooks: Hooks,
    pub(crate) shown_by: Option<ShownBy>,
    pub(crate) taken_by: Option<TakenBy>,
    pub(crate) data_of: Option<DataOf>,
}

/// A field with what its function makes.
fn about(mut field: Field, about: Option<Field>) -> Field {
    field.about = about.map(Box::new);
    field
}

impl fmt::Debug for Declaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Declaration({})", self.name)
    }
}

impl Declaration {
    /// Of a serializer whose fields its struct declares.
    pub fn plain<S: Serializer>(name: &'static str) -> Self {
        Self {
            name,
            description: "",
            model: None,
            which: Which::Declared,
            declared: vec![],
            read_only: &[],
            write_only: &[],
            extra: vec![],
            depth: 0,
            checks: vec![],
            rules: None,
            rows: vec![],
            hooks: Hooks { validate: validate::<S>, validate_list: validate_list::<S> },
            shown_by: None,
            taken_by: None,
            data_of: Some(|data| Box::new(Changes::<S>::from(data))),
        }
    }

    /// Of a serializer of a model.
    pub fn model<S: Serializer<Model: Model>>(name: &'static str) -> Self {
        Self { model: Some(facts::<ModelOf<S>>()), data_of: None, ..Self::plain::<S>(name) }
    }

    /// What is said of it: the struct's documentation.
    #[must_use]
    pub fn description(mut self, text: &'static str) -> Self {
        self.description = text;
        self
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
        self.declared.push(DeclaredField { name, field, behind: T::behind(), made: None, text: None });
        self
    }

    /// Which rows a relation may be.
    #[must_use]
    pub fn rows_of<T: Relates, Way: 'static>(
        mut self,
        name: &'static str,
        function: impl RowsOf<T::To, Way> + 'static,
    ) -> Self {
        self.rows.push((name, Arc::new(move |context| function.call(context).ast().clone())));
        self
    }

    /// The same of a field of the model.
    #[must_use]
    pub fn rows_of_any<M: Model, Way: 'static>(
        mut self,
        name: &'static str,
        function: impl RowsOf<M, Way> + 'static,
    ) -> Self {
        self.rows.push((name, Arc::new(move |context| function.call(context).ast().clone())));
        self
    }

    /// A field that a function of the row makes.
    #[must_use]
    pub fn method<M: 'static, T: Represent, Way>(
        self,
        name: &'static str,
        function: impl Method<M, T, Way> + 'static,
        words: Words,
    ) -> Self {
        let method: MethodOf = Arc::new(move |row, context, out| {
            let row = row.downcast_ref::<M>().ok_or_else(|| Error::internal("a method was given another row"))?;
            function.call(row, context)?.represent(context.facts(), out)
        });
        self.made(name, words(about(Field::method(name), T::about())), Made::Method(method))
    }

    /// A field that an async function of the row makes.
    #[must_use]
    pub fn async_method<M: Sync + 'static, T: Represent + Send>(
        self,
        name: &'static str,
        function: impl for<'a> AsyncMethod<'a, M, T> + 'static,
        words: Words,
    ) -> Self {
        let method: AsyncMethodOf = Arc::new(move |row, context| {
            let future = row.downcast_ref::<M>().map(|row| function(row, context));
            Box::pin(async move {
                let future = future.ok_or_else(|| Error::internal("a method was given another row"))?;
                let mut out = vec![];
                future.await?.represent(context.facts(), &mut out)?;
                Ok(out)
            })
        });
        self.made(name, words(about(Field::method(name), T::about())), Made::Later(method))
    }

    /// A field whose value a function of the row gives; read only.
    #[must_use]
    pub fn value<M: 'static, T: SerializerField, Way>(
        self,
        name: &'static str,
        function: impl Method<M, T::Value, Way> + 'static,
        words: Words,
    ) -> Self {
        let value: ValueOf = Arc::new(move |row, context| {
            let row = row.downcast_ref::<M>().ok_or_else(|| Error::internal("a source was given another row"))?;
            Ok(T::to_datum(function.call(row, context)?))
        });
        self.made(name, words(T::field().read_only()), Made::Value(value))
    }

    fn made(mut self, name: &'static str, field: Field, made: Made) -> Self {
        let field = field.named(name);
        self.declared.push(DeclaredField { name, field, behind: Behind::Nothing, made: Some(made), text: None });
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
        // As the reference's field for several, which asks for what nobody can give.
        if field.required {
            field.read_only = false;
        }
        self.declared.push(DeclaredField { name, field, behind: Behind::Nothing, made: None, text: Some(T::text()) });
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
    pub fn shown_by<S: Declared, R: Into<Json>>(
        mut self,
        function: impl Fn(&ModelOf<S>, Object, &Context<'_>) -> Result<R> + Send + Sync + 'static,
    ) -> Self {
        self.shown_by = Some(Arc::new(move |row, object, context| {
            let row = row.downcast_ref().ok_or_else(|| Error::internal("`to_representation` was given another row"))?;
            function(row, object, context).map(Into::into)
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
