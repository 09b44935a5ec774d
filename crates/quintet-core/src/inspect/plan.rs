//! What has to be known of all tables before one can be written: names, keys, and which column refers to what.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{self, FieldName};
use super::schema::{ConstraintKind, Table};
use super::{Seen, What};
use crate::sql::Dialect;

/// The most fields of a primary key: a tuple of more has no equality.
const LONGEST_KEY: usize = 12;

/// All tables, with their names and keys.
pub(super) struct Plan<'a> {
    pub(super) dialect: Dialect,
    pub(super) managed: bool,
    pub(super) tables: Vec<Planned<'a>>,
    by_name: BTreeMap<String, usize>,
}

/// A table, with its names and keys.
pub(super) struct Planned<'a> {
    pub(super) table: &'a Table,
    pub(super) what: &'a What,
    /// Whether a model is written.
    pub(super) chosen: bool,
    /// The model's name.
    pub(super) name: String,
    pub(super) key: Key,
    /// By column.
    pub(super) fields: Vec<FieldName>,
    /// By column: what it refers to.
    pub(super) relations: Vec<Option<Relation>>,
    /// What of its keys cannot be said.
    pub(super) notes: Vec<String>,
}

/// The primary key of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// A column, by its place.
    One(usize),
    /// Several columns.
    Several(Vec<usize>),
    /// A column that stands for the key that the table has not.
    StandIn(usize),
    /// There is no column that could be one.
    None,
}

/// What a column refers to.
#[derive(Clone, Debug)]
pub(super) struct Relation {
    /// The other table, by its place.
    pub(super) target: usize,
    /// The other's column, by its place, where it is not the primary key.
    pub(super) to: Option<usize>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(dialect: Dialect, seen: &'a [Seen], chosen: &[usize], managed: bool) -> Self {
        let mut plan = Self { dialect, managed, tables: vec![], by_name: BTreeMap::new() };
        for (at, one) in seen.iter().enumerate() {
            plan.by_name.insert(one.table.name.clone(), at);
            plan.tables.push(Planned {
                table: &one.table,
                what: &one.what,
                chosen: chosen.contains(&at),
                name: String::new(),
                key: key(&one.table),
                fields: vec![],
                relations: vec![],
                notes: vec![],
            });
        }
        plan.name_models(chosen);
        for at in 0..plan.tables.len() {
            let (relations, notes) = plan.relations(at);
            plan.tables[at].relations = relations;
            plan.tables[at].notes = notes;
        }
        for at in 0..plan.tables.len() {
            plan.tables[at].fields = plan.fields(at);
        }
        plan
    }

    /// Those that are written have the first choice.
    fn name_models(&mut self, chosen: &[usize]) {
        let mut taken = BTreeSet::new();
        let others: Vec<usize> = (0..self.tables.len()).filter(|at| !self.tables[*at].chosen).collect();
        for at in chosen.iter().copied().chain(others) {
            // Names of models are compared without case.
            let name = names::of_table(&self.tables[at].table.name, |name| taken.contains(&name.to_lowercase()));
            taken.insert(name.to_lowercase());
            self.tables[at].name = name;
        }
    }

    /// A table by name; SQLite compares names without case.
    fn place(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied().or_else(|| {
            let same = |own: &&String| self.dialect == Dialect::Sqlite && own.eq_ignore_ascii_case(name);
            self.by_name.keys().find(same).and_then(|own| self.by_name.get(own)).copied()
        })
    }

    fn column(&self, table: &Table, name: &str) -> Option<usize> {
        table.columns.iter().position(|column| column.name == name).or_else(|| {
            let sqlite = self.dialect == Dialect::Sqlite;
            table.columns.iter().position(|column| sqlite && column.name.eq_ignore_ascii_case(name))
        })
    }

    /// What each column refers to, and what cannot be said of it.
    fn relations(&self, at: usize) -> (Vec<Option<Relation>>, Vec<String>) {
        let table = self.tables[at].table;
        let mut found: Vec<Option<Relation>> = vec![None; table.columns.len()];
        let mut notes = vec![];
        for constraint in &table.constraints {
            let ConstraintKind::ForeignKey { table: other, columns } = &constraint.kind else { continue };
            let own = constraint.columns.join(", ");
            let [column] = constraint.columns.as_slice() else {
                notes.push(format!("a key of several columns to `{other}` cannot be said: ({own})"));
                continue;
            };
            let Some(place) = self.column(table, column) else { continue };
            match self.relation(at, place, other, columns) {
                Ok(relation) if found[place].is_none() => found[place] = Some(relation),
                Ok(_) => notes.push(format!("`{column}` refers to `{other}` as well, which cannot be said")),
                Err(why) => notes.push(format!("`{column}` refers to `{other}`: {why}")),
            }
        }
        (found, notes)
    }

    fn relation(&self, at: usize, place: usize, other: &str, columns: &[String]) -> Result<Relation, String> {
        let target = self.place(other).ok_or("there is no such table")?;
        let there = &self.tables[target];
        if matches!(there.key, Key::None) || matches!(there.what, What::Unreadable(_)) {
            return Err("it has no model".to_owned());
        }
        if self.is_circular(at, place, target) {
            return Err("their primary keys refer to each other in a circle, which has no type".to_owned());
        }
        let to = match columns {
            [] => None,
            [column] => Some(self.column(there.table, column).ok_or("there is no such column")?),
            _ => return Err("it names several columns".to_owned()),
        };
        match (&there.key, to) {
            (Key::One(key) | Key::StandIn(key), Some(to)) if *key == to => Ok(Relation { target, to: None }),
            (Key::One(_), None) => Ok(Relation { target, to: None }),
            (_, Some(to)) if is_unique(there.table, to) => Ok(Relation { target, to: Some(to) }),
            _ => Err("what it refers to is not the primary key and not unique".to_owned()),
        }
    }

    /// Whether a key from here to there would have itself as its type: the type of a key is that of the other's primary
    /// key, of which this column is one.
    fn is_circular(&self, from: usize, place: usize, to: usize) -> bool {
        if !self.tables[from].key_places().contains(&place) {
            return false;
        }
        let (mut next, mut been) = (vec![to], BTreeSet::new());
        while let Some(at) = next.pop() {
            if at == from {
                return true;
            }
            if !been.insert(at) {
                continue;
            }
            let planned = &self.tables[at];
            let columns = planned.key_places().into_iter().map(|place| &planned.table.columns[place].name);
            let columns: BTreeSet<&String> = columns.collect();
            for constraint in &planned.table.constraints {
                let ConstraintKind::ForeignKey { table, .. } = &constraint.kind else { continue };
                if constraint.columns.iter().any(|column| columns.contains(column)) {
                    next.extend(self.place(table));
                }
            }
        }
        false
    }

    fn fields(&self, at: usize) -> Vec<FieldName> {
        let planned = &self.tables[at];
        let mut taken = BTreeSet::new();
        let columns = planned.table.columns.iter().enumerate();
        let mut name = |(place, column): (usize, &super::Column)| {
            let is_key = planned.relations[place].is_some();
            let may_be_id = matches!(planned.key, Key::One(key) | Key::StandIn(key) if key == place);
            let name = names::of_column(&column.name, is_key, may_be_id, |name| taken.contains(name));
            taken.insert(name.name.clone());
            name
        };
        columns.map(&mut name).collect()
    }
}

impl Planned<'_> {
    /// The name of a column's field.
    pub(super) fn field(&self, column: &str) -> Option<&str> {
        let place = self.table.columns.iter().position(|own| own.name == column)?;
        self.fields.get(place).map(|field| field.name.as_str())
    }

    /// The columns of the primary key, by place.
    pub(super) fn key_places(&self) -> Vec<usize> {
        match &self.key {
            Key::One(place) | Key::StandIn(place) => vec![*place],
            Key::Several(places) => places.clone(),
            Key::None => vec![],
        }
    }
}

/// Whether no two rows have the same in a column.
pub(super) fn is_unique(table: &Table, place: usize) -> bool {
    let name = &table.columns[place].name;
    let alone = |columns: &[String]| matches!(columns, [only] if only == name);
    let by_constraint = |constraint: &super::Constraint| {
        matches!(constraint.kind, ConstraintKind::Unique | ConstraintKind::PrimaryKey) && alone(&constraint.columns)
    };
    table.constraints.iter().any(by_constraint)
        || table.indexes.iter().any(|index| index.unique && index.is_usual() && alone(&index.columns()))
}

fn key(table: &Table) -> Key {
    let places: Vec<usize> = table
        .primary_key()
        .iter()
        .filter_map(|name| table.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name)))
        .collect();
    let can_be = |place: &usize| table.columns[*place].generated.is_none();
    match places.as_slice() {
        [place] if can_be(place) => return Key::One(*place),
        [_, _, ..] if places.len() <= LONGEST_KEY => return Key::Several(places),
        _ => {}
    }
    // A field named `id` can be nothing else.
    let named_id = |place: &usize| table.columns[*place].name == "id";
    let all = || (0..table.columns.len()).filter(can_be);
    let filled = |place: &usize| !table.columns[*place].null;
    let stand_in = all()
        .find(named_id)
        .or_else(|| all().find(|place| filled(place) && is_unique(table, *place)))
        .or_else(|| all().find(filled))
        .or_else(|| all().next());
    stand_in.map_or(Key::None, Key::StandIn)
}
