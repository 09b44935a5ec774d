//! Who must say who they are: the schemes of authentications, and whether permissions let anybody through.

use http::Method;
use quintet_core::openapi::SecurityScheme;

use crate::rest::permission::Permission;
use crate::rest::view_choices::Choices;
use crate::site::Site;

/// The schemes of which one is needed, and whether none is.
pub(super) struct Guarded {
    pub(super) schemes: Vec<SecurityScheme>,
    /// How many authentications have no scheme that is known.
    pub(super) unknown: usize,
    pub(super) is_open: bool,
}

/// What guards a method.
pub(super) fn guarded(site: &Site, choices: &Choices, method: &Method) -> Guarded {
    let settings = &site.options().rest_framework;
    let ways = choices.authentication.or(&settings.default_authentication_classes);
    let schemes: Vec<Option<SecurityScheme>> = ways.iter().map(|way| way.scheme(site)).collect();
    let is_open = is_open(&choices.permissions, &settings.default_permission_classes, method).unwrap_or(false);
    Guarded {
        unknown: schemes.iter().filter(|scheme| scheme.is_none()).count(),
        schemes: schemes.into_iter().flatten().collect(),
        is_open,
    }
}

/// Whether a permission lets those through who do not say who they are; nothing where that is a rule of the project's.
fn is_open(permission: &Permission, settings: &Permission, method: &Method) -> Option<bool> {
    let of = |inner: &Permission| is_open(inner, settings, method);
    match permission {
        Permission::AsSettings => match settings {
            Permission::AsSettings => Some(true),
            own => is_open(own, &Permission::AsSettings, method),
        },
        Permission::Is(rule) => rule.admits_anybody(method),
        Permission::Each(rules) => all(rules.iter().map(of)),
        Permission::Both(pair) => all([of(&pair.0), of(&pair.1)].into_iter()),
        Permission::Either(pair) => match (of(&pair.0), of(&pair.1)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
        Permission::Not(rule) => of(rule).map(|open| !open),
    }
}

fn all(mut of: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut whole = Some(true);
    for one in &mut of {
        match one {
            Some(false) => return Some(false),
            None => whole = None,
            Some(true) => {}
        }
    }
    whole
}
