//! A function that data names: known by its Rust path, so that a migration which names it can be written again.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use super::Value;

/// A function without arguments that makes a value, or one that names a file of a row. Two are equal when they have the
/// same path.
#[derive(Clone)]
pub struct Function {
    /// Its path: `notes::api::models::new_code`.
    pub path: String,
    call: Call,
}

#[derive(Clone)]
enum Call {
    Alone(Arc<dyn Fn() -> Value + Send + Sync>),
    OfRow(Arc<OfRow>),
}

/// Of a row and the name of a file; nothing for a row of another type.
type OfRow = dyn Fn(&dyn Any, &str) -> Option<String> + Send + Sync;

impl Function {
    /// A function with its path.
    pub fn new<T: Into<Value>>(path: impl Into<String>, call: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self { path: path.into(), call: Call::Alone(Arc::new(move || call().into())) }
    }

    /// A function, which is asked for its own path.
    pub fn of<T: Into<Value>, F: Fn() -> T + Send + Sync + 'static>(call: F) -> Self {
        Self::new(std::any::type_name::<F>(), call)
    }

    /// A function of a row and of a file's name, which is asked for its own path.
    pub fn of_row<M: Any, F: Fn(&M, &str) -> String + Send + Sync + 'static>(call: F) -> Self {
        let path = std::any::type_name::<F>().to_owned();
        Self { path, call: Call::OfRow(Arc::new(move |row, name| Some(call(row.downcast_ref()?, name)))) }
    }

    /// What it makes now; null where it needs a row.
    pub fn call(&self) -> Value {
        match &self.call {
            Call::Alone(call) => call(),
            Call::OfRow(_) => Value::Null,
        }
    }

    /// Whether it needs a row.
    pub fn is_of_row(&self) -> bool {
        matches!(self.call, Call::OfRow(_))
    }

    /// What it makes of a row and of a file's name.
    pub fn call_of_row(&self, row: &dyn Any, name: &str) -> Option<String> {
        match &self.call {
            Call::Alone(_) => None,
            Call::OfRow(call) => call(row, name),
        }
    }
}

/// A function that can name where files go: `fn() -> &'static str` names a folder, `fn(&Photo, &str) -> String` the whole.
pub trait NamesFiles<Way>: Sized {
    /// As data.
    fn named(self) -> Function;
}

/// A function of a row.
#[derive(Debug)]
pub struct ByRow<M>(std::marker::PhantomData<fn() -> M>);

impl<T: Into<Value>, F: Fn() -> T + Send + Sync + 'static> NamesFiles<(T,)> for F {
    fn named(self) -> Function {
        Function::of(self)
    }
}

impl<M: Any, F: Fn(&M, &str) -> String + Send + Sync + 'static> NamesFiles<ByRow<M>> for F {
    fn named(self) -> Function {
        Function::of_row(self)
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
