//! Classes of fields of a project's own: what they make of values, and how they show them.

use quintet_core::json::{self, Json};
use quintet_core::rest::{Datum, Field, OwnClass, Problem, Problems};

use super::field::{Behind, SerializerField};
use crate::http::{Error, Result};

/// A class of fields of a project's own. It stands upon a type whose values come and go, and says what is kept of them.
///
/// ```
/// use quintet_core::json::Json;
/// use quintet_core::rest::Problem;
/// use quintet_web::rest::serializer::FieldClass;
///
/// /// `#rrggbb`, kept as three numbers.
/// pub struct Colour;
///
/// impl FieldClass for Colour {
///     type Base = String;
///     type Value = Vec<i64>;
///
///     fn to_internal_value(text: String) -> Result<Vec<i64>, Problem> {
///         let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii());
///         let digits = digits.ok_or_else(|| Problem::new("form", "Write #rrggbb."))?;
///         let pairs = [0, 2, 4].map(|at| i64::from_str_radix(&digits[at..at + 2], 16));
///         pairs.into_iter().collect::<Result<_, _>>().map_err(|_| Problem::new("form", "Write #rrggbb."))
///     }
///
///     fn to_representation(value: Vec<i64>) -> String {
///         format!("#{:02x}{:02x}{:02x}", value[0], value[1], value[2])
///     }
/// }
/// ```
///
/// Then `pub colour: Colour` is a field of a serializer, and `data.get(|it| it.colour())` gives what is kept. The options
/// of the type below are those of the class (`max_length`), and are asked of what came; `error_messages(form = "..")`
/// puts other words for a code of its own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no class of fields",
    note = "write `impl FieldClass for {Self} {{ type Base = ..; type Value = ..; .. }}`"
)]
pub trait FieldClass: Sized + Send + Sync + 'static {
    /// What comes, and what is shown: `String`, `i64`, or `quintet::json::Json` for whatever it is.
    type Base: SerializerField;

    /// What is kept: the type of the model's field, or any type that a serializer's field can have.
    type Value: SerializerField<Value = Self::Value>;

    /// What is kept of a value that came.
    ///
    /// # Errors
    /// What is wrong with it.
    fn to_internal_value(value: <Self::Base as SerializerField>::Value) -> Result<Self::Value, Problem>;

    /// How a value that is kept is shown.
    fn to_representation(value: Self::Value) -> <Self::Base as SerializerField>::Value;
}

impl<C: FieldClass> SerializerField for C {
    type Value = C::Value;

    fn field() -> Field {
        let read = |datum| {
            let value = C::Base::from_datum(datum).map_err(|error| Problems::one("invalid", error.to_string()))?;
            Ok(C::Value::to_datum(C::to_internal_value(value)?))
        };
        let shown = |datum| {
            let value = C::Value::from_datum(told(datum)).map_err(|error| error.to_string())?;
            Ok(C::Base::to_datum(C::to_representation(value)))
        };
        let mut field = C::Base::field().of_class(OwnClass::new(read, shown));
        field.allow_null = C::Base::NULLABLE;
        field
    }

    fn from_datum(datum: Datum) -> Result<C::Value> {
        C::Value::from_datum(datum)
    }

    fn to_datum(value: C::Value) -> Datum {
        C::Value::to_datum(value)
    }

    fn behind() -> Behind {
        Behind::Nothing
    }
}

/// A column's JSON text as what it says.
fn told(datum: Datum) -> Datum {
    match &datum {
        Datum::Value(quintet_core::schema::Value::Json(text)) => match json::parse_text(text) {
            Ok(tree @ (Json::List(_) | Json::Object(_))) => Datum::from_json(&tree),
            _ => datum,
        },
        _ => datum,
    }
}

/// Whatever it is, as it is.
impl SerializerField for Json {
    type Value = Self;

    fn field() -> Field {
        Field::any()
    }

    fn from_datum(datum: Datum) -> Result<Self> {
        json::parse_text(&datum.to_json_text()).map_err(Error::internal)
    }

    fn to_datum(value: Self) -> Datum {
        Datum::from_json(&value)
    }
}
