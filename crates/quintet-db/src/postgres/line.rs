//! Those who save by the same statement at this moment, and how it is done for all of them.
//!
//! Who saves leaves its values, and a task of its own asks for all that came meanwhile. What takes long, because a table is
//! locked or there is no connection, holds up nobody who came later: they save alone.

use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use quintet_core::schema::Value;
use tokio::sync::oneshot;

use super::gather::let_others_pass;
use super::group::KNOWN;
use super::joint_save::JointSave;
use super::pool::{Lease, Pool};
use crate::database::Boxed;
use crate::error::{Error, ErrorKind, Result};
use crate::save::Saved;
use crate::together::at_once;

/// How many are saved by one statement.
const MOST: usize = 64;

/// A statement that takes longer than this is not waited for by who comes meanwhile.
const SLOW: Duration = Duration::from_millis(100);

/// For how long each saves alone where something went wrong.
const REST: Duration = Duration::from_secs(1);

/// What is done for several.
pub(super) enum Work {
    One(JointSave),
    /// All or nothing.
    All(Vec<JointSave>),
}

/// Those who save by one statement, or by the same ones.
pub(super) struct Line {
    pub(super) work: Work,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    waiting: Vec<Waiting>,
    /// Whether a task saves what waits.
    is_served: bool,
    /// Until when each saves alone.
    rest: Option<Instant>,
}

/// The values of somebody: those of each statement, and by bits which of the statements must touch a row.
pub(super) struct Values {
    pub(super) each: Vec<Vec<Value>>,
    pub(super) needed: u64,
}

/// Somebody who left values.
struct Waiting {
    values: Values,
    answer: oneshot::Sender<Told>,
}

/// What becomes of them.
enum Told {
    Done(Result<Saved>),
    /// Nothing was done; here they are again.
    Alone(Values),
}

/// How it comes out for several.
enum End {
    /// What each is given; nothing for whom nothing was done.
    Kept(Vec<Option<Saved>>),
    /// Nothing was done: the server refuses it, or what must touch a row touches none.
    Refused,
    Unsure(Error),
    /// The table has a trigger now, or the like, and answered otherwise.
    Unclear,
}

impl Line {
    pub(super) fn new(work: Work) -> Self {
        Self { work, queue: Mutex::default() }
    }

    /// Saves with others; gives the values back where nothing was done.
    pub(super) async fn save(self: &Arc<Self>, pool: &Arc<Pool>, values: Values) -> Result<Result<Saved>, Values> {
        let (answer, told) = oneshot::channel();
        if self.enter(Waiting { values, answer })? {
            // A task of its own: who saves may be left waiting by its caller, and the others are not to wait for that.
            tokio::spawn(Server { line: Arc::clone(self), is_done: false }.serve(Arc::clone(pool)));
        }
        match told.await {
            Ok(Told::Done(done)) => Ok(done),
            Ok(Told::Alone(values)) => Err(values),
            Err(_) => Ok(Err(unsure("the program was stopped while rows were saved"))),
        }
    }

    /// Whether a task has to begin that serves this.
    fn enter(&self, one: Waiting) -> Result<bool, Values> {
        let mut queue = self.queue();
        if queue.rest.is_some_and(|rest| Instant::now() < rest) {
            return Err(one.values);
        }
        queue.rest = None;
        queue.waiting.push(one);
        Ok(!std::mem::replace(&mut queue.is_served, true))
    }

    /// Saves for those who wait, as many as one statement takes.
    async fn serve(&self, pool: &Arc<Pool>) {
        if self.queue().waiting.len() < 2 {
            return self.take().into_iter().for_each(Waiting::alone);
        }
        let lease = pool.lease(false).await;
        // Behind the connection: who went away while there was none saves nothing.
        let mut all = self.take();
        all.retain(|one| !one.answer.is_closed());
        let lease = match lease {
            Ok(lease) => lease,
            Err(error) => return all.into_iter().for_each(|one| one.done(Err(error.told_again()))),
        };
        if all.len() < 2 {
            drop(lease);
            return all.into_iter().for_each(Waiting::alone);
        }
        let end = match &self.work {
            Work::One(joint) => joint_save(lease, joint, &all).await,
            Work::All(joints) => joint_changes(lease, joints, &all).await,
        };
        let rest = match &end {
            End::Kept(_) => None,
            End::Refused | End::Unsure(_) => Some(REST),
            // Until it is found out again what the table is.
            End::Unclear => Some(KNOWN),
        };
        if let Some(rest) = rest {
            self.queue().rest = Some(Instant::now() + rest);
        }
        match end {
            End::Kept(each) => all.into_iter().zip(each).for_each(|(one, saved)| match saved {
                Some(saved) => one.done(Ok(saved)),
                None => one.alone(),
            }),
            End::Refused => all.into_iter().for_each(Waiting::alone),
            End::Unsure(error) => all.into_iter().for_each(|one| one.done(Err(error.told_again()))),
            End::Unclear => {
                let problem = "the server did not say of each row what became of it";
                all.into_iter().for_each(|one| one.done(Err(unsure(problem))));
            }
        }
    }

    /// Those who waited longest, as many as one statement takes, and not two about the same row.
    fn take(&self) -> Vec<Waiting> {
        let mut queue = self.queue();
        let mut taken: Vec<Waiting> = vec![];
        for one in std::mem::take(&mut queue.waiting) {
            if taken.len() < MOST && !taken.iter().any(|other| self.meet(&one.values, &other.values)) {
                taken.push(one);
            } else {
                queue.waiting.push(one);
            }
        }
        taken
    }

    /// Whether both change the same row, which one statement can do only once.
    fn meet(&self, one: &Values, other: &Values) -> bool {
        match (&self.work, &*one.each, &*other.each) {
            (Work::One(joint), [one], [other]) => joint.meet(one, other),
            _ => false,
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Saves a row for each of these by one statement.
async fn joint_save(lease: Lease, joint: &JointSave, all: &[Waiting]) -> End {
    match lease.fetch(&joint.sql, &params(joint, all, 0), true).await {
        Ok(rows) => match joint.each(rows, all.len()) {
            Some(each) => End::Kept(each),
            None => End::Unclear,
        },
        Err(error) => End::of(error),
    }
}

/// Makes the changes of each of these, every step by one statement, in one transaction.
async fn joint_changes(lease: Lease, joints: &[JointSave], all: &[Waiting]) -> End {
    // What is not prepared yet would be overtaken by what is.
    let mut prepared = Vec::with_capacity(joints.len());
    for joint in joints {
        match lease.prepare(&joint.sql).await {
            Ok(one) => prepared.push(one),
            Err(_) => return End::Refused,
        }
    }
    let mut works: Vec<Boxed<'_, Result<u64>>> = vec![Box::pin(async { lease.script("BEGIN").await.map(|()| 0) })];
    for (at, (joint, prepared)) in joints.iter().zip(&prepared).enumerate() {
        let (lease, params) = (&lease, params(joint, all, at));
        works.push(Box::pin(async move { lease.execute_prepared(&joint.sql, prepared.as_ref(), &params).await }));
    }
    let counts: Result<Vec<u64>> = at_once(works).await.into_iter().collect();
    let is_whole = |(at, count): (usize, &u64)| {
        // Each makes one row at most.
        *count == all.len() as u64 || !all.iter().any(|one| one.values.needed >> at & 1 == 1)
    };
    if !counts.is_ok_and(|counts| counts.iter().skip(1).enumerate().all(is_whole)) {
        lease.recover();
        return End::Refused;
    }
    match lease.script("COMMIT").await {
        Ok(()) => End::Kept(all.iter().map(|_| Some(Saved::Count(0))).collect()),
        Err(error) => End::of(error),
    }
}

/// The parameters of all for one of the statements.
fn params(joint: &JointSave, all: &[Waiting], at: usize) -> Vec<Value> {
    let each: Vec<&[Value]> = all.iter().filter_map(|one| one.values.each.get(at).map(Vec::as_slice)).collect();
    joint.params(&each)
}

fn unsure(problem: &str) -> Error {
    Error::new(ErrorKind::Connection, format!("{problem}: whether it was kept is not known"))
}

impl End {
    /// What the server refuses is not done.
    fn of(error: Error) -> Self {
        if error.is_of_server() && error.kind() != ErrorKind::Connection { Self::Refused } else { Self::Unsure(error) }
    }
}

impl Waiting {
    // Who went away meanwhile is told nothing.

    fn alone(self) {
        drop(self.answer.send(Told::Alone(self.values)));
    }

    fn done(self, done: Result<Saved>) {
        drop(self.answer.send(Told::Done(done)));
    }
}

/// The task that saves what waits, until nothing does.
struct Server {
    line: Arc<Line>,
    is_done: bool,
}

impl Server {
    async fn serve(mut self, pool: Arc<Pool>) {
        loop {
            let_others_pass().await;
            if self.is_over() {
                return;
            }
            let line = Arc::clone(&self.line);
            let mut serving = pin!(line.serve(&pool));
            if tokio::time::timeout(SLOW, &mut serving).await.is_err() {
                // Another may begin.
                drop(self);
                return serving.await;
            }
        }
    }

    fn is_over(&mut self) -> bool {
        let mut queue = self.line.queue();
        if queue.waiting.is_empty() {
            queue.is_served = false;
            self.is_done = true;
        }
        self.is_done
    }
}

/// Whatever it ends by, nobody waits for it afterwards.
impl Drop for Server {
    fn drop(&mut self) {
        if self.is_done {
            return;
        }
        let mut queue = self.line.queue();
        queue.is_served = false;
        queue.rest = Some(Instant::now() + REST);
        let left = std::mem::take(&mut queue.waiting);
        drop(queue);
        left.into_iter().for_each(Waiting::alone);
    }
}
