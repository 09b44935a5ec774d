//! From a statement to rows: compiled once for its shape, its values bound, run on whichever connection there is.

mod split;

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use quintet_core::query::{self, Compiled, Insert, Outcome, Split, Statement};
use quintet_core::schema::Value;
use quintet_core::sql::Dialect;

use crate::database::Db;
use crate::error::{Error, ErrorKind, Result};
use crate::find::Find;
use crate::query::Reading;
use crate::rows::Rows;
use crate::save::{Gives, Save};
use crate::stream::RowStream;

/// The rows of a statement, and what its columns are.
#[derive(Debug)]
pub struct Fetched {
    /// The rows.
    pub rows: Rows,
    /// What was asked; nothing where it was certain that there are no rows, and no database was asked.
    pub compiled: Option<Plan>,
}

/// The rows of a statement in chunks.
#[derive(Debug)]
pub struct Stream {
    chunks: Option<RowStream>,
    compiled: Option<Plan>,
}

/// A statement as it was compiled, shared with all others of its shape.
#[derive(Clone)]
pub struct Plan(Arc<Kept>);

/// What is kept of a shape: the statement, and how its rows are read.
pub(crate) struct Kept {
    outcome: Outcome,
    reading: OnceLock<Reading>,
}

/// What is run, with the values that are bound.
enum Ready {
    Nothing,
    Sql(Plan, Vec<Value>),
    Split(Plan, Vec<Value>),
}

impl Db<'_> {
    /// The rows of a statement: of a query, a count, whether there is one, aggregates, or what an insert gives back.
    pub async fn select(self, statement: &Statement<'_>) -> Result<Fetched> {
        self.rows_of(statement, false).await
    }

    /// The same of a query that finds a few rows by an index: the connection can go about it in another way.
    pub async fn find(self, statement: &Statement<'_>) -> Result<Fetched> {
        self.rows_of(statement, true).await
    }

    async fn rows_of(self, statement: &Statement<'_>, by_index: bool) -> Result<Fetched> {
        let db = self.meant(statement)?;
        db.may_lock(statement)?;
        let (plan, values) = match db.ready(statement)? {
            Ready::Nothing => return Ok(Fetched { rows: Rows::default(), compiled: None }),
            Ready::Split(..) => return Err(gives_no_rows()),
            Ready::Sql(plan, values) => (plan, values),
        };
        let only_reads = match statement {
            Statement::Select(query) | Statement::Count(query) | Statement::Exists(query) => query.lock.is_none(),
            Statement::Aggregate(..) | Statement::Firsts(_) => true,
            Statement::Insert(_) | Statement::Update(..) | Statement::Delete(_) => false,
        };
        let connection = db.connection();
        let rows = match (only_reads, by_index) {
            (true, true) => connection.find(Find::new(&plan.sql, values)),
            (true, false) => connection.read(&plan.sql, values),
            (false, _) => connection.fetch(&plan.sql, values),
        };
        Ok(Fetched { rows: rows.await?, compiled: Some(plan) })
    }

    /// A lock outside a transaction would be gone before anyone has use of it. SQLite has no such locks.
    fn may_lock(self, statement: &Statement<'_>) -> Result<()> {
        let Statement::Select(query) = statement else { return Ok(()) };
        if query.lock.is_none() || self.dialect() == Dialect::Sqlite || self.connection().is_in_transaction() {
            return Ok(());
        }
        let problem = "`select_for_update` is possible in a transaction only";
        Err(Error::new(ErrorKind::Usage, problem).with_hint("run it on the `tx` of `db.atomic(async |tx| ..)`"))
    }

    /// Runs an update, a delete or an insert; gives how many rows it touched.
    pub async fn run(self, statement: &Statement<'_>) -> Result<u64> {
        let db = self.meant(statement)?;
        match db.ready(statement)? {
            Ready::Nothing => Ok(0),
            Ready::Sql(plan, values) => db.execute(&plan.sql, &values).await,
            Ready::Split(plan, values) => match (plan.split(), statement) {
                (Some(split), Statement::Update(_, assigned)) => {
                    // Boxed, as all that is large and seldom.
                    Box::pin(split::run(db, split, values, assigned)).await
                }
                _ => Err(gives_no_rows()),
            },
        }
    }

    /// The same, and the statement as it was compiled, for others of its shape.
    pub(crate) async fn run_kept(self, statement: &Statement<'_>) -> Result<(u64, Option<Plan>)> {
        let db = self.meant(statement)?;
        match db.ready(statement)? {
            Ready::Sql(plan, values) => Ok((db.execute(&plan.sql, &values).await?, Some(plan))),
            Ready::Nothing | Ready::Split(..) => Ok((Box::pin(db.run(statement)).await?, None)),
        }
    }

    /// How many rows a statement touches that changes one, and was compiled before, with the values of one of its shape.
    pub(crate) async fn run_bound(self, plan: &Plan, given: &[&Value]) -> Result<u64> {
        let values = plan.bind(self.dialect(), self.registry()?.zone(), given)?;
        let saved = self.connection().save(Save::new(&plan.sql, values, Gives::Count)).await?;
        Ok(saved.count())
    }

    /// What a statement finds by an index that was compiled before, with the values of one of its shape.
    pub(crate) async fn find_bound(self, plan: &Plan, given: &[&Value]) -> Result<Rows> {
        let values = plan.bind(self.dialect(), self.registry()?.zone(), given)?;
        self.connection().find(Find::new(&plan.sql, values)).await
    }

    /// New rows; gives what they were asked to give back.
    pub async fn insert(self, insert: &Insert) -> Result<Fetched> {
        self.select(&Statement::Insert(insert)).await
    }

    /// What a statement gives that makes one row, and was compiled before, with the values of one of its shape.
    pub(crate) async fn fetch_bound(self, plan: &Plan, given: &[&Value]) -> Result<Rows> {
        let values = plan.bind(self.dialect(), self.registry()?.zone(), given)?;
        let saved = self.connection().save(Save::new(&plan.sql, values, Gives::Rows)).await?;
        Ok(saved.rows())
    }

    /// The rows of a query, so many at a time.
    pub async fn stream(self, statement: &Statement<'_>, chunk: usize) -> Result<Stream> {
        let db = self.meant(statement)?;
        db.may_lock(statement)?;
        match db.ready(statement)? {
            Ready::Nothing => Ok(Stream { chunks: None, compiled: None }),
            Ready::Split(..) => Err(gives_no_rows()),
            Ready::Sql(plan, values) => {
                let chunks = db.connection().stream(&plan.sql, values, chunk).await?;
                Ok(Stream { chunks: Some(chunks), compiled: Some(plan) })
            }
        }
    }

    /// The SQL of a statement and the values that are bound; nothing where no database would be asked.
    pub fn sql(self, statement: &Statement<'_>) -> Result<Option<(String, Vec<Value>)>> {
        Ok(match self.meant(statement)?.ready(statement)? {
            Ready::Nothing => None,
            Ready::Sql(plan, values) | Ready::Split(plan, values) => Some((plan.sql.clone(), values)),
        })
    }

    /// A statement as it is compiled; nothing where no database would be asked.
    pub(crate) fn planned(self, statement: &Statement<'_>) -> Result<Option<Plan>> {
        match self.ready(statement)? {
            Ready::Nothing => Ok(None),
            Ready::Sql(plan, _) => Ok(Some(plan)),
            Ready::Split(..) => Err(changes_several()),
        }
    }

    /// The values of a statement as they are bound.
    pub(crate) fn bind(self, plan: &Plan, given: Vec<Value>) -> Result<Vec<Value>> {
        Ok(plan.bind_all(self.dialect(), self.registry()?.zone(), given)?)
    }

    /// A change as this connection gets it; nothing where it is certain that it touches no row.
    pub(crate) fn bound(self, statement: &Statement<'_>) -> Result<Option<(String, Vec<Value>)>> {
        match self.ready(statement)? {
            Ready::Nothing => Ok(None),
            Ready::Sql(plan, values) => Ok(Some((plan.sql.clone(), values))),
            Ready::Split(..) => Err(changes_several()),
        }
    }

    /// The handle for a statement's rows. What is locked will be written.
    fn meant(self, statement: &Statement<'_>) -> Result<Self> {
        let ((app, name), is_write) = match statement {
            Statement::Firsts(queries) => match queries.first() {
                Some(query) => (&query.model, false),
                None => return Ok(self),
            },
            Statement::Select(query) => (&query.model, query.lock.is_some()),
            Statement::Count(query) | Statement::Exists(query) | Statement::Aggregate(query, _) => {
                (&query.model, false)
            }
            Statement::Update(query, _) | Statement::Delete(query) => (&query.model, true),
            Statement::Insert(insert) => (&insert.model, true),
        };
        self.routed((app, name), is_write)
    }

    fn ready(self, statement: &Statement<'_>) -> Result<Ready> {
        let (models, dialect) = (self.models()?, self.dialect());
        let plan = Plan(models.compile(dialect, statement)?);
        if matches!(plan.0.outcome, Outcome::Nothing) {
            return Ok(Ready::Nothing);
        }
        let given = query::values(statement);
        let values = plan.bind(dialect, models.registry().zone(), &given)?;
        Ok(if plan.split().is_some() { Ready::Split(plan, values) } else { Ready::Sql(plan, values) })
    }
}

fn changes_several() -> Error {
    Error::new(ErrorKind::Usage, "an update of several tables is no change among others")
}

fn gives_no_rows() -> Error {
    Error::new(ErrorKind::Usage, "an update of several tables gives no rows")
}

impl Stream {
    /// The next rows; nothing behind the last.
    pub async fn next(&mut self) -> Result<Option<Rows>> {
        match &mut self.chunks {
            Some(chunks) => chunks.next().await,
            None => Ok(None),
        }
    }

    /// What was asked; nothing where it was certain that there are no rows.
    pub fn compiled(&self) -> Option<&Plan> {
        self.compiled.as_ref()
    }
}

impl From<Outcome> for Kept {
    fn from(outcome: Outcome) -> Self {
        Self { outcome, reading: OnceLock::new() }
    }
}

impl Plan {
    /// How the rows are read, which is found out once.
    pub(crate) fn reading(&self, find: impl FnOnce(&Compiled) -> Reading) -> &Reading {
        self.0.reading.get_or_init(|| find(self))
    }

    fn split(&self) -> Option<&Split> {
        match &self.0.outcome {
            Outcome::Split(split) => Some(split),
            _ => None,
        }
    }
}

/// What has nothing to say.
static NOTHING: Compiled = Compiled { sql: String::new(), binds: vec![], outputs: vec![], rows: vec![] };

/// The statement; of an update in parts the one that reads the keys.
impl Deref for Plan {
    type Target = Compiled;

    fn deref(&self) -> &Compiled {
        match &self.0.outcome {
            Outcome::Sql(compiled) => compiled,
            Outcome::Split(split) => &split.keys,
            Outcome::Nothing => &NOTHING,
        }
    }
}

/// The SQL.
impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Plan({:?})", self.sql)
    }
}
