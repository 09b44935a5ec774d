//! Makes a serializer's declaration ready: which fields there are, and what is asked of several of them.

use quintet_core::query::{ModelInfo, Registry};
use quintet_core::rest::Field;
use quintet_core::sql::Dialect;

use super::columns::Shown;
use super::declaration::{Declaration, Which};
use super::from_model;
use super::members::Site;
use super::shape::{Role, Room, Shape};
use super::uniqueness;

/// Serializers within serializers end here.
const DEEPEST: usize = 24;

/// Makes a declaration ready.
///
/// # Errors
/// What does not fit the models, in words.
pub(crate) fn build(
    declaration: &Declaration,
    registry: &Registry,
    dialect: Dialect,
    url: &str,
    depth: usize,
) -> Result<Shape, String> {
    let name = declaration.name;
    if depth > DEEPEST {
        return Err(format!("the serializer `{name}` is nested in itself, so that it has no end"));
    }
    let site = Site { registry, dialect, url, depth, name };
    let model = match declaration.model {
        Some(facts) => {
            let found = registry.find(facts.app, facts.name);
            Some(found.ok_or_else(|| {
                format!(
                    "the serializer `{name}` is one of `{}.{}`, which is no model of this site\nhint: name its app in `installed_apps`",
                    facts.app, facts.name
                )
            })?)
        }
        None => None,
    };
    let mut shape = Shape {
        name,
        description: declaration.description,
        model,
        facts: declaration.model,
        members: vec![],
        rules: vec![],
        hooks: Some(declaration.hooks),
        shown_by: declaration.shown_by.clone(),
        taken_by: declaration.taken_by.clone(),
        data_of: declaration.data_of,
        needs: vec![],
        shown: Shown::default(),
        room: Room::default(),
    };
    let info = model.map(|model| registry.model(model));
    let names = names(declaration, info)?;
    let asked = match info {
        Some(info) if declaration.rules.is_none() => uniqueness::asked(registry, info, declaration, &names),
        _ => uniqueness::Asked::default(),
    };
    for field_name in &names {
        let declared = declaration.declared.iter().find(|field| field.name == *field_name);
        let (field, role) = match (declared, info) {
            (Some(declared), _) => site.declared(declared)?,
            (None, Some(info)) => site.of_model(declaration, info, field_name, &asked)?,
            (None, None) => return Err(format!("`{name}` declares no field `{field_name}`")),
        };
        site.add(&mut shape, declaration, field, role)?;
    }
    for (hidden, default) in asked.hidden {
        let field = Field::hidden(default).named(hidden);
        site.add(&mut shape, declaration, field, Role::Plain)?;
    }
    if let Some((unknown, _)) = declaration.checks.iter().find(|(check, _)| shape.member(check).is_none()) {
        return Err(format!("`validate({unknown} = ..)` of `{name}`: there is no such field"));
    }
    let unknown = |known: &&&str| !names.iter().any(|name| name == **known);
    let said = declaration
        .read_only
        .iter()
        .chain(declaration.write_only)
        .chain(declaration.extra.iter().map(|extra| &extra.name));
    if let Some(stray) = said.clone().find(unknown) {
        return Err(format!("`{name}` has no field `{stray}`, of which it says something"));
    }
    shape.rules = match (&declaration.rules, info) {
        (Some(rules), _) => rules.clone(),
        (None, Some(info)) => uniqueness::rules(registry, info, &shape)?,
        (None, None) => vec![],
    };
    Ok(shape)
}

/// The names of the fields, in order.
fn names(declaration: &Declaration, info: Option<&ModelInfo>) -> Result<Vec<String>, String> {
    let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
    let declared = declaration.declared.iter().map(|field| field.name.to_owned());
    let Some(info) = info else { return Ok(declared.collect()) };
    let without: &[&str] = match declaration.which {
        Which::Named(names) => return Ok(own(names)),
        Which::Declared => return Ok(declared.collect()),
        Which::All => &[],
        Which::Without(names) => names,
    };
    let mut all: Vec<String> = vec![];
    let mut add = |name: &str| {
        if !all.iter().any(|known| known == name) {
            all.push(name.to_owned());
        }
    };
    from_model::key_name(info).into_iter().for_each(&mut add);
    declared.for_each(|name| add(&name));
    from_model::default_names(info).into_iter().for_each(&mut add);
    for name in without {
        if !all.iter().any(|known| known == name) {
            return Err(format!("`{}` excludes `{name}`, which is no field of `{}`", declaration.name, info.label()));
        }
    }
    all.retain(|name| !without.contains(&name.as_str()));
    Ok(all)
}
