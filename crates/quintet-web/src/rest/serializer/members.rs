//! The fields of a serializer made ready: out of what was declared and out of the model, with the ways to their values.

use std::sync::Arc;

use quintet_core::json;
use quintet_core::query::{ModelId, ModelInfo, Registry};
use quintet_core::rest::{Field, Kind, Nested, Related, RelatedTo};
use quintet_core::sql::Dialect;

use super::build::build;
use super::columns::Shown;
use super::declaration::{Declaration, DeclaredField, Made};
use super::field::Behind;
use super::from_model;
use super::in_words::TextOf;
use super::needs::{End, Found, Need, Wanted, find};
use super::shape::{Member, Role, Room, Shape, Target};
use super::uniqueness;

/// What fields are made in.
pub(super) struct Site<'s> {
    pub(super) registry: &'s Registry,
    pub(super) dialect: Dialect,
    /// The name of the field with a row's own address.
    pub(super) url: &'s str,
    pub(super) depth: usize,
    pub(super) name: &'static str,
}

impl Site<'_> {
    pub(super) fn declared(&self, declared: &DeclaredField) -> Result<(Field, Role), String> {
        let mut field = declared.field.clone();
        let mut role = match (&declared.made, declared.behind) {
            (Some(Made::Method(method)), _) => Role::Method(Arc::clone(method)),
            (Some(Made::Later(method)), _) => Role::Later(Arc::clone(method)),
            (Some(Made::Value(value)), _) => return Ok((field, Role::Value(Arc::clone(value)))),
            (None, Behind::Serializer(declaration)) => {
                Role::Nested(Arc::new(build(&declaration(), self.registry, self.dialect, self.url, self.depth + 1)?))
            }
            (None, Behind::Nothing) => Role::Plain,
        };
        if let Role::Nested(shape) = &role {
            match &mut field.kind {
                Kind::Nested(nested) => fill(nested, shape),
                Kind::List(list) => {
                    if let Kind::Nested(nested) = &mut list.child.kind {
                        fill(nested, shape);
                    }
                }
                _ => {}
            }
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
        Ok(Target { model, there, text, slug: None, rows: None })
    }

    /// A field as it follows from the model.
    pub(super) fn of_model(
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
            _ => from_model::field(self.registry, info, source, self.dialect, self.name, self.url)?,
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
            description: "",
            model: Some(model),
            facts: None,
            members: vec![],
            rules: vec![],
            hooks: None,
            shown_by: None,
            taken_by: None,
            data_of: None,
            needs: vec![],
            shown: Shown::default(),
            room: Room::default(),
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

    pub(super) fn add(
        &self,
        shape: &mut Shape,
        declaration: &Declaration,
        field: Field,
        mut role: Role,
    ) -> Result<(), String> {
        let told = |why: String| format!("`{}.{}`: {why}", self.name, field.name);
        if let Some((_, rows)) = declaration.rows.iter().find(|(of, _)| *of == field.name) {
            match &mut role {
                Role::Related(target) => target.rows = Some(Arc::clone(rows)),
                _ => return Err(told("`queryset` is said of relations only".to_owned())),
            }
        }
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
        let is_made = matches!(role, Role::Method(_) | Role::Later(_) | Role::Value(_));
        if let (Some(model), false) = (shape.model, field.write_only || is_made) {
            let wanted = match (&role, &field.kind) {
                (Role::Nested(inner), _) => {
                    let structs = inner.wants_structs().then_some(inner.facts).flatten();
                    Wanted::Nested(inner.needs.clone(), structs, inner.columns())
                }
                (Role::Related(target), Kind::Related(related)) => match &related.to {
                    RelatedTo::Text => Wanted::Nested(vec![], target.text.map(|text| text.facts), None),
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
            if let Role::Related(target) = &mut role {
                target.slug = self.slug(&field, target.model, needs_at(&mut shape.needs, &at)).map_err(told)?;
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

    /// The way to what a row is named by, where that is behind further relations.
    fn slug(&self, field: &Field, model: ModelId, needs: Option<&mut Vec<Need>>) -> Result<Option<Found>, String> {
        let (Kind::Related(related), Some(needs)) = (&field.kind, needs) else { return Ok(None) };
        let RelatedTo::Slug(slug) = &related.to else { return Ok(None) };
        if !slug.contains("__") {
            return Ok(None);
        }
        let path: Vec<String> = slug.split("__").map(str::to_owned).collect();
        let found = find(self.registry, model, &path, needs, Wanted::Value)?;
        match found.end {
            End::Column(_) => Ok(Some(found)),
            _ => Err(format!(
                "`slug_field = \"{slug}\"` leads to no value of one row\nhint: `write_only`, if it is not shown"
            )),
        }
    }
}

/// What comes along with the rows at the end of a way; nothing does where a column alone is shown.
fn needs_at<'n>(mut needs: &'n mut Vec<Need>, found: &Found) -> Option<&'n mut Vec<Need>> {
    for hop in &found.steps {
        needs = &mut needs[hop.need].needs;
    }
    match found.end {
        End::This => Some(needs),
        End::Row(at) | End::Rows(at) => Some(&mut needs[at].needs),
        _ => None,
    }
}

fn is_several(field: &Field) -> bool {
    match &field.kind {
        Kind::Related(related) => related.many,
        Kind::Nested(nested) => nested.many,
        Kind::List(list) => matches!(list.child.kind, Kind::Nested(_)),
        _ => false,
    }
}

/// What metadata show of a nested serializer.
fn fill(nested: &mut Nested, shape: &Shape) {
    shape.name.clone_into(&mut nested.serializer);
    nested.fields = shape.fields().cloned().collect();
}
