//! Operations: what a migration consists of, and what each does to the state of a project.
//!
//! An operation is data. What it does to a database is told by [`sql`](crate::sql).

mod apply;
mod describe;
mod migration;
pub mod words;

pub use migration::{Dependency, Migration};

use crate::schema::{Code, Constraint, Field, Index, Manager, Options};

/// One step of a migration. Models are named within the migration's app.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// A new model.
    CreateModel {
        /// Its name.
        name: String,
        /// Its fields.
        fields: Vec<(String, Field)>,
        /// Its options. Indexes and constraints may be given here.
        options: Options,
        /// Models that it is a child or a proxy of, as `app.model` in lower case.
        bases: Vec<String>,
        /// Managers that migrations know.
        managers: Vec<Manager>,
    },
    /// A model goes.
    DeleteModel {
        /// Its name.
        name: String,
    },
    /// A model has another name.
    RenameModel {
        /// The name that it had.
        old_name: String,
        /// The name that it has.
        new_name: String,
    },
    /// A model's table has another name.
    AlterModelTable {
        /// The model.
        name: String,
        /// The name; the usual one unless said.
        table: Option<String>,
    },
    /// A model's table has another comment.
    AlterModelTableComment {
        /// The model.
        name: String,
        /// The comment.
        comment: Option<String>,
    },
    /// Options that the database does not know are others.
    AlterModelOptions {
        /// The model.
        name: String,
        /// The options; those that the database knows are of no account.
        options: Options,
    },
    /// Managers are others.
    AlterModelManagers {
        /// The model.
        name: String,
        /// The managers.
        managers: Vec<Manager>,
    },
    /// Fields that are unique together are others.
    AlterUniqueTogether {
        /// The model.
        name: String,
        /// The fields, a list for each rule.
        unique_together: Vec<Vec<String>>,
    },
    /// The key among whose rows an order is kept is another.
    AlterOrderWithRespectTo {
        /// The model.
        name: String,
        /// The key.
        order_with_respect_to: Option<String>,
    },
    /// A new field.
    AddField {
        /// The model.
        model: String,
        /// The field's name.
        name: String,
        /// The field.
        field: Field,
        /// Whether its default stays, or was only for rows that there are.
        preserve_default: bool,
    },
    /// A field goes.
    RemoveField {
        /// The model.
        model: String,
        /// The field's name.
        name: String,
    },
    /// A field is another.
    AlterField {
        /// The model.
        model: String,
        /// The field's name.
        name: String,
        /// The field.
        field: Field,
        /// Whether its default stays, or was only for rows that there are.
        preserve_default: bool,
    },
    /// A field has another name.
    RenameField {
        /// The model.
        model: String,
        /// The name that it had.
        old_name: String,
        /// The name that it has.
        new_name: String,
    },
    /// A new index.
    AddIndex {
        /// The model.
        model: String,
        /// The index, with a name.
        index: Index,
    },
    /// An index goes.
    RemoveIndex {
        /// The model.
        model: String,
        /// The index's name.
        name: String,
    },
    /// An index has another name.
    RenameIndex {
        /// The model.
        model: String,
        /// The name that it had.
        old_name: String,
        /// The name that it has.
        new_name: String,
    },
    /// A new constraint.
    AddConstraint {
        /// The model.
        model: String,
        /// The constraint.
        constraint: Constraint,
    },
    /// A constraint goes.
    RemoveConstraint {
        /// The model.
        model: String,
        /// The constraint's name.
        name: String,
    },
    /// What a constraint says to people is other words.
    AlterConstraint {
        /// The model.
        model: String,
        /// The constraint's name.
        name: String,
        /// The constraint.
        constraint: Constraint,
    },
    /// SQL of the project's own.
    RunSql {
        /// The statements.
        sql: Vec<String>,
        /// The statements of the way back; none where there is no way back.
        reverse: Option<Vec<String>>,
        /// What it does to the state.
        state: Vec<Operation>,
        /// Whether squashing may leave it out.
        elidable: bool,
    },
    /// Code of the project's own.
    RunRust {
        /// The code.
        code: Code,
        /// The code of the way back; none where there is no way back.
        reverse: Option<Code>,
        /// Whether squashing may leave it out.
        elidable: bool,
    },
    /// Some steps for the database and others for the state.
    SeparateDatabaseAndState {
        /// What the database is told.
        database: Vec<Operation>,
        /// What the state becomes.
        state: Vec<Operation>,
    },
}
