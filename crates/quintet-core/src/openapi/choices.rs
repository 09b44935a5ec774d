//! Enums by name: the values of fields with choices, each set of values once.
//!
//! A name is known only when all fields are: two fields of one name with different values need names that tell them apart.
//! Until then a number stands for it.

use std::collections::{BTreeMap, BTreeSet};

use super::names::camel;
use super::schema::PLACE;
use crate::json::{Json, Object};

/// What stands for an enum until it has a name.
const UNNAMED: &str = "\u{1}enum-";

/// The enums that were met.
#[derive(Clone, Debug, Default)]
pub(super) struct Enums {
    all: Vec<Enum>,
}

#[derive(Clone, Debug)]
struct Enum {
    field: String,
    schema: Object,
    /// The components that have a field with it.
    owners: BTreeSet<String>,
}

impl Enums {
    /// A reference to the enum of a field.
    pub(super) fn reference(&mut self, owner: &str, field: &str, schema: Object) -> Object {
        let found = self.all.iter().position(|known| known.field == field && known.schema == schema);
        let place = found.unwrap_or_else(|| {
            self.all.push(Enum { field: field.to_owned(), schema, owners: BTreeSet::new() });
            self.all.len() - 1
        });
        self.all[place].owners.insert(owner.to_owned());
        Object::new().with("$ref", format!("{UNNAMED}{place}"))
    }

    /// The enums by name, and the names by number. A name that a component has already gets a number.
    pub(super) fn named(self, schemas: &mut BTreeMap<String, Json>) -> Names {
        let mut of_field: BTreeMap<&str, usize> = BTreeMap::new();
        for one in &self.all {
            *of_field.entry(&one.field).or_default() += 1;
        }
        let mut names = vec![];
        for one in &self.all {
            let owner = one.owners.first().map(String::as_str).unwrap_or_default();
            let base = match of_field.get(one.field.as_str()) {
                Some(1) => format!("{}Enum", camel(&one.field)),
                _ => format!("{owner}{}Enum", camel(&one.field)),
            };
            let mut name = base.clone();
            let mut number = 2;
            while schemas.contains_key(&name) {
                name = format!("{base}{number}");
                number += 1;
            }
            schemas.insert(name.clone(), Json::Object(one.schema.clone()));
            names.push(name);
        }
        Names(names)
    }
}

/// The names of enums by their numbers.
#[derive(Debug, Default)]
pub(super) struct Names(Vec<String>);

impl Names {
    /// Puts names in the place of numbers.
    pub(super) fn write(&self, object: &mut Object) {
        let named = std::mem::take(object).into_iter().map(|(name, value)| (name, self.written(value)));
        *object = named.collect();
    }

    fn written(&self, value: Json) -> Json {
        match value {
            Json::Object(mut object) => {
                self.write(&mut object);
                Json::Object(object)
            }
            Json::List(members) => Json::List(members.into_iter().map(|member| self.written(member)).collect()),
            Json::Text(text) => match text.strip_prefix(UNNAMED).and_then(|number| number.parse::<usize>().ok()) {
                Some(number) => Json::Text(format!("{PLACE}{}", self.0.get(number).map_or("", String::as_str))),
                None => Json::Text(text),
            },
            other => other,
        }
    }
}
