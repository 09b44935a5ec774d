//! What a model is, as data: fields, options, indexes, constraints, and the state of a whole project.
//!
//! A [`ModelDef`] is what a derive knows of a struct, with file and line. It makes a [`ModelState`], which is owned and
//! can be edited: migrations build it step by step, and the autodetector compares two of them. How a state looks in a
//! database is told by [`sql`](crate::sql).

mod def;
pub(crate) mod digits;
mod expression;
mod field;
mod function;
mod index;
mod kind;
mod models;
mod naming;
mod natural;
mod options;
mod project;
mod relation;
mod validator;
mod value;
pub mod words;

pub use def::{FieldPlace, ModelDef};
pub use expression::{Condition, Expr, Operator};
pub use field::{Choice, Declared, Field, Initial, Renamed};
pub use function::{ByRow, Code, Function, NamesFiles};
pub use index::{Check, Constraint, Deferrable, Index, IndexKind, IndexedField, Unique};
pub use kind::{IpProtocol, Kind, UploadTo};
pub use models::Models;
pub use naming::{create_index_name, digest, index_auto_name, truncate};
pub use options::{Manager, Options};
pub(crate) use project::resolve_field;
pub use project::{ModelKey, ModelState, ProjectState, StateError};
pub use relation::{ManyToMany, OnDelete, Relation, To};
pub use validator::{Rule, Test, Validator};
pub use value::Value;
