//! In which order rows come: by fields and annotations, and by a relation as its model is ordered.

use crate::query::ast::{Expr, Order, OrderBy, Ordering, Query};
use crate::query::error::QueryError;
use crate::query::fragment::Fragment;
use crate::query::{ModelId, Name, Nulls, Path};

use super::Compiler;
use super::expression::directed;
use super::names::Hop;
use super::piece::{Grouped, Piece, is_same};
use super::select::Selected;

/// One thing to order by.
#[derive(Clone, Debug)]
pub(super) struct Ordered<'q> {
    /// With its direction.
    pub(super) sql: Fragment<'q>,
    /// Without it.
    pub(super) piece: Piece<'q>,
    pub(super) descending: bool,
    pub(super) nulls: Option<Nulls>,
    /// Whether it is what stands at a place of what is given.
    pub(super) is_ref: bool,
    pub(super) grouped: Vec<Grouped<'q>>,
}

/// How one thing is ordered.
#[derive(Clone, Copy)]
struct Way {
    descending: bool,
    nulls: Option<Nulls>,
}

impl<'q> Compiler<'_, 'q> {
    /// What the query at hand is ordered by, and whether only its model says so.
    pub(super) fn ordering(
        &mut self,
        query: &'q Query,
        selected: &[Selected<'q>],
    ) -> Result<(Vec<Ordered<'q>>, bool), QueryError> {
        let mut all: Vec<Ordered<'q>> = vec![];
        let is_usual = query.ordering == Ordering::Usual;
        match &query.ordering {
            Ordering::Usual => {
                let model = self.q().model;
                for text in self.usual(model) {
                    let (descending, name) = direction(&text);
                    let way = Way { descending: descending ^ query.reversed, nulls: None };
                    let names: Vec<Name> = Path::parse(name).names().to_vec();
                    self.order_by_names(&names, way, selected, &mut all)?;
                }
            }
            Ordering::By(items) => {
                for item in items {
                    self.order_by(item, query.reversed, selected, &mut all)?;
                }
            }
        }
        let mut once: Vec<Ordered<'q>> = vec![];
        for one in all {
            if !once.iter().any(|other| is_same(&other.piece.sql, &one.piece.sql)) {
                once.push(one);
            }
        }
        Ok((once, is_usual))
    }

    fn order_by(
        &mut self,
        item: &'q OrderBy,
        reversed: bool,
        selected: &[Selected<'q>],
        all: &mut Vec<Ordered<'q>>,
    ) -> Result<(), QueryError> {
        let nulls = match (item.nulls, reversed) {
            (Some(Nulls::First), true) => Some(Nulls::Last),
            (Some(Nulls::Last), true) => Some(Nulls::First),
            (nulls, _) => nulls,
        };
        let way = Way { descending: item.descending ^ reversed, nulls };
        match &item.by {
            Order::Path(path) => self.order_by_names(path.names(), way, selected, all),
            Order::Random => {
                let way = Way { descending: false, nulls: None };
                all.push(ordered(Piece::constant(Fragment::new("RANDOM()", None)), way, false));
                Ok(())
            }
            Order::Expr(expr) => {
                if let Expr::F(path) = expr
                    && let Some(place) = place_of(selected, &path.to_string())
                {
                    all.push(place_ref(selected, place, way));
                    return Ok(());
                }
                let is_named = matches!(expr, Expr::F(_));
                let piece = self.resolve(expr)?;
                if piece.aggregate && !is_named {
                    return Err(QueryError::name(
                        "an aggregate to order by must be annotated too\nhint: `annotate` it, and order by its name",
                    ));
                }
                all.push(self.placed(piece, way, selected));
                Ok(())
            }
        }
    }

    fn order_by_names(
        &mut self,
        names: &[Name],
        way: Way,
        selected: &[Selected<'q>],
        all: &mut Vec<Ordered<'q>>,
    ) -> Result<(), QueryError> {
        if let [only] = names
            && only == "?"
        {
            all.push(ordered(Piece::constant(Fragment::new("RANDOM()", None)), way, false));
            return Ok(());
        }
        if let Some(place) = place_of(selected, &names.join("__")) {
            all.push(place_ref(selected, place, way));
            return Ok(());
        }
        if self.annotated(names)?.is_some() {
            let piece = self.path_value(names, false)?;
            all.push(self.placed(piece, way, selected));
            return Ok(());
        }
        let model = self.q().model;
        let table = self.first_table();
        let mut found = vec![];
        self.find_order(names, model, table, way, &mut vec![], &mut found)?;
        for (piece, way) in found {
            for part in piece.each() {
                all.push(self.placed(part.clone(), way, selected));
            }
        }
        Ok(())
    }

    /// A value with bound values in it must be told by its place, else a database takes it for another.
    fn placed(&self, piece: Piece<'q>, way: Way, selected: &[Selected<'q>]) -> Ordered<'q> {
        let place = selected.iter().position(|one| is_same(&one.piece.sql, &piece.sql));
        match place {
            Some(place) if !piece.sql.binds.is_empty() || selected[place].alias.is_some() => {
                place_ref(selected, place, way)
            }
            _ => ordered(piece, way, false),
        }
    }

    /// A field; a relation means the order of its model.
    fn find_order(
        &mut self,
        names: &[Name],
        model: ModelId,
        table: usize,
        way: Way,
        seen: &mut Vec<Vec<Hop>>,
        found: &mut Vec<(Piece<'q>, Way)>,
    ) -> Result<(), QueryError> {
        let walked = self.walk(names, model)?;
        let joined = self.setup_joins(&walked, table)?;
        let rest = &names[walked.used()..];
        let last = names.last().map(|name| name.as_ref()).unwrap_or_default();
        let is_key = names.len() == 1 && last == "pk";
        if let Some(target) = walked.relation.filter(|_| rest.is_empty() && !is_key && !self.is_attname(&walked, last))
        {
            let usual = self.usual(target);
            if !usual.is_empty() {
                if seen.contains(&walked.hops) {
                    return Err(QueryError::usage("an infinite loop of models that are ordered by each other"));
                }
                seen.push(walked.hops.clone());
                let end = joined.tables.last().copied().unwrap_or(table);
                for text in usual {
                    let (descending, name) = direction(&text);
                    if name == "?" {
                        found.push((Piece::constant(Fragment::new("RANDOM()", None)), way));
                        continue;
                    }
                    let way = Way { descending: descending ^ way.descending, nulls: way.nulls };
                    let names = Path::parse(name).names().to_vec();
                    self.deeper(|compiler| compiler.find_order(&names, target, end, way, seen, found))?;
                }
                return Ok(());
            }
        }
        let joined = self.trim_joins(joined, &walked.hops);
        let mut piece = self.target(&joined, &walked);
        piece.relation = piece.relation.filter(|_| rest.is_empty());
        for (at, name) in rest.iter().enumerate() {
            piece = self.transformed(&piece, name, &rest[at..]).map_err(|error| match walked.relation {
                Some(model) if at == 0 => self.unknown(name, model),
                _ => error,
            })?;
        }
        found.push((piece, way));
        Ok(())
    }

    fn is_attname(&self, walked: &super::names::Walked, name: &str) -> bool {
        walked
            .hops
            .last()
            .is_some_and(|hop| hop.is_direct && self.cx.registry.model(hop.from).columns[hop.here].attname == name)
    }

    /// The order that a model says; a child or a proxy without one has its parent's.
    pub(super) fn usual(&self, model: ModelId) -> Vec<String> {
        let registry = self.cx.registry;
        let state = &registry.model(model).state;
        if state.options.order_with_respect_to.is_some() {
            return vec!["_order".to_owned()];
        }
        if !state.options.ordering.is_empty() {
            return state.options.ordering.clone();
        }
        let base = |base: &String| base.split_once('.').and_then(|(app, name)| registry.find(app, name));
        state
            .bases
            .iter()
            .filter_map(base)
            .map(|base| self.usual(base))
            .find(|usual| !usual.is_empty())
            .unwrap_or_default()
    }
}

fn direction(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(name) => (true, name),
        None => (false, text),
    }
}

fn ordered(piece: Piece<'_>, way: Way, is_ref: bool) -> Ordered<'_> {
    Ordered {
        sql: directed(piece.sql.clone(), way.descending, way.nulls),
        grouped: piece.grouped(),
        descending: way.descending,
        nulls: way.nulls,
        is_ref,
        piece,
    }
}

/// The place of what has a name in the statement.
fn place_of(selected: &[Selected<'_>], name: &str) -> Option<usize> {
    selected.iter().position(|one| one.alias.as_ref().is_some_and(|alias| alias == name))
}

fn place_ref<'q>(selected: &[Selected<'q>], place: usize, way: Way) -> Ordered<'q> {
    let by_place = Fragment::new((place + 1).to_string(), None);
    let piece = selected[place].piece.clone();
    Ordered { sql: directed(by_place, way.descending, way.nulls), ..ordered(piece, way, true) }
}
