//! What passed validation, with the request that it came by.

use std::fmt;
use std::ops::{Deref, DerefMut};

use quintet_db::query::{Assignment, OneOrMore};

use super::attributes::Attributes;
use super::changes::Changes;
use super::class::{Passed, Saver};
use super::context::Context;
use super::traits::{FieldsOf, ModelOf, Serializer};
use super::{data, kept};
use crate::http::{BoxFuture, Error, Request, Result};

/// What passed validation. Read it as [`Changes`], then save it once.
#[must_use = "what was validated is not saved yet"]
pub struct Valid<S: Serializer> {
    changes: Changes<S>,
    request: Request,
    instance: Option<ModelOf<S>>,
    partial: bool,
    /// Who saves it, where that is not this serializer.
    saver: Option<Saver<ModelOf<S>>>,
}

impl<S: Serializer> Valid<S> {
    pub(crate) fn new(data: Attributes, request: &Request, instance: Option<ModelOf<S>>, partial: bool) -> Self {
        Self { changes: data.into(), request: request.clone(), instance, partial, saver: None }
    }

    /// What passed another serializer of the same rows, which saves it.
    pub(crate) fn of_passed(passed: Passed<ModelOf<S>>, request: &Request, partial: bool) -> Self {
        let Passed { attributes, instance, saver } = passed;
        Self { saver: Some(saver), ..Self::new(attributes, request, instance, partial) }
    }

    /// The same without its serializer, which still saves it.
    pub(crate) fn into_passed(self) -> Passed<ModelOf<S>> {
        let saver: Saver<ModelOf<S>> =
            |attributes, request, instance, partial| Self::new(attributes, &request, instance, partial).save();
        Passed { attributes: self.changes.into(), instance: self.instance, saver }
    }

    /// The row that is changed; nothing for a new one.
    pub fn instance(&self) -> Option<&ModelOf<S>> {
        self.instance.as_ref()
    }

    /// Whether absent fields are left as they are.
    pub fn is_partial(&self) -> bool {
        self.partial
    }

    /// Makes the row, or changes it, as the serializer's `create` and `update` do.
    pub fn save(self) -> BoxFuture<'static, Result<ModelOf<S>>> {
        let Self { changes, request, instance, partial, saver } = self;
        if let Some(saver) = saver {
            return saver(changes.into(), request, instance, partial);
        }
        Box::pin(async move {
            match instance {
                None => S::create(changes, &Context::new(&request, None, partial)?).await,
                Some(instance) => {
                    let context = Context::new(&request, None, partial)?.changing(true);
                    S::update(instance, changes, &context).await
                }
            }
        })
    }

    /// The same with further values: `valid.save_with(|n| n.author().set(request.user()))`.
    pub fn save_with<A: OneOrMore<Assignment>>(
        mut self,
        values: impl FnOnce(FieldsOf<S>) -> A,
    ) -> BoxFuture<'static, Result<ModelOf<S>>> {
        let values = values(FieldsOf::<S>::default()).all();
        // Whoever is nobody can be no row's author: logging in may help.
        if values.iter().any(Assignment::is_nobody) {
            return Box::pin(std::future::ready(Err(Error::not_authenticated())));
        }
        self.changes.assign(values);
        self.save()
    }

    /// The data as the reference's `serializer.data` shows what was not saved: JSON text.
    pub fn to_json(&self) -> BoxFuture<'_, Result<Vec<u8>>> {
        Box::pin(async move {
            let context = Context::new(&self.request, None, self.partial)?;
            let shape = kept::shape::<S>(&self.request)?;
            let mut out = vec![];
            data::write(&shape, self.changes.attributes(), &context, &mut out).await?;
            Ok(out)
        })
    }

    /// The data without the request.
    pub fn into_changes(self) -> Changes<S> {
        self.changes
    }
}

impl<S: Serializer> Deref for Valid<S> {
    type Target = Changes<S>;

    fn deref(&self) -> &Changes<S> {
        &self.changes
    }
}

impl<S: Serializer> DerefMut for Valid<S> {
    fn deref_mut(&mut self) -> &mut Changes<S> {
        &mut self.changes
    }
}

impl<S: Serializer> fmt::Debug for Valid<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.changes.fmt(f)
    }
}
