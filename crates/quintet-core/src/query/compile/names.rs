//! From the names of a path to the tables that must be joined and the column at its end.
//!
//! What a name is, is decided here: a field, a relation, or the beginning of transforms and a lookup. A name that is
//! nothing is an error that tells which there are.

use crate::near;
use crate::query::error::QueryError;
use crate::query::fragment::Fragment;
use crate::query::{Link, ModelId, Name, Way};
use crate::sql::quote;

use super::Compiler;
use super::piece::{Col, Piece};

/// One join of a path.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Hop {
    /// The model that it begins at, and the column's place in it.
    pub(super) from: ModelId,
    pub(super) here: usize,
    /// The model that it leads to, and the column's place in it.
    pub(super) to: ModelId,
    pub(super) there: usize,
    /// Whether there may be several rows at the end.
    pub(super) is_many: bool,
    /// Whether it goes along a key, not against one.
    pub(super) is_direct: bool,
    /// Whether there may be no row at the end.
    pub(super) is_nullable: bool,
    /// The relation with a condition of its own that it belongs to.
    pub(super) filtered: Option<usize>,
}

impl Hop {
    /// Whether a join along one serves for the other.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let key = |hop: &Self| (hop.from, hop.here, hop.to, hop.there, hop.is_direct, hop.filtered);
        key(self) == key(other)
    }
}

/// How far a path leads through models.
#[derive(Clone, Debug)]
pub(super) struct Walked {
    pub(super) hops: Vec<Hop>,
    /// The columns at the end: one, or those of a key of several.
    pub(super) targets: Vec<(ModelId, usize)>,
    /// The model at the other end of the relation that the path ends with.
    pub(super) relation: Option<ModelId>,
    /// The model at the end.
    pub(super) end: ModelId,
    /// How many names were used, and how many hops there were behind each.
    pub(super) ends: Vec<usize>,
}

impl Walked {
    /// How many names were used.
    pub(super) fn used(&self) -> usize {
        self.ends.len()
    }
}

/// The joins of a path.
#[derive(Clone, Debug)]
pub(super) struct Joined {
    /// The tables, the first included.
    pub(super) tables: Vec<usize>,
    pub(super) targets: Vec<(ModelId, usize)>,
}

impl<'q> Compiler<'_, 'q> {
    /// Follows names from a model as far as they are fields.
    pub(super) fn walk(&self, names: &[Name], from: ModelId) -> Result<Walked, QueryError> {
        let registry = self.cx.registry;
        let mut walked = Walked { hops: vec![], targets: vec![], relation: None, end: from, ends: vec![] };
        for (at, name) in names.iter().enumerate() {
            let info = registry.model(walked.end);
            let mut wanted = name.as_ref();
            if wanted == "pk" {
                if let [one] = info.key.as_slice() {
                    wanted = &info.columns[*one].name;
                } else if info.key.len() > 1 {
                    walked.targets = info.key.iter().map(|place| (walked.end, *place)).collect();
                    walked.relation = None;
                    walked.ends.push(walked.hops.len());
                    break;
                }
            }
            if let Some(link) = self.link(walked.end, wanted) {
                let link = link.clone();
                self.follow(&mut walked, &link, None)?;
            } else if let Some(place) = info.place(wanted).filter(|_| wanted != "pk") {
                let column = &info.columns[place];
                let hops = self.hops_to_parent(walked.end, column.owner);
                walked.hops.extend(hops);
                walked.targets = vec![(column.owner, self.own_place(column.owner, &column.name, place))];
                walked.relation = None;
                walked.ends.push(walked.hops.len());
                break;
            } else if let Some(number) = self.filtered_relation(wanted).filter(|_| at == 0) {
                let relation = self.q().filtered[number].relation;
                let end = self.walk(relation.names(), walked.end)?;
                if end.used() != relation.names().len() || end.relation.is_none() {
                    return Err(QueryError::usage(format!("`{relation}` is not a relation")));
                }
                walked = Walked { ends: vec![end.hops.len()], ..end };
                if let Some(last) = walked.hops.last_mut() {
                    last.filtered = Some(number);
                }
            } else if at == 0 {
                return Err(self.unknown(name, from));
            } else {
                break;
            }
        }
        Ok(walked)
    }

    fn link(&self, model: ModelId, name: &str) -> Option<&Link> {
        let info = self.cx.registry.model(model);
        let is_plain =
            |name: &str| info.columns.iter().any(|column| column.name == name && column.field.relation().is_none());
        if is_plain(name) {
            return None;
        }
        let by_attname = || {
            let column =
                info.columns.iter().find(|column| column.attname == name && column.field.relation().is_some())?;
            info.links.get(&column.name)
        };
        info.links.get(name).or_else(by_attname)
    }

    fn filtered_relation(&self, name: &str) -> Option<usize> {
        self.q().filtered.iter().position(|filtered| filtered.name == name)
    }

    /// Goes on along a link.
    fn follow(&self, walked: &mut Walked, link: &Link, filtered: Option<usize>) -> Result<(), QueryError> {
        let registry = self.cx.registry;
        let from = walked.end;
        let (Way::Key { here, .. } | Way::Back { here, .. } | Way::Between { here, .. }) = link.way;
        let column = &registry.model(from).columns[here];
        let owner = column.owner;
        walked.hops.extend(self.hops_to_parent(from, owner));
        let here = self.own_place(owner, &column.name, here);
        let key = registry.model(link.target).key.clone();
        match link.way {
            Way::Key { there, .. } => {
                let is_nullable = column.field.null;
                let to = link.target;
                walked.hops.push(Hop {
                    from: owner,
                    here,
                    to,
                    there,
                    is_many: false,
                    is_direct: true,
                    is_nullable,
                    filtered,
                });
                walked.targets = vec![(to, there)];
            }
            Way::Back { there, .. } => {
                let (to, is_many) = (link.target, link.is_many);
                walked.hops.push(Hop {
                    from: owner,
                    here,
                    to,
                    there,
                    is_many,
                    is_direct: false,
                    is_nullable: true,
                    filtered,
                });
                walked.targets = key.iter().map(|place| (to, *place)).collect();
            }
            Way::Between { through, near, far, there, .. } => {
                let between = registry.model(through);
                let is_many = !between.columns[near].field.is_unique();
                walked.hops.push(Hop {
                    from: owner,
                    here,
                    to: through,
                    there: near,
                    is_many,
                    is_direct: false,
                    is_nullable: true,
                    filtered: None,
                });
                let is_nullable = between.columns[far].field.null;
                walked.hops.push(Hop {
                    from: through,
                    here: far,
                    to: link.target,
                    there,
                    is_many: false,
                    is_direct: true,
                    is_nullable,
                    filtered,
                });
                walked.targets = vec![(link.target, there)];
            }
        }
        walked.relation = Some(link.target);
        walked.end = link.target;
        walked.ends.push(walked.hops.len());
        Ok(())
    }

    /// The joins from a child's table to the table of a parent that has a column.
    pub(super) fn hops_to_parent(&self, model: ModelId, owner: ModelId) -> Vec<Hop> {
        let registry = self.cx.registry;
        let info = registry.model(model);
        if owner == info.concrete || owner == model {
            return vec![];
        }
        let parents = if info.parents.is_empty() { &registry.model(info.concrete).parents } else { &info.parents };
        let Some((_, place)) = parents.iter().find(|(parent, _)| registry.model(*parent).concrete == owner) else {
            return vec![];
        };
        let column = &info.columns[*place];
        let mut hops = self.hops_to_parent(model, column.owner);
        let there = registry.model(owner).key.first().copied().unwrap_or_default();
        hops.push(Hop {
            from: column.owner,
            here: self.own_place(column.owner, &column.name, *place),
            to: owner,
            there,
            is_many: false,
            is_direct: true,
            is_nullable: column.field.null,
            filtered: None,
        });
        hops
    }

    /// The place of a column in the model that has it.
    pub(super) fn own_place(&self, owner: ModelId, name: &str, otherwise: usize) -> usize {
        let columns = &self.cx.registry.model(owner).columns;
        columns.iter().position(|column| column.owner == owner && column.name == name).unwrap_or(otherwise)
    }

    /// Joins what a path needs. A join that leads to many rows is reused only where the condition allows it.
    pub(super) fn setup_joins(&mut self, walked: &Walked, first: usize) -> Result<Joined, QueryError> {
        let mut tables = vec![first];
        let mut last = first;
        for hop in &walked.hops {
            last = self.join(last, hop, !hop.is_many)?;
            tables.push(last);
            if hop.filtered.is_some()
                && let Some(reusable) = &mut self.q_mut().reusable
            {
                reusable.insert(last);
            }
        }
        Ok(Joined { tables, targets: walked.targets.clone() })
    }

    /// Takes off joins at the end whose column is in the table before.
    pub(super) fn trim_joins(&mut self, mut joined: Joined, hops: &[Hop]) -> Joined {
        let registry = self.cx.registry;
        for hop in hops.iter().rev() {
            let [(model, place)] = joined.targets.as_slice() else { break };
            let is_there =
                registry.model(*model).columns[*place].column == registry.model(hop.to).columns[hop.there].column;
            if joined.tables.len() == 1 || !hop.is_direct || hop.filtered.is_some() || !is_there {
                break;
            }
            joined.targets = vec![(hop.from, hop.here)];
            if let Some(last) = joined.tables.pop() {
                self.unuse(last);
            }
        }
        joined
    }

    /// The column, or the columns of a key of several, at the end of joins.
    pub(super) fn target(&self, joined: &Joined, walked: &Walked) -> Piece<'q> {
        let table = joined.tables.last().copied().unwrap_or_default();
        let mut parts: Vec<Piece<'q>> =
            joined.targets.iter().map(|(model, place)| self.column(table, *model, *place)).collect();
        if parts.len() == 1 {
            let mut one = parts.remove(0);
            one.relation = walked.relation.zip(walked.targets.first().copied());
            return one;
        }
        let sql = Fragment::join(parts.iter().map(|part| part.sql.clone()), ", ");
        let sources: Vec<&Piece<'q>> = parts.iter().collect();
        let mut piece = Piece::of(sql, &sources);
        piece.parts = parts;
        piece
    }

    /// A column of a table.
    pub(super) fn column(&self, table: usize, model: ModelId, place: usize) -> Piece<'q> {
        let alias = self.q().tables[table].alias.clone();
        let column = &self.cx.registry.model(model).columns[place];
        let sql = format!("{}.{}", quote(&alias), quote(&column.column));
        let col = Col { alias, model, place, is_many: false };
        Piece::column(col, Fragment::new(sql, Some(column.kind.clone())))
    }

    /// Whether a column may be null.
    pub(super) fn is_nullable(&self, (model, place): (ModelId, usize)) -> bool {
        self.cx.registry.model(model).columns[place].field.null
    }

    /// The error of a name that is nothing.
    pub(super) fn unknown(&self, name: &str, model: ModelId) -> QueryError {
        let choices = self.choices(model);
        let known: Vec<&str> = choices.iter().map(String::as_str).collect();
        let hint = near::did_you_mean(name, &known)
            .map_or_else(String::new, |meant| format!("\nhint: did you mean `{meant}`?"));
        let shown = shown(name);
        QueryError::name(format!(
            "cannot resolve keyword `{shown}` into field; choices are: {}{hint}",
            choices.join(", ")
        ))
    }

    /// The names that a path may begin with, or that may follow a relation to a model.
    pub(super) fn choices(&self, model: ModelId) -> Vec<String> {
        let info = self.cx.registry.model(model);
        let columns = info.columns.iter().flat_map(|column| [column.name.clone(), column.attname.clone()]);
        let links = info.links.keys().filter(|name| !name.ends_with('+')).cloned();
        let mut all: Vec<String> = columns.chain(links).collect();
        if model == self.q().model {
            all.extend(self.q().annotations.iter().map(|(name, _)| name.to_string()));
            all.extend(self.q().filtered.iter().map(|filtered| filtered.name.to_string()));
        }
        all.sort();
        all.dedup();
        all
    }
}

/// A name from outside, fit for a line of text.
pub(in crate::query) fn shown(name: &str) -> String {
    name.chars().flat_map(char::escape_debug).take(200).collect()
}
