//! The options of a model: what the reference writes into `Meta`.

use super::{Constraint, Index};

/// What is said of a model as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The table's name, unless it follows from the model's.
    pub db_table: Option<String>,
    /// A comment in the database.
    pub db_table_comment: Option<String>,
    /// The order of rows where a query says none: `-created_at`.
    pub ordering: Vec<String>,
    /// Fields that are unique together, a list for each rule. Their order does not matter.
    pub unique_together: Vec<Vec<String>>,
    /// The key among whose rows an order is kept.
    pub order_with_respect_to: Option<String>,
    /// Indexes.
    pub indexes: Vec<Index>,
    /// Constraints.
    pub constraints: Vec<Constraint>,
    /// Whether it is another face of its base's table.
    pub proxy: bool,
    /// Whether migrations make its table.
    pub managed: bool,
    /// The setting that names the model to use instead: `AUTH_USER_MODEL`.
    pub swappable: Option<String>,
    /// What people call one.
    pub verbose_name: Option<String>,
    /// What people call many.
    pub verbose_name_plural: Option<String>,
    /// Permissions besides the usual: codename and name.
    pub permissions: Vec<(String, String)>,
    /// The usual permissions: `add`, `change`, `delete`, `view` unless said.
    pub default_permissions: Option<Vec<String>>,
    /// The fields by which `latest` and `earliest` choose.
    pub get_latest_by: Vec<String>,
    /// The manager that relations use.
    pub base_manager_name: Option<String>,
    /// The manager that is used unless one is named.
    pub default_manager_name: Option<String>,
    /// The name of ways back to this model.
    pub default_related_name: Option<String>,
    /// Whether `save` looks before it writes.
    pub select_on_save: bool,
    /// The name that the model had before, which answers the autodetector's question. Not a part of the state.
    pub renamed_from: super::field::Renamed,
}

/// A manager that migrations know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manager {
    /// Its name: `objects`.
    pub name: String,
    /// Its type's path.
    pub path: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            db_table: None,
            db_table_comment: None,
            ordering: vec![],
            unique_together: vec![],
            order_with_respect_to: None,
            indexes: vec![],
            constraints: vec![],
            proxy: false,
            managed: true,
            swappable: None,
            verbose_name: None,
            verbose_name_plural: None,
            permissions: vec![],
            default_permissions: None,
            get_latest_by: vec![],
            base_manager_name: None,
            default_manager_name: None,
            default_related_name: None,
            select_on_save: false,
            renamed_from: super::field::Renamed::default(),
        }
    }
}

impl Options {
    /// Those that change without the database: what `AlterModelOptions` carries. The others are as in `self`.
    #[must_use]
    pub fn with_alterable(&self, other: &Self) -> Self {
        Self {
            ordering: other.ordering.clone(),
            managed: other.managed,
            verbose_name: other.verbose_name.clone(),
            verbose_name_plural: other.verbose_name_plural.clone(),
            permissions: other.permissions.clone(),
            default_permissions: other.default_permissions.clone(),
            get_latest_by: other.get_latest_by.clone(),
            base_manager_name: other.base_manager_name.clone(),
            default_manager_name: other.default_manager_name.clone(),
            default_related_name: other.default_related_name.clone(),
            select_on_save: other.select_on_save,
            ..self.clone()
        }
    }
}
