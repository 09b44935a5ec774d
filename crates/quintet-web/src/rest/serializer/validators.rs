//! What a field of a serializer may list as validators.

use quintet_core::rest::{Datum, Field, Problems, Validator};
use quintet_core::schema::{self, Value};

/// What `validators = [..]` may list: a word of models, [`UniqueValidator`](super::UniqueValidator), or a function of the
/// value, with the field behind it where it wants to know that.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no validator",
    label = "not a validator of a serializer's field",
    note = "write `fn name(value: &Value) -> Result<(), String>`; the value may be `&Datum` too, `&Field` may stand behind it, and the error be a `Problem` or `Problems`"
)]
pub trait IntoValidator<Way> {
    /// As data.
    fn into_validator(self) -> Validator;
}

/// Ways to be a validator.
pub mod ways {
    /// As data.
    #[derive(Debug)]
    pub enum Data {}

    /// A function of a plain value.
    #[derive(Debug)]
    pub struct OfValue<E>(E);

    /// The same, with the field.
    #[derive(Debug)]
    pub struct OfValueAndField<E>(E);

    /// A function of any value.
    #[derive(Debug)]
    pub struct OfDatum<E>(E);

    /// The same, with the field.
    #[derive(Debug)]
    pub struct OfDatumAndField<E>(E);
}

impl IntoValidator<ways::Data> for Validator {
    fn into_validator(self) -> Validator {
        self
    }
}

impl IntoValidator<ways::Data> for schema::Validator {
    fn into_validator(self) -> Validator {
        self.into()
    }
}

impl IntoValidator<ways::Data> for schema::Rule {
    fn into_validator(self) -> Validator {
        self.into()
    }
}

impl IntoValidator<ways::Data> for super::UniqueValidator {
    fn into_validator(self) -> Validator {
        self.into()
    }
}

macro_rules! functions {
    ($($way:ident($($argument:ty),*) |$datum:ident, $field:ident| $value:pat = $given:expr => $($call:expr),*;)*) => {$(
        impl<F, E> IntoValidator<ways::$way<E>> for F
        where
            F: Fn($($argument),*) -> Result<(), E> + Send + Sync + 'static,
            E: Into<Problems>,
        {
            fn into_validator(self) -> Validator {
                Validator::own(move |$datum, $field| match $given {
                    $value => self($($call),*).map_err(Into::into),
                    #[allow(unreachable_patterns, reason = "any datum is one")]
                    _ => Ok(()),
                })
            }
        }
    )*};
}

functions! {
    OfValue(&Value) |datum, _field| Some(value) = datum.value() => value;
    OfValueAndField(&Value, &Field) |datum, field| Some(value) = datum.value() => value, field;
    OfDatum(&Datum) |datum, _field| value = datum => value;
    OfDatumAndField(&Datum, &Field) |datum, field| value = datum => value, field;
}

/// A rule that attributes name.
pub fn validator<Way>(rule: impl IntoValidator<Way>) -> Validator {
    rule.into_validator()
}
