//! Several statements in one transaction, as if each had had its own.
//!
//! A statement that fails is undone by SQLite alone, and the others stay. Several changes that are kept all or not at all
//! seldom fail behind the first of them: only where one does, all is begun anew in a way that can undo each by itself. Where
//! the whole transaction fails (a rule that is checked at its end, a disk that is full), each is run again by itself, so that
//! only the one to blame fails.

use quintet_core::schema::Value;
use rusqlite::Connection;

use super::slot::Slot;
use super::values;
use super::writer::{Answer, Single, Wanted, Work};
use crate::error::{Error, Result};
use crate::rows::{Cell, Rows};
use crate::together::{Change, missed};

/// Whether a statement only writes rows. Whatever else there is must not share a transaction, or cannot.
pub(super) fn only_writes(sql: &str) -> bool {
    ["insert", "update", "delete", "replace"].iter().any(|word| verb(sql).eq_ignore_ascii_case(word))
}

fn verb(sql: &str) -> &str {
    let sql = sql.trim_start();
    let end = sql.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(sql.len());
    &sql[..end]
}

/// Runs statements and answers each when what it did is kept.
pub(super) fn run(slot: &mut Slot, mut singles: Vec<Single>) {
    // Nobody waits for these any more, and nothing was done yet.
    singles.retain(|single| !single.done.is_closed() && single.is_begun_now());
    let together = if singles.len() > 1 { shared(slot, &singles) } else { None };
    match together {
        Some(answers) => {
            for (single, answer) in singles.into_iter().zip(answers) {
                drop(single.done.send(answer));
            }
        }
        None => singles.into_iter().for_each(|single| alone(slot, single)),
    }
}

fn alone(slot: &mut Slot, single: Single) {
    let Single { work, may_share, done, .. } = single;
    let answer = slot.connection().and_then(|connection| match &work {
        Work::One(sql, params, wanted) => answer(connection, sql, params, *wanted),
        Work::All(changes) => all(connection, changes).map(Answer::Missed),
    });
    // What is said by itself must not leave a transaction open, nor keys that do not hold.
    if !may_share || slot.is_open() {
        slot.tidy();
    }
    drop(done.send(answer));
}

/// Makes changes in a transaction of their own, which is open still where they are not kept; which of them was missed.
fn all(connection: &Connection, changes: &[Change]) -> Result<Option<usize>> {
    control(connection, "BEGIN IMMEDIATE")?;
    let missed = each(connection, changes)?;
    if missed.is_none() {
        control(connection, "COMMIT")?;
    }
    Ok(missed)
}

/// The answers of all; nothing where their transaction did not come to a good end.
fn shared(slot: &mut Slot, singles: &[Single]) -> Option<Vec<Result<Answer>>> {
    for all in [unless_undone as Within, undone_alone] {
        let answers = within(slot.connection().ok()?, singles, all);
        if answers.is_some() {
            return answers;
        }
        slot.tidy();
        if !singles.iter().any(|single| matches!(single.work, Work::All(_))) {
            break;
        }
    }
    None
}

/// How changes are made in a transaction of others.
type Within = fn(&Connection, &[Change]) -> Option<Result<Option<usize>>>;

fn within(connection: &Connection, singles: &[Single], all: Within) -> Option<Vec<Result<Answer>>> {
    control(connection, "BEGIN IMMEDIATE").ok()?;
    let mut answers = Vec::with_capacity(singles.len());
    for single in singles {
        answers.push(match &single.work {
            Work::One(sql, params, wanted) => answer(connection, sql, params, *wanted),
            Work::All(changes) => all(connection, changes)?.map(Answer::Missed),
        });
        if connection.is_autocommit() {
            return None;
        }
    }
    control(connection, "COMMIT").ok()?;
    Some(answers)
}

/// Makes changes in a transaction of others; nothing where something would have to be undone.
fn unless_undone(connection: &Connection, changes: &[Change]) -> Option<Result<Option<usize>>> {
    // What triggers and foreign keys change counts as well.
    let before = connection.total_changes();
    let missed = each(connection, changes);
    (matches!(missed, Ok(None)) || connection.total_changes() == before).then_some(missed)
}

/// The same, so that they can be undone by themselves; nothing where that fails.
fn undone_alone(connection: &Connection, changes: &[Change]) -> Option<Result<Option<usize>>> {
    control(connection, "SAVEPOINT quintet_all").ok()?;
    let missed = each(connection, changes);
    if !matches!(missed, Ok(None)) {
        control(connection, "ROLLBACK TO quintet_all").ok()?;
    }
    control(connection, "RELEASE quintet_all").ok()?;
    Some(missed)
}

/// A statement without parameters that is run often.
fn control(connection: &Connection, sql: &str) -> Result<()> {
    Ok(connection.prepare_cached(sql)?.execute([]).map(drop)?)
}

fn each(connection: &Connection, changes: &[Change]) -> Result<Option<usize>> {
    for change in changes {
        let made = connection.prepare_cached(&change.sql).map_err(Error::from);
        let count = made.and_then(|mut made| values::execute(&mut made, &change.params));
        let missed = missed(change, count.map_err(|error| error.with_sql(&change.sql))?);
        if missed.is_some() {
            return Ok(missed);
        }
    }
    Ok(None)
}

/// Runs one statement.
pub(super) fn answer(connection: &Connection, sql: &str, params: &[Value], wanted: Wanted) -> Result<Answer> {
    let mut statement = connection.prepare_cached(sql)?;
    Ok(match wanted {
        Wanted::Count => Answer::Count(values::execute(&mut statement, params)?),
        Wanted::Rows if statement.column_count() == 0 && verb(sql).eq_ignore_ascii_case("insert") => {
            values::execute(&mut statement, params)?;
            Answer::Rows(Rows::new(1, vec![Cell::Int(connection.last_insert_rowid())]))
        }
        Wanted::Rows => Answer::Rows(values::rows(&mut statement, params, false)?),
        Wanted::NamedRows => Answer::Rows(values::rows(&mut statement, params, true)?),
    })
}
