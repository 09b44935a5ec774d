//! Rows of other models as schemas: what names them, a key, a field or an address.

use super::components::Components;
use super::field::{Around, Direction};
use super::schema::{formatted, typed};
use crate::json::Object;
use crate::query::Registry;
use crate::rest::{self, Field, Kind, Related, RelatedTo};
use crate::sql::Dialect;

impl Components {
    /// A row of another model, by what names it.
    pub(super) fn related(&mut self, field: &Field, related: &Related, around: &Around<'_>) -> Object {
        let by = match &related.to {
            RelatedTo::Hyperlink { .. } | RelatedTo::Identity { .. } => return formatted("string", "uri"),
            RelatedTo::Text => return typed("string"),
            RelatedTo::Slug(name) => Some(name.as_str()),
            RelatedTo::PrimaryKey => None,
        };
        if let (None, Some(key)) = (by, &related.pk_field) {
            let named = Field { name: field.name.clone(), ..(**key).clone() };
            return self.kind(&named, around);
        }
        match self.of_model(around.registry, &related.model, by) {
            Some(schema) => schema,
            None => {
                self.warn(format!(
                    "`{}`: by what it names rows is not known, so that it is described as a text",
                    around.called
                ));
                typed("string")
            }
        }
    }

    /// What names a row of a model (`app.Model`): its key, or one of its fields, perhaps along relations.
    pub fn of_model(&mut self, registry: &Registry, model: &str, by: Option<&str>) -> Option<Object> {
        let (app, name) = model.split_once('.')?;
        let mut info = registry.model(registry.find(app, name)?);
        let path = by.unwrap_or("pk");
        let mut parts = path.split("__").peekable();
        for _ in 0..32 {
            let part = parts.next()?;
            let column = match part {
                "pk" => info.columns.get(*info.key.first().filter(|_| info.key.len() == 1)?)?,
                name => info.column(name)?,
            };
            let link = info.links.get(&column.name);
            match (link, parts.peek()) {
                // A key is what it refers to.
                (Some(link), None) => {
                    let to = column.field.relation().and_then(|relation| relation.to_field.as_deref());
                    let label = registry.model(link.target).label();
                    return self.of_model(registry, &label, to);
                }
                (Some(link), Some(_)) => info = registry.model(link.target),
                (None, Some(_)) => return None,
                (None, None) => {
                    let field = rest::of_model(registry, info, &column.name, Dialect::Sqlite)?;
                    let around = Around { registry, direction: Direction::Read, owner: "", called: model.to_owned() };
                    let bare = Field { read_only: true, validators: vec![], ..field };
                    let schema = match &bare.kind {
                        Kind::Choice(_) => typed("string"),
                        _ => self.kind(&bare, &around),
                    };
                    return Some(without_limits(schema));
                }
            }
        }
        None
    }
}

/// What tells what a value is, without what is asked of new ones.
fn without_limits(schema: Object) -> Object {
    schema.into_iter().filter(|(name, _)| matches!(name.as_str(), "type" | "format" | "anyOf")).collect()
}
