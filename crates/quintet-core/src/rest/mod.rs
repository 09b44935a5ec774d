//! The fields of serializers, as data: what each takes, what it says of what it does not take, and how it writes values.
//!
//! A [`Field`] is a name, a [`Kind`] and options, made by words that are named as the reference's classes. It is given an
//! [`Input`] out of a request's [`Data`] and answers with an [`Outcome`] or with [`Problems`]; it writes a [`ValueRef`] as
//! JSON text. Knows no database and no request: what relations, nested serializers and uniqueness ask for is asked by
//! whoever runs a serializer.

mod calendar;
mod context;
mod default;
mod field;
mod input;
mod kind;
mod message;
mod metadata;
mod model;
mod outcome;
mod own;
mod parse;
mod problem;
pub mod rules;
mod run;
mod strptime;
mod style;
mod validator;
mod value;
mod words;
mod write;

pub use context::{Context, DurationFormat, FileUrl, Format, Settings};
pub use default::DefaultValue;
pub use field::{Field, Name};
pub use input::{Data, FormData, Input, UploadedFile};
pub use kind::{
    Choices, Dates, Decimals, Dict, Files, Integers, Kind, Limits, List, Nested, Pattern, Related, RelatedTo, Text,
    TextForm, UuidFormat,
};
pub use message::MESSAGES;
pub use model::{held, model_name, of_model};
pub use outcome::{Datum, Outcome};
pub use own::OwnClass;
pub use problem::{MOST_PROBLEMS, Problem, Problems};
pub use run::{Given, Parsed};
pub use style::{Control, Style};
pub use validator::{Unique, UniqueFor, Validator};
pub use value::ValueRef;
pub use write::Unwritable;

pub use crate::json::{Form, FormValue};
pub use crate::python::Rounding;
pub use chrono_tz::Tz;
