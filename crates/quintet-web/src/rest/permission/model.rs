//! The rules by the permissions that come with models: `shop.add_product`, `shop.change_product`, `shop.delete_product`.

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

crate::permission_operators!(DjangoModelPermissions);
crate::permission_operators!(DjangoModelPermissionsOrAnonReadOnly);
crate::permission_operators!(DjangoObjectPermissions);

impl HasPermission for DjangoModelPermissions {
    async fn request(&self, request: &Request, view: &ViewFacts) -> Result<bool> {
        Ok(request.user().is_authenticated() && may(request, view).await?)
    }
}

impl HasPermission for DjangoModelPermissionsOrAnonReadOnly {
    async fn request(&self, request: &Request, view: &ViewFacts) -> Result<bool> {
        may(request, view).await
    }
}

impl HasPermission for DjangoObjectPermissions {
    async fn request(&self, request: &Request, view: &ViewFacts) -> Result<bool> {
        Ok(request.user().is_authenticated() && may(request, view).await?)
    }

    async fn object(&self, request: &Request, view: &ViewFacts, object: Object<'_>) -> Result<bool> {
        match needed(request.method(), view)? {
            None => Ok(true),
            // Who may read is told that it is forbidden; as reading needs no permission, that is everybody who comes here.
            Some(permission) => request.user().has_object_perm(request, &permission, object).await,
        }
    }
}

async fn may(request: &Request, view: &ViewFacts) -> Result<bool> {
    if view.ignores_model_permissions {
        return Ok(true);
    }
    match needed(request.method(), view)? {
        None => Ok(true),
        Some(permission) => request.user().has_perm(request, &permission).await,
    }
}

/// The permission that a method needs; none to read.
fn needed(method: &Method, view: &ViewFacts) -> Result<Option<String>> {
    let Some((app, model)) = view.model else {
        return Err(Error::unexpected(format!(
            "`{}` has no model, so permissions of models cannot be asked of it\nhint: give the view a `queryset`, or \
             another permission",
            view.type_name
        )));
    };
    let verb = match *method {
        Method::POST => "add",
        Method::PUT | Method::PATCH => "change",
        Method::DELETE => "delete",
        _ if is_safe(method) => return Ok(None),
        _ => return Err(Error::method_not_allowed(method)),
    };
    Ok(Some(format!("{app}.{verb}_{}", model.to_lowercase())))
}
