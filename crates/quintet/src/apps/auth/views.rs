//! JSON endpoints about who is logged in and about passwords. A project routes them:
//! `path("api/user/me/", CurrentUserView, name = "current_user")`.

use std::marker::PhantomData;

use quintet_web::auth::{change_current_user, delete_current_user, show_current_user};
pub use quintet_web::auth::{LoginView, LogoutView, PasswordChangeView, PasswordResetConfirmView, PasswordResetView};

use super::models::User;
use crate::prelude::*;

/// `GET` shows who asks, `PATCH` changes the fields that are sent, `DELETE {"password"}` deletes the account.
///
/// Of the built-in user model; of a project's own, `CurrentUserView::of::<MemberSerializer>()`.
#[derive(Clone, Copy, Debug, Default)]
pub struct CurrentUserView;

impl CurrentUserView {
    /// The same by a serializer of the project's user model: what it shows is shown, what it takes can be changed.
    pub fn of<S: ModelSerializer>() -> CurrentUserViewOf<S> {
        CurrentUserViewOf(PhantomData)
    }
}

/// As [`CurrentUserView`], by a serializer of a project's own.
#[derive(Debug)]
pub struct CurrentUserViewOf<S>(PhantomData<fn() -> S>);

impl ApiView for CurrentUserView {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show).patch(Self::change).delete(Self::delete).takes::<CurrentUserSerializer>();
    }

    fn permissions(&self) -> Permission {
        IsAuthenticated.into()
    }
}

impl CurrentUserView {
    async fn show(&self, request: &Request) -> Result<Response> {
        show_current_user::<CurrentUserSerializer>(request).await
    }

    async fn change(&self, request: &Request) -> Result<Response> {
        change_current_user::<CurrentUserSerializer>(request).await
    }

    async fn delete(&self, request: &Request) -> Result<Response> {
        delete_current_user::<CurrentUserSerializer>(request).await
    }
}

impl<S: ModelSerializer> ApiView for CurrentUserViewOf<S> {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show).patch(Self::change).delete(Self::delete).takes::<S>();
    }

    fn permissions(&self) -> Permission {
        IsAuthenticated.into()
    }
}

impl<S: ModelSerializer> CurrentUserViewOf<S> {
    async fn show(&self, request: &Request) -> Result<Response> {
        show_current_user::<S>(request).await
    }

    async fn change(&self, request: &Request) -> Result<Response> {
        change_current_user::<S>(request).await
    }

    async fn delete(&self, request: &Request) -> Result<Response> {
        delete_current_user::<S>(request).await
    }
}

/// A user as the user sees it.
#[derive(Serializer)]
#[serializer(model = User, fields(id, username, email, first_name, last_name))]
pub struct CurrentUserSerializer;
