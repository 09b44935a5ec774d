//! Statements that a program makes again and again, with other values each time: put together the first time only.

use quintet_core::query::{Assign, Insert, Query, Statement, tag, values};
use quintet_core::schema::Value;

use crate::database::Db;
use crate::error::{Error, ErrorKind, Result};
use crate::find::Find;
use crate::rows::Rows;
use crate::run::Plan;
use crate::together::reads;

/// How a statement is put together out of its values. It is a `static`, by whose place what was compiled is found again.
///
/// Its values are all those of the statement, also such as are always the same, in the order in which the statement says them.
#[derive(Debug)]
pub struct Recipe {
    model: (&'static str, &'static str),
    make: fn(Vec<Value>) -> Made,
}

/// A statement that was put together.
#[derive(Debug)]
pub enum Made {
    /// Rows that are found by an index.
    Found(Query),
    /// New rows.
    New(Insert),
    /// Other values of rows.
    Changed(Query, Vec<Assign>),
}

impl Made {
    fn statement(&self) -> Statement<'_> {
        match self {
            Self::Found(query) => Statement::Select(query),
            Self::New(insert) => Statement::Insert(insert),
            Self::Changed(rows, assigned) => Statement::Update(rows, assigned),
        }
    }
}

/// What a recipe is asked for.
#[derive(Clone, Copy)]
enum Wanted {
    Rows,
    Change,
}

impl Recipe {
    /// Of a statement about a model.
    pub const fn new(model: (&'static str, &'static str), make: fn(Vec<Value>) -> Made) -> Self {
        Self { model, make }
    }

    /// What is run, and what is bound; nothing where no database needs to be asked.
    fn bound(&'static self, db: Db<'_>, wanted: Wanted, given: Vec<Value>) -> Result<Option<(Plan, Vec<Value>)>> {
        let kept = db.models()?.recipes();
        // Of a place nothing is read: it is this recipe's name, which no other `static` has.
        let place = std::ptr::from_ref(self).addr();
        let mut key = Vec::with_capacity(64);
        key.extend_from_slice(&[db.dialect() as u8, wanted as u8]);
        key.extend_from_slice(&place.to_le_bytes());
        given.iter().for_each(|value| tag(value, &mut key));
        if let Some(plan) = kept.get(&key) {
            let bound = db.bind(&plan, given)?;
            return Ok(Some((plan, bound)));
        }
        let made = (self.make)(given.clone());
        match (&made, wanted) {
            (Made::Found(_), Wanted::Rows) | (Made::New(_) | Made::Changed(..), Wanted::Change) => {}
            (Made::Found(_), Wanted::Change) => return Err(reads()),
            (_, Wanted::Rows) => return Err(Error::new(ErrorKind::Usage, "a change finds no rows")),
        }
        let statement = made.statement();
        if !values(&statement).into_iter().eq(&given) {
            return Err(Error::new(
                ErrorKind::Usage,
                "the values of a recipe are not those of its statement, in its order",
            ));
        }
        let Some(plan) = db.planned(&statement)? else { return Ok(None) };
        let bound = db.bind(&plan, given)?;
        kept.put(key, plan.clone());
        Ok(Some((plan, bound)))
    }
}

impl Db<'_> {
    /// The rows that a recipe finds.
    ///
    /// # Errors
    /// A value that does not fit, or is not the recipe's; what the database refuses.
    pub async fn find_by(self, recipe: &'static Recipe, values: Vec<Value>) -> Result<Rows> {
        let db = self.routed(recipe.model, false)?;
        match recipe.bound(db, Wanted::Rows, values)? {
            Some((plan, values)) => db.connection().find(Find::new(&plan.sql, values)).await,
            None => Ok(Rows::default()),
        }
    }

    /// How many rows a recipe touches.
    ///
    /// # Errors
    /// A value that does not fit, or is not the recipe's; what the database refuses.
    pub async fn run_by(self, recipe: &'static Recipe, values: Vec<Value>) -> Result<u64> {
        let db = self.routed(recipe.model, true)?;
        match recipe.bound(db, Wanted::Change, values)? {
            Some((plan, values)) => db.connection().execute(&plan.sql, &values).await,
            None => Ok(0),
        }
    }

    /// A change by a recipe, as this connection gets it; nothing where it is certain that it touches no row.
    pub(crate) fn changed_by(
        self,
        recipe: &'static Recipe,
        values: Vec<Value>,
    ) -> Result<Option<(String, Vec<Value>)>> {
        Ok(recipe.bound(self, Wanted::Change, values)?.map(|(plan, values)| (plan.sql.clone(), values)))
    }
}
