//! The schemas that a description has by name: those of serializers, of pages, of errors.
//!
//! A serializer is two components, as what is shown is not what is taken: `Note` and `NoteRequest`; a change in part takes
//! `PatchedNoteRequest`. Two serializers of one name that differ get numbers, and a warning.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::choices::{Enums, Names};
use super::field::Direction;
use super::names::component_name;
use super::schema::{array, reference, typed};
use super::serializer::Serializer;
use crate::json::{Json, Object};
use crate::query::Registry;
use crate::rest::{Kind, Settings};

/// The schemas that were asked for, by name.
#[derive(Debug, Default)]
pub struct Components {
    schemas: BTreeMap<String, Json>,
    pub(super) enums: Enums,
    pub(super) settings: Arc<Settings>,
    /// The serializer's name and what it is like, for each base of a name.
    bases: BTreeMap<String, String>,
    warnings: Vec<String>,
}

impl Components {
    /// None yet.
    pub fn new(settings: Arc<Settings>) -> Self {
        Self { settings, ..Self::default() }
    }

    /// What could not be found out, each as a sentence with its way out.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Notes something that could not be found out; each once.
    pub fn warn(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !self.warnings.contains(&text) {
            self.warnings.push(text);
        }
    }

    /// Whether there is a schema of a name.
    pub fn has(&self, name: &str) -> bool {
        self.schemas.contains_key(name)
    }

    /// Whether there is a schema of a name that is another one.
    pub fn is_other(&self, name: &str, schema: &Object) -> bool {
        matches!(self.schemas.get(name), Some(Json::Object(known)) if known != schema)
    }

    /// A schema by name.
    pub fn put(&mut self, name: &str, schema: Object) {
        self.schemas.insert(name.to_owned(), Json::Object(schema));
    }

    pub(super) fn non_field_errors(&self) -> &str {
        &self.settings.non_field_errors_key
    }

    /// What a serializer shows or takes.
    pub fn serializer(&mut self, registry: &Registry, serializer: &Serializer, direction: Direction) -> Object {
        if serializer.is_nameless {
            let owner = component_name(&serializer.name);
            return self.object(registry, serializer, direction, &owner);
        }
        let name = self.name_of(serializer, direction);
        if !self.has(&name) {
            // It may refer to itself.
            self.put(&name, Object::new());
            let base = self.base(serializer);
            let schema = self.object(registry, serializer, direction, &base);
            self.put(&name, schema);
        }
        reference(&name)
    }

    /// The component's name.
    pub(super) fn name_of(&mut self, serializer: &Serializer, direction: Direction) -> String {
        let base = self.base(serializer);
        match direction {
            Direction::Read => base,
            Direction::Write => format!("{base}Request"),
            Direction::Patch => format!("Patched{base}Request"),
        }
    }

    /// What the names of a serializer's components have in common.
    fn base(&mut self, serializer: &Serializer) -> String {
        let base = component_name(&serializer.name);
        let like = likeness(serializer);
        let mut name = base.clone();
        let mut number = 2;
        while let Some(known) = self.bases.get(&name).filter(|known| **known != like) {
            let both = if known.is_empty() { "a schema" } else { "another serializer" };
            self.warn(format!(
                "`{}` is the name of {both} too, so that this one is `{base}{number}`\nhint: name one of them otherwise",
                serializer.name
            ));
            name = format!("{base}{number}");
            number += 1;
        }
        self.bases.insert(name.clone(), like);
        name
    }

    fn object(&mut self, registry: &Registry, serializer: &Serializer, direction: Direction, owner: &str) -> Object {
        let is_otherwise = match direction {
            Direction::Read => serializer.is_shown_otherwise,
            _ => serializer.is_taken_otherwise,
        };
        let mut schema = typed("object");
        if !serializer.description.is_empty() {
            schema.insert("description", serializer.description.as_str());
        }
        if is_otherwise {
            let how = if direction == Direction::Read { "to_representation" } else { "to_internal_value" };
            self.warn(format!(
                "`{}`: what `{how}` makes of it is not known, so that it is described as anything\n\
                 hint: say what operations take and answer by `describe`",
                serializer.name
            ));
            return schema_of_anything(serializer);
        }
        let (mut properties, mut required) = (Object::new(), vec![]);
        for member in &serializer.members {
            let field = &member.field;
            let is_there = match direction {
                Direction::Read => !field.write_only,
                _ => !field.read_only,
            };
            if !is_there || matches!(field.kind, Kind::Hidden) {
                continue;
            }
            let told = self.member(registry, member, direction, owner, &serializer.name);
            properties.insert(field.name.as_ref(), told);
            let must_be = match direction {
                Direction::Read => !member.may_lack,
                Direction::Write => field.required,
                Direction::Patch => false,
            };
            if must_be {
                required.push(field.name.to_string());
            }
        }
        schema.insert("properties", properties);
        if !required.is_empty() {
            schema.insert("required", required);
        }
        schema
    }

    /// A page of rows: what a paginator says of its envelope, by name.
    pub fn page(&mut self, name: &str, envelope: Object) -> Object {
        self.put(name, envelope);
        reference(name)
    }

    /// Several of a component.
    pub fn several(of: Object) -> Object {
        array(of)
    }

    /// The schemas by name, and the names that enums got.
    pub(super) fn named(mut self) -> (BTreeMap<String, Json>, Names) {
        let names = std::mem::take(&mut self.enums).named(&mut self.schemas);
        (self.schemas, names)
    }
}

fn schema_of_anything(serializer: &Serializer) -> Object {
    match serializer.description.as_str() {
        "" => Object::new(),
        text => Object::new().with("description", text),
    }
}

/// What tells serializers of one name apart: their fields.
fn likeness(serializer: &Serializer) -> String {
    let mut like = serializer.name.clone();
    for member in &serializer.members {
        let field = &member.field;
        like.push_str(&format!(
            ";{} {} {}{}{}{}",
            field.name,
            field.kind.class(),
            u8::from(field.required),
            u8::from(field.read_only),
            u8::from(field.write_only),
            u8::from(field.allow_null)
        ));
        if let Some(inner) = &member.inner {
            like.push('(');
            like.push_str(&likeness(inner));
            like.push(')');
        }
    }
    like
}
