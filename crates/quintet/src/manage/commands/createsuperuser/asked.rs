//! A field of the user model that somebody is asked for: what it is called, and what may be typed.

use quintet_core::python::capital;
use quintet_core::query::Way;
use quintet_core::schema::{Constraint, Value};
use quintet_db::Db;
use quintet_db::query::typed_value;
use quintet_web::auth::Accounts;

use crate::manage::CommandError;

pub(super) struct Asked {
    /// The field's name: `phone`.
    pub(super) name: String,
    /// What people call it: `phone number`.
    pub(super) label: String,
    /// Whether there may be nothing.
    pub(super) may_be_blank: bool,
    /// Whether no two users have the same.
    pub(super) is_unique: bool,
    /// The model and the field that its value is a key of: `Team.id`.
    of: Option<String>,
}

impl Asked {
    /// A field of the project's user model.
    pub(super) fn of(db: Db<'_>, name: &str) -> Result<Self, CommandError> {
        let (app, model) = Accounts::of(db).model.clone();
        let registry = db.registry().map_err(|error| CommandError::new(error.to_string()))?;
        let info = registry.find(&app, &model).map(|id| registry.model(id));
        let info = info.ok_or_else(|| CommandError::new(format!("`{app}.{model}` is no model of this project")))?;
        let Some(column) = info.column(name) else {
            return Err(CommandError::new(format!("`{}` has no field `{name}` that could be asked for", info.label()))
                .with_hint("`auth.username_field` and `auth.required_fields` name fields that keep one value"));
        };
        let field = &column.field;
        let alone = |constraint: &Constraint| {
            matches!(constraint, Constraint::Unique(unique)
                if unique.condition.is_none() && unique.fields.len() == 1 && unique.fields[0] == column.name)
        };
        let of = info.links.get(&column.name).map(|link| {
            let target = registry.model(link.target);
            let there = match link.way {
                Way::Key { there, .. } => target.columns[there].name.as_str(),
                _ => "pk",
            };
            format!("{}.{there}", target.state.name)
        });
        Ok(Self {
            name: column.name.clone(),
            label: field.verbose_name.clone().unwrap_or_else(|| column.name.replace('_', " ")),
            may_be_blank: field.blank,
            is_unique: field.unique || info.state.options.constraints.iter().any(alone),
            of,
        })
    }

    /// What stands before the cursor: `Username (leave blank to use 'ann'): `.
    pub(super) fn prompt(&self, usual: Option<&str>) -> String {
        let usual = usual.map(|name| format!(" (leave blank to use '{name}')")).unwrap_or_default();
        let of = self.of.as_ref().map(|of| format!(" ({of})")).unwrap_or_default();
        format!("{}{usual}{of}: ", capital(&self.label))
    }

    /// The words for nothing where something must be.
    pub(super) fn blank(&self) -> String {
        format!("{} cannot be blank.", capital(&self.label))
    }

    /// The value that a text is, or all that is wrong with it.
    pub(super) async fn read(&self, db: Db<'_>, text: &str) -> Result<Result<Value, Vec<String>>, CommandError> {
        let (app, model) = Accounts::of(db).model.clone();
        let read = typed_value(db, (&app, &model), &self.name, text).await;
        let (value, errors) = read.map_err(|error| CommandError::because("cannot look at the value", error))?;
        let said: Vec<String> = errors.by_field.into_values().flatten().map(|error| error.message).collect();
        Ok(if said.is_empty() { Ok(value) } else { Err(said) })
    }
}
