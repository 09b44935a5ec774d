//! What comes along with the rows of a query: the rows behind their keys, and the rows of their relations.

use quintet_core::query::{Name, Path, QueryError, Related};

use super::QuerySet;
use crate::model::Model;
use crate::query::columns;
use crate::query::prefetch::Prefetch;
use crate::query::relation::{Many, One, Relation};
use crate::query::selection::{Beside, OfRows, Shape};

impl<M: Model, S: OfRows> QuerySet<M, S> {
    /// With the row behind a key, and those on the way: `|n| n.author()`.
    pub fn select_related<R: RelatedPath>(mut self, relation: impl FnOnce(M::Columns) -> R) -> Self {
        if self.open("`select_related`") {
            let path = relation(columns::<M>()).related_path();
            self.relate(path);
        }
        self
    }

    /// The same by paths.
    pub fn select_related_names(mut self, paths: &[&str]) -> Self {
        if self.open("`select_related`") {
            paths.iter().for_each(|path| self.relate(Path::parse(path)));
        }
        self
    }

    /// With the rows behind all keys that cannot be null.
    pub fn select_related_all(mut self) -> Self {
        self.query.related = Related::All;
        self
    }

    fn relate(&mut self, path: Path) {
        match &mut self.query.related {
            Related::Paths(paths) => paths.push(path),
            related => *related = Related::Paths(vec![path]),
        }
    }
}

impl<M: Model, S> QuerySet<M, S> {
    /// With the rows of a relation, fetched by one more query for all rows: behind a key, `note.author.cached()`, or of a
    /// many-to-many field, `note.tags.cached()`.
    pub fn prefetch_related<R: FieldPath>(self, relation: impl FnOnce(M::Columns) -> R) -> Self {
        let link = relation(columns::<M>()).field_path();
        self.prefetched(&link, None)
    }

    /// The same with those rows only that another query gives, and what comes along with them.
    pub fn prefetch_with<R: FieldPath>(
        self,
        relation: impl FnOnce(M::Columns) -> R,
        rows: QuerySet<R::Target>,
    ) -> Self {
        let link = relation(columns::<M>()).field_path();
        self.prefetched(&link, Some(rows.into_part()))
    }

    fn into_part(self) -> Prefetch {
        let Self { query, wrong, prefetch, .. } = self;
        Prefetch { link: Name::default(), query: Some(query), wrong, nested: prefetch, is_beside: false }
    }

    fn prefetched(mut self, link: &Path, rows: Option<Prefetch>) -> Self {
        let mut prefetch = rows.unwrap_or(Prefetch {
            link: Name::default(),
            query: None,
            wrong: None,
            nested: vec![],
            is_beside: false,
        });
        match link.names() {
            [name] => prefetch.link = name.clone(),
            _ => self.refuse(QueryError::usage(format!(
                "`{link}` is more than one step away\nhint: nest it: `prefetch_with(|n| n.author(), User::objects().prefetch_related(..))`"
            ))),
        }
        self.prefetch.push(prefetch);
        self
    }

    /// Each row with the rows that refer to it: `User::objects().with_rows(|u| u.notes(), Note::objects())` gives
    /// `(User, Vec<Note>)`, by one more query for all rows. Those may have rows and values beside them in turn, or be read in
    /// part.
    pub fn with_rows<R: Model, T: Shape<R> + OfRows>(
        self,
        relation: impl FnOnce(M::Columns) -> Many<R>,
        rows: QuerySet<R, T>,
    ) -> QuerySet<M, Beside<S, R, T>> {
        let link = relation(columns::<M>()).path();
        let mut part = rows.into_part();
        part.is_beside = true;
        self.prefetched(&link, Some(part)).shaped()
    }
}

/// Relations whose rows a field of the struct can hold.
#[diagnostic::on_unimplemented(
    message = "no field of the row can hold the rows of `{Self}`",
    note = "`prefetch_related` takes keys and many-to-many fields; rows that refer come by `.with_rows(|u| u.notes(), ..)`"
)]
pub trait FieldPath {
    /// The other model.
    type Target: Model;

    /// The way there.
    fn field_path(&self) -> Path;
}

impl<T: Model, F> FieldPath for Relation<T, F> {
    type Target = T;

    fn field_path(&self) -> Path {
        self.path()
    }
}

impl<T: Model> FieldPath for Many<T> {
    type Target = T;

    fn field_path(&self) -> Path {
        self.path()
    }
}

/// Relations whose rows can come along.
#[diagnostic::on_unimplemented(
    message = "the rows of `{Self}` cannot come along with each row",
    note = "`select_related` takes keys, `|n| n.author()`; rows of many come by `prefetch_related`"
)]
pub trait RelatedPath {
    /// The way to them.
    fn related_path(&self) -> Path;
}

impl<T: Model, F> RelatedPath for Relation<T, F> {
    fn related_path(&self) -> Path {
        self.path()
    }
}

impl<T: Model> RelatedPath for One<T> {
    fn related_path(&self) -> Path {
        self.path()
    }
}
