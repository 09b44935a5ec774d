//! Lists of a serializer's data: several rows at once, to be made or to be changed.

use std::fmt;
use std::ops::{Deref, DerefMut};

use quintet_core::rest::Data;

use super::changes::Changes;
use super::context::Context;
use super::shape::Limits;
use super::traits::{ModelOf, Serializer};
use super::{data, kept, validate as engine};
use crate::http::{BoxFuture, Error, Request, Result};

/// How a list is validated: `Many { max_length: Some(100), ..Many::default() }`.
pub struct Many<S: Serializer> {
    /// The rows that the list changes; nothing where it makes new ones.
    pub instances: Option<Vec<ModelOf<S>>>,
    /// Whether absent fields are left as they are.
    pub partial: bool,
    /// Whether an empty list is taken.
    pub allow_empty: bool,
    /// The least members.
    pub min_length: Option<u32>,
    /// The most members.
    pub max_length: Option<u32>,
}

impl<S: Serializer> Default for Many<S> {
    fn default() -> Self {
        Self { instances: None, partial: false, allow_empty: true, min_length: None, max_length: None }
    }
}

impl<S: Serializer> fmt::Debug for Many<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Many")
            .field("instances", &self.instances.as_ref().map(Vec::len))
            .field("partial", &self.partial)
            .field("allow_empty", &self.allow_empty)
            .field("min_length", &self.min_length)
            .field("max_length", &self.max_length)
            .finish()
    }
}

impl<S: Serializer> Many<S> {
    /// Validates a list. Problems of its members stand under their numbers.
    ///
    /// # Errors
    /// 400 with all that is wrong.
    pub fn validate<'a>(self, request: &'a Request, data: &'a Data) -> BoxFuture<'a, Result<ValidMany<S>>> {
        Box::pin(async move {
            let shape = kept::shape::<S>(request)?;
            let context = Context::new(request, None, self.partial)?.changing(self.instances.is_some());
            let limits =
                Limits { allow_empty: self.allow_empty, min_length: self.min_length, max_length: self.max_length };
            let rows = engine::root_many(&shape, limits, data, &context).await?;
            let rows = rows.into_iter().map(Changes::from).collect();
            Ok(ValidMany { rows, request: request.clone(), instances: self.instances, partial: self.partial })
        })
    }
}

/// Validates a list, for as many new rows. Problems stand under their numbers.
///
/// # Errors
/// 400 with all that is wrong.
pub fn validate_many<'a, S: Serializer>(request: &'a Request, data: &'a Data) -> BoxFuture<'a, Result<ValidMany<S>>> {
    Many::<S>::default().validate(request, data)
}

/// A list that passed validation. Read its members as [`Changes`], then save it once.
#[must_use = "what was validated is not saved yet"]
pub struct ValidMany<S: Serializer> {
    rows: Vec<Changes<S>>,
    request: Request,
    instances: Option<Vec<ModelOf<S>>>,
    partial: bool,
}

impl<S: Serializer> ValidMany<S> {
    /// Makes the rows, or changes them, as the serializer's `create_list` and `update_list` do.
    pub fn save(self) -> BoxFuture<'static, Result<Vec<ModelOf<S>>>> {
        let Self { rows, request, instances, partial } = self;
        Box::pin(async move {
            let context = Context::new(&request, None, partial)?.changing(instances.is_some());
            match instances {
                None => S::create_list(rows, &context).await,
                Some(instances) => S::update_list(instances, rows, &context).await,
            }
        })
    }

    /// The data as the reference's `serializer.data` shows what was not saved: a JSON list.
    pub fn to_json(&self) -> BoxFuture<'_, Result<Vec<u8>>> {
        Box::pin(async move {
            let context = Context::new(&self.request, None, self.partial)?;
            let shape = kept::shape::<S>(&self.request)?;
            let mut out = vec![b'['];
            for (number, row) in self.rows.iter().enumerate() {
                if number > 0 {
                    out.push(b',');
                }
                data::write(&shape, row.attributes(), &context, &mut out).await?;
            }
            out.push(b']');
            Ok(out)
        })
    }

    /// The data without the request.
    pub fn into_changes(self) -> Vec<Changes<S>> {
        self.rows
    }
}

impl<S: Serializer> Deref for ValidMany<S> {
    type Target = Vec<Changes<S>>;

    fn deref(&self) -> &Vec<Changes<S>> {
        &self.rows
    }
}

impl<S: Serializer> DerefMut for ValidMany<S> {
    fn deref_mut(&mut self) -> &mut Vec<Changes<S>> {
        &mut self.rows
    }
}

impl<S: Serializer> fmt::Debug for ValidMany<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rows.fmt(f)
    }
}

/// What is said where a list is to change rows, and nobody wrote how.
pub(crate) fn no_update<S>() -> Error {
    let name = std::any::type_name::<S>();
    let name = name.rsplit("::").next().unwrap_or(name);
    Error::internal(format!(
        "`{name}` does not change lists of rows by itself: which rows are new, and which are gone?\nhint: `#[serializer(hooks)]`, and write `update_list` in `impl Serializer for {name}`"
    ))
}
