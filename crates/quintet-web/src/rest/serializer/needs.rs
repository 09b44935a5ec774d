//! The ways that a serializer goes to its values: which rows of other models it needs, and where in them a value is.

use std::collections::BTreeSet;

use quintet_core::query::{Link, ModelId, ModelInfo, Registry};

use super::columns::Shown;
use super::declaration::ModelFacts;

/// Rows of another model that come along with rows.
#[derive(Clone)]
pub(crate) struct Need {
    pub(crate) link: Link,
    /// The rows that come along with those.
    pub(crate) needs: Vec<Need>,
    /// How structs are made of them, where a function wants them.
    pub(crate) structs: Option<ModelFacts>,
    /// The columns of them that are looked at, where not any may be.
    pub(crate) columns: Option<BTreeSet<usize>>,
    /// What of them is fetched where they come by a query of their own.
    pub(crate) shown: Shown,
    /// Whether a nested serializer owns it: its needs are that one's.
    is_own: bool,
}

/// Where a value is: along rows that came along, and what of the last of them.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) steps: Vec<Hop>,
    pub(crate) end: End,
}

/// One step along a relation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hop {
    /// The number of the need.
    pub(crate) need: usize,
    /// Which of the rows, where there are several.
    pub(crate) pick: Pick,
}

/// Which row behind a relation a path goes on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pick {
    /// There is one.
    Only,
    /// `albums.first`
    First,
    /// `albums.last`
    Last,
}

/// What of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// A column, by its place in the registry.
    Column(usize),
    /// The row itself.
    This,
    /// The row behind a relation, by its number among the needs.
    Row(usize),
    /// The rows behind a relation.
    Rows(usize),
    /// How many they are: `albums.count`.
    Count(usize),
    /// Whether there is one: `albums.exists`.
    Exists(usize),
    /// What people read for a column's choice: `get_status_display`.
    Label(usize),
}

/// What is wanted at the end of a path.
pub(crate) enum Wanted {
    /// A value, which for a relation is the key.
    Value,
    /// The row or the rows.
    Rows,
    /// Rows that a nested serializer shows, with what it needs, how structs are made of them, and which columns it shows.
    Nested(Vec<Need>, Option<ModelFacts>, Option<BTreeSet<usize>>),
}

/// Finds the end of a path from a model.
///
/// # Errors
/// There is no such way.
pub(crate) fn find(
    registry: &Registry,
    model: ModelId,
    path: &[String],
    needs: &mut Vec<Need>,
    wanted: Wanted,
) -> Result<Found, String> {
    let info = registry.model(model);
    let [name, rest @ ..] = path else {
        return Ok(Found { steps: vec![], end: End::This });
    };
    if rest.is_empty()
        && matches!(wanted, Wanted::Value)
        && let Some(place) = info.place(name)
    {
        return Ok(Found { steps: vec![], end: End::Column(place) });
    }
    let link = info.links.values().find(|link| link.accessor.as_deref() == Some(name));
    if let (None, Some(place), []) = (link, labelled(info, name), rest) {
        return Ok(Found { steps: vec![], end: End::Label(place) });
    }
    let Some(link) = link else {
        return Err(format!("`{}` has no field and no relation `{name}`", info.label()));
    };
    let (pick, rest) = match rest {
        [verb] if link.is_many && matches!(verb.as_str(), "count" | "exists") => {
            let at = shared(needs, link);
            let end = if verb == "count" { End::Count(at) } else { End::Exists(at) };
            return Ok(Found { steps: vec![], end });
        }
        [verb, rest @ ..] if link.is_many && verb == "first" => (Pick::First, rest),
        [verb, rest @ ..] if link.is_many && verb == "last" => (Pick::Last, rest),
        [verb] if link.is_many && verb == "all" => (Pick::Only, &[][..]),
        rest => (Pick::Only, rest),
    };
    if !rest.is_empty() || pick != Pick::Only {
        if link.is_many && pick == Pick::Only {
            return Err(format!(
                "`{}.{name}` leads to many rows, of which none has `{}`\nhint: `first`, `last`, `count` and `exists` stand for one value of them",
                info.label(),
                rest.join(".")
            ));
        }
        let at = shared(needs, link);
        let mut found = find(registry, link.target, rest, &mut needs[at].needs, wanted)?;
        if found.steps.is_empty() {
            needs[at].look_at(found.end);
        }
        found.steps.insert(0, Hop { need: at, pick });
        return Ok(found);
    }
    let at = match wanted {
        Wanted::Nested(inner, structs, columns) => {
            needs.push(Need {
                link: link.clone(),
                needs: inner,
                structs,
                columns,
                shown: Shown::default(),
                is_own: true,
            });
            needs.len() - 1
        }
        Wanted::Value | Wanted::Rows => {
            let at = shared(needs, link);
            needs[at].columns = None;
            at
        }
    };
    let end = if link.is_many { End::Rows(at) } else { End::Row(at) };
    Ok(Found { steps: vec![], end })
}

impl Need {
    /// Its rows are looked at so.
    fn look_at(&mut self, end: End) {
        match (end, &mut self.columns) {
            (End::Column(column) | End::Label(column), Some(columns)) => drop(columns.insert(column)),
            (End::This, columns) => *columns = None,
            // The way to other rows is theirs to say.
            _ => {}
        }
    }
}

/// The column whose choice `get_.._display` tells.
fn labelled(info: &ModelInfo, name: &str) -> Option<usize> {
    let column = name.strip_prefix("get_")?.strip_suffix("_display")?;
    info.place(column).filter(|place| !info.columns[*place].field.choices.is_empty())
}

/// The need that all paths by a link share.
fn shared(needs: &mut Vec<Need>, link: &Link) -> usize {
    let known = needs.iter().position(|need| !need.is_own && need.link.name == link.name);
    known.unwrap_or_else(|| {
        needs.push(Need {
            link: link.clone(),
            needs: vec![],
            structs: None,
            columns: Some(BTreeSet::new()),
            shown: Shown::default(),
            is_own: false,
        });
        needs.len() - 1
    })
}
