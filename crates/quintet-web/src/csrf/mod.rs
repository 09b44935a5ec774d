//! Protection against forms that another site sends in a user's name: who changes something must know a secret that only
//! pages of this site can read.
//!
//! [`CsrfViewMiddleware`] keeps the secret in a cookie or in the session, and asks for it again, under a mask that is new
//! with every page, in a field of the form or in a header. Where the request comes from must fit as well. The reference's
//! rules and words.

mod check;
mod middleware;
mod origin;
mod page;
mod settings;
mod state;
mod token;

pub use middleware::CsrfViewMiddleware;
pub use page::CsrfFailure;
pub use settings::Csrf;

pub(crate) use check::{begin, exempt, finish, refusal};
pub(crate) use middleware::refused;
pub(crate) use state::State;

/// Given along with a request, its secret is not asked for: for tests.
#[derive(Clone, Copy, Debug)]
pub struct NotEnforced;
