//! Users: their passwords, who they are, what they may do.
//!
//! Knows the user model by the registry and by its name in the settings, never by its type; knows no token and no view.

mod account;
pub(crate) mod base64;
pub(crate) mod chance;
mod create;
pub mod hashers;
mod login;
mod permissions;
mod pool;
mod safe_url;
mod session;
mod settings;
pub mod validators;
mod views;

pub(crate) use account::find_by;
pub use account::{Account, find};
pub use create::{new_superuser, new_user, normalize_email, normalize_username};
pub use hashers::PasswordHasher;
pub use login::{authenticate, hashed, no_active_account};
pub use safe_url::url_has_allowed_host_and_scheme;
pub(crate) use session::session_user;
pub use session::{AuthenticationMiddleware, login, logout, update_session_auth_hash};
pub use settings::{Accounts, Auth, Backend};
pub use validators::{PasswordProblem, PasswordValidator};
#[doc(hidden)]
pub use views::PageKind;
pub use views::{LoginForm, LoginView, LogoutView};
