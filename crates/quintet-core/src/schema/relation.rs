//! Relations between models, as data.

use super::{Condition, Function, Value};

/// The model at the other end. Two are equal when they name the same model; names of models ignore case.
#[derive(Clone, Debug, Default)]
pub struct To {
    /// Its app's label; empty for the app of the model that refers to it.
    pub app: String,
    /// Its name, as it was written; `self` is the model that refers to it.
    pub model: String,
    /// Whether it is named as "the user model", whichever model that is.
    pub is_user_model: bool,
}

impl To {
    /// A model by label: `api.Note`, `Note` in the same app, or `self`.
    pub fn named(label: &str) -> Self {
        let (app, model) = label.split_once('.').unwrap_or(("", label));
        Self { app: app.to_owned(), model: model.to_owned(), is_user_model: false }
    }

    /// The user model of the project.
    pub fn user_model() -> Self {
        Self { is_user_model: true, ..Self::default() }
    }

    /// `app.model`, in lower case.
    pub fn label_lower(&self) -> String {
        format!("{}.{}", self.app, self.model.to_lowercase())
    }

    /// Whether it is this model.
    pub fn is(&self, app: &str, model: &str) -> bool {
        self.app == app && self.model.eq_ignore_ascii_case(model)
    }
}

impl PartialEq for To {
    fn eq(&self, other: &Self) -> bool {
        self.is(&other.app, &other.model) && (!self.model.is_empty() || self.is_user_model == other.is_user_model)
    }
}

/// What a foreign key or a one-to-one relation is, besides a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// The other model.
    pub to: To,
    /// What happens here when the other row goes. Done by us, not by the database.
    pub on_delete: OnDelete,
    /// The name of the way back; `+` for none.
    pub related_name: Option<String>,
    /// The name of the way back in queries.
    pub related_query_name: Option<String>,
    /// Which rows may be chosen.
    pub limit_choices_to: Option<Condition>,
    /// The field that is referred to; the primary key unless said.
    pub to_field: Option<String>,
    /// Whether the database checks the reference.
    pub db_constraint: bool,
    /// Whether this is the link of a child model to its parent.
    pub parent_link: bool,
}

/// What happens to a row when the row that it refers to is deleted.
#[derive(Clone, Debug, PartialEq)]
pub enum OnDelete {
    /// It is deleted too.
    Cascade,
    /// The deletion is refused.
    Protect,
    /// The deletion is refused, unless the row goes for another reason too.
    Restrict,
    /// The reference becomes null.
    SetNull,
    /// The reference becomes its default.
    SetDefault,
    /// The reference becomes this.
    Set(Value),
    /// The reference becomes what this function makes.
    SetWith(Function),
    /// Nothing.
    DoNothing,
}

/// What a many-to-many relation is, besides a field.
#[derive(Clone, Debug, PartialEq)]
pub struct ManyToMany {
    /// The other model.
    pub to: To,
    /// The name of the way back; `+` for none.
    pub related_name: Option<String>,
    /// The name of the way back in queries.
    pub related_query_name: Option<String>,
    /// Which rows may be chosen.
    pub limit_choices_to: Option<Condition>,
    /// For a relation of a model with itself: whether it holds in both directions. Yes unless said.
    pub symmetrical: Option<bool>,
    /// The model in between; one is made where none is named.
    pub through: Option<To>,
    /// The two fields of the model in between that are meant.
    pub through_fields: Option<(String, String)>,
    /// Whether the database checks the references.
    pub db_constraint: bool,
    /// The name of the table in between.
    pub db_table: Option<String>,
}
