//! The functions that a project writes for a serializer, as traits that say in the compiler's words what is missing.

use quintet_core::rest::Data;
use quintet_db::model::Model;
use quintet_db::query::QuerySet;

use super::changes::Changes;
use super::context::Context;
use crate::http::Result;

/// A function of a row: `fn(&Product) -> bool`, or with the context behind.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not make this field",
    label = "not a function of `&{M}` that gives `{T}`",
    note = "write `fn name(row: &{M}) -> {T}`, or `fn name(row: &{M}, context: &Context<'_>) -> {T}`"
)]
pub trait Method<M, T, Way>: Send + Sync {
    /// Calls it.
    ///
    /// # Errors
    /// What it says.
    fn call(&self, row: &M, context: &Context<'_>) -> Result<T>;
}

/// A function without the context.
#[derive(Debug)]
pub enum Alone {}

/// A function with the context.
#[derive(Debug)]
pub enum WithContext {}

impl<M, T, F: Fn(&M) -> T + Send + Sync> Method<M, T, Alone> for F {
    fn call(&self, row: &M, _: &Context<'_>) -> Result<T> {
        Ok(self(row))
    }
}

impl<M, T, F: Fn(&M, &Context<'_>) -> T + Send + Sync> Method<M, T, WithContext> for F {
    fn call(&self, row: &M, context: &Context<'_>) -> Result<T> {
        Ok(self(row, context))
    }
}

/// A function that looks at a field's value: `fn(String) -> Result<String>`, or with the context behind.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not look at this field",
    label = "not a function of `{T}` that gives `Result<{T}>`",
    note = "write `fn name(value: {T}) -> Result<{T}>`, or with `context: &Context<'_>` behind the value"
)]
pub trait CheckOf<T, Way>: Send + Sync {
    /// Calls it.
    ///
    /// # Errors
    /// What it says.
    fn call(&self, value: T, context: &Context<'_>) -> Result<T>;
}

impl<T, F: Fn(T) -> Result<T> + Send + Sync> CheckOf<T, Alone> for F {
    fn call(&self, value: T, _: &Context<'_>) -> Result<T> {
        self(value)
    }
}

impl<T, F: Fn(T, &Context<'_>) -> Result<T> + Send + Sync> CheckOf<T, WithContext> for F {
    fn call(&self, value: T, context: &Context<'_>) -> Result<T> {
        self(value, context)
    }
}

/// An `async fn(Data, &Context<'_>) -> Result<Changes<S>>`.
pub trait Takes<'a, S>: Fn(Data, &'a Context<'a>) -> Self::Future + Send + Sync {
    /// What the function returns.
    type Future: Future<Output = Result<Changes<S>>> + Send + 'a;
}

impl<'a, S, F, R> Takes<'a, S> for F
where
    F: Fn(Data, &'a Context<'a>) -> R + Send + Sync,
    R: Future<Output = Result<Changes<S>>> + Send + 'a,
{
    type Future = R;
}

/// An `async fn(&Product, &Context<'_>) -> Result<T>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not make this field",
    label = "not an async function of `&{M}` that gives `Result<{T}>`",
    note = "write `async fn name(row: &{M}, context: &Context<'_>) -> Result<{T}>`"
)]
pub trait AsyncMethod<'a, M: 'a, T>: Fn(&'a M, &'a Context<'a>) -> Self::Future + Send + Sync {
    /// What the function returns.
    type Future: Future<Output = Result<T>> + Send + 'a;
}

impl<'a, M: 'a, T, F, R> AsyncMethod<'a, M, T> for F
where
    F: Fn(&'a M, &'a Context<'a>) -> R + Send + Sync,
    R: Future<Output = Result<T>> + Send + 'a,
{
    type Future = R;
}

/// Which rows a relation may be: `fn() -> QuerySet<Album>`, or of the context: `fn(&Context<'_>) -> QuerySet<Album>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not give the rows of this relation",
    label = "not a function that gives `QuerySet<{M}>`",
    note = "write `fn name(context: &Context<'_>) -> QuerySet<{M}>`"
)]
pub trait RowsOf<M: Model, Way>: Send + Sync {
    /// Calls it.
    fn call(&self, context: &Context<'_>) -> QuerySet<M>;
}

impl<M: Model, F: Fn() -> QuerySet<M> + Send + Sync> RowsOf<M, Alone> for F {
    fn call(&self, _: &Context<'_>) -> QuerySet<M> {
        self()
    }
}

impl<M: Model, F: Fn(&Context<'_>) -> QuerySet<M> + Send + Sync> RowsOf<M, WithContext> for F {
    fn call(&self, context: &Context<'_>) -> QuerySet<M> {
        self(context)
    }
}
