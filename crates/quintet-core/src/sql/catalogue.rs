//! What a database holds besides columns: the names of its constraints, indexes and sequences.
//!
//! A constraint keeps its name when its table or column gets another, so a state alone cannot tell it. The editor follows
//! what it does itself; where it begins is what the database says, or what a database would hold whose tables were all
//! created at that moment.

use std::collections::BTreeMap;

use super::Dialect;
use super::editor::Editor;
use super::place::Table;
use crate::schema::ProjectState;

/// Constraints, indexes and sequences of a database, by table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    tables: BTreeMap<String, Vec<Known>>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// What it is.
    pub kind: KnownKind,
    /// Its name.
    pub name: String,
    /// Its columns in order.
    pub columns: Vec<String>,
    /// The table that a foreign key refers to.
    pub refers_to: Option<String>,
}

/// What it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownKind {
    /// The primary key.
    PrimaryKey,
    /// No two rows with the same, be it a constraint or an index.
    Unique,
    /// A condition.
    Check,
    /// A reference to another table.
    ForeignKey,
    /// An index of the usual kind that nothing else made.
    Index,
    /// The sequence behind a column that counts up.
    Sequence,
}

/// A change of what a database holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A table has one more.
    Add(String, Known),
    /// A table has it no more, by name.
    Drop(String, String),
    /// One has another name.
    Rename(String, String, String),
    /// A table is gone.
    DropTable(String),
    /// A table has another name.
    RenameTable(String, String),
    /// A column of a table is gone.
    DropColumn(String, String),
    /// A column of a table has another name.
    RenameColumn(String, String, String),
}

impl Catalogue {
    /// What a database holds whose tables were all created in this state.
    pub fn of(dialect: Dialect, state: &ProjectState) -> Self {
        let mut editor = Editor::new(dialect, "".into(), state, Some(Self::default()));
        for model in state.models.values() {
            let table = Table { state, model };
            // A model that cannot be written has no table either.
            if table.is_migrated() && editor.create_model(table).is_err() {
                continue;
            }
        }
        editor.flush();
        editor.into_catalogue()
    }

    /// Adds what a table holds.
    pub fn add(&mut self, table: &str, known: Known) {
        self.tables.entry(table.to_owned()).or_default().push(known);
    }

    /// The names of those on exactly these columns of a table, or on any, in order.
    pub(super) fn names(&self, table: &str, columns: Option<&[String]>, kind: KnownKind) -> Vec<String> {
        let fits = |known: &&Known| known.kind == kind && columns.is_none_or(|columns| known.columns == columns);
        let known = self.tables.get(table).into_iter().flatten().filter(fits);
        let mut names: Vec<String> = known.map(|known| known.name.clone()).collect();
        names.sort();
        names
    }

    /// Takes note of a change.
    pub(super) fn follow(&mut self, event: Event) {
        match event {
            Event::Add(table, known) => self.add(&table, known),
            Event::Drop(table, name) => self.of_table(&table).retain(|known| known.name != name),
            Event::Rename(table, old, new) => {
                for known in self.of_table(&table).iter_mut().filter(|known| known.name == old) {
                    known.name.clone_from(&new);
                }
            }
            Event::DropTable(table) => {
                self.tables.remove(&table);
                for known in self.tables.values_mut() {
                    known.retain(|known| known.refers_to.as_ref() != Some(&table));
                }
            }
            Event::RenameTable(old, new) => self.rename_table(&old, &new),
            Event::DropColumn(table, column) => {
                self.of_table(&table).retain(|known| !known.columns.contains(&column));
            }
            Event::RenameColumn(table, old, new) => {
                let columns = self.of_table(&table).iter_mut().flat_map(|known| &mut known.columns);
                columns.filter(|column| **column == old).for_each(|column| column.clone_from(&new));
            }
        }
    }

    fn of_table(&mut self, table: &str) -> &mut Vec<Known> {
        self.tables.entry(table.to_owned()).or_default()
    }

    fn rename_table(&mut self, old: &str, new: &str) {
        if let Some(known) = self.tables.remove(old) {
            self.of_table(new).extend(known);
        }
        let all = self.tables.values_mut().flatten().filter_map(|known| known.refers_to.as_mut());
        all.filter(|table| *table == old).for_each(|table| new.clone_into(table));
    }
}
