//! JSON endpoints about who is logged in and about passwords. A project routes them:
//! `path("api/user/me/", CurrentUserView, name = "current_user")`.

use std::marker::PhantomData;

pub use quintet_web::auth::{LoginView, LogoutView, PasswordChangeView, PasswordResetConfirmView, PasswordResetView};
use quintet_web::auth::{change_current_user, delete_current_user, show_current_user};

use super::models::User;
use crate::prelude::*;
use crate::rest::openapi::{Describe, Operations};

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

    fn describe(&self, operations: &mut Operations) {
        describe::<CurrentUserSerializer>(operations);
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

    fn describe(&self, operations: &mut Operations) {
        describe::<S>(operations);
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

fn describe<S: ModelSerializer>(operations: &mut Operations) {
    let password =
        json!({ "type": "object", "properties": { "password": { "type": "string" } }, "required": ["password"] });
    let delete = Describe::new().summary("Deletes the account of who asks").takes_schema(password);
    operations.on(Method::GET, Describe::new().summary("Who asks").answers::<S>(200));
    operations.on(Method::PATCH, Describe::new().summary("Changes who asks").answers::<S>(200));
    operations.on(Method::DELETE, delete.answers_nothing(204).when("It is deleted."));
}

/// A user as the user sees it.
#[derive(Serializer)]
#[serializer(model = User, fields(id, username, email, first_name, last_name))]
pub struct CurrentUserSerializer;
