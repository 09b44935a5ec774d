//! Models and the types of their fields: what `#[derive(Model)]` fills in, and what a user's struct is made of.
//!
//! The derive never interprets a type. It writes `<Type as FieldType>::field()`, and traits decide, so that aliases,
//! `Option` and types of a project's own work. What a model is, as data, is told by the core's `schema`.

mod aspects;
mod auto;
pub(crate) mod cells;
mod choices;
mod default;
pub mod derive;
mod field_type;
mod generated;
mod instance;
mod key_value;
mod keys;
mod natural;
mod text;
pub mod words;

pub use auto::{Auto, BigAuto, SmallAuto};
pub use choices::{Choices, Constant, Member};
pub use default::{DefaultFor, Fits};
pub use field_type::FieldType;
pub use generated::Generated;
pub use instance::{Instance, Slot};
pub use key_value::KeyValue;
pub use keys::{ForeignKey, Leads, ManyToMany, OneToOne, Parent, Through};
pub use natural::{Binary, Date, DateTime, Decimal, Duration, IpAddr, Json, Time, Uuid};
pub use quintet_core::schema::{FieldPlace, ModelDef, ModelState};

use crate::error::Result;
use crate::query::{Columns, QuerySet, Reader};
pub use text::{Email, File, FilePath, Image, Slug, Text, Url};

/// Written by an app's list, never by hand.
#[diagnostic::on_unimplemented(
    message = "model `{Self}` is in no app's list",
    label = "not listed in any `app!`",
    note = "add it to `models = [..]` in the `app!` of its app, usually `src/<app>/mod.rs`"
)]
pub trait Listed {
    /// The app's label.
    const APP: &'static str;
}

/// A struct whose values are rows of a table. Derived.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    label = "not a model",
    note = "a model is a struct with `#[derive(Model)]`"
)]
pub trait Model: Listed + Instance + Sized + Send + Sync + 'static {
    /// The value of its primary key; a tuple where that has several fields.
    type Key: KeyValue;

    /// What the closure of a query sees: a method for each field.
    type Columns: Columns;

    /// What [`objects`](Self::objects) begins with.
    type Manager: Manager<Self>;

    /// Where it stands, and how its state is made.
    const DEF: &'static ModelDef;

    /// The label of its app.
    const APP_LABEL: &'static str = <Self as Listed>::APP;

    /// The fields that a new row must be given.
    const REQUIRED: &'static [Required];

    /// Its state, without the app's label.
    fn state() -> ModelState;

    /// The value of its primary key.
    fn key(&self) -> Self::Key;

    /// Out of what a database gave.
    fn read(reader: &mut Reader<'_>) -> Result<Self>;

    /// The rows, as its manager gives them.
    fn objects() -> QuerySet<Self> {
        <Self::Manager as Manager<Self>>::objects()
    }

    /// All rows, whatever its manager leaves out.
    fn all_objects() -> QuerySet<Self> {
        QuerySet::new()
    }
}

/// What `objects()` of a model begins with: `#[model(manager = LiveNotes)]`.
///
/// So do relations that lead to many rows, `user.notes()` and `note.tags`. What leads to one row, conditions along
/// relations, and what is deleted with a row know all rows.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no manager of `{M}`",
    label = "not a manager of this model",
    note = "write `impl Manager<{M}> for {Self} {{ fn objects() -> QuerySet<{M}> {{ .. }} }}`"
)]
pub trait Manager<M: Model>: 'static {
    /// The query that all others of the model are made of.
    fn objects() -> QuerySet<M>;
}

/// The manager of a model that names none: all rows.
#[derive(Clone, Copy, Debug)]
pub struct Everything;

impl<M: Model> Manager<M> for Everything {
    fn objects() -> QuerySet<M> {
        QuerySet::new()
    }
}

/// Fields that several models share: a struct with `#[derive(Model)]` and `#[model(abstract)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not hold fields that models share",
    label = "not an abstract model",
    note = "give it `#[derive(Model)]` and `#[model(abstract)]`"
)]
pub trait Abstract {
    /// What the closure of a query sees of them.
    type Columns: Columns;

    /// Those that a new row must be given.
    const REQUIRED: &'static [Required];

    /// Adds the fields to a model.
    fn declare(model: &mut ModelState);

    /// Out of what a database gave.
    fn read(reader: &mut Reader<'_>) -> Result<Self>
    where
        Self: Sized;

    /// Adds the fields of a row, in the order of the struct.
    fn slots<'r>(&'r self, to: &mut Vec<&'r dyn Slot>);

    /// The same, to change them.
    fn slots_mut<'r>(&'r mut self, to: &mut Vec<&'r mut dyn Slot>);

    /// The options that a model takes over with the fields, unless it says its own.
    fn options() -> derive::Options {
        derive::Options::default()
    }
}

/// A field that a new row must be given, unless its type says otherwise.
#[derive(Clone, Copy, Debug)]
pub enum Required {
    /// A field: its name, and what is said where it is missing.
    Field(&'static str, &'static str),
    /// Fields that models share.
    Shared(&'static [Required]),
    /// A field of a type that needs none.
    Nothing,
}
