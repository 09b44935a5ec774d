//! The rules by the permissions that come with models: `shop.add_product`, `shop.change_product`, `shop.delete_product`; and
//! the same with a map of one's own from methods to permissions.

use std::borrow::Cow;

use http::Method;

use super::built_in::is_safe;
use super::{HasPermission, Object};
use crate::http::{Error, Request, Result};
use crate::rest::view_facts::ViewFacts;

/// Users who have the model's permission for what the method does; to read, any user.
#[derive(Clone, Copy, Debug, Default)]
pub struct DjangoModelPermissions;

/// The same; to read, everybody.
#[derive(Clone, Copy, Debug, Default)]
pub struct DjangoModelPermissionsOrAnonReadOnly;

/// Users who have the model's permission, and that for the row: see [`AnyUser::has_object_perm`](crate::rest::AnyUser).
#[derive(Clone, Copy, Debug, Default)]
pub struct DjangoObjectPermissions;

/// One of the three rules with other permissions for some methods: see [`DjangoModelPermissions::perms`].
#[derive(Clone, Debug)]
pub struct ModelPermissions {
    map: Vec<(Method, Vec<Cow<'static, str>>)>,
    of: Of,
}

/// Who is asked for permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    /// Users; nobody else comes in.
    Users,
    /// Whoever it is: what needs no permission is for everybody.
    Everybody,
    /// Users, and then again for the row.
    Rows,
}

crate::permission_operators!(DjangoModelPermissions);
crate::permission_operators!(DjangoModelPermissionsOrAnonReadOnly);
crate::permission_operators!(DjangoObjectPermissions);
crate::permission_operators!(ModelPermissions);

/// What the methods need unless somebody says otherwise; what is not here is refused.
const USUAL: [(Method, &[&str]); 7] = [
    (Method::GET, &[]),
    (Method::OPTIONS, &[]),
    (Method::HEAD, &[]),
    (Method::POST, &["%(app_label)s.add_%(model_name)s"]),
    (Method::PUT, &["%(app_label)s.change_%(model_name)s"]),
    (Method::PATCH, &["%(app_label)s.change_%(model_name)s"]),
    (Method::DELETE, &["%(app_label)s.delete_%(model_name)s"]),
];

macro_rules! rules {
    ($($rule:ident of $of:ident;)*) => {$(
        impl $rule {
            /// The same with other permissions for a method: `perms(Method::GET, ["%(app_label)s.view_%(model_name)s"])`. All
            /// of them are needed; with none of them anybody may who comes that far.
            #[must_use]
            pub fn perms<P: Into<Cow<'static, str>>>(
                self,
                method: Method,
                permissions: impl IntoIterator<Item = P>,
            ) -> ModelPermissions {
                ModelPermissions { map: vec![], of: Of::$of }.perms(method, permissions)
            }
        }

        impl HasPermission for $rule {
            async fn request(&self, request: &Request, view: &ViewFacts) -> Result<bool> {
                may(Of::$of, &[], request, view).await
            }

            async fn object(&self, request: &Request, view: &ViewFacts, object: Object<'_>) -> Result<bool> {
                may_have(Of::$of, &[], request, view, object).await
            }
        }
    )*};
}

rules! {
    DjangoModelPermissions of Users;
    DjangoModelPermissionsOrAnonReadOnly of Everybody;
    DjangoObjectPermissions of Rows;
}

impl ModelPermissions {
    /// The same with other permissions for one more method.
    #[must_use]
    pub fn perms<P: Into<Cow<'static, str>>>(
        mut self,
        method: Method,
        permissions: impl IntoIterator<Item = P>,
    ) -> Self {
        self.map.retain(|(known, _)| *known != method);
        self.map.push((method, permissions.into_iter().map(Into::into).collect()));
        self
    }
}

impl HasPermission for ModelPermissions {
    async fn request(&self, request: &Request, view: &ViewFacts) -> Result<bool> {
        may(self.of, &self.map, request, view).await
    }

    async fn object(&self, request: &Request, view: &ViewFacts, object: Object<'_>) -> Result<bool> {
        may_have(self.of, &self.map, request, view, object).await
    }
}

type Map = [(Method, Vec<Cow<'static, str>>)];

async fn may(of: Of, map: &Map, request: &Request, view: &ViewFacts) -> Result<bool> {
    if of != Of::Everybody && !request.user().is_authenticated() {
        return Ok(false);
    }
    if view.ignores_model_permissions {
        return Ok(true);
    }
    for permission in needed(map, request.method(), view)? {
        if !request.user().has_perm(request, &permission).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whoever may not even read a row is not told that it is there.
async fn may_have(of: Of, map: &Map, request: &Request, view: &ViewFacts, object: Object<'_>) -> Result<bool> {
    if of != Of::Rows || has_all(map, request.method(), request, view, object).await? {
        return Ok(true);
    }
    if is_safe(request.method()) || !has_all(map, &Method::GET, request, view, object).await? {
        return Err(Error::http_404("Not found."));
    }
    Ok(false)
}

async fn has_all(map: &Map, method: &Method, request: &Request, view: &ViewFacts, object: Object<'_>) -> Result<bool> {
    for permission in needed(map, method, view)? {
        if !request.user().has_object_perm(request, &permission, object).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The permissions that a method needs.
fn needed(map: &Map, method: &Method, view: &ViewFacts) -> Result<Vec<String>> {
    let Some((app, model)) = view.model else {
        return Err(Error::unexpected(format!(
            "`{}` has no model, so permissions of models cannot be asked of it\nhint: give the view a `queryset`, or \
             another permission",
            view.type_name
        )));
    };
    let named =
        |template: &str| template.replace("%(app_label)s", app).replace("%(model_name)s", &model.to_lowercase());
    if let Some((_, own)) = map.iter().find(|(known, _)| known == method) {
        return Ok(own.iter().map(|template| named(template)).collect());
    }
    match USUAL.iter().find(|(known, _)| known == method) {
        Some((_, usual)) => Ok(usual.iter().map(|template| named(template)).collect()),
        None => Err(Error::method_not_allowed(method)),
    }
}
