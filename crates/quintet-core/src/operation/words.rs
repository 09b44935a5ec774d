//! The words in which migration files describe operations: `add_field("note", "slug", char(100))`.

use super::{Dependency, Migration, Operation};
use crate::schema::{Code, Constraint, Field, Index, Manager, Options};

impl Migration {
    /// A migration by name, without operations yet. Its file is the one that calls this.
    #[track_caller]
    pub fn new(name: &str) -> Self {
        Self {
            app: String::new(),
            name: name.to_owned(),
            file: Some(std::panic::Location::caller().file().to_owned()),
            initial: None,
            dependencies: vec![],
            run_before: vec![],
            replaces: vec![],
            atomic: true,
            operations: vec![],
        }
    }

    /// It creates an app's first tables.
    #[must_use]
    pub fn initial(mut self) -> Self {
        self.initial = Some(true);
        self
    }

    /// It does not create an app's first tables, though it depends on none of its own app.
    #[must_use]
    pub fn not_initial(mut self) -> Self {
        self.initial = Some(false);
        self
    }

    /// A migration must have been applied before.
    #[must_use]
    pub fn depends_on(mut self, app: &str, name: &str) -> Self {
        self.dependencies.push(Dependency::On(app.to_owned(), name.to_owned()));
        self
    }

    /// The project's user model must exist.
    #[must_use]
    pub fn depends_on_user_model(mut self) -> Self {
        self.dependencies.push(Dependency::UserModel);
        self
    }

    /// It must be applied before a migration of another app.
    #[must_use]
    pub fn run_before(mut self, app: &str, name: &str) -> Self {
        self.run_before.push((app.to_owned(), name.to_owned()));
        self
    }

    /// It stands for another.
    #[must_use]
    pub fn replaces(mut self, app: &str, name: &str) -> Self {
        self.replaces.push((app.to_owned(), name.to_owned()));
        self
    }

    /// It does not happen whole or not at all: each statement is committed by itself.
    #[must_use]
    pub fn not_atomic(mut self) -> Self {
        self.atomic = false;
        self
    }

    /// What it does.
    #[must_use]
    pub fn operations(mut self, operations: Vec<Operation>) -> Self {
        self.operations.extend(operations);
        self
    }
}

/// A new model.
pub fn create_model(name: &str, fields: Vec<(&str, Field)>, options: Options) -> Operation {
    Operation::CreateModel {
        name: name.to_owned(),
        fields: fields.into_iter().map(|(name, field)| (name.to_owned(), field)).collect(),
        options,
        bases: vec![],
        managers: vec![],
    }
}

/// A model goes.
pub fn delete_model(name: &str) -> Operation {
    Operation::DeleteModel { name: name.to_owned() }
}

/// A model has another name.
pub fn rename_model(old: &str, new: &str) -> Operation {
    Operation::RenameModel { old_name: old.to_owned(), new_name: new.to_owned() }
}

/// A model's table has another name; `None` is the usual one.
pub fn alter_model_table(model: &str, table: Option<&str>) -> Operation {
    Operation::AlterModelTable { name: model.to_owned(), table: table.map(str::to_owned) }
}

/// A model's table has another comment.
pub fn alter_model_table_comment(model: &str, comment: Option<&str>) -> Operation {
    Operation::AlterModelTableComment { name: model.to_owned(), comment: comment.map(str::to_owned) }
}

/// Options that the database does not know are others.
pub fn alter_model_options(model: &str, options: Options) -> Operation {
    Operation::AlterModelOptions { name: model.to_owned(), options }
}

/// Managers are others: names and paths of types.
pub fn alter_model_managers(model: &str, managers: Vec<(&str, &str)>) -> Operation {
    Operation::AlterModelManagers { name: model.to_owned(), managers: managers_of(managers) }
}

fn managers_of(managers: Vec<(&str, &str)>) -> Vec<Manager> {
    managers.into_iter().map(|(name, path)| Manager { name: name.to_owned(), path: path.to_owned() }).collect()
}

/// Fields that are unique together are others.
pub fn alter_unique_together(model: &str, rules: Vec<Vec<&str>>) -> Operation {
    let unique_together = rules.into_iter().map(|rule| rule.into_iter().map(str::to_owned).collect()).collect();
    Operation::AlterUniqueTogether { name: model.to_owned(), unique_together }
}

/// The key among whose rows an order is kept is another.
pub fn alter_order_with_respect_to(model: &str, field: Option<&str>) -> Operation {
    Operation::AlterOrderWithRespectTo { name: model.to_owned(), order_with_respect_to: field.map(str::to_owned) }
}

/// A new field.
pub fn add_field(model: &str, name: &str, field: Field) -> Operation {
    Operation::AddField { model: model.to_owned(), name: name.to_owned(), field, preserve_default: true }
}

/// A field goes.
pub fn remove_field(model: &str, name: &str) -> Operation {
    Operation::RemoveField { model: model.to_owned(), name: name.to_owned() }
}

/// A field is another.
pub fn alter_field(model: &str, name: &str, field: Field) -> Operation {
    Operation::AlterField { model: model.to_owned(), name: name.to_owned(), field, preserve_default: true }
}

/// A field has another name.
pub fn rename_field(model: &str, old: &str, new: &str) -> Operation {
    Operation::RenameField { model: model.to_owned(), old_name: old.to_owned(), new_name: new.to_owned() }
}

/// A new index, with a name.
pub fn add_index(model: &str, index: Index) -> Operation {
    Operation::AddIndex { model: model.to_owned(), index }
}

/// An index goes.
pub fn remove_index(model: &str, name: &str) -> Operation {
    Operation::RemoveIndex { model: model.to_owned(), name: name.to_owned() }
}

/// An index has another name.
pub fn rename_index(model: &str, old: &str, new: &str) -> Operation {
    Operation::RenameIndex { model: model.to_owned(), old_name: old.to_owned(), new_name: new.to_owned() }
}

/// A new constraint.
pub fn add_constraint(model: &str, constraint: impl Into<Constraint>) -> Operation {
    Operation::AddConstraint { model: model.to_owned(), constraint: constraint.into() }
}

/// A constraint goes.
pub fn remove_constraint(model: &str, name: &str) -> Operation {
    Operation::RemoveConstraint { model: model.to_owned(), name: name.to_owned() }
}

/// What a constraint says to people is other words.
pub fn alter_constraint(model: &str, name: &str, constraint: impl Into<Constraint>) -> Operation {
    Operation::AlterConstraint { model: model.to_owned(), name: name.to_owned(), constraint: constraint.into() }
}

/// SQL of the project's own: one statement, or several, in order. `.reverse_sql(..)` says the way back.
pub fn run_sql(statements: &[&str]) -> Operation {
    let sql = statements.iter().map(|sql| (*sql).to_owned()).collect();
    Operation::RunSql { sql, reverse: None, state: vec![], elidable: false }
}

/// Code of the project's own. `.reverse_code(..)` says the way back.
pub fn run_code(code: Code) -> Operation {
    Operation::RunRust { code, reverse: None, elidable: false }
}

/// Some steps for the database and others for the state.
pub fn separate_database_and_state(database: Vec<Operation>, state: Vec<Operation>) -> Operation {
    Operation::SeparateDatabaseAndState { database, state }
}

impl Operation {
    /// The default was only for rows that there are.
    #[must_use]
    pub fn one_off_default(mut self) -> Self {
        if let Self::AddField { preserve_default, .. } | Self::AlterField { preserve_default, .. } = &mut self {
            *preserve_default = false;
        }
        self
    }

    /// Models that a new model is a child or a proxy of.
    #[must_use]
    pub fn bases(mut self, labels: &[&str]) -> Self {
        if let Self::CreateModel { bases, .. } = &mut self {
            bases.extend(labels.iter().map(|label| label.to_lowercase()));
        }
        self
    }

    /// Managers of a new model: names and paths of types.
    #[must_use]
    pub fn managers(mut self, list: Vec<(&str, &str)>) -> Self {
        if let Self::CreateModel { managers, .. } = &mut self {
            managers.extend(managers_of(list));
        }
        self
    }

    /// The statements of the way back.
    #[must_use]
    pub fn reverse_sql(mut self, statements: &[&str]) -> Self {
        if let Self::RunSql { reverse, .. } = &mut self {
            *reverse = Some(statements.iter().map(|sql| (*sql).to_owned()).collect());
        }
        self
    }

    /// What SQL does to the state.
    #[must_use]
    pub fn with_state(mut self, operations: Vec<Operation>) -> Self {
        if let Self::RunSql { state, .. } = &mut self {
            *state = operations;
        }
        self
    }

    /// The code of the way back.
    #[must_use]
    pub fn reverse_code(mut self, code: Code) -> Self {
        if let Self::RunRust { reverse, .. } = &mut self {
            *reverse = Some(code);
        }
        self
    }

    /// Squashing may leave it out.
    #[must_use]
    pub fn elidable(mut self) -> Self {
        if let Self::RunSql { elidable, .. } | Self::RunRust { elidable, .. } = &mut self {
            *elidable = true;
        }
        self
    }
}
