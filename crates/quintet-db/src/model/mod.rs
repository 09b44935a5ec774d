//! Models and the types of their fields: what `#[derive(Model)]` fills in, and what a user's struct is made of.
//!
//! The derive never interprets a type. It writes `<Type as FieldType>::field()`, and traits decide, so that aliases,
//! `Option` and types of a project's own work. What a model is, as data, is told by the core's `schema`.

mod aspects;
mod auto;
mod choices;
mod default;
pub mod derive;
mod field_type;
mod generated;
mod keys;
mod natural;
mod text;
pub mod words;

pub use auto::{Auto, BigAuto, SmallAuto};
pub use choices::{Choices, Constant, Member};
pub use default::{DefaultFor, Fits};
pub use field_type::FieldType;
pub use generated::Generated;
pub use keys::{ForeignKey, ManyToMany, OneToOne, Parent, Through};
pub use natural::{Binary, Date, DateTime, Decimal, Duration, IpAddr, Json, Time, Uuid};
pub use quintet_core::schema::{FieldPlace, ModelDef, ModelState};
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
pub trait Model: Listed + Sized + Send + Sync + 'static {
    /// The value of its primary key; a tuple where that has several fields.
    type Key: Clone + std::fmt::Debug + PartialEq + Send + Sync + 'static;

    /// Where it stands, and how its state is made.
    const DEF: &'static ModelDef;

    /// The label of its app.
    const APP_LABEL: &'static str = <Self as Listed>::APP;

    /// Its state, without the app's label.
    fn state() -> ModelState;
}

/// Fields that several models share: a struct with `#[derive(Model)]` and `#[model(abstract)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not hold fields that models share",
    label = "not an abstract model",
    note = "give it `#[derive(Model)]` and `#[model(abstract)]`"
)]
pub trait Abstract {
    /// Adds the fields to a model.
    fn declare(model: &mut ModelState);
}
