//! The rules that look at the user alone.

use http::Method;

use super::HasPermission;
use crate::http::{Request, Result};
use crate::rest::view_facts::ViewFacts;

/// Methods that change nothing.
pub(crate) fn is_safe(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::OPTIONS].contains(method)
}

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident => |$request:ident| $holds:expr, |$method:ident| $anybody:expr;)*) => {
        $($(#[$doc])*
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $name;

        impl HasPermission for $name {
            async fn request(&self, $request: &Request, _: &ViewFacts) -> Result<bool> {
                Ok($holds)
            }

            fn admits_anybody(&self, $method: &Method) -> Option<bool> {
                Some($anybody)
            }
        }

        crate::permission_operators!($name);)*
    };
}

rules! {
    /// Everybody.
    AllowAny => |_request| true, |_method| true;
    /// Whoever is somebody.
    IsAuthenticated => |request| request.user().is_authenticated(), |_method| false;
    /// Those who run the site.
    IsAdminUser => |request| request.user().is_staff(), |_method| false;
    /// Whoever is somebody; to read, everybody.
    IsAuthenticatedOrReadOnly => |request| is_safe(request.method()) || request.user().is_authenticated(),
        |method| is_safe(method);
}
