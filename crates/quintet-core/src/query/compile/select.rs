//! What a query gives: the model's columns with those of rows that come along, or what was chosen.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::query::ast::{Query, Related, Select};
use crate::query::error::QueryError;
use crate::query::{Link, ModelId, ModelInfo, Name, Path, Way};

use super::names::{Walked, shown};
use super::output::{Part, Row};
use super::piece::Piece;
use super::{Choice, Compiler};

/// How many rows lie between a row and the last that comes along where all do.
const DEEPEST: usize = 5;

/// One thing that is given.
#[derive(Clone, Debug)]
pub(super) struct Selected<'q> {
    pub(super) piece: Piece<'q>,
    /// Its name in the statement, where it has one.
    pub(super) alias: Option<Name>,
    /// Its name for the caller.
    pub(super) name: Name,
    pub(super) part: Part,
}

/// A model's row in what is given, and under which names its tables stand.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) row: Row,
    pub(super) tables: Vec<(ModelId, Rc<str>)>,
}

/// What is given.
#[derive(Clone, Debug, Default)]
pub(super) struct Selection<'q> {
    pub(super) all: Vec<Selected<'q>>,
    pub(super) rows: Vec<Found>,
}

/// Names of fields as a tree: those of a relation's model below the relation.
#[derive(Clone, Debug, Default)]
struct Tree(BTreeMap<Name, Tree>);

impl Tree {
    fn of(paths: &[Path]) -> Self {
        let mut tree = Self::default();
        for path in paths {
            let mut at = &mut tree;
            for name in path.names() {
                at = at.0.entry(name.clone()).or_default();
            }
        }
        tree
    }
}

/// Which fields of a model come; all where there is none.
#[derive(Clone, Debug, Default)]
struct Mask {
    names: Option<BTreeSet<String>>,
    below: BTreeMap<String, Mask>,
}

impl Mask {
    fn has(&self, name: &str) -> bool {
        self.names.as_ref().is_none_or(|names| names.contains(name))
    }
}

/// Where columns go: the row, its model and the table that it begins at.
struct At<'a> {
    row: usize,
    model: ModelId,
    table: usize,
    mask: &'a Mask,
    depth: usize,
}

impl<'q> Compiler<'_, 'q> {
    /// What the query at hand gives.
    pub(super) fn selection(&mut self, query: &'q Query) -> Result<Selection<'q>, QueryError> {
        let mut selection = Selection::default();
        if self.q().gives_model {
            self.select_model(query, &mut selection)?;
        }
        let q = self.q();
        match &q.chosen {
            None => {
                for (name, piece) in &q.columns {
                    select_columns(&mut selection.all, name, None, piece);
                }
                for (name, piece) in q.given() {
                    select_columns(&mut selection.all, name, Some(name), piece);
                }
            }
            Some(chosen) => {
                for (name, choice) in chosen {
                    let piece = match choice {
                        Choice::Column(place) => q.columns.get(*place).map(|(_, piece)| piece),
                        Choice::Annotation => q.annotation(name),
                    };
                    let Some(piece) = piece else { continue };
                    select_columns(&mut selection.all, name, piece.parts.is_empty().then_some(name), piece);
                }
            }
        }
        Ok(selection)
    }

    fn select_model(&mut self, query: &'q Query, selection: &mut Selection<'q>) -> Result<(), QueryError> {
        let model = self.q().model;
        let table = self.first_table();
        let mask = match &query.select {
            Select::All => Mask::default(),
            Select::Only(paths) => self.only(model, &Tree::of(paths))?,
            Select::Defer(paths) => self.all_but(model, Tree::of(paths), true)?,
        };
        let row = Row { model, path: vec![], parent: None, is_optional: false, columns: vec![] };
        selection.rows.push(Found { row, tables: vec![] });
        let at = At { row: 0, model, table, mask: &mask, depth: 1 };
        self.select_row(&at, None, selection)?;
        match &query.related {
            Related::None => Ok(()),
            Related::All => self.select_related(&at, None, selection),
            Related::Paths(paths) => self.select_related(&at, Some(&Tree::of(paths)), selection),
        }
    }

    /// A row's columns. Those that a row before it has already are not given again.
    fn select_row(
        &mut self,
        at: &At<'_>,
        from: Option<ModelId>,
        selection: &mut Selection<'q>,
    ) -> Result<(), QueryError> {
        let registry = self.cx.registry;
        let info = registry.model(at.model);
        let mut tables: Vec<(ModelId, usize)> = vec![];
        for (place, column) in info.columns.iter().enumerate() {
            let is_key = info.key.contains(&place);
            if !is_key && !at.mask.has(&column.name) {
                continue;
            }
            let is_there = from.filter(|from| column.owner != info.concrete && self.is_above(*from, column.owner));
            if let Some(parent) = is_there.and(selection.rows[at.row].row.parent) {
                let names = |(place, _): &&(usize, usize)| {
                    let other = &registry.model(selection.rows[parent].row.model).columns[*place];
                    other.owner == column.owner && other.name == column.name
                };
                let found = selection.rows[parent].row.columns.iter().find(names).map(|(_, output)| *output);
                selection.rows[at.row].row.columns.extend(found.map(|output| (place, output)));
                continue;
            }
            let table = match tables.iter().find(|(owner, _)| *owner == column.owner) {
                Some((_, table)) => *table,
                None => {
                    let mut table = at.table;
                    for hop in self.hops_to_parent(at.model, column.owner) {
                        table = self.join(table, &hop, true)?;
                    }
                    tables.push((column.owner, table));
                    let alias = self.q().tables[table].alias.clone();
                    selection.rows[at.row].tables.push((column.owner, alias));
                    table
                }
            };
            let own = self.own_place(column.owner, &column.name, place);
            let piece = self.column(table, column.owner, own);
            selection.rows[at.row].row.columns.push((place, selection.all.len()));
            let part = Part::Column { row: at.row, place };
            selection.all.push(Selected { piece, alias: None, name: column.attname.clone().into(), part });
        }
        Ok(())
    }

    /// Whether a model is another's table, or of a parent of it.
    fn is_above(&self, model: ModelId, owner: ModelId) -> bool {
        let registry = self.cx.registry;
        let concrete = registry.model(model).concrete;
        concrete == owner
            || registry.model(concrete).parents.iter().any(|(parent, _)| registry.model(*parent).concrete == owner)
    }

    /// The rows that come along.
    fn select_related(
        &mut self,
        at: &At<'_>,
        wanted: Option<&Tree>,
        selection: &mut Selection<'q>,
    ) -> Result<(), QueryError> {
        if wanted.is_none() && at.depth > DEEPEST {
            return Ok(());
        }
        let registry = self.cx.registry;
        let info = registry.model(at.model);
        let mut found: BTreeSet<&str> = BTreeSet::new();
        for column in &info.columns {
            let next = wanted.and_then(|wanted| wanted.0.get(column.name.as_str()));
            let Some(relation) = column.field.relation() else {
                if next.is_some() {
                    return Err(self.not_related(at, &column.name));
                }
                continue;
            };
            found.insert(&column.name);
            let is_meant = if wanted.is_some() { next.is_some() } else { !column.field.null };
            if relation.parent_link || !is_meant {
                continue;
            }
            if wanted.is_some() && !at.mask.has(&column.name) {
                return Err(QueryError::name(format!(
                    "`{}.{}` cannot be both deferred and traversed using `select_related` at the same time",
                    info.label(),
                    column.name
                )));
            }
            let Some(link) = info.links.get(&column.name) else { continue };
            self.select_link(at, &column.name, link, next, selection)?;
        }
        let Some(wanted) = wanted else { return Ok(()) };
        for (name, link) in &info.links {
            let is_back = matches!(link.way, Way::Back { .. }) && !link.is_many;
            if !is_back {
                continue;
            }
            found.insert(name);
            if let Some(next) = wanted.0.get(name.as_str()) {
                if !at.mask.has(name) {
                    return Err(QueryError::name(format!(
                        "`{}.{name}` cannot be both deferred and traversed using `select_related` at the same time",
                        info.label()
                    )));
                }
                self.select_link(at, name, link, Some(next), selection)?;
            }
        }
        for (name, next) in &wanted.0 {
            let of_query = at.depth == 1 && self.q().filtered.iter().any(|filtered| filtered.name == name);
            if of_query && !found.contains(name.as_ref()) {
                let walked = self.walk(std::slice::from_ref(name), at.model)?;
                self.select_walked(at, name, &walked, Some(next), selection)?;
            } else if !found.contains(name.as_ref()) {
                return Err(self.not_related(at, name));
            }
        }
        Ok(())
    }

    fn select_link(
        &mut self,
        at: &At<'_>,
        name: &str,
        link: &Link,
        next: Option<&Tree>,
        selection: &mut Selection<'q>,
    ) -> Result<(), QueryError> {
        let walked = self.walk(&[Name::from(link.name.clone())], at.model)?;
        self.select_walked(at, name, &walked, next, selection)
    }

    fn select_walked(
        &mut self,
        at: &At<'_>,
        name: &str,
        walked: &Walked,
        next: Option<&Tree>,
        selection: &mut Selection<'q>,
    ) -> Result<(), QueryError> {
        let registry = self.cx.registry;
        let joined = self.setup_joins(walked, at.table)?;
        let table = joined.tables.last().copied().unwrap_or(at.table);
        let mut path = selection.rows[at.row].row.path.clone();
        path.push(Name::from(name.to_owned()));
        let row = selection.rows.len();
        let is_optional = walked.hops.iter().any(|hop| hop.is_nullable) || selection.rows[at.row].row.is_optional;
        let made = Row { model: walked.end, path, parent: Some(at.row), is_optional, columns: vec![] };
        selection.rows.push(Found { row: made, tables: vec![] });
        let every = Mask::default();
        let mask = at.mask.below.get(name).unwrap_or(&every);
        let to = At { row, model: walked.end, table, mask, depth: at.depth + 1 };
        let is_child = walked.end != at.model
            && self.is_above(walked.end, registry.model(at.model).concrete)
            && walked.hops.iter().all(|hop| !hop.is_direct);
        self.select_row(&to, is_child.then_some(at.model), selection)?;
        match next {
            Some(next) if next.0.is_empty() => Ok(()),
            next => self.select_related(&to, next, selection),
        }
    }

    fn not_related(&self, at: &At<'_>, name: &str) -> QueryError {
        let info = self.cx.registry.model(at.model);
        let keys = info.columns.iter().filter(|column| column.field.relation().is_some()).map(|column| &column.name);
        let back = info.links.iter().filter(|(_, link)| matches!(link.way, Way::Back { .. }) && !link.is_many);
        let choices: Vec<&str> = keys.chain(back.map(|(name, _)| name)).map(String::as_str).collect();
        let choices = if choices.is_empty() { "(none)".to_owned() } else { choices.join(", ") };
        QueryError::name(format!("`select_related` cannot follow `{}`; choices are: {choices}", shown(name)))
    }

    /// The key and these fields.
    fn only(&self, model: ModelId, wanted: &Tree) -> Result<Mask, QueryError> {
        if wanted.0.is_empty() {
            return Ok(Mask::default());
        }
        let info = self.cx.registry.model(model);
        let mut mask = Mask { names: Some(BTreeSet::new()), below: BTreeMap::new() };
        for (name, below) in &wanted.0 {
            let own = self.field_name(model, name)?;
            let Some(own) = own else { continue };
            if !below.0.is_empty() {
                let link = info.links.get(&own).ok_or_else(|| self.unknown(name, model))?;
                let inner = self.only(link.target, below)?;
                if is_parent(info, &own) {
                    // What a parent has, the row itself has.
                    mask.names.get_or_insert_default().extend(inner.names.unwrap_or_default());
                    mask.below.extend(inner.below);
                } else {
                    mask.below.insert(own.clone(), inner);
                }
            }
            mask.names.get_or_insert_default().insert(own);
        }
        Ok(mask)
    }

    /// All but these fields.
    fn all_but(&self, model: ModelId, unwanted: Tree, is_first: bool) -> Result<Mask, QueryError> {
        if unwanted.0.is_empty() {
            return Ok(Mask::default());
        }
        let info = self.cx.registry.model(model);
        let mut names: BTreeSet<String> = info.columns.iter().map(|column| column.name.clone()).collect();
        names.extend(info.links.keys().cloned());
        let mut below = BTreeMap::new();
        for (name, inner) in unwanted.0 {
            if is_first && self.q().filtered.iter().any(|filtered| *filtered.name == name) {
                let walked = self.walk(std::slice::from_ref(&name), model)?;
                names.insert(name.to_string());
                below.insert(name.to_string(), self.all_but(walked.end, inner, false)?);
                continue;
            }
            let Some(own) = self.field_name(model, &name)? else { continue };
            if inner.0.is_empty() {
                names.remove(&own);
            } else if let Some(link) = info.links.get(&own).filter(|_| is_parent(info, &own)) {
                let mask = self.all_but(link.target, inner, false)?;
                let parents: Vec<&str> =
                    self.cx.registry.model(link.target).columns.iter().map(|column| column.name.as_str()).collect();
                names.retain(|name| mask.has(name) || !parents.contains(&name.as_str()));
                below.extend(mask.below);
            } else {
                let link = info.links.get(&own).ok_or_else(|| self.unknown(&name, model))?;
                below.insert(own, self.all_but(link.target, inner, false)?);
            }
        }
        Ok(Mask { names: Some(names), below })
    }

    /// The name of a field that was named in any way; `None` for the key, which always comes.
    fn field_name(&self, model: ModelId, name: &Name) -> Result<Option<String>, QueryError> {
        let info = self.cx.registry.model(model);
        if name == "pk" {
            return Ok(None);
        }
        match (info.place(name), info.links.contains_key(name.as_ref())) {
            (Some(place), _) => Ok(Some(info.columns[place].name.clone())),
            (None, true) => Ok(Some(name.to_string())),
            (None, false) => Err(self.unknown(name, model)),
        }
    }
}

/// Whether a field is the key of the parent's row, whose fields are the row's own.
fn is_parent(info: &ModelInfo, name: &str) -> bool {
    info.column(name).and_then(|column| column.field.relation()).is_some_and(|relation| relation.parent_link)
}

/// A value that is given: of a key of several columns each.
fn select_columns<'q>(all: &mut Vec<Selected<'q>>, name: &Name, alias: Option<&Name>, piece: &Piece<'q>) {
    for part in piece.each() {
        let alias = alias.cloned();
        all.push(Selected { piece: part.clone(), alias, name: name.clone(), part: Part::Value });
    }
}
