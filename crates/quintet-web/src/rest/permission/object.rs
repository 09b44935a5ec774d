//! The row that a permission is asked about, whatever its type.

use std::any::Any;
use std::fmt;

use quintet_db::model::Instance;

/// A row, or anything else that a view asks its permissions about.
#[derive(Clone, Copy)]
pub struct Object<'a>(&'a (dyn Any + Send + Sync));

impl<'a> Object<'a> {
    /// Anything of a project's own.
    pub fn new<T: Send + Sync + 'static>(object: &'a T) -> Self {
        Self(object)
    }

    /// A row.
    pub fn row(row: &'a dyn Instance) -> Self {
        Self(row.as_any())
    }

    /// The row, where it is of this type.
    pub fn get<T: 'static>(self) -> Option<&'a T> {
        self.0.downcast_ref()
    }
}

impl fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Object")
    }
}
