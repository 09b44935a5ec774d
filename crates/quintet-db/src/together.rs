//! Changes that are kept all or not at all.
//!
//! A transaction whose statements are known before it begins need not come back to the program after each of them: on
//! SQLite it is one order to the thread that writes, which may share its wait for the disk with others; on PostgreSQL its
//! statements are sent at once, between its beginning and its end.

use std::future::poll_fn;
use std::task::Poll;

use quintet_core::query::Statement;
use quintet_core::schema::Value;

use crate::database::{Boxed, Db};
use crate::error::{Error, ErrorKind, Result};
use crate::recipe::Recipe;

/// A change as a connection gets it.
#[derive(Clone, Debug)]
pub struct Change {
    /// The statement.
    pub sql: String,
    /// Its parameters.
    pub params: Vec<Value>,
    /// Its number among those that must touch a row; nothing where it need not.
    pub needed: Option<usize>,
}

/// Updates, deletes and inserts that are made one behind the other, and kept all or not at all.
///
/// All of them are made on the connection that this is given: no router is asked.
#[derive(Debug)]
pub struct Together<'a> {
    db: Db<'a>,
    changes: Vec<Change>,
    places: usize,
    /// The first one that must touch a row, and certainly does not.
    hopeless: Option<usize>,
}

impl<'a> Together<'a> {
    /// No change yet.
    pub fn on(db: Db<'a>) -> Self {
        Self { db, changes: vec![], places: 0, hopeless: None }
    }

    /// Adds a change, however many rows it touches.
    ///
    /// # Errors
    /// Where it cannot be compiled, changes several tables, or only reads.
    pub fn add(&mut self, statement: &Statement<'_>) -> Result<()> {
        self.push(statement, None)
    }

    /// Adds a change that must touch a row, and gives its place among those that must.
    ///
    /// # Errors
    /// Where it cannot be compiled, changes several tables, or only reads.
    pub fn need(&mut self, statement: &Statement<'_>) -> Result<usize> {
        let place = self.next_place();
        self.push(statement, Some(place))?;
        Ok(place)
    }

    /// The same as [`Together::add`] by a recipe.
    ///
    /// # Errors
    /// A value that does not fit, or is not the recipe's.
    pub fn add_by(&mut self, recipe: &'static Recipe, values: Vec<Value>) -> Result<()> {
        let change = self.db.changed_by(recipe, values)?;
        self.take(change, None);
        Ok(())
    }

    /// The same as [`Together::need`] by a recipe.
    ///
    /// # Errors
    /// A value that does not fit, or is not the recipe's.
    pub fn need_by(&mut self, recipe: &'static Recipe, values: Vec<Value>) -> Result<usize> {
        let place = self.next_place();
        let change = self.db.changed_by(recipe, values)?;
        self.take(change, Some(place));
        Ok(place)
    }

    fn next_place(&mut self) -> usize {
        self.places += 1;
        self.places - 1
    }

    fn push(&mut self, statement: &Statement<'_>, needed: Option<usize>) -> Result<()> {
        if !matches!(statement, Statement::Update(..) | Statement::Delete(_) | Statement::Insert(_)) {
            return Err(reads());
        }
        let change = self.db.bound(statement)?;
        self.take(change, needed);
        Ok(())
    }

    fn take(&mut self, change: Option<(String, Vec<Value>)>, needed: Option<usize>) {
        match change {
            Some((sql, params)) => self.changes.push(Change { sql, params, needed }),
            None => self.hopeless = self.hopeless.or(needed),
        }
    }

    /// Makes them. Gives the place of the first that had to touch a row and touched none, so that nothing is kept.
    ///
    /// # Errors
    /// That of the first that fails; then nothing is kept either.
    pub async fn make(self) -> Result<Option<usize>> {
        if self.hopeless.is_some() || self.changes.is_empty() {
            return Ok(self.hopeless);
        }
        self.db.connection().make_all(self.changes).await
    }
}

/// What is said of a statement that changes nothing.
pub(crate) fn reads() -> Error {
    Error::new(ErrorKind::Usage, "what only reads is no change")
}

/// Whether a change that touched so many rows is missed; its place.
pub(crate) fn missed(change: &Change, count: u64) -> Option<usize> {
    change.needed.filter(|_| count == 0)
}

/// What several pieces of work give, of which each begins before the one behind it and none waits for another.
pub(crate) async fn at_once<T>(mut works: Vec<Boxed<'_, T>>) -> Vec<T> {
    let mut given: Vec<Option<T>> = works.iter().map(|_| None).collect();
    poll_fn(|context| {
        for (work, given) in works.iter_mut().zip(&mut given).filter(|(_, given)| given.is_none()) {
            if let Poll::Ready(made) = work.as_mut().poll(context) {
                *given = Some(made);
            }
        }
        if given.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    given.into_iter().flatten().collect()
}
