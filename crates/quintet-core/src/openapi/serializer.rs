//! A serializer as the description sees it: its name, its fields, and what is behind them.

use std::sync::Arc;

use crate::rest::Field;

/// A serializer.
#[derive(Clone, Debug, Default)]
pub struct Serializer {
    /// Its name, as `NoteSerializer`.
    pub name: String,
    /// What is said of it.
    pub description: String,
    /// Its fields, in order.
    pub members: Vec<Member>,
    /// Whether a function of the project makes something else of what is shown.
    pub is_shown_otherwise: bool,
    /// Whether a function of the project takes something else than the fields.
    pub is_taken_otherwise: bool,
    /// Whether it has no name of its own, and stands where it is used.
    pub is_nameless: bool,
}

/// A field of a serializer.
#[derive(Clone, Debug)]
pub struct Member {
    /// The field.
    pub field: Field,
    /// The serializer behind it, for one that is nested.
    pub inner: Option<Arc<Serializer>>,
    /// Whether an answer may lack it.
    pub may_lack: bool,
}
