//! Rows of another model that belong to a row: a many-to-many field, or a relation seen from its other side.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use quintet_core::query::{Expr, ModelId, Name, Path, Registry, Way};
use quintet_core::schema::Value;

use super::condition::Condition;
use super::set::QuerySet;
use crate::model::Model;

/// Which relation, and from which side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkName {
    /// The model that declares the field.
    pub(crate) model: (Name, Name),
    /// The field.
    pub(crate) field: String,
    /// Whether it is seen from the other side.
    pub(crate) is_back: bool,
    /// The name of the way from the rows to the one that they belong to.
    pub(crate) way: String,
}

impl LinkName {
    /// A many-to-many field of a model.
    pub(crate) fn forwards(registry: &Registry, model: ModelId, field: &str) -> Self {
        let info = registry.model(model);
        let way = info.links.get(field).and_then(|link| {
            let Way::Between { through, here, near, far, there } = link.way else { return None };
            let turned = Way::Between { through, here: there, near: far, far: near, there: here };
            registry.model(link.target).links.values().find(|back| back.way == turned && back.name != field)
        });
        Self {
            model: (info.state.app.clone().into(), info.state.name.clone().into()),
            field: field.to_owned(),
            is_back: false,
            way: way.map_or_else(|| field.to_owned(), |back| back.name.clone()),
        }
    }

    /// A relation of many that another model declares, seen from here.
    pub(crate) fn backwards(registry: &Registry, link: &quintet_core::query::Link) -> Option<Self> {
        let info = registry.model(link.target);
        let field = match link.way {
            Way::Key { .. } => return None,
            Way::Back { there, .. } => info.columns[there].name.clone(),
            Way::Between { through, here, near, far, there } => {
                let turned = Way::Between { through, here: there, near: far, far: near, there: here };
                info.links.values().find(|own| own.way == turned && own.name != link.name)?.name.clone()
            }
        };
        let model = (info.state.app.clone().into(), info.state.name.clone().into());
        Some(Self { model, way: field.clone(), field, is_back: true })
    }
}

/// Where related rows begin: the relation, and the value by which they refer to the row.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    pub(crate) link: Arc<LinkName>,
    pub(crate) owner: Value,
}

impl Origin {
    pub(crate) fn new(link: Arc<LinkName>, owner: Value) -> Self {
        Self { link, owner }
    }

    /// The rows of `M` whose `field` leads to the row with this key.
    pub(crate) fn back<M: Model>(field: &'static str, owner: Value) -> Self {
        let model = (Name::Borrowed(M::APP_LABEL), Name::Borrowed(M::DEF.name));
        let link = LinkName { model, field: field.to_owned(), is_back: true, way: field.to_owned() };
        Self { link: Arc::new(link), owner }
    }

    /// Whether a row of the other model belongs to the row.
    fn belongs(&self) -> Condition {
        let path = Path::from_iter([self.link.way.clone(), "exact".to_owned()]);
        Condition(quintet_core::query::Condition::Lookup(path, Expr::Value(self.owner.clone())))
    }
}

macro_rules! rows {
    ($($name:ident => $doc:literal;)*) => {
        $(#[doc = $doc]
        pub struct $name<M> {
            pub(crate) origin: Origin,
            of: PhantomData<fn() -> M>,
        }

        impl<M> From<Origin> for $name<M> {
            fn from(origin: Origin) -> Self {
                Self { origin, of: PhantomData }
            }
        }

        impl<M> Clone for $name<M> {
            fn clone(&self) -> Self {
                Self::from(self.origin.clone())
            }
        }

        impl<M> fmt::Debug for $name<M> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({:?})", stringify!($name), self.origin)
            }
        })*
    };
}

rows! {
    RelatedRows => "Rows that belong to a row: `user.notes()`. A query by its methods; `add`, `remove`, `set` and `clear` change what belongs.";
    RelatedRow => "The one row that refers to a row by a one-to-one relation: `product.detail()`.";
}

impl<M: Model> RelatedRows<M> {
    /// As a query, which begins where the manager of their model does.
    pub fn objects(&self) -> QuerySet<M> {
        M::objects().filter(|_| self.origin.belongs())
    }
}

impl<M: Model> RelatedRow<M> {
    /// As a query. The one row is found, whatever the manager of its model leaves out.
    pub fn objects(&self) -> QuerySet<M> {
        M::all_objects().filter(|_| self.origin.belongs())
    }
}
