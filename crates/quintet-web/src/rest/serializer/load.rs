//! Fetches the rows of other models that rows are shown with: those that came along are used, all others come by one query
//! for each relation.

use quintet_core::query::{Condition, Expr, ModelId, Path, Registry, Statement, Step, Way, one_of};
use quintet_core::schema::Value;
use quintet_db::model::Instance;
use quintet_db::{Cell, Db, Fetched};

use super::columns::paths;
use super::declaration::ModelFacts;
use super::needs::Need;
use super::set::{Cells, Groups, Linked, Set};
use crate::http::{BoxFuture, Error, Result};

/// By which row of the other model a row came along.
const OWNER: &str = "quintet_owner";

/// Loads what rows need.
pub(crate) fn load<'f, 'a: 'f>(
    db: Db<'f>,
    registry: &'f Registry,
    set: &'f mut Set<'a>,
    needs: &'f [Need],
) -> BoxFuture<'f, Result<()>> {
    if needs.is_empty() {
        return Box::pin(std::future::ready(Ok(())));
    }
    Box::pin(async move {
        for need in needs {
            let mut linked = match known(registry, set, need) {
                Some(linked) => linked,
                None => fetched(db, registry, set, need).await?,
            };
            load(db, registry, &mut linked.set, &need.needs).await?;
            if let Some(facts) = need.structs {
                structs(registry, &mut linked.set, facts)?;
            }
            set.links.push(linked);
        }
        Ok(())
    })
}

/// What came along.
fn known<'a>(registry: &Registry, set: &Set<'a>, need: &Need) -> Option<Linked<'a>> {
    if let Some(rows) = set.joined(registry, &need.link.name) {
        let key = registry.model(rows.model).key.first().copied()?;
        let is_there = |row: &usize| !rows.cell(*row, key).is_null();
        let of = (0..rows.len()).map(|row| Some(row).filter(is_there)).collect();
        return Some(Linked { set: rows, of, is_back: matches!(need.link.way, Way::Back { .. }) });
    }
    let known: Vec<Vec<&'a dyn Instance>> = match need.link.way {
        Way::Key { here, .. } => {
            set.known_one(here)?.into_iter().map(|row| row.into_iter().collect::<Vec<_>>()).collect()
        }
        Way::Between { .. } => set.known_many(&need.link.name)?,
        Way::Back { .. } => return None,
    };
    let mut rows = vec![];
    let of = known.into_iter().map(|group| {
        let begin = rows.len();
        rows.extend(group);
        begin..rows.len()
    });
    let of = of.collect();
    Some(Linked { set: Set::of_structs(registry, need.link.target, rows), of, is_back: false })
}

/// What comes by a query.
async fn fetched<'a>(db: Db<'_>, registry: &Registry, set: &Set<'a>, need: &Need) -> Result<Linked<'a>> {
    let link = &need.link;
    let (target, is_back) = (registry.model(link.target), matches!(link.way, Way::Back { .. }));
    let (here, found_by) = match link.way {
        Way::Key { here, there } | Way::Back { here, there } => {
            (here, Path::from_iter([target.columns[there].name.clone()]))
        }
        Way::Between { here, .. } => {
            let turned = turned(registry, link).ok_or_else(|| Error::internal("a relation of many has no way back"))?;
            (here, Path::from_iter([turned]))
        }
    };
    let (by_key, owners) = owners(set, here);
    if owners.is_empty() {
        let (none, of) = (Set::of_structs(registry, link.target, vec![]), Groups::of_pairs(set.len(), &[]));
        return Ok(Linked { set: none, of, is_back });
    }
    let mut query = db.models().map_err(Error::internal)?.rows_behind(link);
    query
        .steps
        .push(Step::Filter(Condition::Lookup(found_by.then("in"), one_of(db.dialect(), registry, link, owners))));
    need.shown.narrow(&mut query, || paths(registry, link.target, need.columns.as_ref(), (false, &need.needs)));
    query.steps.push(Step::Annotate(OWNER.into(), Expr::F(found_by)));
    let answer = db.select(&Statement::Select(&query)).await.map_err(Error::internal)?;
    let owner = owner_place(&answer);
    let loaded = cells(registry, link.target, answer);
    let mut pairs = Vec::with_capacity(loaded.len());
    for row in 0..loaded.len() {
        let owner = owner.and_then(|at| loaded.raw(row, at)).filter(|owner| !owner.is_null());
        let Some(owner) = owner.map(Key::of_cell) else { continue };
        let begin = by_key.partition_point(|(key, _)| *key < owner);
        let those = by_key[begin..].iter().take_while(|(key, _)| *key == owner);
        pairs.extend(those.map(|(_, wanted)| (*wanted, row)));
    }
    Ok(Linked { set: loaded, of: Groups::of_pairs(set.len(), &pairs), is_back })
}

/// What the rows of a set are found by, each with its row, in the order of what they are found by; and the values to ask
/// for, each once.
fn owners(set: &Set<'_>, column: usize) -> (Vec<(Key, usize)>, Vec<Value>) {
    let value = |row| set.value(row, column).unwrap_or_else(|| set.cell(row, column).into_owned().into());
    let mut values: Vec<Value> = (0..set.len()).map(value).collect();
    let there = values.iter().enumerate().filter(|(_, value)| **value != Value::Null);
    let mut by_key: Vec<(Key, usize)> = there.map(|(row, value)| (Key::of(value), row)).collect();
    by_key.sort_unstable();
    let mut firsts: Vec<usize> = by_key.chunk_by(|(one, _), (other, _)| one == other).map(|same| same[0].1).collect();
    firsts.sort_unstable();
    let owners = firsts.into_iter().map(|row| std::mem::replace(&mut values[row], Value::Null)).collect();
    (by_key, owners)
}

fn owner_place(answer: &Fetched) -> Option<usize> {
    answer.compiled.as_ref()?.outputs.iter().position(|output| output.name == OWNER)
}

/// Rows as cells, by what the compiler says of them.
pub(crate) fn cells<'a>(registry: &Registry, model: ModelId, answer: Fetched) -> Set<'a> {
    Set::of_cells(model, Cells::of(registry, model, answer))
}

/// Makes structs of cells.
pub(crate) fn structs(registry: &Registry, set: &mut Set<'_>, facts: ModelFacts) -> Result<()> {
    if !set.is_cells() {
        return Ok(());
    }
    let layout = (facts.layout)(registry, &|column| set.place(column)).map_err(Error::internal)?;
    let rows = (0..set.len()).map(|row| (facts.read)(&mut set.row_cells(row), &layout).map_err(Error::internal));
    let rows = rows.collect::<Result<Vec<_>>>()?;
    set.structs = rows;
    Ok(())
}

/// The name of a relation of many seen from its other side.
fn turned(registry: &Registry, link: &quintet_core::query::Link) -> Option<String> {
    let Way::Between { through, here, near, far, there } = link.way else { return None };
    let turned = Way::Between { through, here: there, near: far, far: near, there: here };
    let links = &registry.model(link.target).links;
    let back = links.values().find(|back| back.way == turned && back.name != link.name);
    back.or_else(|| links.values().find(|back| back.way == turned)).map(|back| back.name.clone())
}

/// What rows are found by; of most a number, which is no text.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(i64),
    Text(String),
}

impl Key {
    fn of_cell(cell: &Cell) -> Self {
        match cell {
            Cell::Int(number) => Self::Number(*number),
            other => Self::of(&other.clone().into()),
        }
    }

    fn of(value: &Value) -> Self {
        if let Value::Int(number) = value {
            return Self::Number(*number);
        }
        let text = key_text(value);
        match text.parse::<i64>() {
            Ok(number) if number.to_string() == text => Self::Number(number),
            _ => Self::Text(text),
        }
    }
}

/// A value as what rows are found by: numbers and text of both databases are equal where they mean the same.
pub(crate) fn key_text(value: &Value) -> String {
    match value {
        Value::Int(number) => number.to_string(),
        Value::Text(text) | Value::Decimal(text) | Value::Date(text) => text.clone(),
        // As SQLite keeps it.
        Value::Uuid(text) => text.replace('-', ""),
        other => format!("{other:?}"),
    }
}
