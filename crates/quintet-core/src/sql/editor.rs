//! Takes the operations of a migration one by one and keeps the steps that they make.
//!
//! References and indexes of new tables wait for the end, as the reference does it: until then they follow renames, and
//! go with their tables.

use std::borrow::Cow;

use super::catalogue::{Catalogue, Event, Known, KnownKind};
use super::operations::{self, Change};
use super::place::Table;
use super::statement::{Form, Statement};
use super::{Action, Dialect, SqlError, Step};
use crate::operation::{Migration, Operation};
use crate::schema::{Code, ProjectState, create_index_name};

/// The moment that rows which are there already are given in new columns with `auto_now` or `auto_now_add`:
/// `2024-01-31 12:00:00.000001`.
#[derive(Clone, Copy, Debug)]
pub struct Now<'a> {
    /// In UTC.
    pub moment: &'a str,
    /// As the project's clocks show it, for dates and times of day.
    pub local: &'a str,
}

/// Where the project's clocks show UTC.
impl<'a> From<&'a str> for Now<'a> {
    fn from(moment: &'a str) -> Self {
        Self { moment, local: moment }
    }
}

/// The steps of a migration. `before` is the state before it, `now` the moment that new columns are given. Constraints are
/// taken to have the names that they would be given today.
pub fn forwards<'a>(
    dialect: Dialect,
    migration: &Migration,
    before: &ProjectState,
    now: impl Into<Now<'a>>,
) -> Result<Vec<Step>, SqlError> {
    let mut editor = Editor::new(dialect, now.into(), before, None);
    apply(&mut editor, migration, before)?;
    Ok(editor.finish().0)
}

/// The same on a database that is known; its catalogue follows.
pub fn forwards_in<'a>(
    dialect: Dialect,
    migration: &Migration,
    before: &ProjectState,
    now: impl Into<Now<'a>>,
    catalogue: &mut Catalogue,
) -> Result<Vec<Step>, SqlError> {
    let mut editor = Editor::new(dialect, now.into(), before, Some(std::mem::take(catalogue)));
    let done = apply(&mut editor, migration, before);
    let (steps, known) = editor.finish();
    *catalogue = known;
    done.map(|()| steps)
}

/// The steps that undo a migration. `before` is the state before the migration, thus after its undoing.
pub fn backwards<'a>(
    dialect: Dialect,
    migration: &Migration,
    before: &ProjectState,
    now: impl Into<Now<'a>>,
) -> Result<Vec<Step>, SqlError> {
    let states = states(migration, before)?;
    let mut editor = Editor::new(dialect, now.into(), &states[states.len() - 1], None);
    undo(&mut editor, migration, &states)?;
    Ok(editor.finish().0)
}

/// The same on a database that is known; its catalogue follows.
pub fn backwards_in<'a>(
    dialect: Dialect,
    migration: &Migration,
    before: &ProjectState,
    now: impl Into<Now<'a>>,
    catalogue: &mut Catalogue,
) -> Result<Vec<Step>, SqlError> {
    let states = states(migration, before)?;
    let mut editor = Editor::new(dialect, now.into(), before, Some(std::mem::take(catalogue)));
    let done = undo(&mut editor, migration, &states);
    let (steps, known) = editor.finish();
    *catalogue = known;
    done.map(|()| steps)
}

/// The steps for a script, which nobody runs meanwhile: what the database holds stays as it was, as the reference has
/// it.
pub(super) fn for_script<'a>(
    dialect: Dialect,
    migration: &Migration,
    before: &ProjectState,
    is_backwards: bool,
    now: impl Into<Now<'a>>,
    catalogue: Option<&Catalogue>,
) -> Result<Vec<Step>, SqlError> {
    let states = if is_backwards { states(migration, before)? } else { vec![before.clone()] };
    let start = &states[states.len() - 1];
    let mut editor = Editor::new(dialect, now.into(), start, catalogue.cloned());
    editor.is_frozen = true;
    if is_backwards {
        undo(&mut editor, migration, &states)?;
    } else {
        apply(&mut editor, migration, before)?;
    }
    Ok(editor.finish().0)
}

fn apply(editor: &mut Editor<'_>, migration: &Migration, before: &ProjectState) -> Result<(), SqlError> {
    let mut from = Cow::Borrowed(before);
    let mut is_looked_at = false;
    for (at, operation) in migration.operations.iter().enumerate() {
        let mut to = from.as_ref().clone();
        let failed = |message| SqlError { operation: at, message };
        operation.apply(&migration.app, &mut to).map_err(|error| failed(error.message))?;
        editor.operation = Some(at);
        // For a script nobody has looked at the states before; the reference then sees the later one first.
        editor.changed = if editor.is_frozen && !is_looked_at { Changed::First } else { Changed::Last };
        is_looked_at |= looks_ahead(operation);
        operations::forwards(editor, operation, Change { app: &migration.app, from: &from, to: &to })
            .map_err(failed)?;
        from = Cow::Owned(to);
    }
    Ok(())
}

/// The states before, between and after the operations of a migration that can be undone.
fn states(migration: &Migration, before: &ProjectState) -> Result<Vec<ProjectState>, SqlError> {
    let mut states = vec![before.clone()];
    for (at, operation) in migration.operations.iter().enumerate() {
        let failed = |message| SqlError { operation: at, message };
        if !is_reversible(operation) {
            let (name, label) = (operation.describe(), migration.label());
            return Err(failed(format!("operation `{name}` in `{label}` is not reversible")));
        }
        let mut state = states[at].clone();
        operation.apply(&migration.app, &mut state).map_err(|error| failed(error.message))?;
        states.push(state);
    }
    Ok(states)
}

fn undo(editor: &mut Editor<'_>, migration: &Migration, states: &[ProjectState]) -> Result<(), SqlError> {
    for (at, operation) in migration.operations.iter().enumerate().rev() {
        let change = Change { app: &migration.app, from: &states[at + 1], to: &states[at] };
        editor.operation = Some(at);
        editor.changed = Changed::First;
        operations::backwards(editor, operation, change).map_err(|message| SqlError { operation: at, message })?;
    }
    Ok(())
}

/// Whether the reference looks at the state after an operation to do it.
fn looks_ahead(operation: &Operation) -> bool {
    !matches!(
        operation,
        Operation::DeleteModel { .. }
            | Operation::RemoveField { .. }
            | Operation::RemoveIndex { .. }
            | Operation::AlterModelOptions { .. }
            | Operation::AlterModelManagers { .. }
            | Operation::AlterConstraint { .. }
            | Operation::RunSql { .. }
            | Operation::RunRust { .. }
            | Operation::SeparateDatabaseAndState { .. }
    )
}

fn is_reversible(operation: &Operation) -> bool {
    match operation {
        Operation::RunSql { reverse, .. } => reverse.is_some(),
        Operation::RunRust { reverse, .. } => reverse.is_some(),
        _ => true,
    }
}

/// Where changed columns stand among those of a table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Changed {
    /// Before the others.
    First,
    /// Where they stood.
    InPlace,
    /// Behind the others.
    Last,
}

/// The steps so far, and what waits.
pub(super) struct Editor<'a> {
    /// The database.
    pub(super) dialect: Dialect,
    /// The moment.
    pub(super) now: Now<'a>,
    /// What waits for the end.
    pub(super) deferred: Vec<Statement>,
    /// Where changed columns stand in a table that SQLite makes anew.
    pub(super) changed: Changed,
    start: &'a ProjectState,
    catalogue: Option<Catalogue>,
    /// What happened before somebody asked for the catalogue, which is costly to make.
    events: Vec<Event>,
    is_frozen: bool,
    operation: Option<usize>,
    steps: Vec<Step>,
}

impl<'a> Editor<'a> {
    /// Without a catalogue the database is taken to be one whose tables were created in the state `start`.
    pub(super) fn new(dialect: Dialect, now: Now<'a>, start: &'a ProjectState, catalogue: Option<Catalogue>) -> Self {
        let (deferred, events, steps) = (vec![], vec![], vec![]);
        Self {
            dialect,
            now,
            deferred,
            start,
            catalogue,
            events,
            is_frozen: false,
            changed: Changed::Last,
            operation: None,
            steps,
        }
    }

    /// A statement, to be run now.
    pub(super) fn run(&mut self, sql: String) {
        self.steps.push(Step { operation: self.operation, action: Action::Sql(sql) });
    }

    /// A statement about a table, to be run now.
    pub(super) fn run_statement(&mut self, statement: &Statement) {
        self.run(statement.sql(self.dialect));
        self.note_statement(statement);
    }

    /// Takes note of what a statement makes.
    pub(super) fn note_statement(&mut self, statement: &Statement) {
        let kind = match &statement.form {
            Form::Index(form) if form.unique => KnownKind::Unique,
            Form::Index(form) if !form.using.is_empty() && form.using != " USING btree" => return,
            Form::Index(_) => KnownKind::Index,
            Form::Unique { .. } => KnownKind::Unique,
            Form::ForeignKey { .. } => KnownKind::ForeignKey,
            Form::Check(_) => KnownKind::Check,
            Form::PrimaryKey => KnownKind::PrimaryKey,
        };
        let on_expressions = matches!(&statement.form, Form::Index(form) if form.expressions.is_some());
        let refers_to = match &statement.form {
            Form::ForeignKey { to_table, .. } => Some(to_table.clone()),
            _ => None,
        };
        let columns = if on_expressions { vec![] } else { statement.columns.clone() };
        let name = statement.name(self.dialect);
        self.note(Event::Add(statement.table.clone(), Known { kind, name, columns, refers_to }));
    }

    /// Code, to be run now.
    pub(super) fn run_code(&mut self, code: &Code) {
        self.steps.push(Step { operation: self.operation, action: Action::Code(code.clone()) });
    }

    /// A statement, to be run at the end.
    pub(super) fn defer(&mut self, statement: Statement) {
        self.deferred.push(statement);
    }

    /// Runs all that waits.
    pub(super) fn flush(&mut self) {
        for statement in std::mem::take(&mut self.deferred) {
            self.run_statement(&statement);
        }
    }

    /// Takes note of what a statement did to the database.
    pub(super) fn note(&mut self, event: Event) {
        if self.is_frozen {
            return;
        }
        match &mut self.catalogue {
            Some(catalogue) => catalogue.follow(event),
            None => self.events.push(event),
        }
    }

    /// The names of those of a kind on exactly these columns of a table. Those that the model declares with a name of
    /// their own are left out.
    pub(super) fn names(&mut self, table: Table<'_>, columns: Option<&[String]>, kind: KnownKind) -> Vec<String> {
        let options = &table.model.options;
        let mut names = self.catalogue().names(&table.name(), columns, kind);
        match kind {
            KnownKind::Index => names.retain(|name| !options.indexes.iter().any(|index| index.name == *name)),
            KnownKind::Unique | KnownKind::Check => {
                names.retain(|name| !options.constraints.iter().any(|constraint| constraint.name() == name));
            }
            _ => {}
        }
        names
    }

    fn catalogue(&mut self) -> &Catalogue {
        let (dialect, start, events) = (self.dialect, self.start, &mut self.events);
        self.catalogue.get_or_insert_with(|| {
            let mut catalogue = Catalogue::of(dialect, start);
            events.drain(..).for_each(|event| catalogue.follow(event));
            catalogue
        })
    }

    /// What the database holds now, as far as it is known.
    pub(super) fn into_catalogue(self) -> Catalogue {
        self.catalogue.unwrap_or_default()
    }

    /// A name of table, columns, a digest and an ending.
    pub(super) fn index_name(&self, table: &str, columns: &[String], suffix: &str) -> String {
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        create_index_name(table, &columns, suffix, self.dialect.name_limit())
    }

    fn finish(mut self) -> (Vec<Step>, Catalogue) {
        self.operation = None;
        self.flush();
        let steps = std::mem::take(&mut self.steps);
        (steps, self.into_catalogue())
    }
}
