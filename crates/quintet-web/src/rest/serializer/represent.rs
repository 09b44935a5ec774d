//! What methods of serializers return, as JSON text.

use quintet_core::json::{self, Json, Style};
use quintet_core::rest::{Context, Field, ValueRef};
use quintet_db::model::{self, Choices, FieldType};

use crate::http::{Error, Result};

/// A value that a serializer's method returns.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shown in JSON",
    label = "not a value that JSON can say",
    note = "methods return numbers, text, `bool`, dates, `Option` and `Vec` of them, or `Json`"
)]
pub trait Represent {
    /// Adds it as JSON text.
    ///
    /// # Errors
    /// It is a number that JSON does not have.
    fn represent(&self, context: &Context, out: &mut Vec<u8>) -> Result<()>;

    /// What it is, for who describes the method; nothing where that is not known.
    fn about() -> Option<Field> {
        None
    }
}

macro_rules! by_field {
    ($($type:ty => $field:expr;)*) => {
        $(impl Represent for $type {
            fn represent(&self, context: &Context, out: &mut Vec<u8>) -> Result<()> {
                let value = FieldType::to_value(self);
                $field.write(&ValueRef::from(&value), context, out).map_err(Error::internal)
            }

            fn about() -> Option<Field> {
                Some($field)
            }
        })*
    };
}

by_field! {
    model::Decimal => Field::decimal(None, None);
    model::Date => Field::date();
    model::DateTime => Field::datetime();
    model::Time => Field::time();
    model::Duration => Field::duration();
    model::Uuid => Field::uuid();
    model::IpAddr => Field::ip_address();
}

macro_rules! whole {
    ($field:expr; $($type:ty)*) => {
        $(impl Represent for $type {
            fn represent(&self, _: &Context, out: &mut Vec<u8>) -> Result<()> {
                out.extend_from_slice(self.to_string().as_bytes());
                Ok(())
            }

            fn about() -> Option<Field> {
                Some($field)
            }
        })*
    };
}

whole! { Field::integer(); i8 i16 i32 i64 u8 u16 u32 u64 isize usize }
whole! { Field::boolean(); bool }

impl Represent for f64 {
    fn represent(&self, _: &Context, out: &mut Vec<u8>) -> Result<()> {
        json::write(&Json::Float(*self), &Style::default(), out).map_err(Error::internal)
    }

    fn about() -> Option<Field> {
        Some(Field::float())
    }
}

macro_rules! text {
    ($($type:ty => $field:expr;)*) => {
        $(impl Represent for $type {
            fn represent(&self, _: &Context, out: &mut Vec<u8>) -> Result<()> {
                json::write_text(self, false, out);
                Ok(())
            }

            fn about() -> Option<Field> {
                Some($field)
            }
        })*
    };
}

text! {
    String => Field::char();
    &str => Field::char();
    model::Text => Field::char();
    model::Slug => Field::slug();
    model::Email => Field::email();
    model::Url => Field::url();
}

impl Represent for Json {
    fn represent(&self, _: &Context, out: &mut Vec<u8>) -> Result<()> {
        json::write(self, &Style::default(), out).map_err(Error::internal)
    }
}

impl Represent for serde_json::Value {
    fn represent(&self, _: &Context, out: &mut Vec<u8>) -> Result<()> {
        out.extend(crate::http::json::to_vec(self).map_err(Error::internal)?);
        Ok(())
    }
}

impl<T: Represent> Represent for Option<T> {
    fn represent(&self, context: &Context, out: &mut Vec<u8>) -> Result<()> {
        match self {
            Some(value) => value.represent(context, out),
            None => {
                out.extend_from_slice(b"null");
                Ok(())
            }
        }
    }

    fn about() -> Option<Field> {
        T::about().map(Field::allow_null)
    }
}

impl<T: Represent> Represent for Vec<T> {
    fn represent(&self, context: &Context, out: &mut Vec<u8>) -> Result<()> {
        out.push(b'[');
        for (at, value) in self.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            value.represent(context, out)?;
        }
        out.push(b']');
        Ok(())
    }

    fn about() -> Option<Field> {
        T::about().map(Field::list)
    }
}

/// The value of an enum's member.
pub fn represent_choice<T: Choices>(member: T, context: &Context, out: &mut Vec<u8>) -> Result<()> {
    Field::any().write(&ValueRef::from(&member.value()), context, out).map_err(Error::internal)
}
