//! A serializer made ready: its declaration together with the models, once for a site.

use std::fmt;
use std::sync::Arc;

use quintet_core::json;
use quintet_core::query::{ModelId, ModelInfo, Registry};
use quintet_core::rest::{Field, Kind, Nested, Related, RelatedTo};
use quintet_core::sql::Dialect;

use super::declaration::{
    Check, DataOf, Declaration, DeclaredField, Hooks, MethodOf, ModelFacts, Rule, ShownBy, TakenBy, TextOf, Which,
};
use super::field::Behind;
use super::from_model;
use super::needs::{End, Found, Need, Wanted, find};
use super::uniqueness;

/// Serializers within serializers end here.
const DEEPEST: usize = 24;

/// A serializer made ready.
pub struct Shape {
    /// The serializer's name.
    pub name: &'static str,
    pub(crate) model: Option<ModelId>,
    pub(crate) facts: Option<ModelFacts>,
    pub(crate) members: Vec<Member>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) hooks: Option<Hooks>,
    pub(crate) shown_by: Option<ShownBy>,
    pub(crate) taken_by: Option<TakenBy>,
    pub(crate) data_of: Option<DataOf>,
    /// The rows that come along.
    pub(crate) needs: Vec<Need>,
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.fields().map(|field| &*field.name).collect();
        f.debug_struct("Shape").field("name", &self.name).field("fields", &names).finish_non_exhaustive()
    }
}

/// A field made ready.
pub(crate) struct Member {
    pub(crate) field: Field,
    /// The path of its value; empty for the whole.
    pub(crate) path: Vec<String>,
    pub(crate) role: Role,
    pub(crate) check: Option<Check>,
    /// Where its value is in a row of the model.
    pub(crate) found: Option<Found>,
    /// `"name":`
    pub(crate) key: Vec<u8>,
}

/// What is done besides what the field does.
pub(crate) enum Role {
    /// Nothing.
    Plain,
    /// A function of the row makes it.
    Method(MethodOf),
    /// It is a row of this model, or several.
    Related(Target),
    /// It is another serializer's.
    Nested(Arc<Shape>),
}

/// A model that a relation leads to.
pub(crate) struct Target {
    pub(crate) model: ModelId,
    /// The column of it that the relation's own holds.
    pub(crate) there: usize,
    pub(crate) text: Option<TextOf>,
}

impl Shape {
    /// Its fields, in order.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.members.iter().map(|member| &member.field)
    }

    /// A field by name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields().find(|field| field.name == name)
    }

    pub(crate) fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.field.name == name)
    }

    /// Whether functions want structs of the rows.
    pub(crate) fn wants_structs(&self) -> bool {
        self.shown_by.is_some() || self.members.iter().any(|member| matches!(member.role, Role::Method(_)))
    }
}

/// Makes a declaration ready.
///
/// # Errors
/// What does not fit the models, in words.
pub(crate) fn build(
    declaration: &Declaration,
    registry: &Registry,
    dialect: Dialect,
    depth: usize,
) -> Result<Shape, String> {
    let name = declaration.name;
    if depth > DEEPEST {
        return Err(format!("the serializer `{name}` is nested in itself, so that it has no end"));
    }
    let site = Site { registry, dialect, depth, name };
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
        model,
        facts: declaration.model,
        members: vec![],
        rules: vec![],
        hooks: Some(declaration.hooks),
        shown_by: declaration.shown_by.clone(),
        taken_by: declaration.taken_by.clone(),
        data_of: declaration.data_of,
        needs: vec![],
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

/// What fields are made in.
struct Site<'s> {
    registry: &'s Registry,
    dialect: Dialect,
    depth: usize,
    name: &'static str,
}

impl Site<'_> {
    fn declared(&self, declared: &DeclaredField) -> Result<(Field, Role), String> {
        let mut field = declared.field.clone();
        let mut role = match (&declared.method, declared.behind) {
            (Some(method), _) => Role::Method(Arc::clone(method)),
            (None, Behind::Serializer(declaration)) => {
                Role::Nested(Arc::new(build(&declaration(), self.registry, self.dialect, self.depth + 1)?))
            }
            (None, Behind::Nothing) => Role::Plain,
        };
        if let (Role::Nested(shape), Kind::Nested(nested)) = (&role, &mut field.kind) {
            fill(nested, shape);
        }
        if let Kind::Related(related) = &field.kind
            && !matches!(related.to, RelatedTo::Identity { .. })
        {
            role = Role::Related(self.target(related, declared.text)?);
        }
        Ok((field, role))
    }

    fn target(&self, related: &Related, text: Option<TextOf>) -> Result<Target, String> {
        let found = related.model.split_once('.').and_then(|(app, name)| self.registry.find(app, name));
        let model =
            found.ok_or_else(|| format!("`{}` names the model `{}`, which is not here", self.name, related.model))?;
        let info = self.registry.model(model);
        let key = info.key.first().filter(|_| info.key.len() == 1);
        let there = *key.ok_or_else(|| format!("a row of `{}` is not named by one key", info.label()))?;
        if let RelatedTo::Slug(field) = &related.to
            && info.place(field).is_none()
            && !field.contains("__")
        {
            return Err(format!("`{}` has no field `{field}`, by which `{}` names its rows", info.label(), self.name));
        }
        Ok(Target { model, there, text })
    }

    /// A field as it follows from the model.
    fn of_model(
        &self,
        declaration: &Declaration,
        info: &ModelInfo,
        name: &str,
        asked: &uniqueness::Asked,
    ) -> Result<(Field, Role), String> {
        let words: Vec<_> =
            declaration.extra.iter().filter(|extra| extra.name == name).map(|extra| extra.words).collect();
        let source = declaration.source_of(name);
        let is_read_only = declaration.read_only.contains(&name);
        let link = info.links.values().find(|link| link.accessor.as_deref() == Some(source));
        let mut role = Role::Plain;
        let mut field = match link {
            Some(link) if declaration.depth > 0 && !info.key.iter().any(|key| info.columns[*key].name == source) => {
                let shape = self.nested_by_depth(link.target, declaration.depth - 1)?;
                let mut nested = Nested { many: link.is_many, allow_empty: true, ..Nested::default() };
                fill(&mut nested, &shape);
                role = Role::Nested(Arc::new(shape));
                Field::nested(nested).read_only()
            }
            _ => from_model::field(self.registry, info, source, self.dialect, self.name)?,
        };
        field = field.named(name.to_owned());
        if source != name {
            field.source = Some(source.to_owned());
        }
        if is_read_only {
            field = field.made_read_only();
        }
        if let Some(how) = asked.fields.get(source) {
            match how {
                Some(default) => {
                    field.default = Some(default.clone());
                    field.required = false;
                }
                None if !field.read_only => field.required = true,
                None => {}
            }
        }
        for words in words {
            field = words(field);
        }
        if declaration.write_only.contains(&name) {
            field = field.write_only();
        }
        if let (Role::Plain, Kind::Related(related)) = (&role, &field.kind)
            && !matches!(related.to, RelatedTo::Identity { .. })
        {
            let mut target = self.target(related, None)?;
            if let Some(quintet_core::query::Way::Key { there, .. }) = link.map(|link| &link.way) {
                target.there = *there;
            }
            role = Role::Related(target);
        }
        Ok((field, role))
    }

    /// All of a model's fields, shown only.
    fn nested_by_depth(&self, model: ModelId, depth: u8) -> Result<Shape, String> {
        let info = self.registry.model(model);
        let mut shape = Shape {
            name: "NestedSerializer",
            model: Some(model),
            facts: None,
            members: vec![],
            rules: vec![],
            hooks: None,
            shown_by: None,
            taken_by: None,
            data_of: None,
            needs: vec![],
        };
        let mut names: Vec<String> = from_model::key_name(info).into_iter().map(str::to_owned).collect();
        names.extend(from_model::default_names(info).into_iter().map(str::to_owned));
        let declaration = super::declaration::by_depth(depth);
        for name in &names {
            let (field, role) = self.of_model(&declaration, info, name, &uniqueness::Asked::default())?;
            self.add(&mut shape, &declaration, field, role)?;
        }
        Ok(shape)
    }

    fn add(&self, shape: &mut Shape, declaration: &Declaration, field: Field, role: Role) -> Result<(), String> {
        let told = |why: String| format!("`{}.{}`: {why}", self.name, field.name);
        if field.read_only && field.write_only {
            return Err(told("a field is not both `read_only` and `write_only`".to_owned()));
        }
        if field.read_only && field.required {
            return Err(told("a field is not both `read_only` and `required`".to_owned()));
        }
        if field.required && field.default.is_some() {
            return Err(told("a field that has a default is not required".to_owned()));
        }
        let path: Vec<String> = match field.path() {
            "*" => vec![],
            path => path.split('.').map(str::to_owned).collect(),
        };
        let mut found = None;
        if let (Some(model), false) = (shape.model, field.write_only) {
            let wanted = match (&role, &field.kind) {
                (Role::Nested(inner), _) => {
                    let structs = inner.wants_structs().then_some(inner.facts).flatten();
                    Wanted::Nested(inner.needs.clone(), structs)
                }
                (Role::Related(target), Kind::Related(related)) => match &related.to {
                    RelatedTo::Text => Wanted::Nested(vec![], target.text.map(|text| text.facts)),
                    RelatedTo::PrimaryKey if !related.many => Wanted::Value,
                    RelatedTo::Slug(slug) if self.registry.model(target.model).columns[target.there].name == *slug => {
                        Wanted::Value
                    }
                    _ => Wanted::Rows,
                },
                _ => Wanted::Value,
            };
            let at = find(self.registry, model, &path, &mut shape.needs, wanted).map_err(told)?;
            let is_shown = match (&role, at.end) {
                (Role::Plain, End::Row(_) | End::Rows(_)) => false,
                (Role::Related(_) | Role::Nested(_), end) => {
                    matches!(end, End::Rows(_)) == is_several(&field) || matches!(end, End::Column(_))
                }
                _ => true,
            };
            if !is_shown {
                return Err(told(format!(
                    "`{}` leads to {}\nhint: its type is a key or a serializer, and a `Vec` of them for several rows",
                    field.path(),
                    if matches!(at.end, End::Rows(_)) { "several rows" } else { "one row" }
                )));
            }
            found = Some(at);
        }
        let mut key = vec![];
        json::write_text(&field.name, false, &mut key);
        key.push(b':');
        let check = declaration.checks.iter().find(|(of, _)| *of == field.name).map(|(_, check)| Arc::clone(check));
        shape.members.push(Member { field, path, role, check, found, key });
        Ok(())
    }
}

fn is_several(field: &Field) -> bool {
    match &field.kind {
        Kind::Related(related) => related.many,
        Kind::Nested(nested) => nested.many,
        _ => false,
    }
}

/// What metadata show of a nested serializer.
fn fill(nested: &mut Nested, shape: &Shape) {
    shape.name.clone_into(&mut nested.serializer);
    nested.fields = shape.fields().cloned().collect();
}

/// The field of a serializer as a type.
pub(crate) fn nested_field(name: &str) -> Field {
    Field::nested(Nested { serializer: name.to_owned(), allow_empty: true, ..Nested::default() })
}
