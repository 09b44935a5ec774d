//! Which database rows of a model belong to, as a project's routers say.
//!
//! Routers are asked one after the other, and the first that has an opinion is followed.

use std::fmt;
use std::sync::Arc;

/// Says which database is meant where code names none. Models are named in lower case: `shop`, `product`.
pub trait DatabaseRouter: fmt::Debug + Send + Sync {
    /// The database from which rows of a model are read; `None` has no opinion.
    fn db_for_read(&self, app: &str, model: &str) -> Option<&str> {
        let _ = (app, model);
        None
    }

    /// The database into which rows of a model are written; `None` has no opinion.
    fn db_for_write(&self, app: &str, model: &str) -> Option<&str> {
        let _ = (app, model);
        None
    }

    /// Whether rows of a model, by app and name, may refer to rows of another; `None` has no opinion.
    fn allow_relation(&self, from: (&str, &str), to: (&str, &str)) -> Option<bool> {
        let _ = (from, to);
        None
    }

    /// Whether a database has tables of an app, or of one model of it; `None` has no opinion.
    fn allow_migrate(&self, database: &str, app: &str, model: Option<&str>) -> Option<bool> {
        let _ = (database, app, model);
        None
    }
}

/// The routers of a project, in the order in which they are asked.
#[derive(Clone, Default)]
pub struct Routers(Arc<[Arc<dyn DatabaseRouter>]>);

impl fmt::Debug for Routers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter()).finish()
    }
}

impl From<Vec<Arc<dyn DatabaseRouter>>> for Routers {
    fn from(routers: Vec<Arc<dyn DatabaseRouter>>) -> Self {
        Self(routers.into())
    }
}

impl Routers {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The database for rows of a model; `None` where no router has an opinion.
    pub fn choose(&self, app: &str, model: &str, is_write: bool) -> Option<&str> {
        let model = model.to_lowercase();
        self.first(|router| match is_write {
            true => router.db_for_write(app, &model),
            false => router.db_for_read(app, &model),
        })
    }

    /// Whether rows of a model may refer to rows of another: where nobody has an opinion, those of one database may.
    pub fn allow_relation(&self, from: (&str, &str), to: (&str, &str)) -> bool {
        let lower = |(app, model): (&str, &str)| (app.to_owned(), model.to_lowercase());
        let (one, other) = (lower(from), lower(to));
        let said = self.first(|router| router.allow_relation((&one.0, &one.1), (&other.0, &other.1)));
        said.unwrap_or_else(|| self.choose(from.0, from.1, true) == self.choose(to.0, to.1, true))
    }

    /// Whether a database has tables of an app, or of one model of it: where nobody has an opinion, it has.
    pub fn allow_migrate(&self, database: &str, app: &str, model: Option<&str>) -> bool {
        let model = model.map(str::to_lowercase);
        self.first(|router| router.allow_migrate(database, app, model.as_deref())).unwrap_or(true)
    }

    fn first<'a, T>(&'a self, ask: impl Fn(&'a dyn DatabaseRouter) -> Option<T>) -> Option<T> {
        self.0.iter().find_map(|router| ask(&**router))
    }
}
