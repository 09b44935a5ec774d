//! Permissions: rules that a request must pass, and those that a row must pass for it.
//!
//! A rule is a type with [`HasPermission`]; `&`, `|` and `!` make a [`Permission`] of rules, and several in a row are asked
//! one by one. Asked after authentication, before throttles.

mod built_in;
mod model;
mod object;

use std::fmt;
use std::future::{Future, ready};
use std::ops::{BitAnd, BitOr, Not};
use std::sync::Arc;

use http::Method;
use serde_json::Value;

use super::view_facts::ViewFacts;
use crate::http::{BoxFuture, Error, Request, Result, StatusCode};

pub use built_in::{AllowAny, IsAdminUser, IsAuthenticated, IsAuthenticatedOrReadOnly};
pub use model::{
    DjangoModelPermissions, DjangoModelPermissionsOrAnonReadOnly, DjangoObjectPermissions, ModelPermissions,
};
pub use object::Object;

/// One rule. `#[derive(Permission)]` lets `&`, `|` and `!` join it to others.
pub trait HasPermission: Send + Sync + 'static {
    /// Whether the request may go on.
    fn request(&self, request: &Request, view: &ViewFacts) -> impl Future<Output = Result<bool>> + Send {
        let _ = (request, view);
        ready(Ok(true))
    }

    /// Whether it may have this row: `object.get::<Note>()`. Asked for one row, never for those of a list.
    fn object(
        &self,
        request: &Request,
        view: &ViewFacts,
        object: Object<'_>,
    ) -> impl Future<Output = Result<bool>> + Send {
        let _ = (request, view, object);
        ready(Ok(true))
    }

    /// What a refusal says: a text, or an object or a list that is the body. In the reference's words, unless written.
    fn message(&self) -> Option<Value> {
        None
    }

    /// The code of a refusal, for programs; not part of the body.
    fn code(&self) -> &'static str {
        "permission_denied"
    }

    /// Whether a method lets those through who do not say who they are, for who describes the site; nothing where that
    /// depends.
    fn admits_anybody(&self, method: &Method) -> Option<bool> {
        let _ = method;
        None
    }
}

/// A rule, rules joined by `&`, `|` and `!`, or several: `(IsAuthenticated, IsOwner).into()`. The default means: as the
/// settings say.
///
/// Of several, each refuses in its own words; rules that are joined refuse as one, in the usual words.
#[derive(Clone, Default)]
pub enum Permission {
    /// As the setting `default_permission_classes` says.
    #[default]
    AsSettings,
    /// One rule.
    Is(Arc<dyn Rule>),
    /// Each of them, asked one by one.
    Each(Arc<[Permission]>),
    /// Both, as one rule.
    Both(Arc<(Permission, Permission)>),
    /// One of them at least.
    Either(Arc<(Permission, Permission)>),
    /// Not that.
    Not(Arc<Permission>),
}

/// A rule behind one type. Every [`HasPermission`] is one.
pub trait Rule: Send + Sync + 'static {
    /// See [`HasPermission::request`].
    fn request<'a>(&'a self, request: &'a Request, view: &'a ViewFacts) -> BoxFuture<'a, Result<bool>>;
    /// See [`HasPermission::object`].
    fn object<'a>(
        &'a self,
        request: &'a Request,
        view: &'a ViewFacts,
        object: Object<'a>,
    ) -> BoxFuture<'a, Result<bool>>;
    /// See [`HasPermission::message`].
    fn message(&self) -> Option<Value>;
    /// See [`HasPermission::code`].
    fn code(&self) -> &'static str;
    /// See [`HasPermission::admits_anybody`].
    fn admits_anybody(&self, method: &Method) -> Option<bool>;
    /// What it is called.
    fn name(&self) -> &'static str;
}

impl<P: HasPermission> Rule for P {
    fn request<'a>(&'a self, request: &'a Request, view: &'a ViewFacts) -> BoxFuture<'a, Result<bool>> {
        Box::pin(HasPermission::request(self, request, view))
    }

    fn object<'a>(
        &'a self,
        request: &'a Request,
        view: &'a ViewFacts,
        object: Object<'a>,
    ) -> BoxFuture<'a, Result<bool>> {
        Box::pin(HasPermission::object(self, request, view, object))
    }

    fn message(&self) -> Option<Value> {
        HasPermission::message(self)
    }

    fn code(&self) -> &'static str {
        HasPermission::code(self)
    }

    fn admits_anybody(&self, method: &Method) -> Option<bool> {
        HasPermission::admits_anybody(self, method)
    }

    fn name(&self) -> &'static str {
        std::any::type_name::<P>()
    }
}

/// What is asked of a rule.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) request: &'a Request,
    pub(crate) view: &'a ViewFacts,
    /// The row, where it is about one.
    pub(crate) object: Option<Object<'a>>,
    /// What stands for a choice that was not made.
    pub(crate) settings: &'a Permission,
}

impl Permission {
    /// The refusal, where a rule refuses: of the first that does.
    pub(crate) async fn check(&self, asked: Question<'_>) -> Result<(), Error> {
        if self.is_open() {
            return Ok(());
        }
        let mut rest = vec![self];
        while let Some(rule) = rest.pop() {
            match rule {
                Self::Each(rules) => rest.extend(rules.iter().rev()),
                Self::AsSettings if !matches!(asked.settings, Self::AsSettings) => rest.push(asked.settings),
                rule if !rule.holds(asked).await? => return Err(rule.denied(asked.request)),
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether it lets everybody through, without being asked.
    fn is_open(&self) -> bool {
        matches!(self, Self::Is(rule) if rule.name() == std::any::type_name::<AllowAny>())
    }

    fn holds<'a>(&'a self, asked: Question<'a>) -> BoxFuture<'a, Result<bool>> {
        match self {
            Self::AsSettings if matches!(asked.settings, Self::AsSettings) => Box::pin(ready(Ok(true))),
            Self::AsSettings => asked.settings.holds(asked),
            Self::Is(rule) => match asked.object {
                None => rule.request(asked.request, asked.view),
                Some(object) => rule.object(asked.request, asked.view, object),
            },
            Self::Each(rules) => Box::pin(async move {
                for rule in rules.iter() {
                    if !rule.holds(asked).await? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }),
            Self::Both(pair) => Box::pin(async move { Ok(pair.0.holds(asked).await? && pair.1.holds(asked).await?) }),
            Self::Either(pair) => {
                Box::pin(async move { Ok(pair.0.admits(asked).await? || pair.1.admits(asked).await?) })
            }
            Self::Not(rule) => Box::pin(async move { Ok(!rule.holds(asked).await?) }),
        }
    }

    /// One side of `|`: a side whose rule for requests does not hold says nothing about rows.
    async fn admits(&self, asked: Question<'_>) -> Result<bool> {
        let of_request = Question { object: None, ..asked };
        Ok((asked.object.is_none() || self.holds(of_request).await?) && self.holds(asked).await?)
    }

    /// 401 where credentials could help, else 403; in the rule's words.
    fn denied(&self, request: &Request) -> Error {
        if request.rest().asks_for_credentials() {
            return Error::not_authenticated();
        }
        match self {
            Self::Is(rule) => {
                let message = rule.message().unwrap_or_else(|| DENIED.into());
                Error::api(StatusCode::FORBIDDEN, rule.code(), message)
            }
            _ => Error::permission_denied(),
        }
    }
}

impl fmt::Debug for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AsSettings => f.write_str("AsSettings"),
            Self::Is(rule) => f.write_str(rule.name().rsplit("::").next().unwrap_or_default()),
            Self::Each(rules) => f.debug_list().entries(rules.iter()).finish(),
            Self::Both(pair) => write!(f, "({:?} & {:?})", pair.0, pair.1),
            Self::Either(pair) => write!(f, "({:?} | {:?})", pair.0, pair.1),
            Self::Not(rule) => write!(f, "!{rule:?}"),
        }
    }
}

impl<P: HasPermission> From<P> for Permission {
    fn from(rule: P) -> Self {
        Self::Is(Arc::new(rule))
    }
}

impl<R: Into<Self>> From<Vec<R>> for Permission {
    fn from(rules: Vec<R>) -> Self {
        Self::Each(rules.into_iter().map(Into::into).collect())
    }
}

macro_rules! several {
    ($($rule:ident)*) => {
        impl<$($rule: Into<Permission>),*> From<($($rule,)*)> for Permission {
            #[allow(non_snake_case, reason = "named as their types are")]
            fn from(($($rule,)*): ($($rule,)*)) -> Self {
                Self::from(vec![$(Into::<Self>::into($rule)),*])
            }
        }
    };
}

several!(A B);
several!(A B C);
several!(A B C D);

/// What the reference says where a rule has no words of its own.
const DENIED: &str = "You do not have permission to perform this action.";

impl<R: Into<Self>> BitAnd<R> for Permission {
    type Output = Self;

    fn bitand(self, other: R) -> Self {
        Self::Both(Arc::new((self, other.into())))
    }
}

impl<R: Into<Self>> BitOr<R> for Permission {
    type Output = Self;

    fn bitor(self, other: R) -> Self {
        Self::Either(Arc::new((self, other.into())))
    }
}

impl Not for Permission {
    type Output = Self;

    fn not(self) -> Self {
        Self::Not(Arc::new(self))
    }
}

/// Lets `&`, `|` and `!` join a rule to others: what `#[derive(Permission)]` writes.
#[macro_export]
macro_rules! permission_operators {
    ($type:ty) => {
        impl<R: ::std::convert::Into<$crate::rest::Permission>> ::std::ops::BitAnd<R> for $type {
            type Output = $crate::rest::Permission;

            fn bitand(self, other: R) -> Self::Output {
                $crate::rest::Permission::from(self) & other
            }
        }

        impl<R: ::std::convert::Into<$crate::rest::Permission>> ::std::ops::BitOr<R> for $type {
            type Output = $crate::rest::Permission;

            fn bitor(self, other: R) -> Self::Output {
                $crate::rest::Permission::from(self) | other
            }
        }

        impl ::std::ops::Not for $type {
            type Output = $crate::rest::Permission;

            fn not(self) -> Self::Output {
                !$crate::rest::Permission::from(self)
            }
        }
    };
}
