//! The statements that find, make and change single rows of a model, found again by which columns are given: without a
//! statement that would have to be put together, walked and hashed for that.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use foldhash::fast::FixedState;
use quintet_core::query::tag;
use quintet_core::schema::Value;
use quintet_core::sql::Dialect;

use crate::run;

/// Statements as they were compiled.
#[derive(Debug, Default)]
pub(crate) struct Singles(RwLock<HashMap<Box<[u8]>, run::Plan, FixedState>>);

/// What is done with a row.
#[derive(Clone, Copy)]
pub(super) enum Verb {
    Insert,
    Update,
    Find,
    Look,
}

impl Verb {
    /// What a key begins with.
    pub(super) fn of(self, dialect: Dialect) -> u8 {
        u8::from(dialect == Dialect::Sqlite) | (self as u8) << 1
    }
}

impl Singles {
    /// How many are kept of a model; then all are forgotten.
    const ROOM: usize = 64;

    /// By what is given, column by column, and by what else the text of the statement depends on. Nothing for lists.
    pub(super) fn key<'v>(
        dialect: Dialect,
        verb: Verb,
        given: impl Iterator<Item = Option<&'v Value>>,
    ) -> Option<Vec<u8>> {
        let mut key = Vec::with_capacity(2 * given.size_hint().0 + 1);
        key.push(verb.of(dialect));
        for given in given {
            match given {
                None => key.push(u8::MAX),
                Some(Value::List(_)) => return None,
                Some(given) => tag(given, &mut key),
            }
        }
        Some(key)
    }

    pub(crate) fn get(&self, key: &[u8]) -> Option<run::Plan> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    pub(crate) fn put(&self, key: Vec<u8>, plan: run::Plan) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= Self::ROOM {
            kept.clear();
        }
        kept.insert(key.into(), plan);
    }
}
