//! A class of fields of the project's own: what it makes of values of the kind that it stands upon, and back.

use std::fmt;
use std::sync::Arc;

use super::{Datum, Field, Problems};

type Read = dyn Fn(Datum) -> Result<Datum, Problems> + Send + Sync;
type Shown = dyn Fn(Datum) -> Result<Datum, String> + Send + Sync;

/// Two functions: from what the kind below read to what is kept, and from what is kept to what the kind below writes.
#[derive(Clone)]
pub struct OwnClass {
    read: Arc<Read>,
    shown: Arc<Shown>,
}

impl OwnClass {
    /// Of its two functions.
    pub fn new(
        read: impl Fn(Datum) -> Result<Datum, Problems> + Send + Sync + 'static,
        shown: impl Fn(Datum) -> Result<Datum, String> + Send + Sync + 'static,
    ) -> Self {
        Self { read: Arc::new(read), shown: Arc::new(shown) }
    }

    /// What is kept of a value that the kind below read.
    pub(super) fn read(&self, datum: Datum) -> Result<Datum, Problems> {
        (self.read)(datum)
    }

    /// What the kind below writes of a value that is kept.
    pub(super) fn shown(&self, datum: Datum) -> Result<Datum, String> {
        (self.shown)(datum)
    }
}

impl fmt::Debug for OwnClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a class of the project")
    }
}

impl Field {
    /// The same as a class of the project's own that stands upon it.
    #[must_use]
    pub fn of_class(mut self, own: OwnClass) -> Self {
        self.own = Some(own);
        self
    }

    /// Problems that a class of the project found, in the words that this field has for their codes.
    pub(super) fn told(&self, problems: Problems) -> Problems {
        match problems {
            Problems::List(found) => Problems::List(
                found
                    .into_iter()
                    .map(|mut problem| {
                        if let Some((_, words)) = self.messages.iter().rev().find(|(code, _)| *code == problem.code) {
                            problem.message.clone_from(words);
                        }
                        problem
                    })
                    .collect(),
            ),
            others => others,
        }
    }
}
