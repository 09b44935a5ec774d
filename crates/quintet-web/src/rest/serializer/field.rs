//! The types of fields that serializers declare: which class of field each is, and how its values are read.
//!
//! The derive never interprets a type: it writes `<Type as SerializerField>::field()`.

use std::collections::{BTreeMap, BTreeSet};

use quintet_core::rest::{Datum, Field, Kind};
use quintet_core::schema::Value;
use quintet_db::model::{
    Choices, Date, DateTime, Decimal, Duration, Email, FieldType, ForeignKey, IpAddr, Json, KeyValue, Model, OneToOne,
    Slug, Text, Time, Url, Uuid,
};

use super::declaration::Declaration;
use super::upload::{ImageUpload, Upload};
use crate::http::{Error, Result};

/// A type that a field of a serializer can have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type of a serializer's field",
    label = "not a type of a field",
    note = "the types are `String`, `i64`, `bool`, `Decimal`, `DateTime`, .., `Option`, `Vec` and `BTreeMap<String, _>` of them, keys, enums with `#[derive(Choices)]`, other serializers, and what has `impl FieldClass`"
)]
pub trait SerializerField: Sized + Send + Sync + 'static {
    /// Whether it is an `Option`.
    const NULLABLE: bool = false;

    /// What a validated value is: itself, or of a serializer its data.
    type Value: Send + Sync + 'static;

    /// The field as data, before any attribute.
    fn field() -> Field;

    /// Out of a validated value.
    ///
    /// # Errors
    /// The value is of another kind.
    fn from_datum(datum: Datum) -> Result<Self::Value>;

    /// As a validated value.
    fn to_datum(value: Self::Value) -> Datum;

    /// What else it is: a serializer.
    fn behind() -> Behind {
        Behind::Nothing
    }
}

/// What a field's type is besides a kind of values.
#[derive(Clone, Copy, Debug)]
pub enum Behind {
    /// Nothing.
    Nothing,
    /// Another serializer.
    Serializer(fn() -> Declaration),
}

fn misfit<T>() -> Error {
    Error::internal(format!("a value is no `{}`", std::any::type_name::<T>()))
}

/// Out of a value as a model's field of the type reads it.
fn stored<T: FieldType>(datum: Datum) -> Result<T> {
    match datum {
        Datum::Value(Value::Null) => Err(misfit::<T>()),
        Datum::Value(value) => T::from_cell(value.into()).map_err(|_| misfit::<T>()),
        _ => Err(misfit::<T>()),
    }
}

macro_rules! plain {
    ($($type:ty => $field:expr;)*) => {
        $(impl SerializerField for $type {
            type Value = Self;

            fn field() -> Field {
                $field
            }

            fn from_datum(datum: Datum) -> Result<Self> {
                stored(datum)
            }

            fn to_datum(value: Self) -> Datum {
                Datum::Value(FieldType::to_value(&value))
            }
        })*
    };
}

plain! {
    String => Field::char();
    Text => Field::char();
    Email => Field::email();
    Slug => Field::slug();
    Url => Field::url();
    i16 => Field::integer().holding(i16::MIN, i16::MAX);
    i32 => Field::integer().holding(i32::MIN, i32::MAX);
    i64 => Field::integer().holding(i64::MIN, i64::MAX);
    u16 => Field::integer().min_value(0).holding(0, u16::MAX);
    u32 => Field::integer().min_value(0).holding(0, u32::MAX);
    f64 => Field::float();
    bool => Field::boolean();
    Decimal => Field::decimal(None, None);
    Date => Field::date();
    DateTime => Field::datetime();
    Time => Field::time();
    Duration => Field::duration();
    Uuid => Field::uuid();
    IpAddr => Field::ip_address();
    Json => Field::json();
}

impl<T: SerializerField> SerializerField for Option<T> {
    type Value = Option<T::Value>;

    const NULLABLE: bool = true;

    fn field() -> Field {
        T::field().allow_null()
    }

    fn from_datum(datum: Datum) -> Result<Self::Value> {
        if datum.is_null() { Ok(None) } else { T::from_datum(datum).map(Some) }
    }

    fn to_datum(value: Self::Value) -> Datum {
        value.map_or(Datum::NULL, T::to_datum)
    }

    fn behind() -> Behind {
        T::behind()
    }
}

/// A list; of keys and of serializers the reference's own classes for several.
impl<T: SerializerField> SerializerField for Vec<T> {
    type Value = Vec<T::Value>;

    fn field() -> Field {
        let child = T::field();
        match child.kind {
            Kind::Related(_) | Kind::Nested(_) => child.many(true),
            _ => Field::list(child),
        }
    }

    fn from_datum(datum: Datum) -> Result<Self::Value> {
        match datum {
            Datum::List(members) => members.into_iter().map(T::from_datum).collect(),
            _ => Err(misfit::<Self>()),
        }
    }

    fn to_datum(value: Self::Value) -> Datum {
        Datum::List(value.into_iter().map(T::to_datum).collect())
    }

    fn behind() -> Behind {
        T::behind()
    }
}

/// Some of several values, each once.
impl<T: SerializerField<Value: Ord>> SerializerField for BTreeSet<T> {
    type Value = BTreeSet<T::Value>;

    fn field() -> Field {
        match T::field().kind {
            Kind::Choice(choices) => Field::multiple_choice(choices.choices),
            _ => Field::multiple_choice(vec![]),
        }
    }

    fn from_datum(datum: Datum) -> Result<Self::Value> {
        match datum {
            Datum::List(members) => members.into_iter().map(T::from_datum).collect(),
            _ => Err(misfit::<Self>()),
        }
    }

    fn to_datum(value: Self::Value) -> Datum {
        Datum::List(value.into_iter().map(T::to_datum).collect())
    }
}

impl<T: SerializerField> SerializerField for BTreeMap<String, T> {
    type Value = BTreeMap<String, T::Value>;

    fn field() -> Field {
        Field::dict(T::field())
    }

    fn from_datum(datum: Datum) -> Result<Self::Value> {
        match datum {
            Datum::Map(members) => members.into_iter().map(|(name, value)| Ok((name, T::from_datum(value)?))).collect(),
            _ => Err(misfit::<Self>()),
        }
    }

    fn to_datum(value: Self::Value) -> Datum {
        Datum::Map(value.into_iter().map(|(name, value)| (name, T::to_datum(value))).collect())
    }
}

/// Keys, and several of them: what `queryset = function` may be said of.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no relation, so that it has no `queryset`",
    label = "not a key",
    note = "`queryset` is said of `ForeignKey<M>`, `OneToOne<M>`, and `Option` and `Vec` of them"
)]
pub trait Relates {
    /// The model that it leads to.
    type To: Model;
}

impl<T: Relates> Relates for Option<T> {
    type To = T::To;
}

impl<T: Relates> Relates for Vec<T> {
    type To = T::To;
}

macro_rules! keys {
    ($($name:ident)*) => {
        $(impl<M: Model> Relates for $name<M> {
            type To = M;
        }

        impl<M: Model> SerializerField for $name<M> {
            type Value = Self;

            fn field() -> Field {
                Field::primary_key_related(&format!("{}.{}", M::APP_LABEL, M::DEF.name))
            }

            fn from_datum(datum: Datum) -> Result<Self> {
                match datum {
                    Datum::Value(value) => {
                        M::Key::from_cell(value.into()).map(Self::to).map_err(|_| misfit::<Self>())
                    }
                    _ => Err(misfit::<Self>()),
                }
            }

            fn to_datum(value: Self) -> Datum {
                Datum::Value(KeyValue::to_value(&value.id))
            }
        })*
    };
}

keys! { ForeignKey OneToOne }

/// What is taken is a file; what is shown is its URL.
macro_rules! uploads {
    ($($type:ty => $field:expr;)*) => {
        $(impl SerializerField for $type {
            type Value = Self;

            fn field() -> Field {
                $field
            }

            fn from_datum(datum: Datum) -> Result<Self> {
                match datum {
                    Datum::File(file) => Ok(file.into()),
                    _ => Err(misfit::<Self>()),
                }
            }

            fn to_datum(value: Self) -> Datum {
                Datum::File(value.into())
            }
        })*
    };
}

uploads! {
    Upload => Field::file();
    ImageUpload => Field::image();
}

/// The field of an enum of choices.
pub fn chosen<T: Choices>() -> Field {
    Field::choice(T::choices())
}

/// A member out of a validated value.
///
/// # Errors
/// It is none.
pub fn chosen_from<T: Choices>(datum: &Datum) -> Result<T> {
    datum.value().and_then(T::from_value).ok_or_else(misfit::<T>)
}
