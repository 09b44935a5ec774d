//! The tables of a statement: under which names they stand, how they are joined, and when a join serves twice.
//!
//! A join is reused unless it leads to many rows and was made for another condition: two conditions may then mean two
//! rows. A join is an outer one where there may be no row at its end; conditions make inner ones of those that they need:
//! see [`promote`](super::promote).

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::query::error::QueryError;
use crate::query::fragment::{Fragment, Truth};
use crate::query::{Condition, ModelId, Name, Path, Registry};
use crate::sql::quote;

use super::names::Hop;
use super::{Compiler, condition::Flags};

/// A table in a statement.
#[derive(Clone, Debug)]
pub(super) struct Table<'q> {
    /// Its name in the statement.
    pub(super) alias: Rc<str>,
    /// The name that it would have were the statement not inside another.
    pub(super) natural: Rc<str>,
    /// The model whose table it is.
    pub(super) model: ModelId,
    /// How often it is used; what is not used does not stand in the statement.
    pub(super) uses: i32,
    /// How it is joined; the first is not.
    pub(super) join: Option<Join<'q>>,
}

/// How a table is joined.
#[derive(Clone, Debug)]
pub(super) struct Join<'q> {
    /// To which.
    pub(super) parent: usize,
    /// Along what.
    pub(super) hop: Hop,
    /// Whether rows without a row at its end stay.
    pub(super) is_outer: bool,
    /// A condition of its own.
    pub(super) condition: Option<Fragment<'q>>,
}

/// A relation under another name, with a condition.
#[derive(Clone, Debug)]
pub(super) struct Filtered<'q> {
    pub(super) name: &'q Name,
    pub(super) relation: &'q Path,
    pub(super) condition: &'q Condition,
}

/// The letters before the numbers of aliases, by depth: T, U .. Z, then AA, AB ..
pub(super) fn prefix(depth: usize) -> String {
    let letter = |number: usize| char::from(b'A' + u8::try_from(number % 26).unwrap_or(0));
    if depth < 7 {
        return letter(19 + depth).to_string();
    }
    let (first, second) = ((depth - 7) / 26, (depth - 7) % 26);
    format!("{}{}", letter(first), letter(second))
}

impl<'q> Compiler<'_, 'q> {
    /// The first table, used once more.
    pub(super) fn first_table(&mut self) -> usize {
        if self.q().tables.is_empty() {
            let model = self.q().model;
            self.add_table(model, None, None);
        } else {
            self.q_mut().tables[0].uses += 1;
        }
        0
    }

    fn add_table(&mut self, model: ModelId, join: Option<Join<'q>>, named: Option<&str>) -> usize {
        let name = self.cx.registry.model(model).table.clone();
        let q = self.q_mut();
        let place = q.tables.len();
        let is_taken = |name: &str| q.tables.iter().any(|table| *table.natural == *name);
        let of_same = q.tables.iter().any(|table| table.model == model);
        let wanted = named.unwrap_or(&name);
        let natural: Rc<str> = if of_same || is_taken(wanted) {
            (1..).map(|more| format!("T{}", place + more)).find(|name| !is_taken(name)).unwrap_or_default().into()
        } else {
            wanted.into()
        };
        let alias = if q.depth == 0 { natural.clone() } else { format!("{}{place}", prefix(q.depth)).into() };
        q.tables.push(Table { alias, natural, model, uses: 1, join });
        q.order.push(place);
        place
    }

    /// Joins along a hop, or finds the join that does.
    pub(super) fn join(&mut self, parent: usize, hop: &Hop, reuses_all: bool) -> Result<usize, QueryError> {
        let q = self.q();
        let may_reuse = |place: &usize| reuses_all || q.reusable.as_ref().is_none_or(|those| those.contains(place));
        let is_same =
            |table: &Table<'_>| table.join.as_ref().is_some_and(|join| join.parent == parent && join.hop.is_same(hop));
        let mut found = q.tables.iter().enumerate().filter(|(_, table)| is_same(table)).map(|(place, _)| place);
        if let Some(place) = found.rfind(may_reuse) {
            self.q_mut().tables[place].uses += 1;
            return Ok(place);
        }
        let is_outer = hop.is_nullable || self.is_outer(parent);
        let filtered = hop.filtered.map(|number| self.q().filtered[number].clone());
        let join = Join { parent, hop: hop.clone(), is_outer, condition: None };
        let named = filtered.as_ref().map(|filtered| filtered.name.as_ref());
        let place = self.add_table(hop.to, Some(join), named);
        if let Some(filtered) = filtered {
            self.add_join_condition(place, &filtered, reuses_all)?;
        }
        Ok(place)
    }

    /// The condition of a relation that has one; the paths in it go on from the join.
    fn add_join_condition(
        &mut self,
        place: usize,
        filtered: &Filtered<'q>,
        reuses_all: bool,
    ) -> Result<(), QueryError> {
        let tables = self.q().tables.len();
        let reusable = self.q().reusable.clone().filter(|_| !reuses_all).map(|mut those| {
            those.insert(place);
            those
        });
        let renamed = Some((filtered.relation.names().to_vec(), filtered.name.clone()));
        let (reusable, renamed) = (
            std::mem::replace(&mut self.q_mut().reusable, reusable),
            std::mem::replace(&mut self.q_mut().renamed, renamed),
        );
        let flags = Flags { splits: false, promotes: false, ..Flags::default() };
        let built = self.build(filtered.condition, flags);
        self.q_mut().reusable = reusable;
        self.q_mut().renamed = renamed;
        let truth = self.truth(&built?.0)?;
        let condition = match truth {
            Truth::Always => None,
            Truth::Never => Some(Fragment::new("1 = 0", None)),
            Truth::Sql(sql) => Some(sql),
        };
        let q = self.q_mut();
        if let Some(join) = &mut q.tables[place].join {
            join.condition = condition;
        }
        if q.tables.len() > tables {
            // What its condition joined must stand before it.
            q.order.retain(|other| *other != place);
            q.order.push(place);
        }
        Ok(())
    }

    /// Whether a table is joined so that its row may be missing.
    pub(super) fn is_outer(&self, place: usize) -> bool {
        self.q().tables[place].join.as_ref().is_some_and(|join| join.is_outer)
    }

    /// One use less.
    pub(super) fn unuse(&mut self, place: usize) {
        self.q_mut().tables[place].uses -= 1;
    }

    /// Makes outer joins of those whose row may be missing, and of those behind them.
    pub(super) fn promote(&mut self, places: impl IntoIterator<Item = usize>) {
        let mut places: Vec<usize> = places.into_iter().collect();
        let mut at = 0;
        while at < places.len() {
            let place = places[at];
            at += 1;
            let Some(join) = &self.q().tables[place].join else { continue };
            if join.is_outer || !(join.hop.is_nullable || self.is_outer(join.parent)) {
                continue;
            }
            self.set_outer(place, true);
            let tables = &self.q().tables;
            let behind = (0..tables.len()).filter(|other| {
                tables[*other].join.as_ref().is_some_and(|join| join.parent == place) && !places[at..].contains(other)
            });
            let behind: Vec<usize> = behind.collect();
            places.extend(behind);
        }
    }

    /// Makes inner joins of these, and of those before them.
    pub(super) fn demote(&mut self, places: impl IntoIterator<Item = usize>) {
        let mut places: Vec<usize> = places.into_iter().collect();
        while let Some(place) = places.pop() {
            let Some(join) = &self.q().tables[place].join else { continue };
            let parent = join.parent;
            if join.is_outer {
                self.set_outer(place, false);
                places.push(parent);
            }
        }
    }

    fn set_outer(&mut self, place: usize, is_outer: bool) {
        if let Some(join) = &mut self.q_mut().tables[place].join {
            join.is_outer = is_outer;
        }
    }

    /// The inner joins.
    pub(super) fn inner_joins(&self) -> BTreeSet<usize> {
        let is_inner = |join: &Join<'_>| !join.is_outer;
        let tables = self.q().tables.iter().enumerate();
        tables.filter(|(_, table)| table.join.as_ref().is_some_and(is_inner)).map(|(place, _)| place).collect()
    }

    /// What stands behind `FROM`: the tables that are used.
    pub(super) fn tables_clause(&self) -> Fragment<'q> {
        let mut from = Fragment::default();
        let used = self.q().order.iter().filter(|place| self.q().tables[**place].uses > 0);
        for (number, place) in used.enumerate() {
            if number > 0 {
                from.push(" ");
            }
            from.add(self.table_clause(*place));
        }
        from
    }

    fn table_clause(&self, place: usize) -> Fragment<'q> {
        let table = &self.q().tables[place];
        let name = &self.cx.registry.model(table.model).table;
        let mut named = quote(name);
        if *name != *table.alias {
            named = format!("{named} {}", quote(&table.alias));
        }
        let Some(join) = &table.join else { return Fragment::new(named, None) };
        let kind = if join.is_outer { "LEFT OUTER JOIN" } else { "INNER JOIN" };
        let (near, far) = (quote(&self.q().tables[join.parent].alias), quote(&table.alias));
        let (here, there) = join.hop.columns(self.cx.registry);
        let mut clause =
            Fragment::new(format!("{kind} {named} ON ({near}.{} = {far}.{}", quote(here), quote(there)), None);
        if let Some(condition) = &join.condition {
            clause.add(condition.clone().between(" AND (", ")"));
        }
        clause.push(")");
        clause
    }
}

impl Hop {
    fn columns<'r>(&self, registry: &'r Registry) -> (&'r str, &'r str) {
        let column = |model: ModelId, place: usize| registry.model(model).columns[place].column.as_str();
        (column(self.from, self.here), column(self.to, self.there))
    }
}
