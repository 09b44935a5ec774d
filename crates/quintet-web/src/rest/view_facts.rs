//! What is known of a view before any request: for permissions, throttles, filters, pages and `OPTIONS`.
//!
//! Plain data, made once for each route.

use std::borrow::Cow;
use std::sync::Arc;

use http::Method;
use quintet_core::rest::Field;

use super::openapi::Operations;
use crate::http::{Request, Result};

/// The fields that a view shows to a request.
pub(crate) type Shown = fn(&Request) -> Result<Vec<Field>>;

/// A view, as its permissions and the like see it.
#[derive(Clone, Debug, Default)]
pub struct ViewFacts {
    /// What `OPTIONS` calls it: `Product List`.
    pub name: Cow<'static, str>,
    /// What `OPTIONS` says about it.
    pub description: Cow<'static, str>,
    /// The type that it is, by its path.
    pub type_name: &'static str,
    /// What it answers, with the action that a view set calls it; in the order of `Allow`.
    pub methods: Vec<(Method, Option<&'static str>)>,
    /// What it would answer, were the names of its methods not fewer.
    pub(crate) refused: Vec<(Method, Option<&'static str>)>,
    /// The fields that it shows, where it has a serializer.
    pub(crate) shown: Option<Shown>,
    /// Whether it is about one row; nothing for what is no view set.
    pub detail: Option<bool>,
    /// The other actions of its view set.
    pub(crate) actions: Arc<[ActionFacts]>,
    /// What the names of a view set's routes begin with.
    pub basename: Option<Cow<'static, str>>,
    /// The model of its query, as `(app, name)`.
    pub model: Option<(&'static str, &'static str)>,
    /// What [`ScopedRateThrottle`](super::throttle::ScopedRateThrottle) counts it by.
    pub throttle_scope: Option<Cow<'static, str>>,
    /// What is said of its operations.
    pub(crate) described: Arc<Operations>,
    /// Whether permissions of models do not apply, though it has no model: a router's root.
    pub ignores_model_permissions: bool,
}

/// An action of a project's own.
#[derive(Clone, Debug)]
pub(crate) struct ActionFacts {
    /// What people read.
    pub(crate) name: Cow<'static, str>,
    /// What stands behind the basename in the name of its route.
    pub(crate) url_name: Cow<'static, str>,
    /// Whether it is of one row.
    pub(crate) is_detail: bool,
}

impl ViewFacts {
    /// The action that a method means: `list`, `create`, `archive`; `metadata` for `OPTIONS`. Nothing for what is no view
    /// set.
    pub fn action(&self, method: &Method) -> Option<&'static str> {
        let mut all = self.methods.iter().chain(&self.refused);
        if self.detail.is_none() && all.clone().all(|(_, action)| action.is_none()) {
            return None;
        }
        if *method == Method::OPTIONS {
            return Some("metadata");
        }
        all.find(|(known, _)| known == method)?.1
    }

    /// Whether it answers a method.
    pub fn answers(&self, method: &Method) -> bool {
        self.methods.iter().any(|(known, _)| known == method)
    }

    /// The methods as `Allow` lists them.
    pub(crate) fn allow(&self) -> String {
        self.methods.iter().map(|(method, _)| method.as_str()).collect::<Vec<_>>().join(", ")
    }
}
