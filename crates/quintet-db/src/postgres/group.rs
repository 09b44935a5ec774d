//! Rows that several tasks save at once are saved by one statement, as if each had been saved alone.
//!
//! Who saves a row while others do leaves its values, and a task of its own saves all that came meanwhile: one turn to the
//! server instead of one for each, and one wait for its disk. Nobody is answered before all of it is kept. Where anything
//! goes wrong nothing of it is, and each saves alone, so that only the one to blame fails.
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
use crate::error::{Error, ErrorKind, Result};
use crate::rows::Cell;
use crate::save::{Save, Saved};

/// How many are saved by one statement.
const MOST: usize = 64;

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

/// How a statement is asked for several; nothing where it cannot be, or that is being found out.
struct Known {
    joint: Option<Arc<JointSave>>,
    since: Instant,
}

/// Somebody who left values.
struct Waiting {
    joint: Arc<JointSave>,
    params: Vec<Value>,
    answer: oneshot::Sender<Told>,
}

/// What becomes of them.
enum Told {
    Done(Result<Saved>),
    /// Nothing was done; here they are again.
    Alone(Vec<Value>),
}

/// How somebody saves a row.
enum Way {
    With(Arc<JointSave>),
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
        let joint = match self.way(save.sql) {
            Way::With(joint) if joint.gives(save.gives) && joint.takes(&save.params) => joint,
            Way::With(_) | Way::Alone => return Err(save),
            Way::Unknown => {
                tokio::spawn(Arc::clone(self).learn(Arc::clone(pool), save.sql.to_owned()));
                return Err(save);
            }
        };
        let Save { sql, params, gives } = save;
        let (answer, told) = oneshot::channel();
        if self.enter(Waiting { joint, params, answer }) {
            // A task of its own: who saves may be left waiting by its caller, and the others are not to wait for that.
            tokio::spawn(Lane { group: Arc::clone(self), has_ended: false }.run(Arc::clone(pool)));
        }
        match told.await {
            Ok(Told::Done(done)) => Ok(done.map_err(|error| error.with_sql(sql))),
            Ok(Told::Alone(params)) => Err(Save { sql, params, gives }),
            Err(_) => Ok(Err(unsure("the program was stopped while the row was saved").with_sql(sql))),
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
                known.joint.clone().map_or(Way::Alone, Way::With)
            }
            _ => {
                if state.known.len() >= ROOM {
                    state.known.clear();
                }
                // Until it is known each saves alone.
                state.known.insert(sql.into(), Known { joint: None, since: now });
                Way::Unknown
            }
        }
    }

    /// Finds out how a statement is asked for several.
    async fn learn(self: Arc<Self>, pool: Arc<Pool>, sql: String) {
        let changes = self.changes.count();
        let Ok(lease) = pool.lease(false).await else { return };
        let Ok(Some(joint)) = learned(&lease, &sql).await else { return };
        let mut state = self.state();
        if state.changes == changes {
            state.known.insert(sql.into(), Known { joint: Some(Arc::new(joint)), since: Instant::now() });
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
        let joint = Arc::clone(&first.joint);
        let lease = match pool.lease(false).await {
            Ok(lease) => lease,
            Err(error) => return all.into_iter().for_each(|one| one.done(Err(error.told_again()))),
        };
        let begun = Instant::now();
        let each: Vec<&[Value]> = all.iter().map(|one| &*one.params).collect();
        let answer = lease.fetch(&joint.sql, &joint.params(&each), true).await;
        drop(lease);
        if begun.elapsed() > SLOW {
            self.rest();
        }
        match answer.map(|rows| joint.each(rows, all.len())) {
            Ok(Some(saved)) => all.into_iter().zip(saved).for_each(|(one, saved)| one.done(Ok(saved))),
            Ok(None) => {
                let done = || Err(unsure("the server did not say of each row what became of it"));
                all.into_iter().for_each(|one| one.done(done()));
            }
            // What the server refuses is not done.
            Err(error) if error.is_of_server() && error.kind() != ErrorKind::Connection => {
                self.rest();
                all.into_iter().for_each(Waiting::alone);
            }
            Err(error) => all.into_iter().for_each(|one| one.done(Err(error.told_again()))),
        }
    }

    fn rest(&self) {
        self.state().rest = Some(Instant::now() + REST);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
        let (mut at, all) = (0, std::mem::take(&mut self.waiting));
        for one in all {
            let fits = at < MOST
                && taken.first().is_none_or(|first| Arc::ptr_eq(&first.joint, &one.joint))
                && !taken.iter().any(|other| one.joint.meet(&one.params, &other.params));
            if fits {
                at += 1;
                taken.push(one);
            } else {
                self.waiting.push(one);
            }
        }
        taken
    }
}

impl Waiting {
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
