//! Classes of fields for which no type of Rust stands.

use quintet::prelude::Result;
use quintet::serializers::Field as FieldData;
use quintet::serializers::{Datum, SerializerField};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident => $field:expr;)*) => {
        $($(#[$doc])*
        pub struct $name;

        impl SerializerField for $name {
            type Value = Datum;

            fn field() -> FieldData {
                $field
            }

            fn from_datum(datum: Datum) -> Result<Datum> {
                Ok(datum)
            }

            fn to_datum(value: Datum) -> Datum {
                value
            }
        })*
    };
}

kinds! {
    /// Anything, as it is.
    Any => FieldData::any();
    /// Texts by name.
    Store => FieldData::hstore();
    /// A whole number of any size.
    Whole => FieldData::big_integer();
    /// Shown as it is.
    Shown => FieldData::read_only_field();
    /// One of the choices that are said.
    Chosen => FieldData::choice(vec![]);
    /// Several of the choices that are said.
    ChosenSome => FieldData::multiple_choice(vec![]);
    /// One of groups of choices.
    OfGroups => FieldData::choice(super::fields::grouped());
    /// Several of groups of choices.
    SomeOfGroups => FieldData::multiple_choice(super::fields::grouped());
    /// A whole number, as wide as the reference takes it.
    Integer => FieldData::integer();
}

/// Addresses of rows: a type for each, `ArtistUrl "artist-detail" "slug";`.
macro_rules! identity {
    ($($name:ident $view:literal $field:literal;)*) => {
        $(pub struct $name;

        impl quintet::serializers::SerializerField for $name {
            type Value = quintet::serializers::Datum;

            fn field() -> quintet::serializers::Field {
                quintet::serializers::Field::hyperlinked_identity($view).lookup_field($field)
            }

            fn from_datum(datum: Self::Value) -> Result<Self::Value> {
                Ok(datum)
            }

            fn to_datum(value: Self::Value) -> Self::Value {
                value
            }
        })*
    };
}

pub(super) use identity;
