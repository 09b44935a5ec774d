//! Handlers of views: a project's `async fn(&self, &Request)`, behind one type.
//!
//! One box for each call; nothing behind it is generic.

use std::fmt::Display;
use std::sync::Arc;

use quintet_core::json::Object;

use super::view_choices::Choices;
use crate::http::{BoxFuture, Error, Request, Response, Result};
use crate::view::Handler;

/// An `async fn(&self, request: &Request) -> Result<Response>` of a view. Names the future, so that it can be asked to be
/// `Send`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot handle a request of `{V}`",
    note = "write `async fn name(&self, request: &Request) -> Result<Response>`; what it holds across an `.await` must be `Send`"
)]
pub trait MethodHandler<'a, V: 'a>: Fn(&'a V, &'a Request) -> Self::Future + Send + Sync {
    /// What the function returns.
    type Future: Future<Output = Result<Response>> + Send + 'a;
}

impl<'a, V: 'a, F, R> MethodHandler<'a, V> for F
where
    F: Fn(&'a V, &'a Request) -> R + Send + Sync,
    R: Future<Output = Result<Response>> + Send + 'a,
{
    type Future = R;
}

/// What answers a method of a view.
pub(crate) trait Answers: Send + Sync + 'static {
    fn answer<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response>>;
}

/// A method with its view.
struct Bound<V, H>(Arc<V>, H);

impl<V: Send + Sync + 'static, H: for<'a> MethodHandler<'a, V> + 'static> Answers for Bound<V, H> {
    fn answer<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response>> {
        Box::pin((self.1)(&self.0, request))
    }
}

pub(crate) fn bound<V: Send + Sync + 'static>(
    view: &Arc<V>,
    handler: impl for<'a> MethodHandler<'a, V> + 'static,
) -> Arc<dyn Answers> {
    Arc::new(Bound(view.clone(), handler))
}

/// What is boxed already.
pub(crate) type Boxing<V> = for<'a> fn(&'a V, &'a Request) -> BoxFuture<'a, Result<Response>>;

struct Made<V>(Arc<V>, Boxing<V>);

impl<V: Send + Sync + 'static> Answers for Made<V> {
    fn answer<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response>> {
        (self.1)(&self.0, request)
    }
}

pub(crate) fn made<V: Send + Sync + 'static>(view: &Arc<V>, handler: Boxing<V>) -> Arc<dyn Answers> {
    Arc::new(Made(view.clone(), handler))
}

/// A function, which has no view.
struct Alone<H>(H);

impl<H: for<'a> Handler<'a> + 'static> Answers for Alone<H> {
    fn answer<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response>> {
        Box::pin((self.0)(request))
    }
}

pub(crate) fn alone(handler: impl for<'a> Handler<'a> + 'static) -> Arc<dyn Answers> {
    Arc::new(Alone(handler))
}

/// What a view does around all of its handlers, whatever kind of view it is.
pub(crate) trait Hooks: Send + Sync + 'static {
    fn initial<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<()>>;
    fn handle_exception(&self, request: &Request, error: Error) -> Result<Response>;

    /// What a request decides for itself.
    fn choices(&self, _: &Request) -> Option<Choices> {
        None
    }

    fn finalize_response(&self, _: &Request, response: Response) -> Response {
        response
    }

    fn determine_metadata(&self, _: &Request, told: Object) -> Object {
        told
    }
}

/// What a view is called by `OPTIONS`, out of its type: `CreateUserView` is `Create User`.
pub(crate) fn shown_name(type_name: &str) -> String {
    title(&spaced(without_end(without_end(last_part(type_name), "View"), "ViewSet")))
}

/// The last part of a type's path, without parameters.
pub(crate) fn last_part(type_name: &str) -> &str {
    let path = type_name.split('<').next().unwrap_or_default();
    path.rsplit("::").find(|part| !part.starts_with('{')).unwrap_or_default()
}

fn without_end<'a>(name: &'a str, end: &str) -> &'a str {
    name.strip_suffix(end).filter(|rest| !rest.is_empty()).unwrap_or(name)
}

/// A space before each capital that begins a word.
fn spaced(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut spaced = String::with_capacity(name.len() + 4);
    for (at, letter) in letters.iter().enumerate() {
        let behind_small = at > 0 && letters[at - 1].is_ascii_lowercase();
        let before_other = letters.get(at + 1).is_some_and(|next| !next.is_ascii_uppercase());
        if letter.is_ascii_uppercase() && (behind_small || before_other) {
            spaced.push(' ');
        }
        spaced.push(if *letter == '_' { ' ' } else { *letter });
    }
    spaced.trim().to_owned()
}

/// Each run of letters begins with a capital, and has no other.
pub(super) fn title(text: &str) -> String {
    let mut inside = false;
    let mut titled = String::with_capacity(text.len());
    for letter in text.chars() {
        if inside {
            titled.extend(letter.to_lowercase());
        } else {
            titled.extend(letter.to_uppercase());
        }
        inside = letter.is_alphabetic();
    }
    titled
}

/// An action's name as `OPTIONS` shows it: `by_status` is `By status`.
pub(crate) fn pretty(name: impl Display) -> String {
    let spaced = name.to_string().replace('_', " ").to_lowercase();
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_called_by_its_type_as_the_reference_calls_it() {
        for (name, shown) in [
            ("app::CreateUserView", "Create User"),
            ("NoteListCreate", "Note List Create"),
            ("HTMLPage", "Html Page"),
            ("GenericHTML", "Generic Html"),
            ("View", "View"),
            ("a::b::Of<c::D>", "Of"),
            ("render_samples", "Render Samples"),
            ("APIRoot2View", "Api Root2"),
        ] {
            assert_eq!(shown_name(name), shown, "{name}");
        }
        assert_eq!(shown_name("shop::ProductViewSet"), "Product");
        assert_eq!(shown_name("ViewSet"), "View Set");
    }

    #[test]
    fn an_action_is_called_by_its_name() {
        assert_eq!(pretty("by_status"), "By status");
        assert_eq!(pretty("BY_x"), "By x");
        assert_eq!(pretty(""), "");
    }
}
