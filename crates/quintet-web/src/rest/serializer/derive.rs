//! What the derive writes calls of. Not for hands: whatever is here may change with it.

use std::fmt;

use quintet_core::rest::{
    Choices, DefaultValue, DurationFormat, Field, Format, Kind, Pattern, Related, RelatedTo, TextForm,
};
use quintet_core::schema::{Choice, Function, Value};
use quintet_db::Db;
use quintet_db::model::{Instance, Model};
use quintet_db::query::Assignment;

pub use quintet_core::rest::{Datum, Field as FieldData};
pub use quintet_db::query::columns;

use super::attributes::Attributes;
use super::changes::Changes;
use super::context::Context;
pub use super::declaration::{Declaration, Rule};
pub use super::field::{Behind, chosen, chosen_from};
pub use super::represent::represent_choice;
pub use super::save::{nothing, store};
use super::traits::{Declared, ModelOf};
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

/// Words of attributes that change what kind of field it is.
pub trait Words: Sized {
    /// The field to change.
    fn own(&mut self) -> &mut Field;

    /// The most digits of a decimal number.
    ///
    /// # Panics
    /// Where the kind does not have the option.
    #[must_use]
    #[track_caller]
    fn max_digits(mut self, most: u32) -> Self {
        match &mut self.own().kind {
            Kind::Decimal(decimals) => decimals.max_digits = Some(most),
            kind => lacks(kind, "max_digits"),
        }
        self
    }

    /// The digits of a decimal number behind its point.
    ///
    /// # Panics
    /// Where the kind does not have the option.
    #[must_use]
    #[track_caller]
    fn decimal_places(mut self, places: u32) -> Self {
        match &mut self.own().kind {
            Kind::Decimal(decimals) => decimals.decimal_places = Some(places),
            kind => lacks(kind, "decimal_places"),
        }
        self
    }

    /// What may be chosen.
    #[must_use]
    fn choices(mut self, choices: Vec<Choice>) -> Self {
        match &mut self.own().kind {
            Kind::MultipleChoice { choices: own, .. } => own.choices = choices,
            kind => *kind = Kind::Choice(Choices { choices, allow_blank: false }),
        }
        self
    }

    /// The expression that a text matches.
    ///
    /// # Panics
    /// Where the expression is none that can be used, or the field is no text.
    #[must_use]
    #[track_caller]
    fn regex(mut self, pattern: &str) -> Self {
        match (&mut self.own().kind, Pattern::new(pattern)) {
            (Kind::Char(text), Ok(pattern)) => text.form = TextForm::Regex(pattern),
            (Kind::Char(_), Err(error)) => panic!("the expression `{pattern}` cannot be used: {error}"),
            (kind, _) => lacks(kind, "regex"),
        }
        self
    }

    /// The rows of a relation are named by this field of theirs.
    ///
    /// # Panics
    /// Where the kind does not have the option.
    #[must_use]
    #[track_caller]
    fn slug_field(mut self, name: &str) -> Self {
        match &mut self.own().kind {
            Kind::Related(Related { to, .. }) => *to = RelatedTo::Slug(name.to_owned()),
            kind => lacks(kind, "slug_field"),
        }
        self
    }

    /// The rows of a relation are named by the URL of a view.
    ///
    /// # Panics
    /// Where the kind does not have the option.
    #[must_use]
    #[track_caller]
    fn view_name(mut self, name: &str) -> Self {
        let Kind::Related(Related { to, .. }) = &mut self.own().kind else { lacks(&self.own().kind, "view_name") };
        {
            let name = name.to_owned();
            *to = match to {
                RelatedTo::Identity { lookup_field, lookup_url_kwarg, .. } => RelatedTo::Identity {
                    view_name: name,
                    lookup_field: std::mem::take(lookup_field),
                    lookup_url_kwarg: std::mem::take(lookup_url_kwarg),
                },
                _ => RelatedTo::Hyperlink {
                    view_name: name,
                    lookup_field: "pk".to_owned(),
                    lookup_url_kwarg: "pk".to_owned(),
                },
            };
        }
        self
    }

    /// How a date, a time or a span of time is written: directives, or `iso-8601`.
    ///
    /// # Panics
    /// Where the kind does not have the option.
    #[must_use]
    #[track_caller]
    fn written_as(mut self, text: &str) -> Self {
        match &mut self.own().kind {
            Kind::DateTime { dates, .. } | Kind::Date(dates) | Kind::Time(dates) => dates.format = Some(format(text)),
            Kind::Duration { format, .. } => {
                *format = Some(if text == ISO { DurationFormat::Iso8601 } else { DurationFormat::Plain });
            }
            kind => lacks(kind, "format"),
        }
        self
    }

    /// How a date or a time may be given.
    ///
    /// # Panics
    /// Where the kind does not have the option.
    #[must_use]
    #[track_caller]
    fn given_as(mut self, texts: &[&str]) -> Self {
        match &mut self.own().kind {
            Kind::DateTime { dates, .. } | Kind::Date(dates) | Kind::Time(dates) => {
                dates.input_formats = Some(texts.iter().map(|text| format(text)).collect());
            }
            kind => lacks(kind, "input_formats"),
        }
        self
    }

    /// A default that nobody gives or sees.
    #[must_use]
    fn hidden(mut self) -> Self {
        let own = self.own();
        own.kind = Kind::Hidden;
        (own.write_only, own.required) = (true, false);
        self
    }

    /// More about each of several values.
    ///
    /// # Panics
    /// Where the kind does not have the option.
    #[must_use]
    #[track_caller]
    fn child(mut self, words: fn(Field) -> Field) -> Self {
        match &mut self.own().kind {
            Kind::List(list) => list.child = words(list.child.clone()),
            Kind::Dict(dict) | Kind::HStore(dict) => dict.child = words(dict.child.clone()),
            kind => lacks(kind, "child"),
        }
        self
    }
}

impl Words for Field {
    fn own(&mut self) -> &mut Field {
        self
    }
}

#[track_caller]
fn lacks(kind: &Kind, option: &str) -> ! {
    panic!("a field of the kind `{}` has no option `{option}`", kind.class())
}

const ISO: &str = "iso-8601";

fn format(text: &str) -> Format {
    if text == ISO { Format::Iso8601 } else { Format::Pattern(text.to_owned()) }
}

/// A rule that attributes name: a word of models, or a function.
pub fn validator(rule: impl Into<quintet_core::schema::Validator>) -> quintet_core::schema::Validator {
    rule.into()
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
