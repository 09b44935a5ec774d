//! Which columns of rows a serializer looks at. What it leaves out is not fetched: a list that shows titles costs the same
//! however long the texts behind them are.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use quintet_core::query::{Distinct, ModelId, Path, Query, Registry, Related, Select, Step, Way};

use super::needs::{End, Need};
use super::shape::{Role, Shape};

impl Shape {
    /// The columns that it shows, and those that lead to other rows; nothing where it may look at any.
    pub(crate) fn columns(&self) -> Option<BTreeSet<usize>> {
        if self.wants_structs() || self.asks_for_rows() {
            return None;
        }
        let mut columns: BTreeSet<usize> = self.needs.iter().map(Need::here).collect();
        for member in self.members.iter().filter(|member| !member.field.write_only) {
            let found = member.found.as_ref()?;
            match (&member.role, found.end) {
                // Another row's; the way there is among the needs.
                _ if !found.steps.is_empty() => {}
                (Role::Plain | Role::Related(_), End::Column(column)) | (Role::Plain, End::Label(column)) => {
                    columns.insert(column);
                }
                (_, End::Row(_) | End::Rows(_) | End::Count(_) | End::Exists(_)) => {}
                _ => return None,
            }
        }
        Some(columns)
    }
}

impl Need {
    /// The column by which its rows are found.
    fn here(&self) -> usize {
        match self.link.way {
            Way::Key { here, .. } | Way::Back { here, .. } | Way::Between { here, .. } => here,
        }
    }

    /// Whether its rows come in the same rows.
    pub(crate) fn is_joined(&self) -> bool {
        self.structs.is_none() && matches!(self.link.way, Way::Key { .. })
    }
}

/// Which columns of rows are fetched, once that was asked: the paths of those that are shown, where that is less than all.
#[derive(Clone, Default)]
pub(crate) struct Shown(OnceLock<Option<Vec<Path>>>);

impl Shown {
    /// Has a query of whole rows give the shown columns alone, where that changes nothing else.
    pub(crate) fn narrow(&self, query: &mut Query, find: impl FnOnce() -> Option<Vec<Path>>) {
        let is_plain = query.select == Select::All
            && query.related == Related::None
            && query.distinct == Distinct::No
            && query.combined.is_none()
            && query.lock.is_none()
            && query.steps.iter().all(|step| matches!(step, Step::Filter(_) | Step::Exclude(_)));
        if is_plain && let Some(paths) = self.0.get_or_init(find) {
            query.select = Select::Only(paths.clone());
        }
    }
}

/// The paths of columns of a model's rows, and of the rows that are joined to them where some are; nothing where they are all
/// that there are.
pub(crate) fn paths(
    registry: &Registry,
    model: ModelId,
    columns: Option<&BTreeSet<usize>>,
    (joined, needs): (bool, &[Need]),
) -> Option<Vec<Path>> {
    let mut only = Only { registry, joined, paths: vec![], is_less: false };
    only.add(&Path::default(), model, columns, needs)?;
    only.is_less.then_some(only.paths)
}

/// The paths of columns, gathered.
struct Only<'r> {
    registry: &'r Registry,
    joined: bool,
    paths: Vec<Path>,
    /// Whether a column is left out.
    is_less: bool,
}

impl Only<'_> {
    /// Adds the columns of a model; nothing where some of them are in a parent's table, and have two names.
    fn add(&mut self, before: &Path, model: ModelId, columns: Option<&BTreeSet<usize>>, needs: &[Need]) -> Option<()> {
        let info = self.registry.model(model);
        for (place, column) in info.columns.iter().enumerate() {
            if column.owner != model {
                return None;
            }
            let is_wanted = columns.is_none_or(|columns| columns.contains(&place))
                || info.key.contains(&place)
                || needs.iter().any(|need| need.here() == place);
            match is_wanted {
                true => self.paths.push(before.then(column.name.clone())),
                false => self.is_less = true,
            }
        }
        // Who wants structs of rows that another field has joined is given those.
        let joined = self.joined;
        let comes_along =
            |need: &&Need| joined && needs.iter().any(|other| other.is_joined() && other.link.name == need.link.name);
        for need in needs.iter().filter(comes_along) {
            let path = before.then(need.link.name.clone());
            self.add(&path, need.link.target, need.columns.as_ref(), &need.needs)?;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use quintet_core::query::{Condition, Expr, Lock, Ordering};

    use super::*;

    fn title() -> Option<Vec<Path>> {
        Some(vec![Path::parse("title")])
    }

    #[test]
    fn only_a_query_of_whole_rows_and_nothing_else_is_narrowed() {
        let plain = || Query {
            steps: vec![Step::Filter(Condition::Never), Step::Exclude(Condition::Never)],
            ordering: Ordering::By(vec![]),
            ..Query::of("press", "Article")
        };
        let narrowed = |mut query: Query| {
            Shown::default().narrow(&mut query, title);
            query.select
        };
        assert_eq!(narrowed(plain()), Select::Only(vec![Path::parse("title")]));
        let others = [
            Query { select: Select::Defer(vec![Path::parse("body")]), ..plain() },
            Query { related: Related::Paths(vec![Path::parse("author")]), ..plain() },
            Query { related: Related::All, ..plain() },
            Query { distinct: Distinct::Yes, ..plain() },
            Query { lock: Some(Lock::default()), ..plain() },
            Query { steps: vec![Step::Annotate("size".into(), Expr::Value(1.into()))], ..plain() },
            Query { steps: vec![Step::Values(vec![])], ..plain() },
        ];
        for query in others {
            let select = query.select.clone();
            assert_eq!(narrowed(query), select);
        }
    }

    #[test]
    fn what_shows_all_selects_all() {
        let mut query = Query::of("press", "Article");
        Shown::default().narrow(&mut query, || None);
        assert_eq!(query.select, Select::All);
    }
}
