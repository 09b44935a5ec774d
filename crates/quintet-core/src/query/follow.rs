//! Where a path leads, without a query: for what must know the field behind a name, as filters of an API do.

use super::lookup;
use super::path::{Name, Path};
use super::registry::{Column, Link, ModelId, Registry, Way};

/// Where a path leads.
#[derive(Clone, Copy, Debug)]
pub struct Followed<'r, 'p> {
    /// The model at the end.
    pub model: ModelId,
    /// The last relation that was gone along.
    pub link: Option<&'r Link>,
    /// The column: of a relation that is a key, the key's own.
    pub column: Option<&'r Column>,
    /// Whether a relation of many is on the way.
    pub is_many: bool,
    /// The names that are none of fields: transforms and a lookup, or a mistake.
    pub rest: &'p [Name],
}

impl Registry {
    /// Follows a path from a model, as far as its names are those of fields.
    pub fn follow<'r, 'p>(&'r self, model: ModelId, path: &'p Path) -> Followed<'r, 'p> {
        let mut at = Followed { model, link: None, column: None, is_many: false, rest: path.names() };
        while let [name, rest @ ..] = at.rest {
            let info = self.model(at.model);
            let key = match info.key.as_slice() {
                [key] => Some(&info.columns[*key]),
                _ => None,
            };
            if let Some(link) = info.links.get(&**name) {
                at.column = match link.way {
                    Way::Key { here, .. } => Some(&info.columns[here]),
                    _ => None,
                };
                (at.link, at.model) = (Some(link), link.target);
                at.is_many |= link.is_many;
                at.rest = rest;
                continue;
            }
            if let Some(column) = if name == "pk" { key } else { info.column(name) } {
                (at.column, at.rest) = (Some(column), rest);
                at.link = None;
            }
            return at;
        }
        at
    }

    /// Whether a name is a lookup of values of a column.
    pub fn is_lookup(&self, column: Option<&Column>, name: &str) -> bool {
        lookup::is_lookup(column.map(|column| &column.kind), name)
    }
}
