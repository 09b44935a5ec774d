//! A model and a field together with the state around them: what SQL is made from.
//!
//! A column's type may depend on another model, so neither is ever looked at alone.

use std::borrow::Cow;

use crate::schema::{Field, Kind, ModelState, ProjectState, To};

/// A model in its state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table<'a> {
    /// All models of the moment.
    pub(crate) state: &'a ProjectState,
    /// The model.
    pub(crate) model: &'a ModelState,
}

/// A field of a model in its state.
#[derive(Clone, Debug)]
pub(crate) struct Column<'a> {
    /// The model that has it.
    pub(crate) table: Table<'a>,
    /// Its name.
    pub(crate) name: Cow<'a, str>,
    /// The field.
    pub(crate) field: Cow<'a, Field>,
}

impl<'a> Table<'a> {
    /// A model by app and name.
    pub(super) fn find(state: &'a ProjectState, app: &str, name: &str) -> Result<Self, String> {
        let found = state.model(app, name).map(|model| Table { state, model });
        found.ok_or_else(|| format!("there is no model `{app}.{name}` at this point of the history"))
    }

    /// The name of the table.
    pub(crate) fn name(&self) -> String {
        self.state.concrete(self.model).table()
    }

    /// Whether migrations may touch it: no proxy, managed, and not replaced by the project's own user model.
    pub(super) fn is_migrated(&self) -> bool {
        let user = &self.state.user_model;
        let is_user = user.0 == self.model.app && user.1.eq_ignore_ascii_case(&self.model.name);
        self.model.has_table() && (self.model.options.swappable.is_none() || is_user)
    }

    /// Its own fields, the one of `order_with_respect_to` included, many-to-many fields too.
    pub(crate) fn fields(&self) -> Vec<Column<'a>> {
        let all = self.model.all_fields().into_iter();
        all.map(|(name, field)| Column { table: *self, name: Cow::Borrowed(name), field }).collect()
    }

    /// Its own fields that are no many-to-many fields; a composite primary key is one of them.
    pub(crate) fn columns(&self) -> Vec<Column<'a>> {
        self.fields().into_iter().filter(|column| column.field.kind.many_to_many().is_none()).collect()
    }

    /// A field by name, or a key by the name of its value, `author_id`; of the model or of a parent.
    pub(crate) fn field(&self, name: &str) -> Result<Column<'a>, String> {
        let fields = self.fields();
        let by_attname =
            |column: &&Column<'a>| column.field.relation().is_some() && column.field.attname(&column.name) == name;
        let own = fields.iter().find(|column| column.name == name).or_else(|| fields.iter().find(by_attname)).cloned();
        let inherited = || {
            let (model, field) = self.state.field(self.model, name)?;
            let name = model.fields.iter().find(|(_, own)| std::ptr::eq(own, field))?.0.as_str();
            let table = Table { state: self.state, model };
            Some(Column { table, name: Cow::Borrowed(name), field: Cow::Borrowed(field) })
        };
        own.or_else(inherited)
            .ok_or_else(|| format!("`{}` has no field `{name}` at this point of the history", self.model.label()))
    }

    /// The names of the columns of fields.
    pub(super) fn column_names(&self, fields: &[String]) -> Result<Vec<String>, String> {
        fields.iter().map(|name| Ok(self.field(name)?.column())).collect()
    }

    /// The many-to-many fields whose table nobody declares.
    pub(super) fn joins(&self) -> Vec<ModelState> {
        let fields = self.fields();
        fields.iter().filter_map(|column| self.state.join_model(self.model, &column.name, &column.field)).collect()
    }
}

impl<'a> Column<'a> {
    /// The column's name.
    pub(crate) fn column(&self) -> String {
        self.field.column(&self.name)
    }

    /// Whether the database computes it.
    pub(super) fn is_generated(&self) -> bool {
        matches!(self.field.kind, Kind::Generated { .. })
    }

    /// `app.Model.field`.
    pub(super) fn label(&self) -> String {
        format!("{}.{}", self.table.model.label(), self.name)
    }

    /// The column that it refers to, where it is a foreign key.
    pub(crate) fn referred(&self) -> Result<Option<Column<'a>>, String> {
        let Some(relation) = self.field.relation() else { return Ok(None) };
        let state = self.table.state;
        let (model, name, field) = state.referred(relation).ok_or_else(|| {
            let To { app, model, .. } = &relation.to;
            format!("`{}` refers to `{app}.{model}`, which does not exist at this point of the history", self.label())
        })?;
        let name = Cow::Owned(name.to_owned());
        Ok(Some(Column { table: Table { state, model }, name, field: Cow::Borrowed(field) }))
    }

    /// The model that a many-to-many field makes by itself.
    pub(super) fn join(&self) -> Option<ModelState> {
        self.table.state.join_model(self.table.model, &self.name, &self.field)
    }
}
