//! Rows that several tasks save at once are saved by one statement, as if each had been saved alone: one turn to the server
//! instead of one for each, and one wait for its disk. Nobody is answered before all of it is kept. Where anything goes wrong
//! nothing of it is, and each saves alone, so that only the one to blame fails.
//!
//! So are new rows of several tables that are kept all or not at all: all firsts by one statement, all seconds by another,
//! in one transaction.
//!
//! That is done for plain tables only. What a trigger does, and for how long, nobody knows here.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use foldhash::fast::FixedState;
use quintet_core::schema::Value;

use super::joint_save::JointSave;
use super::line::{Line, Values, Work};
use super::pool::{Lease, Pool};
use super::statements::Changes;
use super::under_way::{One, UnderWay};
use crate::error::Result;
use crate::rows::Cell;
use crate::save::{Save, Saved};
use crate::together::Change;

/// How many changes are made together at most.
const STEPS: usize = 16;

/// For how long it is known what a table is: another program may give it a trigger.
pub(super) const KNOWN: Duration = Duration::from_secs(60);

/// Of how many statements it is known how they are asked together; then all are forgotten.
const ROOM: usize = 512;

/// Whether rows that are written to a table are written there and to no other place, each is judged by itself or at the end
/// of its transaction, and nothing else happens.
const IS_PLAIN: &str = "SELECT c.relkind = 'r' AND NOT c.relhasrules AND NOT c.relhassubclass AND NOT c.relispartition \
     AND NOT c.relrowsecurity AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND NOT \
     t.tgisinternal) AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.condeferrable \
     AND k.contype IN ('p', 'u', 'x')) FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass($1)";

/// What is saved at this moment.
pub(super) struct Group {
    under_way: UnderWay,
    lines: Mutex<Lines>,
    changes: Changes,
}

#[derive(Default)]
struct Lines {
    by_text: HashMap<Box<str>, Known, FixedState>,
    /// How many changes of tables there were when all were forgotten last.
    changes: u64,
}

/// How something is done for several; nothing where it cannot be, or that is being found out.
struct Known {
    line: Option<Arc<Line>>,
    since: Instant,
}

/// How somebody saves.
enum Way {
    With(Arc<Line>),
    Alone,
    /// Alone, while it is found out how it is done with others.
    Unknown,
}

impl Group {
    /// Of a pool whose tables change so often.
    pub(super) fn new(changes: Changes) -> Self {
        Self { under_way: UnderWay::default(), lines: Mutex::default(), changes }
    }

    /// Somebody begins to save, until what is given goes away.
    pub(super) fn begin(&self) -> One<'_> {
        self.under_way.begin()
    }

    /// Saves a row with others; gives back what is to be saved alone.
    pub(super) async fn save<'a>(
        self: &Arc<Self>,
        pool: &Arc<Pool>,
        save: Save<'a>,
    ) -> Result<Result<Saved>, Save<'a>> {
        let line = match self.way(save.sql) {
            Way::With(line) => line,
            Way::Alone => return Err(save),
            Way::Unknown => {
                tokio::spawn(Arc::clone(self).learn(Arc::clone(pool), save.sql.to_owned(), None));
                return Err(save);
            }
        };
        match &line.work {
            Work::One(joint) if joint.gives(save.gives) && joint.takes(&save.params) => {}
            _ => return Err(save),
        }
        let Save { sql, params, gives } = save;
        match line.save(pool, Values { each: vec![params], needed: 0 }).await {
            Ok(saved) => Ok(saved.map_err(|error| error.with_sql(sql))),
            Err(values) => Err(Save { sql, params: values.each.into_iter().next().unwrap_or_default(), gives }),
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
        // No statement by itself has such an end.
        let text: String = changes.iter().flat_map(|change| [&*change.sql, ";"]).collect();
        let line = match self.way(&text) {
            Way::With(line) => line,
            Way::Alone => return Err(changes),
            Way::Unknown => {
                let steps = changes.iter().map(|change| change.sql.clone()).collect();
                tokio::spawn(Arc::clone(self).learn(Arc::clone(pool), text, Some(steps)));
                return Err(changes);
            }
        };
        match &line.work {
            Work::All(all) if all.iter().zip(&changes).all(|(joint, change)| joint.takes(&change.params)) => {}
            _ => return Err(changes),
        }
        let needed = changes.iter().rev().fold(0, |needed, change| needed << 1 | u64::from(change.needed.is_some()));
        let (each, rest): (Vec<_>, Vec<_>) =
            changes.into_iter().map(|Change { sql, params, needed }| (params, (sql, needed))).unzip();
        match line.save(pool, Values { each, needed }).await {
            Ok(made) => Ok(made.map(drop)),
            Err(values) => {
                let again = values.each.into_iter().zip(rest);
                Err(again.map(|(params, (sql, needed))| Change { sql, params, needed }).collect())
            }
        }
    }

    fn way(&self, text: &str) -> Way {
        let (mut lines, now) = (self.lines(), Instant::now());
        match lines.by_text.get(text) {
            Some(known) if now.saturating_duration_since(known.since) < KNOWN => {
                known.line.clone().map_or(Way::Alone, Way::With)
            }
            _ => {
                if lines.by_text.len() >= ROOM {
                    lines.by_text.clear();
                }
                // Until it is known each saves alone.
                lines.by_text.insert(text.into(), Known { line: None, since: now });
                Way::Unknown
            }
        }
    }

    /// Finds out how a statement is asked for several, or several statements are.
    async fn learn(self: Arc<Self>, pool: Arc<Pool>, text: String, steps: Option<Vec<String>>) {
        let changes = self.changes.count();
        let Ok(lease) = pool.lease(false).await else { return };
        let learned = match steps {
            None => learned(&lease, &text).await.map(|one| one.map(Work::One)),
            Some(steps) => learned_all(&lease, &steps).await,
        };
        let Ok(Some(work)) = learned else { return };
        let mut lines = self.lines();
        if lines.changes == changes {
            let line = Some(Arc::new(Line::new(work)));
            lines.by_text.insert(text.into(), Known { line, since: Instant::now() });
        }
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let changes = self.changes.count();
        if lines.changes != changes {
            *lines = Lines { changes, ..Lines::default() };
        }
        lines
    }
}

/// How several statements are asked for several. They make rows, each in a table of its own: so it is as if one had made all
/// of its rows, and then the next.
async fn learned_all(lease: &Lease, steps: &[String]) -> Result<Option<Work>> {
    let mut all: Vec<JointSave> = Vec::with_capacity(steps.len());
    for sql in steps {
        match learned(lease, sql).await? {
            Some(joint) if joint.makes_rows() && !all.iter().any(|other| other.table == joint.table) => all.push(joint),
            _ => return Ok(None),
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
