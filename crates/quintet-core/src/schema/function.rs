//! A function that data names: known by its Rust path, so that a migration which names it can be written again.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use super::Value;

/// A function without arguments that makes a value. Two are equal when they have the same path.
#[derive(Clone)]
pub struct Function {
    /// Its path: `notes::api::models::new_code`.
    pub path: String,
    call: Arc<dyn Fn() -> Value + Send + Sync>,
}

impl Function {
    /// A function with its path.
    pub fn new<T: Into<Value>>(path: impl Into<String>, call: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self { path: path.into(), call: Arc::new(move || call().into()) }
    }

    /// A function, which is asked for its own path.
    pub fn of<T: Into<Value>, F: Fn() -> T + Send + Sync + 'static>(call: F) -> Self {
        Self::new(std::any::type_name::<F>(), call)
    }

    /// What it makes now.
    pub fn call(&self) -> Value {
        (self.call)()
    }
}

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)
    }
}

/// Code that a migration runs, known by its path. What it is given is not the core's concern: whoever runs it knows the
/// type of its body.
#[derive(Clone)]
pub struct Code {
    /// Its path: `notes::api::migrations::m0002_slugs::fill`.
    pub path: String,
    body: Arc<dyn Any + Send + Sync>,
}

impl Code {
    /// Code with its path.
    pub fn new(path: impl Into<String>, body: impl Any + Send + Sync) -> Self {
        Self { path: path.into(), body: Arc::new(body) }
    }

    /// Its body, where it is of this type.
    pub fn body<T: Any>(&self) -> Option<&T> {
        self.body.downcast_ref()
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)
    }
}
