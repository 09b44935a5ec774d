//! Queries as data, and their SQL.
//!
//! A [`Query`] says what is wanted, in the names of fields; [`compile`] finds the tables, columns and joins in a
//! [`Registry`] and writes the statement for a dialect. Nothing here runs anything.
//!
//! Whatever a caller gives is either a name that is found among those that are there, or a value that is bound: no text
//! from outside becomes SQL.

mod ast;
mod compile;
mod error;
mod explain;
mod follow;
mod fragment;
mod function;
mod lookup;
mod path;
mod prepare;
mod registry;
mod shape;

pub use ast::{
    Aggregate, Assign, Bound, Case, Combined, Condition, Conflict, Distinct, Expr, Extract, Frame, FrameUnit, Func,
    Insert, Lock, Nulls, Operator, Order, OrderBy, Ordering, Query, Raw, Related, Select, SetOperation, Slice,
    Statement, Step, Strength, Truncate, Window,
};
pub use compile::{Bind, Compiled, Outcome, Output, Part, Row, Split, SplitPart, compile};
pub use error::{QueryError, QueryErrorKind};
pub use explain::Explain;
pub use follow::Followed;
pub use lookup::one_of;
pub use path::{Name, Path};
pub use prepare::{Prepare, Zone, dumps, show_duration, tag};
pub use registry::{Column, Link, ModelId, ModelInfo, Registry, Way, known_zone, zone_offset};
pub use shape::{Cache, shape, values};
