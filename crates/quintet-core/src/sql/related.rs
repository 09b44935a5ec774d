//! The columns that refer to a column, directly or by way of others.

use std::borrow::Cow;

use super::place::{Column, Table};
use crate::schema::{ModelState, ProjectState};

/// A foreign key of a model, which may be one that a many-to-many field makes by itself.
#[derive(Clone)]
pub(super) struct Related<'a> {
    state: &'a ProjectState,
    model: Cow<'a, ModelState>,
    field: String,
}

impl Related<'_> {
    /// Does something with the column and its table.
    pub(super) fn with<T>(&self, act: impl FnOnce(Table<'_>, &Column<'_>) -> Result<T, String>) -> Result<T, String> {
        let table = Table { state: self.state, model: &self.model };
        act(table, &table.field(&self.field)?)
    }
}

/// The columns that refer to a column that changes, before and after the change, in the order of their names.
pub(super) fn related<'a>(old: &Column<'a>, new: &Column<'a>) -> Vec<(Related<'a>, Related<'a>)> {
    let mut found = vec![];
    collect(old, new, &mut found, 16);
    found
}

fn collect<'a>(old: &Column<'a>, new: &Column<'a>, found: &mut Vec<(Related<'a>, Related<'a>)>, depth: u8) {
    if depth == 0 {
        return;
    }
    for (before, after) in referring(old).into_iter().zip(referring(new)) {
        found.push((before.clone(), after.clone()));
        // Keys of keys exist between declared models only.
        if let (Cow::Borrowed(old_model), Cow::Borrowed(new_model)) = (&before.model, &after.model) {
            let old_table = Table { state: before.state, model: old_model };
            let new_table = Table { state: after.state, model: new_model };
            if let (Ok(old), Ok(new)) = (old_table.field(&before.field), new_table.field(&after.field)) {
                collect(&old, &new, found, depth - 1);
            }
        }
    }
}

fn referring<'a>(column: &Column<'a>) -> Vec<Related<'a>> {
    let state = column.table.state;
    let owner = state.concrete(column.table.model).key();
    let mut found: Vec<(String, Related<'a>)> = vec![];
    let declared = state.models.values().map(Cow::Borrowed);
    let joins = state.models.values().flat_map(|model| Table { state, model }.joins()).map(Cow::Owned);
    for model in declared.chain(joins) {
        for (name, field) in &model.fields {
            let Some(relation) = field.relation() else { continue };
            let to_owner = state.target(&relation.to).is_some_and(|model| state.concrete(model).key() == owner);
            let to_column = match &relation.to_field {
                Some(to_field) => *to_field == column.name,
                None => column.field.primary_key,
            };
            if to_owner && to_column {
                let way_back = relation.related_query_name.as_ref().or(relation.related_name.as_ref());
                let way_back = way_back.cloned().unwrap_or_else(|| model.name_lower());
                found.push((way_back, Related { state, model: model.clone(), field: name.clone() }));
            }
        }
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    found.into_iter().map(|(_, related)| related).collect()
}
