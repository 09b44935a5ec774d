//! Functions and methods of views that take axum's extractors: instead of our request, or behind it.
//!
//! `async fn show(request: &Request, Path(id): Path<i64>, headers: HeaderMap) -> Result<Response>`. What an extractor rejects
//! is answered as any refusal of ours is. The body stays with our request, unless an extractor reads it.

mod arguments;
mod call;
mod foreign;
mod within;

use std::marker::PhantomData;
use std::sync::Arc;

use crate::http::{BoxFuture, Request, Response, Result};
use crate::rest::view_handler::{Answers, MethodHandler, alone, bound};
use crate::view::Handler;

use arguments::Arguments;
use call::Call;

/// A function that can answer a method: one that takes our request, axum's extractors, or the request and then extractors.
/// The last of them may read the body.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot handle a request",
    note = "write `async fn name(request: &Request) -> Result<Response>`; what it holds across an `.await` must be `Send`",
    note = "behind the request, or instead of it, a function may take up to six of axum's extractors"
)]
pub trait ViewFunction<Args>: 'static {
    /// The function behind one type.
    #[doc(hidden)]
    fn erased(self) -> AnyFunction;
}

/// A method of a view's type that can answer: one that takes our request, axum's extractors, or the request and then
/// extractors, as a [function](ViewFunction) may.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot handle a request of `{V}`",
    note = "write `async fn name(&self, request: &Request) -> Result<Response>`; what it holds across an `.await` must be `Send`",
    note = "behind the request, or instead of it, a method may take up to six of axum's extractors"
)]
pub trait ViewMethod<V, Args>: 'static {
    /// The method with its view, behind one type.
    #[doc(hidden)]
    fn bound(self, view: &Arc<V>) -> AnyFunction;
}

/// A function, behind one type.
#[doc(hidden)]
pub struct AnyFunction(pub(crate) Arc<dyn Answers>);

/// Tells functions that take our request alone from others.
#[doc(hidden)]
pub enum ByRequest {}

/// Tells functions that take our request, and these extractors behind it, from others.
#[doc(hidden)]
pub struct Behind<Via, Args>(PhantomData<(Via, Args)>);

/// Tells functions that take these extractors instead of our request from others.
#[doc(hidden)]
pub struct Instead<Via, Args>(PhantomData<(Via, Args)>);

impl<F: for<'a> Handler<'a> + 'static> ViewFunction<ByRequest> for F {
    fn erased(self) -> AnyFunction {
        AnyFunction(alone(self))
    }
}

impl<V, F> ViewMethod<V, ByRequest> for F
where
    V: Send + Sync + 'static,
    F: for<'a> MethodHandler<'a, V> + 'static,
{
    fn bound(self, view: &Arc<V>) -> AnyFunction {
        AnyFunction(bound(view, self))
    }
}

impl<F, Via, Args> ViewFunction<Behind<Via, Args>> for F
where
    F: for<'a> Call<&'a Request, Args, Via> + 'static,
    Via: 'static,
    Args: Arguments<Via>,
{
    fn erased(self) -> AnyFunction {
        taking::<(), Via, Args>(Arc::default(), move |(), request, args| Box::pin(self.call(request, args)))
    }
}

impl<F, Via, Args> ViewFunction<Instead<Via, Args>> for F
where
    F: Call<(), Args, Via> + 'static,
    Via: 'static,
    Args: Arguments<Via>,
{
    fn erased(self) -> AnyFunction {
        taking::<(), Via, Args>(Arc::default(), move |(), _, args| Box::pin(self.call((), args)))
    }
}

impl<V, F, Via, Args> ViewMethod<V, Behind<Via, Args>> for F
where
    V: Send + Sync + 'static,
    F: for<'a> Call<(&'a V, &'a Request), Args, Via> + 'static,
    Via: 'static,
    Args: Arguments<Via>,
{
    fn bound(self, view: &Arc<V>) -> AnyFunction {
        taking::<V, Via, Args>(view.clone(), move |view, request, args| Box::pin(self.call((view, request), args)))
    }
}

impl<V, F, Via, Args> ViewMethod<V, Instead<Via, Args>> for F
where
    V: Send + Sync + 'static,
    F: for<'a> Call<(&'a V,), Args, Via> + 'static,
    Via: 'static,
    Args: Arguments<Via>,
{
    fn bound(self, view: &Arc<V>) -> AnyFunction {
        taking::<V, Via, Args>(view.clone(), move |view, _, args| Box::pin(self.call((view,), args)))
    }
}

/// What calls a function of a view with what was extracted.
struct Taking<V, Via, Args, F> {
    view: Arc<V>,
    call: F,
    /// Whether an extractor wants what the route captured.
    wants_path: bool,
    takes: PhantomData<fn() -> (Via, Args)>,
}

fn taking<V, Via, Args>(
    view: Arc<V>,
    call: impl for<'a> Fn(&'a V, &'a Request, Args) -> BoxFuture<'a, Result<Response>> + Send + Sync + 'static,
) -> AnyFunction
where
    V: Send + Sync + 'static,
    Via: 'static,
    Args: Arguments<Via>,
{
    AnyFunction(Arc::new(Taking { view, call, wants_path: Args::wants_path(), takes: PhantomData }))
}

impl<V, Via, Args, F> Answers for Taking<V, Via, Args, F>
where
    V: Send + Sync + 'static,
    Via: 'static,
    Args: Arguments<Via>,
    F: for<'a> Fn(&'a V, &'a Request, Args) -> BoxFuture<'a, Result<Response>> + Send + Sync + 'static,
{
    fn answer<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response>> {
        Box::pin(async move {
            let args = Args::extracted(request, self.wants_path).await?;
            (self.call)(&self.view, request, args).await
        })
    }
}
