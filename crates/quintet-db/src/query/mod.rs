//! Queries in the types of a project's models: `Note::objects().filter(|n| n.title().icontains("x")).all(db).await?`.
//!
//! Thin typed faces over the core's untyped queries. A query set is a value; whatever takes a `db` runs it. What the derive
//! writes for a model is a method for each field and nothing else; everything that does something is here, once.

mod aggregate;
mod ask;
mod assign;
mod belong;
mod bulk;
mod by;
mod by_type;
mod chunks;
mod clean;
mod collector;
mod column;
mod condition;
mod cut;
mod function;
mod insert;
mod loaded;
mod look;
mod machine;
mod made;
mod migrated;
mod operand;
mod order;
mod part;
mod part_write;
mod partly;
mod paths;
mod plan;
mod prefetch;
mod read;
mod related;
mod relation;
mod running;
mod save;
mod save_many;
mod selection;
mod set;
mod signal;
mod singles;
mod subquery;
mod untyped;
mod verbs;
mod window;
mod write;

pub use aggregate::{Aggregate, List, Summed, count_rows};
pub use assign::{Assign, Assignment, NullAssign, Optional, Plain};
pub use by::rows_by;
pub use by_type::{HasDay, HasTime, Moment};
pub use chunks::Chunks;
pub use clean::{ValidationError, ValidationErrors};
pub use collector::Deleted;
pub use column::{Column, Number};
pub use condition::{Condition, q};
pub use cut::Each;
pub use function::{Case, ToColumn, case, concat, condition, function, greatest, least, now, random, raw, value};
pub use insert::{insert, insert_named};
pub use loaded::loaded;
pub use look::{Look, look_up};
pub use machine::{holds, layout, row_of, save_with, set_fields, set_many, typed_value};
pub use migrated::Migrated;
pub use operand::{Key, Operand, WholeKey};
pub use order::{OneOrMore, Order};
pub use partly::{Partly, RowField};
pub use paths::{ColumnSide, Columns, FromPath, NoColumns, RowSide};
pub use read::{Layout, Plan, Reader};
pub use related::{LinkName, Origin, RelatedRow, RelatedRows};
pub use relation::{Many, One, Relation};
pub use running::Running;
pub use save_many::Bulk;
pub use selection::{Beside, Dynamic, InPart, OfRows, Only, Selection, Shape, Whole, With};
pub use set::{FieldPath, QuerySet, RelatedPath};
pub use signal::{ManyAction, ManyChange, On, Receiver, Receives, Saved, Saving, on, post_migrate};
pub use subquery::{Members, OuterColumn, exists, outer, subquery};
pub use untyped::{Untyped, field_value};
pub use verbs::Iter;
pub use window::{
    Partition, Window, WindowFunction, cume_dist, dense_rank, first_value, lag, last_value, lead, ntile, percent_rank,
    rank, row_number, window,
};
pub use write::Stored;

pub(crate) use ask::has_key;
pub(crate) use collector::within as delete_within;
pub(crate) use made::automatic;
pub(crate) use plan::Reading;
pub(crate) use read::null_error;
pub(crate) use signal::Receivers;
pub(crate) use singles::Singles;
pub(crate) use verbs::by_key;

/// What the closure of a query is given, without a query: `columns::<Note>().title()`.
pub fn columns<M: crate::model::Model>() -> M::Columns {
    M::Columns::from_path(quintet_core::query::Path::default())
}
