//! The columns of a historical model: fields, the kinds that their values have, and their places in the table.

use quintet_core::schema::{Field, Kind, ModelState, ProjectState};

use crate::error::{Error, Result};

/// A field with a column.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// The field's name: `author`.
    pub(crate) name: String,
    /// The name of its value: `author_id`.
    pub(crate) attname: String,
    /// The column's name.
    pub(crate) column: String,
    /// The kind of its values: that of the field which a key refers to.
    pub(crate) kind: Kind,
    /// The field.
    pub(crate) field: Field,
}

impl Column {
    /// Whether only the database writes it.
    pub(crate) fn is_generated(&self) -> bool {
        matches!(self.field.kind, Kind::Generated { .. })
    }
}

/// The columns of a model's own table, in order.
pub(crate) fn columns(state: &ProjectState, model: &ModelState) -> Result<Vec<Column>> {
    let fields = model.all_fields();
    let with_column = fields.into_iter().filter(|(_, field)| field.has_column());
    with_column
        .map(|(name, field)| {
            Ok(Column {
                name: name.to_owned(),
                attname: field.attname(name),
                column: field.column(name),
                kind: value_kind(state, model, name, &field)?,
                field: field.into_owned(),
            })
        })
        .collect()
}

fn value_kind(state: &ProjectState, model: &ModelState, name: &str, field: &Field) -> Result<Kind> {
    let mut kind = field.kind.clone();
    // A key may refer to a key; more steps than this are a circle.
    for _ in 0..64 {
        kind = match kind {
            Kind::Generated { output, .. } => output.kind,
            Kind::ForeignKey(relation) | Kind::OneToOne(relation) => match state.referred(&relation) {
                Some((_, _, field)) => field.kind.clone(),
                None => {
                    let (label, other) = (model.label(), relation.to.label_lower());
                    return Err(Error::other(format!("`{label}.{name}` refers to `{other}`, which is not there")));
                }
            },
            other => return Ok(other),
        };
    }
    Err(Error::other(format!("`{}.{name}` refers to itself", model.label())))
}

/// The places of the primary key's columns.
pub(crate) fn primary_key(model: &ModelState, columns: &[Column]) -> Vec<usize> {
    let names: Vec<&str> = match model.primary_key() {
        Some((_, Field { kind: Kind::CompositePrimaryKey { fields }, .. })) => {
            fields.iter().map(String::as_str).collect()
        }
        Some((name, _)) => vec![name],
        None => vec![],
    };
    let place = |name: &&str| columns.iter().position(|column| column.name == *name || column.attname == *name);
    names.iter().filter_map(place).collect()
}
