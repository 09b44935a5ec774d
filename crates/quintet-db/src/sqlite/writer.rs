//! The one thread that writes.
//!
//! It takes orders in turn: a statement by itself, or the sole right to the connection for a while. Statements that wait
//! one behind the other share a transaction, and so one wait for the disk; each is answered when that is committed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use quintet_core::schema::Value;
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::group;
use super::queue::{Closing, Queue};
use super::slot::{Access, Slot};
use crate::error::{Error, ErrorKind, Result};
use crate::rows::Rows;
use crate::together::Change;

/// How long to wait for a turn to write.
const PATIENCE: Duration = Duration::from_secs(30);

/// How many statements share a transaction at most.
const TOGETHER: usize = 128;

type Job = Box<dyn FnOnce(&mut Slot) + Send>;

/// What is done by itself, and who waits for its answer.
pub(super) struct Single {
    pub(super) work: Work,
    pub(super) may_share: bool,
    pub(super) done: oneshot::Sender<Result<Answer>>,
    /// Whether it is begun, or nobody waits for its turn any more: whoever says so first decides. Without this it is waited
    /// for as long as it takes.
    turn: Option<Arc<AtomicBool>>,
}

impl Single {
    /// Whether it may begin.
    pub(super) fn is_begun_now(&self) -> bool {
        self.turn.as_ref().is_none_or(|turn| !turn.swap(true, Ordering::AcqRel))
    }
}

/// A statement, or several changes that are kept all or not at all.
pub(super) enum Work {
    One(String, Vec<Value>, Wanted),
    All(Vec<Change>),
}

/// What is wanted of a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Count,
    Rows,
    NamedRows,
}

/// What was given.
pub(super) enum Answer {
    Count(u64),
    Rows(Rows),
    /// Which of several changes touched no row, so that nothing is kept; nothing where all are.
    Missed(Option<usize>),
}

enum Order {
    Single(Single),
    Turn { begins: bool, give: oneshot::Sender<Result<Lease>> },
}

/// The thread; it ends when nobody holds this any more.
pub(super) struct Writer {
    queue: Closing<Order>,
}

impl Writer {
    pub(super) fn start(file: Option<&Path>) -> Self {
        let queue = Arc::new(Queue::<Order>::new());
        let (orders, mut slot) = (Arc::clone(&queue), Slot::new(file, Access::Write));
        let work = move || {
            while let Some(order) = orders.pop() {
                // A panic of a function that SQLite called costs the connection, not the thread.
                let done = catch_unwind(AssertUnwindSafe(|| match order {
                    Order::Single(first) => group::run(&mut slot, waiting(first, &orders)),
                    Order::Turn { begins, give } => {
                        serve(&mut slot, begins, give);
                        slot.tidy();
                    }
                }));
                if done.is_err() {
                    slot.close();
                    slot.tidy();
                }
            }
        };
        drop(std::thread::Builder::new().name("sqlite-write".to_owned()).spawn(work));
        Self { queue: Closing(queue) }
    }

    /// A statement by itself.
    pub(super) async fn single(&self, sql: &str, params: Vec<Value>, wanted: Wanted) -> Result<Answer> {
        let work = Work::One(sql.to_owned(), params, wanted);
        let answer = self.ask(work, group::only_writes(sql), None).await.map_err(|_| panicked())?;
        answer.map_err(|error| error.with_sql(sql))
    }

    /// Changes that are kept all or not at all; which of them was missed.
    pub(super) async fn make_all(&self, changes: Vec<Change>) -> Result<Option<usize>> {
        let may_share = changes.iter().all(|change| group::only_writes(&change.sql));
        let turn = Arc::<AtomicBool>::default();
        let mut answer = self.ask(Work::All(changes), may_share, Some(Arc::clone(&turn)));
        let given = match tokio::time::timeout(PATIENCE, &mut answer).await {
            Ok(given) => given,
            Err(_) if !turn.swap(true, Ordering::AcqRel) => return Err(others_wrote()),
            Err(_) => answer.await,
        };
        match given.map_err(|_| panicked())?? {
            Answer::Missed(missed) => Ok(missed),
            Answer::Count(_) | Answer::Rows(_) => Ok(None),
        }
    }

    fn ask(&self, work: Work, may_share: bool, turn: Option<Arc<AtomicBool>>) -> oneshot::Receiver<Result<Answer>> {
        let (done, answer) = oneshot::channel();
        self.queue.0.push(Order::Single(Single { work, may_share, done, turn }));
        answer
    }

    /// The sole right to write, unless it takes too long.
    pub(super) async fn lease_soon(&self, begins: bool) -> Result<Lease> {
        tokio::time::timeout(PATIENCE, self.lease(begins)).await.unwrap_or_else(|_| Err(others_wrote()))
    }

    /// The sole right to write, when it is this caller's turn; `begins` has a transaction begun with it. Who goes away
    /// while waiting gets none.
    pub(super) async fn lease(&self, begins: bool) -> Result<Lease> {
        let (give, given) = oneshot::channel();
        self.queue.0.push(Order::Turn { begins, give });
        given.await.map_err(|_| panicked())?
    }
}

/// The statements that wait one behind the other.
fn waiting(first: Single, orders: &Queue<Order>) -> Vec<Single> {
    let mut together = vec![Order::Single(first)];
    let may_share = |order: &Order| matches!(order, Order::Single(single) if single.may_share);
    if may_share(&together[0]) {
        // Whoever is about to write comes along, where this thread and theirs have one core between them.
        std::thread::yield_now();
        orders.pop_while(TOGETHER, &mut together, may_share);
    }
    let single = |order| match order {
        Order::Single(single) => Some(single),
        Order::Turn { .. } => None,
    };
    together.into_iter().filter_map(single).collect()
}

/// Does the jobs of one holder, until it gives the right back.
fn serve(slot: &mut Slot, begins: bool, give: oneshot::Sender<Result<Lease>>) {
    if give.is_closed() {
        return;
    }
    let begun = if begins { slot.connection().and_then(|connection| begin(connection)) } else { Ok(()) };
    let (jobs, todo) = mpsc::channel::<Job>();
    let is_left = Arc::<AtomicBool>::default();
    let lease = Lease { jobs, is_lost: Arc::default(), is_left: Arc::clone(&is_left) };
    if give.send(begun.map(|()| lease)).is_err() {
        return;
    }
    while let Ok(job) = todo.recv() {
        // What nobody can go on with, or keep, ends early.
        slot.watched(Arc::clone(&is_left), job);
    }
}

/// A transaction that first reads and then writes would fail where another process writes in between: it writes from the
/// beginning.
fn begin(connection: &Connection) -> Result<()> {
    const BEGIN: &str = "BEGIN IMMEDIATE";
    let begun = connection.prepare_cached(BEGIN).and_then(|mut begin| begin.execute([]));
    begun.map(drop).map_err(|error| Error::from(error).with_sql(BEGIN))
}

/// The sole right to write, for a while. Given back, an open transaction is rolled back.
pub(crate) struct Lease {
    jobs: mpsc::Sender<Job>,
    is_lost: Arc<AtomicBool>,
    is_left: Arc<AtomicBool>,
}

/// What is still at work is for nobody.
impl Drop for Lease {
    fn drop(&mut self) {
        self.is_left.store(true, Ordering::Relaxed);
    }
}

impl Lease {
    /// Whether SQLite ended the transaction by itself: a full disk, for one, makes it.
    pub(crate) fn is_lost(&self) -> bool {
        self.is_lost.load(Ordering::Acquire)
    }

    /// Runs `COMMIT` or `ROLLBACK`. What SQLite has rolled back by itself need not be rolled back.
    pub(crate) async fn end(&self, sql: &'static str) -> Result<()> {
        self.run(sql, true, move |connection| {
            if connection.is_autocommit() {
                return if sql == "ROLLBACK" {
                    Ok(())
                } else {
                    Err(Error::other("the transaction is not open any more"))
                };
            }
            Ok(connection.prepare_cached(sql)?.execute([]).map(drop)?)
        })
        .await
    }

    /// Begins a transaction.
    pub(crate) async fn begin(&self) -> Result<()> {
        self.run("", false, |connection| begin(connection)).await
    }

    /// A statement without parameters that is run often: `SAVEPOINT`.
    pub(crate) async fn control(&self, sql: String) -> Result<()> {
        let text = sql.clone();
        self.run(&text, false, move |connection| Ok(connection.prepare_cached(&sql)?.execute([]).map(drop)?)).await
    }

    /// Begins to write at once, or says that another process does: it waits for nobody.
    pub(crate) async fn try_begin(&self) -> Result<()> {
        self.run("BEGIN IMMEDIATE", false, |connection| {
            connection.busy_timeout(Duration::ZERO)?;
            let begun = connection.execute_batch("BEGIN IMMEDIATE");
            connection.busy_timeout(super::slot::PATIENCE)?;
            Ok(begun?)
        })
        .await
    }

    /// Several statements in one text.
    pub(crate) async fn script(&self, sql: &str) -> Result<()> {
        let text = sql.to_owned();
        self.run(sql, false, move |connection| Ok(connection.execute_batch(&text)?)).await
    }

    pub(super) async fn statement(&self, sql: &str, params: Vec<Value>, wanted: Wanted) -> Result<Answer> {
        let text = sql.to_owned();
        self.run(sql, false, move |connection| group::answer(connection, &text, &params, wanted)).await
    }

    /// Does a job. A caller who goes away does not stop it.
    async fn run<T: Send + 'static>(
        &self,
        sql: &str,
        is_end: bool,
        work: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (done, answer) = oneshot::channel();
        let is_lost = Arc::clone(&self.is_lost);
        let job: Job = Box::new(move |slot| {
            let was_open = slot.is_open();
            let made = slot.connection().and_then(work);
            let is_meant = is_end && made.is_ok();
            // Before the answer, so that whoever has it knows.
            if is_meant || (was_open && !slot.is_open()) {
                is_lost.store(!is_meant, Ordering::Release);
            }
            drop(done.send(made));
        });
        self.jobs.send(job).map_err(|_| panicked())?;
        answer.await.map_err(|_| panicked())?.map_err(|error: Error| error.with_sql(sql))
    }
}

fn others_wrote() -> Error {
    let message = format!("others wrote for {} seconds without a break", PATIENCE.as_secs());
    Error::new(ErrorKind::Timeout, message)
        .with_hint("look for a transaction that stays open while something else is waited for, perhaps for another one")
}

fn panicked() -> Error {
    Error::new(ErrorKind::Connection, "the work upon the database ended in a panic")
}
