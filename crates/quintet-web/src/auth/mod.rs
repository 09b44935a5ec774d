//! Users: their passwords, who they are, what they may do.
//!
//! Knows the user model by the registry and by its name in the settings, never by its type; knows no token and no view.

mod account;
mod backends;
pub(crate) mod base64;
pub(crate) mod chance;
mod create;
mod credentials;
mod current_user;
pub mod hashers;
mod login;
mod password_views;
mod permissions;
mod pool;
mod reset;
mod reset_mail;
mod safe_url;
mod session;
mod settings;
pub mod validators;
mod views;

pub(crate) use account::find_by;
pub use account::{Account, find};
pub use backends::{AllowAllUsersModelBackend, AuthBackend, Backend, ModelBackend, Permissions};
pub use create::{new_superuser, new_user, normalize_email, normalize_username};
pub use credentials::{Asker, Credentials};
pub use current_user::{change_current_user, delete_current_user, show_current_user};
pub use hashers::PasswordHasher;
pub use login::{authenticate, authenticate_by, hashed, no_active_account};
pub use password_views::{PasswordChangeView, PasswordResetConfirmView, PasswordResetView};
pub use reset::{PasswordResetTokens, uid_of, user_of_uid};
pub use reset_mail::{PasswordReset, PasswordResetMail, link_template};
pub use safe_url::url_has_allowed_host_and_scheme;
pub(crate) use session::session_user;
pub use session::{AuthenticationMiddleware, login, logout, update_session_auth_hash};
pub use settings::{Accounts, Auth};
pub use validators::{PasswordProblem, PasswordValidator};
#[doc(hidden)]
pub use views::PageKind;
pub use views::{LoginForm, LoginView, LogoutView};
