//! Rows that several tasks save at once are saved by one statement, as if each had been saved alone.
//!
//! Who saves a row while others do leaves its values, and a task of its own saves all that came meanwhile: one turn to the
//! server instead of one for each, and one wait for its disk. Nobody is answered before all of it is kept. Where anything
//! goes wrong nothing of it is, and each saves alone, so that only the one to blame fails.
//!
//! So are changes of several rows that are kept all or not at all: all firsts by one statement, all seconds by another, in
//! one transaction.
//!
//! That is done for plain tables only. What a trigger does, and for how long, nobody knows here.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use foldhash::fast::FixedState;
use quintet_core::schema::Value;
use tokio::sync::oneshot;

use super::gather::let_others_pass;
use super::joint_save::JointSave;
use super::pool::{Lease, Pool};
use super::statements::Changes;
use super::under_way::{One, UnderWay};
use crate::database::Boxed;
use crate::error::{Error, ErrorKind, Result};
use crate::rows::Cell;
use crate::save::{Save, Saved};
use crate::together::{Change, at_once};

/// How many are saved by one statement.
const MOST: usize = 64;

/// How many changes are made together at most.
const STEPS: usize = 16;

/// How many such statements there are at once, and for how many who wait there is one more.
const LANES: usize = 4;
const CROWD: usize = 32;

/// Who comes while a statement takes longer than this does not wait for it; behind it each saves alone for a while.
const SLOW: Duration = Duration::from_millis(100);

/// For how long each saves alone where something went wrong.
const REST: Duration = Duration::from_secs(1);

/// For how long it is known what a table is: another program may give it a trigger.
const KNOWN: Duration = Duration::from_secs(60);

/// Of how many statements it is known how they are asked together; then all are forgotten.
const ROOM: usize = 512;

/// Whether rows that are written to a table are written there and to no other place, and nothing else happens.
const IS_PLAIN: &str = "SELECT c.relkind = 'r' AND NOT c.relhasrules AND NOT c.relhassubclass AND NOT c.relispartition \
     AND NOT c.relrowsecurity AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND NOT \
     t.tgisinternal) FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass($1)";

/// What is saved at this moment.
pub(super) struct Group {
    under_way: UnderWay,
    state: Mutex<State>,
    changes: Changes,
}

#[derive(Default)]
struct State {
    known: HashMap<Box<str>, Known, FixedState>,
    /// How many changes of tables there were when all were forgotten last.
    changes: u64,
    waiting: Vec<Waiting>,
    /// How many tasks save what waits, and when the last of them began with some of it.
    lanes: usize,
    begun: Option<Instant>,
    /// Until when each saves alone.
    rest: Option<Instant>,
}

/// How something is done for several; nothing where it cannot be, or that is being found out.
struct Known {
    work: Option<Arc<Work>>,
    since: Instant,
}

/// What is done for several.
enum Work {
    One(JointSave),
    /// All or nothing.
    All(Vec<JointSave>),
}

/// Somebody who left values: those of each statement.
struct Waiting {
    work: Arc<Work>,
    params: Vec<Vec<Value>>,
    /// Which of the statements must touch a row.
    needed: u64,
    answer: oneshot::Sender<Told>,
}

/// What becomes of them.
enum Told {
    Done(Result<Saved>),
    /// Nothing was done; here they are again.
    Alone(Vec<Vec<Value>>),
}

/// How it comes out for several.
enum End {
    /// What each is given; nothing for whom nothing was done.
    Kept(Vec<Option<Saved>>),
    /// Nothing was done.
    Refused,
    /// Nothing was done, as one of them must touch a row and touches none.
    Missed,
    Unsure(Error),
}

/// How somebody saves a row.
enum Way {
    With(Arc<Work>),
    Alone,
    /// Alone, while it is found out how it is done with others.
    Unknown,
}

impl Group {
    /// Of a pool whose tables change so often.
    pub(super) fn new(changes: Changes) -> Self {
        Self { under_way: UnderWay::default(), state: Mutex::default(), changes }
    }

    /// Somebody begins to save a row, until what is given goes away.
    pub(super) fn begin(&self) -> One<'_> {
        self.under_way.begin()
    }

    /// Saves a row with others; gives back what is to be saved alone.
    pub(super) async fn save<'a>(
        self: &Arc<Self>,
        pool: &Arc<Pool>,
        save: Save<'a>,
    ) -> Result<Result<Saved>, Save<'a>> {
        let work = match self.way(save.sql) {
            Way::With(work) => work,
            Way::Alone => return Err(save),
            Way::Unknown => {
                tokio::spawn(Arc::clone(self).learn(Arc::clone(pool), save.sql.to_owned(), None));
                return Err(save);
            }
        };
        match &*work {
            Work::One(joint) if joint.gives(save.gives) && joint.takes(&save.params) => {}
            _ => return Err(save),
        }
        let Save { sql, params, gives } = save;
        match self.with_others(pool, work, vec![params], 0).await {
            Ok(saved) => Ok(saved.map_err(|error| error.with_sql(sql))),
            Err(mut params) => Err(Save { sql, params: params.pop().unwrap_or_default(), gives }),
        }
    }

    /// Makes changes with others' that are kept all or not at all; gives back what is to be made alone.
    pub(super) async fn make_all(
        self: &Arc<Self>,
        pool: &Arc<Pool>,
        changes: Vec<Change>,
    ) -> Result<Result<()>, Vec<Change>> {
        if changes.len() > STEPS {
            return Err(changes);
        }
        // No statement of one row has such an end.
        let key: String = changes.iter().flat_map(|change| [&*change.sql, ";"]).collect();
        let work = match self.way(&key) {
            Way::With(work) => work,
            Way::Alone => return Err(changes),
            Way::Unknown => {
                let steps = changes.iter().map(|change| change.sql.clone()).collect();
                tokio::spawn(Arc::clone(self).learn(Arc::clone(pool), key, Some(steps)));
                return Err(changes);
            }
        };
        match &*work {
            Work::All(all) if all.iter().zip(&changes).all(|(joint, change)| joint.takes(&change.params)) => {}
            _ => return Err(changes),
        }
        let needed = changes.iter().rev().fold(0, |needed, change| needed << 1 | u64::from(change.needed.is_some()));
        let (params, rest): (Vec<_>, Vec<_>) =
            changes.into_iter().map(|Change { sql, params, needed }| (params, (sql, needed))).unzip();
        match self.with_others(pool, work, params, needed).await {
            Ok(made) => Ok(made.map(drop)),
            Err(params) => {
                let again = params.into_iter().zip(rest).map(|(params, (sql, needed))| Change { sql, params, needed });
                Err(again.collect())
            }
        }
    }

    /// Leaves values, and waits for what becomes of them; gives them back where nothing was done.
    async fn with_others(
        self: &Arc<Self>,
        pool: &Arc<Pool>,
        work: Arc<Work>,
        params: Vec<Vec<Value>>,
        needed: u64,
    ) -> Result<Result<Saved>, Vec<Vec<Value>>> {
        let (answer, told) = oneshot::channel();
        if self.enter(Waiting { work, params, needed, answer }) {
            // A task of its own: who saves may be left waiting by its caller, and the others are not to wait for that.
            tokio::spawn(Lane { group: Arc::clone(self), has_ended: false }.run(Arc::clone(pool)));
        }
        match told.await {
            Ok(Told::Done(done)) => Ok(done),
            Ok(Told::Alone(params)) => Err(params),
            Err(_) => Ok(Err(unsure("the program was stopped while rows were saved"))),
        }
    }

    fn way(&self, sql: &str) -> Way {
        let (mut state, now) = (self.state(), Instant::now());
        let changes = self.changes.count();
        if state.changes != changes {
            state.changes = changes;
            state.known.clear();
        }
        if state.rest.is_some_and(|rest| now < rest) || (state.lanes >= LANES && state.is_held_up()) {
            return Way::Alone;
        }
        state.rest = None;
        match state.known.get(sql) {
            Some(known) if now.saturating_duration_since(known.since) < KNOWN => {
                known.work.clone().map_or(Way::Alone, Way::With)
            }
            _ => {
                if state.known.len() >= ROOM {
                    state.known.clear();
                }
                // Until it is known each saves alone.
                state.known.insert(sql.into(), Known { work: None, since: now });
                Way::Unknown
            }
        }
    }

    /// Finds out how a statement is asked for several, or several statements are.
    async fn learn(self: Arc<Self>, pool: Arc<Pool>, key: String, steps: Option<Vec<String>>) {
        let changes = self.changes.count();
        let Ok(lease) = pool.lease(false).await else { return };
        let learned = match steps {
            None => learned(&lease, &key).await.map(|one| one.map(Work::One)),
            Some(steps) => learned_all(&lease, &steps).await,
        };
        let Ok(Some(work)) = learned else { return };
        let mut state = self.state();
        if state.changes == changes {
            state.known.insert(key.into(), Known { work: Some(Arc::new(work)), since: Instant::now() });
        }
    }

    /// Whether one more task has to begin, as those that there are have enough to do.
    fn enter(&self, waiting: Waiting) -> bool {
        let mut state = self.state();
        state.waiting.push(waiting);
        let is_wanted = state.waiting.len() > CROWD * state.lanes || state.is_held_up();
        let begins = is_wanted && state.lanes < LANES;
        if begins {
            state.lanes += 1;
            state.begun = Some(Instant::now());
        }
        begins
    }

    /// Saves all of them, or none and has each do it alone.
    async fn save_all(&self, pool: &Arc<Pool>, mut all: Vec<Waiting>) {
        // Nobody waits for these any more, and nothing was done yet.
        all.retain(|one| !one.answer.is_closed());
        let [first, _, ..] = &*all else { return all.into_iter().for_each(Waiting::alone) };
        let work = Arc::clone(&first.work);
        let lease = match pool.lease(false).await {
            Ok(lease) => lease,
            Err(error) => return all.into_iter().for_each(|one| one.done(Err(error.told_again()))),
        };
        let begun = Instant::now();
        let end = match &*work {
            Work::One(joint) => joint_save(lease, joint, &all).await,
            Work::All(joints) => joint_changes(lease, joints, &all).await,
        };
        if matches!(end, End::Refused) || begun.elapsed() > SLOW {
            self.state().rest = Some(Instant::now() + REST);
        }
        match end {
            End::Kept(each) => all.into_iter().zip(each).for_each(|(one, saved)| match saved {
                Some(saved) => one.done(Ok(saved)),
                None => one.alone(),
            }),
            End::Refused | End::Missed => all.into_iter().for_each(Waiting::alone),
            End::Unsure(error) => all.into_iter().for_each(|one| one.done(Err(error.told_again()))),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Saves a row for each of these by one statement.
async fn joint_save(lease: Lease, joint: &JointSave, all: &[Waiting]) -> End {
    match lease.fetch(&joint.sql, &params(joint, all, 0), true).await {
        Ok(rows) => match joint.each(rows, all.len()) {
            Some(each) => End::Kept(each),
            None => End::Unsure(unsure("the server did not say of each row what became of it")),
        },
        Err(error) => End::of(error),
    }
}

/// Makes the changes of each of these, every step by one statement, in one transaction.
async fn joint_changes(lease: Lease, joints: &[JointSave], all: &[Waiting]) -> End {
    // What is not prepared yet would be overtaken by what is.
    for joint in joints {
        if lease.prepare(&joint.sql).await.is_err() {
            return End::Refused;
        }
    }
    let mut works: Vec<Boxed<'_, Result<u64>>> = vec![Box::pin(async { lease.script("BEGIN").await.map(|()| 0) })];
    for (at, joint) in joints.iter().enumerate() {
        let params = params(joint, all, at);
        let lease = &lease;
        works.push(Box::pin(async move { lease.execute(&joint.sql, &params, false).await }));
    }
    let counts: Result<Vec<u64>> = at_once(works).await.into_iter().collect();
    let Ok(counts) = counts else {
        lease.recover();
        return End::Refused;
    };
    let is_missed = |(at, count): (usize, &u64)| {
        let is_needed = all.iter().any(|one| one.needed >> at & 1 == 1);
        is_needed && *count != all.len() as u64
    };
    if counts.iter().skip(1).enumerate().any(is_missed) {
        lease.recover();
        return End::Missed;
    }
    match lease.script("COMMIT").await {
        Ok(()) => End::Kept(all.iter().map(|_| Some(Saved::Count(0))).collect()),
        Err(error) => End::of(error),
    }
}

/// The parameters of all for one of the statements.
fn params(joint: &JointSave, all: &[Waiting], at: usize) -> Vec<Value> {
    let each: Vec<&[Value]> = all.iter().filter_map(|one| one.params.get(at).map(Vec::as_slice)).collect();
    joint.params(&each)
}

/// How several statements are asked for several.
async fn learned_all(lease: &Lease, steps: &[String]) -> Result<Option<Work>> {
    let mut all = Vec::with_capacity(steps.len());
    for sql in steps {
        match learned(lease, sql).await? {
            Some(joint) => all.push(joint),
            None => return Ok(None),
        }
    }
    Ok(Some(Work::All(all)))
}

/// How a statement is asked for several; nothing where it is no such statement, or no such table.
async fn learned(lease: &Lease, sql: &str) -> Result<Option<JointSave>> {
    lease.prepare(sql).await?;
    let joint = lease.parameters(sql).and_then(|types| JointSave::of(sql, &types));
    let Some(joint) = joint else { return Ok(None) };
    let is_plain = lease.fetch(IS_PLAIN, &[Value::Text(joint.table.clone())], true).await?;
    if !matches!(is_plain.cell(0, 0), Some(Cell::Bool(true))) {
        return Ok(None);
    }
    lease.prepare(&joint.sql).await?;
    Ok(Some(joint))
}

impl State {
    fn is_held_up(&self) -> bool {
        self.lanes > 0 && self.begun.is_some_and(|begun| begun.elapsed() > SLOW)
    }

    /// Those of one statement that waited longest, as many as it takes, and not two about the same row.
    fn take(&mut self) -> Vec<Waiting> {
        let mut taken: Vec<Waiting> = vec![];
        for one in std::mem::take(&mut self.waiting) {
            let fits = taken.len() < MOST
                && taken.first().is_none_or(|first| Arc::ptr_eq(&first.work, &one.work))
                && !taken.iter().any(|other| one.meets(other));
            if fits {
                taken.push(one);
            } else {
                self.waiting.push(one);
            }
        }
        taken
    }
}

impl End {
    /// What the server refuses is not done.
    fn of(error: Error) -> Self {
        if error.is_of_server() && error.kind() != ErrorKind::Connection { Self::Refused } else { Self::Unsure(error) }
    }
}

impl Waiting {
    /// Whether both change the same row, which one statement can do only once.
    fn meets(&self, other: &Self) -> bool {
        let mut params = self.params.iter().zip(&other.params);
        match &*self.work {
            Work::One(joint) => params.any(|(one, other)| joint.meet(one, other)),
            Work::All(all) => all.iter().zip(params).any(|(joint, (one, other))| joint.meet(one, other)),
        }
    }

    fn alone(self) {
        let Self { params, answer, .. } = self;
        // Who went away meanwhile gets nothing.
        drop(answer.send(Told::Alone(params)));
    }

    fn done(self, done: Result<Saved>) {
        drop(self.answer.send(Told::Done(done)));
    }
}

fn unsure(problem: &str) -> Error {
    Error::new(ErrorKind::Connection, format!("{problem}: whether it was kept is not known"))
}

/// A task that saves what waits, until nothing does.
struct Lane {
    group: Arc<Group>,
    has_ended: bool,
}

impl Lane {
    async fn run(mut self, pool: Arc<Pool>) {
        loop {
            let_others_pass().await;
            match self.next() {
                Some(all) => self.group.save_all(&pool, all).await,
                None => return,
            }
        }
    }

    fn next(&mut self) -> Option<Vec<Waiting>> {
        let mut state = self.group.state();
        if state.waiting.is_empty() {
            state.lanes -= 1;
            self.has_ended = true;
            return None;
        }
        state.begun = Some(Instant::now());
        Some(state.take())
    }
}

/// However it ends, nobody waits for it afterwards.
impl Drop for Lane {
    fn drop(&mut self) {
        if self.has_ended {
            return;
        }
        let mut state = self.group.state();
        state.lanes -= 1;
        let left = if state.lanes == 0 { std::mem::take(&mut state.waiting) } else { vec![] };
        drop(state);
        left.into_iter().for_each(Waiting::alone);
    }
}
