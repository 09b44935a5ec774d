//! Fields of serializers that follow from a model.

use quintet_core::query::{ModelInfo, Registry, Way};
use quintet_core::rest::{self, Field, Kind};
use quintet_core::sql::Dialect;

/// The field for a name of a model; `url` is the name of a row's own address.
///
/// # Errors
/// The model has no such name.
pub(crate) fn field(
    registry: &Registry,
    info: &ModelInfo,
    name: &str,
    dialect: Dialect,
    serializer: &str,
    url: &str,
) -> Result<Field, String> {
    let name = if name == "pk" { key_name(info).unwrap_or(name) } else { name };
    if let Some(mut field) = rest::of_model(registry, info, name, dialect) {
        if let (Kind::Integer(integers), Some(column)) = (&mut field.kind, info.column(name)) {
            integers.holds = rest::held(&column.field.kind);
        }
        return Ok(field);
    }
    if name == url {
        return Ok(Field::hyperlinked_identity(&format!("{}-detail", info.state.name.to_lowercase())));
    }
    let known = info.columns.iter().map(|column| column.name.as_str());
    let known: Vec<&str> = known.chain(info.links.values().filter_map(|link| link.accessor.as_deref())).collect();
    let guess = quintet_core::near::did_you_mean(name, &known);
    let hint = guess.map(|near| format!("\nhint: did you mean `{near}`?")).unwrap_or_default();
    Err(format!("`{serializer}` has a field `{name}`, which is none of `{}` and is not declared{hint}", info.label()))
}

/// The name of the primary key, which for a child is its first parent's.
pub(crate) fn key_name(info: &ModelInfo) -> Option<&str> {
    let [place] = info.key.as_slice() else { return None };
    let mut column = &info.columns[*place];
    for (_, link) in &info.parents {
        // The link of a child is the key of the parent's row.
        if column.name == info.columns[*link].name {
            let of = info.links.get(&column.name)?;
            if let Way::Key { there, .. } = of.way {
                column = info.columns.get(there).filter(|column| column.field.primary_key).unwrap_or(column);
            }
        }
    }
    Some(&column.name)
}

/// The names of a model's fields besides its primary key: those with a value of their own, then the relations.
pub(crate) fn default_names(info: &ModelInfo) -> Vec<&str> {
    let is_key = |name: &str| info.key.iter().any(|key| info.columns[*key].name == name);
    let columns = || info.columns.iter().filter(|column| !is_key(&column.name) && !column.field.primary_key);
    let plain = columns().filter(|column| column.field.relation().is_none());
    let keys = columns().filter(|column| column.field.relation().is_some_and(|relation| !relation.parent_link));
    let many = info.state.fields.iter().filter(|(_, field)| field.kind.many_to_many().is_some());
    plain.chain(keys).map(|column| column.name.as_str()).chain(many.map(|(name, _)| name.as_str())).collect()
}
