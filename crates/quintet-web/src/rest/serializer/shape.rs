//! A serializer made ready: its declaration together with the models, once for a site.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use quintet_core::query::ModelId;
use quintet_core::rest::{Field, Nested};

use super::columns::Shown;
use super::declaration::{
    AsyncMethodOf, Check, DataOf, Hooks, MethodOf, ModelFacts, RowsBy, ShownBy, TakenBy, ValueOf,
};
use super::in_words::TextOf;
use super::needs::{Found, Need};
use super::rule::Rule;

/// A serializer made ready.
pub struct Shape {
    /// The serializer's name.
    pub name: &'static str,
    /// What is said of it.
    pub(crate) description: &'static str,
    pub(crate) model: Option<ModelId>,
    pub(crate) facts: Option<ModelFacts>,
    pub(crate) members: Vec<Member>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) hooks: Option<Hooks>,
    pub(crate) shown_by: Option<ShownBy>,
    pub(crate) taken_by: Option<TakenBy>,
    pub(crate) data_of: Option<DataOf>,
    /// The rows that come along.
    pub(crate) needs: Vec<Need>,
    /// What of its rows a list fetches.
    pub(super) shown: Shown,
    pub(super) room: Room,
}

/// How many bytes a row of a list took when one was written last: a list that has room from the start is not moved as it grows.
#[derive(Default)]
pub(super) struct Room(AtomicUsize);

impl Room {
    /// So much is enough for a row of which nothing is known.
    pub(super) const USUAL: usize = 256;

    /// No more is taken ahead: the next rows may be smaller.
    const MOST: usize = 1 << 20;

    /// Room for so many rows.
    pub(super) fn of(&self, rows: usize) -> Vec<u8> {
        let row = match self.0.load(Ordering::Relaxed) {
            0 => Self::USUAL,
            known => known + known / 8,
        };
        Vec::with_capacity(rows.saturating_mul(row).saturating_add(2).min(Self::MOST))
    }

    /// Rows were written.
    pub(super) fn learn(&self, rows: usize, text: &[u8]) {
        if rows > 0 {
            self.0.store(text.len().div_ceil(rows), Ordering::Relaxed);
        }
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.fields().map(|field| &*field.name).collect();
        f.debug_struct("Shape").field("name", &self.name).field("fields", &names).finish_non_exhaustive()
    }
}

/// A field made ready.
pub(crate) struct Member {
    pub(crate) field: Field,
    /// The path of its value; empty for the whole.
    pub(crate) path: Vec<String>,
    pub(crate) role: Role,
    pub(crate) check: Option<Check>,
    /// Where its value is in a row of the model.
    pub(crate) found: Option<Found>,
    /// `"name":`
    pub(crate) key: Vec<u8>,
}

/// What is done besides what the field does.
pub(crate) enum Role {
    /// Nothing.
    Plain,
    /// A function of the row makes it.
    Method(MethodOf),
    /// An async one makes it before anything is written.
    Later(AsyncMethodOf),
    /// A function of the row gives its value.
    Value(ValueOf),
    /// It is a row of this model, or several.
    Related(Target),
    /// It is another serializer's.
    Nested(Arc<Shape>),
}

/// A model that a relation leads to.
pub(crate) struct Target {
    pub(crate) model: ModelId,
    /// The column of it that the relation's own holds.
    pub(crate) there: usize,
    pub(crate) text: Option<TextOf>,
    /// Where the value is that names a row to be shown, if it is behind relations: `profile__bio`.
    pub(crate) slug: Option<Found>,
    /// Which rows of it may be named; all where nothing is said.
    pub(crate) rows: Option<RowsBy>,
}

/// How many members a list may have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) allow_empty: bool,
    pub(crate) min_length: Option<u32>,
    pub(crate) max_length: Option<u32>,
}

impl Shape {
    /// Its fields, in order.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.members.iter().map(|member| &member.field)
    }

    /// A field by name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields().find(|field| field.name == name)
    }

    pub(crate) fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.field.name == name)
    }

    /// Whether functions want structs of the rows.
    pub(crate) fn wants_structs(&self) -> bool {
        let is_function = |role: &Role| matches!(role, Role::Method(_) | Role::Later(_) | Role::Value(_));
        self.shown_by.is_some() || self.members.iter().any(|member| is_function(&member.role))
    }

    /// Whether something is asked for each row before any is written.
    pub(crate) fn asks_for_rows(&self) -> bool {
        self.members.iter().any(|member| match &member.role {
            Role::Later(_) => true,
            Role::Nested(inner) => inner.asks_for_rows(),
            _ => false,
        })
    }
}

/// The field of a serializer as a type.
pub(crate) fn nested_field(name: &str) -> Field {
    Field::nested(Nested { serializer: name.to_owned(), allow_empty: true, ..Nested::default() })
}
