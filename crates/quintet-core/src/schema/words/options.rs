//! Options of a model: `options().ordering(&["-id"])`.

use super::strings;
use crate::schema::{Constraint, Index, Options};

/// Options of a model, none of them said yet.
pub fn options() -> Options {
    Options::default()
}

macro_rules! option_texts {
    ($($name:ident, $doc:literal;)*) => {
        $(#[doc = $doc]
        #[must_use]
        pub fn $name(mut self, text: &str) -> Self {
            self.$name = Some(text.to_owned());
            self
        })*
    };
}

impl Options {
    option_texts! {
        db_table, "The table's name.";
        db_table_comment, "A comment in the database.";
        order_with_respect_to, "The key among whose rows an order is kept.";
        swappable, "The setting that names the model to use instead.";
        verbose_name, "What people call one.";
        verbose_name_plural, "What people call many.";
        base_manager_name, "The manager that relations use.";
        default_manager_name, "The manager that is used unless one is named.";
        default_related_name, "The name of ways back to this model.";
    }

    /// The order of rows where a query says none.
    #[must_use]
    pub fn ordering(mut self, fields: &[&str]) -> Self {
        self.ordering = strings(fields);
        self
    }

    /// Fields that are unique together; once for each rule.
    #[must_use]
    pub fn unique_together(mut self, fields: &[&str]) -> Self {
        self.unique_together.push(strings(fields));
        self
    }

    /// An index.
    #[must_use]
    pub fn index(mut self, index: Index) -> Self {
        self.indexes.push(index);
        self
    }

    /// A constraint.
    #[must_use]
    pub fn constraint(mut self, constraint: impl Into<Constraint>) -> Self {
        self.constraints.push(constraint.into());
        self
    }

    /// It is another face of its base's table.
    #[must_use]
    pub fn proxy(mut self) -> Self {
        self.proxy = true;
        self
    }

    /// Migrations do not make its table.
    #[must_use]
    pub fn unmanaged(mut self) -> Self {
        self.managed = false;
        self
    }

    /// A permission besides the usual: codename and name.
    #[must_use]
    pub fn permission(mut self, codename: &str, name: &str) -> Self {
        self.permissions.push((codename.to_owned(), name.to_owned()));
        self
    }

    /// The usual permissions.
    #[must_use]
    pub fn default_permissions(mut self, verbs: &[&str]) -> Self {
        self.default_permissions = Some(strings(verbs));
        self
    }

    /// The fields by which `latest` and `earliest` choose.
    #[must_use]
    pub fn get_latest_by(mut self, fields: &[&str]) -> Self {
        self.get_latest_by = strings(fields);
        self
    }

    /// `save` looks before it writes.
    #[must_use]
    pub fn select_on_save(mut self) -> Self {
        self.select_on_save = true;
        self
    }

    /// The name that the model had before.
    #[must_use]
    pub fn renamed_from(mut self, name: &str) -> Self {
        self.renamed_from.0 = Some(name.to_owned());
        self
    }
}
