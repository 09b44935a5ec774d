//! Walks a course on a database, forwards to its end and backwards to nothing, and looks at everything after each step.

use quintet_core::schema::ProjectState;
use quintet_core::sql::{Action, Catalogue, forwards_in};
use quintet_db::introspect::{Schema, schema};
use quintet_db::migrate::Direction;
use quintet_db::{Connection as _, Database, Db};

use super::compare::{differences, of_models};
use super::course::{Course, Step, detected, in_order};
use super::hand::Hand;
use super::rows;
use crate::support::Random;

/// Walks there and back. `fresh` is another empty database, in which each step's models are made directly.
///
/// # Errors
/// What was not as it should be, with the walk.
pub async fn run(
    course: &Course,
    db: &Database,
    fresh: &Database,
    hand: &mut dyn Hand,
    random: &mut Random,
) -> Result<(), String> {
    let mut walk = Walk { db, hand, random, count: 10 };
    let nothing = read(db).await?;
    let mut schemas = vec![nothing];
    for (number, step) in course.steps.iter().enumerate() {
        let at = |error: String| format!("step {number}: {error}\n{course}");
        walk.forwards(step).await.map_err(at)?;
        let now = read(db).await?;
        let direct = directly(fresh, &step.after).await.map_err(|error| at(format!("made directly: {error}")))?;
        let differences = differences(db.dialect(), &step.after, &direct, &now);
        if !differences.is_empty() {
            return Err(at(format!("the schema is not as if made directly:\n{differences}")));
        }
        schemas.push(now);
    }
    if let Some(last) = course.steps.last() {
        walk.fill(last.order_after.clone(), &last.after)
            .await
            .map_err(|error| format!("at the end: {error}\n{course}"))?;
    }
    for (number, step) in course.steps.iter().enumerate().rev() {
        let at = |error: String| format!("step {number}, back: {error}\n{course}");
        walk.backwards(step).await.map_err(at)?;
        let differences = differences(db.dialect(), &step.before, &schemas[number], &read(db).await?);
        if !differences.is_empty() {
            return Err(at(format!("the schema is not that of before:\n{differences}")));
        }
    }
    let left = read(db).await?;
    if left.tables.is_empty() { Ok(()) } else { Err(format!("tables are left: {:?}\n{course}", left.tables.keys())) }
}

/// Walks there and back on two databases by two hands; after each step both must hold the very same, names and all. Ends
/// before a step that the reference cannot do.
///
/// # Errors
/// As [`run`].
pub async fn run_beside(
    course: &Course,
    (one, ours): (&Database, &mut dyn Hand),
    (other, theirs): (&Database, &mut dyn Hand),
    random: &mut Random,
) -> Result<(), String> {
    // The same chance, so that there are the same rows.
    let mut walks = [
        Walk { db: one, hand: ours, random: &mut random.clone(), count: 10 },
        Walk { db: other, hand: theirs, random, count: 10 },
    ];
    let steps = &course.steps[..course.steps.iter().position(renames_a_base).unwrap_or(course.steps.len())];
    for (number, step) in steps.iter().enumerate() {
        let at = |error: String| format!("step {number}: {error}\n{course}");
        for walk in &mut walks {
            walk.forwards(step).await.map_err(at)?;
        }
        same(one, other).await.map_err(at)?;
    }
    for (number, step) in steps.iter().enumerate().rev() {
        let at = |error: String| format!("step {number}, back: {error}\n{course}");
        for walk in &mut walks {
            walk.backwards(step).await.map_err(at)?;
        }
        same(one, other).await.map_err(at)?;
    }
    Ok(())
}

/// The reference does not follow a base that gets another name, and fails; ours does, and the walk goes on without it.
fn renames_a_base(step: &Step) -> bool {
    step.changes.iter().flat_map(|one| &one.models).any(|((app, name), _)| {
        let label = format!("{app}.{name}");
        step.before.models.values().any(|model| model.bases.contains(&label))
    })
}

async fn same(ours: &Database, theirs: &Database) -> Result<(), String> {
    let differences = read(theirs).await?.diff(&read(ours).await?);
    if differences.is_empty() { Ok(()) } else { Err(format!("the reference's schema is another:\n{differences}")) }
}

async fn read(db: &Database) -> Result<Schema, String> {
    schema(db).await.map(of_models).map_err(|error| error.to_string())
}

/// The schema of models that are made at once, from nothing. Nothing of it stays.
async fn directly(db: &Database, state: &ProjectState) -> Result<Schema, String> {
    let transaction = Db::from(db).transaction().await.map_err(|error| error.to_string())?;
    let mut before = ProjectState::new("auth.User");
    let mut known = Catalogue::default();
    let migrations = in_order(detected(&before, state, &quintet_core::migrate::detect::History::default(), &[])?)?;
    for migration in migrations {
        let steps = forwards_in(db.dialect(), &migration, &before, "2024-01-31 12:00:00", &mut known)
            .map_err(|error| error.to_string())?;
        for step in steps {
            if let Action::Sql(sql) = step.action {
                Db::from(&transaction).script(&sql).await.map_err(|error| format!("{sql}: {error:?}"))?;
            }
        }
        migration.apply(&mut before).map_err(|error| error.to_string())?;
    }
    let found = schema(&transaction).await.map_err(|error| error.to_string())?;
    transaction.rollback().await.map_err(|error| error.to_string())?;
    Ok(of_models(found))
}

/// A walk under way.
struct Walk<'a> {
    db: &'a Database,
    hand: &'a mut dyn Hand,
    random: &'a mut Random,
    count: usize,
}

impl Walk<'_> {
    async fn fill(&mut self, order: Vec<quintet_core::schema::ModelKey>, state: &ProjectState) -> Result<(), String> {
        rows::fill(self.db, state, &order, self.random, &mut self.count)
            .await
            .map_err(|error| format!("new rows: {error}"))
    }

    async fn forwards(&mut self, step: &Step) -> Result<(), String> {
        self.fill(step.order_before.clone(), &step.before).await?;
        for (key, name) in step.changes.iter().flat_map(|one| &one.clear) {
            rows::clear(self.db, &step.before, key, name).await?;
        }
        let had = rows::all(self.db, &step.before).await?;
        let mut state = step.before.clone();
        for migration in &step.migrations {
            self.hand.apply(self.db, migration, &state, Direction::Forwards).await?;
            migration.apply(&mut state).map_err(|error| error.to_string())?;
        }
        let have = rows::all(self.db, &step.after).await?;
        rows::kept((&step.before, &had), (&step.after, &have), &step.changes, false)
    }

    async fn backwards(&mut self, step: &Step) -> Result<(), String> {
        let mut empties = step.changes.iter().any(|one| one.empties);
        for (key, name) in step.changes.iter().flat_map(|one| &one.fill) {
            if !rows::fill_nulls(self.db, &step.after, key, name, &mut self.count).await? {
                empties = true;
            }
        }
        for (key, name) in step.changes.iter().flat_map(|one| &one.clear) {
            rows::clear(self.db, &step.after, key, name).await?;
        }
        if empties {
            rows::empty(self.db, &step.after).await?;
        }
        let had = rows::all(self.db, &step.after).await?;
        let mut states = vec![step.before.clone()];
        for migration in &step.migrations {
            let mut next = states[states.len() - 1].clone();
            migration.apply(&mut next).map_err(|error| error.to_string())?;
            states.push(next);
        }
        for (migration, state) in step.migrations.iter().zip(&states).rev() {
            self.hand.apply(self.db, migration, state, Direction::Backwards).await?;
        }
        let have = rows::all(self.db, &step.before).await?;
        rows::kept((&step.after, &had), (&step.before, &have), &step.changes, true)?;
        self.fill(step.order_before.clone(), &step.before).await
    }
}
