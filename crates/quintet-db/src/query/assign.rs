//! New values of fields: `n.title().set("x")`.

use quintet_core::query::{self as ast, Expr, Name, QueryError};
use quintet_core::schema::Value;

use super::condition::is_never;
use super::operand::Operand;
use crate::model::FieldType;

/// A field and what it becomes.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "an assignment does nothing until `update` or `create` has it"]
pub struct Assignment {
    /// The field's name, or the path that is no field of the model itself.
    field: Result<Name, String>,
    value: Expr,
}

impl Assignment {
    /// What becomes of the field at the end of this expression.
    pub(crate) fn of(column: &Expr, value: Expr) -> Self {
        let field = match column {
            Expr::F(path) => match path.names() {
                [name] => Ok(name.clone()),
                _ => Err(format!("`{path}` is no field of the model itself")),
            },
            _ => Err("a computed value is no field".to_owned()),
        };
        Self { field, value }
    }

    /// A field by its name, as `update_by_names` takes it.
    pub fn named(field: impl Into<Name>, value: impl Into<Value>) -> Self {
        Self { field: Ok(field.into()), value: Expr::Value(value.into()) }
    }

    /// A field by its name, and a value that may be computed.
    pub fn computed(field: impl Into<Name>, value: Expr) -> Self {
        Self { field: Ok(field.into()), value }
    }

    /// The field's name and what it becomes.
    ///
    /// # Errors
    /// What is assigned to is no field of the model itself: the words for it.
    pub fn into_parts(self) -> Result<(Name, Expr), String> {
        self.field.map(|field| (field, self.value))
    }

    /// Whether what is assigned is a user who is nobody.
    pub fn is_nobody(&self) -> bool {
        is_never(&self.value)
    }

    /// As the core has it.
    pub(crate) fn into_ast(self) -> Result<ast::Assign, QueryError> {
        match self.field {
            Ok(field) => Ok(ast::Assign { field, value: self.value }),
            Err(why) => Err(QueryError::name(format!("{why}, so that it cannot be set"))),
        }
    }
}

/// What may be stored in an `F`: an operand, and for fields that may be null an `Option` of one. `Way` tells them apart and
/// is found by the compiler.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored in a field of `{F}`",
    label = "not a value for a field of `{F}`",
    note = "an `Option` goes into fields that may be null only; null is `.set_null()`"
)]
pub trait Assign<F, Way> {
    /// As the core has it.
    fn assigned(self) -> Expr;
}

/// A value as it is.
#[derive(Debug)]
pub enum Plain {}

/// A value, or null.
#[derive(Debug)]
pub enum Optional {}

impl<F: FieldType, V: Operand<F::Compared>> Assign<F, Plain> for V {
    fn assigned(self) -> Expr {
        self.operand()
    }
}

impl<F: FieldType, V: Operand<F::Compared>> Assign<Option<F>, Optional> for Option<V> {
    fn assigned(self) -> Expr {
        self.map_or(Expr::Value(Value::Null), V::operand)
    }
}

/// Fields that may be null.
#[diagnostic::on_unimplemented(message = "a field of `{Self}` cannot be null", label = "not an `Option`")]
pub trait NullAssign {}

impl<F> NullAssign for Option<F> {}
