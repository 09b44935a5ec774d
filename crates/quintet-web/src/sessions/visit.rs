//! What a request keeps of its browser: the session, the user of it, the secret against forged forms.
//!
//! Made when somebody asks for the first time: a request with a token of its own has none of this.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use quintet_core::json::Object;

use super::SessionEngine;
use crate::csrf;
use crate::rest::Identity;

/// The browser's side of a request.
#[derive(Default)]
pub(crate) struct Visit {
    pub(super) session: OnceLock<Kept>,
    pub(crate) csrf: Mutex<csrf::State>,
    /// The user of the session, once it was looked for.
    user: Mutex<Option<Option<Identity>>>,
    /// Whether views are told of that user.
    has_users: AtomicBool,
}

/// A session while its request is answered.
pub(super) struct Kept {
    pub(super) engine: SessionEngine,
    pub(super) state: tokio::sync::Mutex<State>,
    pub(super) is_accessed: AtomicBool,
    pub(super) is_modified: AtomicBool,
}

/// The key, and the data once they were read.
pub(super) struct State {
    pub(super) key: Option<String>,
    pub(super) data: Option<Object>,
}

impl Visit {
    /// The user of the session, where it was looked for.
    pub(crate) fn user(&self) -> Option<Option<Identity>> {
        self.user.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_user(&self, user: Option<Identity>) {
        *self.user.lock().unwrap_or_else(PoisonError::into_inner) = Some(user);
    }

    /// Whether views are told of the session's user.
    pub(crate) fn has_users(&self) -> bool {
        self.has_users.load(Ordering::Relaxed)
    }

    pub(crate) fn tell_users(&self) {
        self.has_users.store(true, Ordering::Relaxed);
    }
}

impl Kept {
    pub(super) fn new(engine: SessionEngine, key: Option<String>) -> Self {
        let state = State { key: key.filter(|key| is_key(key)), data: None };
        Self {
            engine,
            state: tokio::sync::Mutex::new(state),
            is_accessed: AtomicBool::new(false),
            is_modified: AtomicBool::new(false),
        }
    }

    pub(super) fn modify(&self) {
        self.is_modified.store(true, Ordering::Release);
    }
}

impl State {
    /// Whether there is nothing to remember; what was not read yet may be something.
    pub(super) fn is_empty(&self) -> bool {
        self.key.is_none() && self.data.as_ref().is_none_or(Object::is_empty)
    }
}

/// A shorter one could be guessed.
fn is_key(text: &str) -> bool {
    text.chars().count() >= 8
}
