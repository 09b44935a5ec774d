//! JSON as the reference's language reads and writes it: whole numbers of any size, floats, lone surrogates, the last of
//! equal names, and the words of its errors.
//!
//! Text to a tree and a tree to text; knows no field and no request.

pub mod charset;
mod form;
mod moment;
mod object;
mod parse;
mod scan;
mod write;

pub use form::{Form, FormError, FormItem, FormValue};
pub use object::{Members, Object};
pub use parse::{DEPTH, ParseError, parse, parse_text, parse_within};
pub use write::{Style, WriteError, write, write_float, write_text};

/// A JSON value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Json {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number that is too large for 64 bits: `-` where it is negative, then digits without leading zeros.
    Big(String),
    /// A number with a point or an exponent.
    Float(f64),
    /// Text.
    Text(String),
    /// Text with surrogates that stand alone, as code points: no text that could be stored or sent.
    Surrogates(Vec<u32>),
    /// Several, in order.
    List(Vec<Json>),
    /// Several by name, in the order in which the names came first.
    Object(Object),
}

macro_rules! from {
    ($($type:ty => |$value:ident| $made:expr;)*) => {
        $(impl From<$type> for Json {
            fn from($value: $type) -> Self {
                $made
            }
        })*
    };
}

from! {
    bool => |value| Self::Bool(value);
    i32 => |value| Self::Int(value.into());
    u32 => |value| Self::Int(value.into());
    i64 => |value| Self::Int(value);
    u64 => |value| i64::try_from(value).map_or_else(|_| Self::Big(value.to_string()), Self::Int);
    usize => |value| Self::from(value as u64);
    f64 => |value| Self::Float(value);
    &str => |value| Self::Text(value.to_owned());
    String => |value| Self::Text(value);
    Object => |value| Self::Object(value);
}

impl<T: Into<Self>> From<Vec<T>> for Json {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Self>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
