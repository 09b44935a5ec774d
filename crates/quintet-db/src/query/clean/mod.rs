//! Whether a row may be written: `note.full_clean(db).await?` says all that is wrong with it at once.
//!
//! First each field by itself, then what must be unique, then the constraints of the model, the last two by questions to
//! the database; a field that is wrong already is asked for nothing more. Codes and texts are the reference's. Nothing
//! calls it by itself: the database refuses what breaks its rules in any case.

mod constraints;
mod fields;
mod typed;
mod unique;
mod words;

use std::collections::BTreeMap;
use std::fmt;

use quintet_core::query::{Column, ModelInfo, Registry};
use quintet_core::schema::{Kind, Value};

use crate::database::{Boxed, Db};
use crate::error::{Error, Result};
use crate::model::{Instance, Slot};

/// What is wrong with a row, by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValidationErrors {
    /// By the names of the fields; under [`WHOLE`](Self::WHOLE) what is said of several together.
    pub by_field: BTreeMap<String, Vec<ValidationError>>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidationError {
    /// For programs: `max_length`. A constraint of a model has none unless it says one.
    pub code: Option<String>,
    /// For people.
    pub message: String,
}

impl ValidationErrors {
    /// Where what is said of several fields stands.
    pub const WHOLE: &'static str = "__all__";

    /// Those that an error of [`full_clean`](crate::query::Stored::full_clean) carries.
    pub fn of(error: &Error) -> Option<&Self> {
        std::error::Error::source(error)?.downcast_ref()
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.by_field.is_empty()
    }

    fn add(&mut self, field: &str, code: &str, message: String) {
        self.push(field, Some(code.to_owned()), message);
    }

    fn push(&mut self, field: &str, code: Option<String>, message: String) {
        self.by_field.entry(field.to_owned()).or_default().push(ValidationError { code, message });
    }

    fn has(&self, field: &str) -> bool {
        self.by_field.contains_key(field)
    }
}

impl fmt::Display for ValidationErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (field, errors) in &self.by_field {
            for error in errors {
                write!(f, "{separator}{field}: {}", error.message)?;
                separator = "\n";
            }
        }
        Ok(())
    }
}

impl std::error::Error for ValidationErrors {}

/// The values of a row in the table of one model.
struct Cleaned<'c> {
    db: Db<'c>,
    registry: &'c Registry,
    info: &'c ModelInfo,
    /// The model's own columns with their values; those that the database gives are left out.
    values: Vec<(&'c Column, Value)>,
    /// Unless the database has still to give it.
    key: Option<Value>,
}

impl Cleaned<'_> {
    fn value(&self, field: &str) -> Option<&Value> {
        self.values.iter().find(|(column, _)| column.name == field || column.attname == field).map(|(_, value)| value)
    }
}

/// Says all that is wrong with a row.
pub(crate) fn clean<'a>(db: Db<'a>, row: &'a dyn Instance) -> Boxed<'a, Result<ValidationErrors>> {
    Box::pin(async move {
        let mut errors = ValidationErrors::default();
        let levels = levels(db, row)?;
        for level in &levels {
            fields::check(level, &mut errors).await?;
        }
        let wrong = errors.clone();
        for level in &levels {
            unique::check(level, &wrong, &mut errors).await?;
        }
        // A field that another row has is asked for nothing more either.
        let wrong = errors.clone();
        for level in &levels {
            constraints::check(level, &wrong, &mut errors).await?;
        }
        Ok(errors)
    })
}

/// Whether a condition is true of values that are in no row yet.
pub(crate) async fn holds(
    db: Db<'_>,
    registry: &Registry,
    info: &ModelInfo,
    condition: &quintet_core::schema::Condition,
    values: Vec<(String, Value)>,
) -> Result<bool> {
    let values = values.into_iter().filter_map(|(name, value)| Some((info.column(&name)?, value))).collect();
    constraints::holds(&Cleaned { db, registry, info, values, key: None }, condition).await
}

/// What somebody typed for a field of a model, and what is wrong with it.
pub(crate) async fn typed(
    db: Db<'_>,
    registry: &Registry,
    info: &ModelInfo,
    field: &str,
    text: &str,
) -> Result<(Value, ValidationErrors)> {
    let column = info.column(field);
    let column = column.ok_or_else(|| Error::other(format!("`{}` has no field `{field}`", info.label())))?;
    typed::read(db, registry, info, column, text).await
}

/// The parts of a row in the tables of its model and of its parents, those first.
fn levels<'a>(db: Db<'a>, row: &'a dyn Instance) -> Result<Vec<Cleaned<'a>>> {
    let registry = db.registry()?;
    let model = super::save::concrete(registry, row)?;
    let info = registry.model(model);
    let mut slots: Vec<&dyn Slot> = vec![];
    row.slots(&mut slots);
    let mut levels = vec![];
    for parent in slots.iter().filter_map(|slot| slot.parent()) {
        levels.extend(self::levels(db, parent)?);
    }
    slots.retain(|slot| slot.has_column());
    let own: Vec<usize> = (0..info.columns.len()).filter(|place| info.columns[*place].owner == model).collect();
    let is_key_unset = own.iter().zip(&slots).any(|(place, slot)| info.key.contains(place) && slot.is_unset());
    let parts: Vec<Value> =
        own.iter().zip(&slots).filter(|(place, _)| info.key.contains(place)).map(|(_, slot)| slot.value()).collect();
    let key = match parts.as_slice() {
        _ if is_key_unset => None,
        [one] => Some(one.clone()),
        _ => Some(Value::List(parts)),
    };
    let given = own.iter().map(|place| &info.columns[*place]).zip(&slots).filter(|(column, slot)| {
        !slot.is_unset() && !column.field.kind.is_auto() && !matches!(column.field.kind, Kind::Generated { .. })
    });
    let values = given.map(|(column, slot)| (column, slot.value())).collect();
    levels.push(Cleaned { db, registry, info, values, key });
    Ok(levels)
}
