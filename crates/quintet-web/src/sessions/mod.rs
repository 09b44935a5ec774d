//! Sessions: what a site remembers of a browser from one request to the next, in the reference's rows and cookies, so that
//! a session made by either side is read by the other.
//!
//! [`SessionMiddleware`] begins one for each request and saves what was changed; [`Request::session`] is it. Nothing is read
//! before somebody asks. Knows no user: who logs in is the concern of `auth`.

mod expiry;
mod middleware;
mod session;
mod settings;
mod store;
mod visit;

pub use expiry::Expiry;
pub use middleware::SessionMiddleware;
pub use session::Session;
pub use settings::{SessionEngine, Sessions};
pub use store::clear_expired;

pub(crate) use visit::Visit;

#[cfg(doc)]
use crate::http::Request;
