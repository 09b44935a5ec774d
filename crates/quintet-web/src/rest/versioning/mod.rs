//! Which version of an API a request asks for, and addresses that stay within it.
//!
//! A scheme finds the version in a request and puts it into addresses; which versions there are says the view, or the
//! settings. The five of the reference are in `schemes`.

mod schemes;

use std::fmt::{self, Display};
use std::sync::Arc;

use super::config::RestFramework;
use super::reverse::absolute;
use crate::http::{Request, Result};

pub use schemes::{
    AcceptHeaderVersioning, HostNameVersioning, NamespaceVersioning, QueryParameterVersioning, UrlPathVersioning,
};

/// Finds the version in a request, and puts it into addresses.
pub trait VersioningScheme: Send + Sync + 'static {
    /// The version that is asked for, or the default.
    ///
    /// # Errors
    /// A version that is not allowed.
    fn determine(&self, request: &Request, versions: &Versions<'_>) -> Result<Option<String>>;

    /// Where a client writes the version, for who describes the site.
    fn place(&self) -> VersionPlace {
        VersionPlace::Elsewhere
    }

    /// The name of a route within a version; the name itself, unless versions are namespaces.
    fn route_name(&self, name: &str, version: &str) -> String {
        let _ = version;
        name.to_owned()
    }

    /// The whole address of a route within a version.
    ///
    /// # Errors
    /// There is no such route.
    fn reverse(&self, request: &Request, versions: &Versions<'_>, version: &str, route: Route<'_>) -> Result<String> {
        let _ = versions;
        absolute(request, &self.route_name(route.name, version), route.args)
    }
}

/// Where a client writes a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionPlace {
    /// In the path, as a parameter of the route.
    Path,
    /// In the path, as a namespace of routes.
    Namespace,
    /// In the name of the host.
    Host,
    /// In the query string.
    Query,
    /// As a parameter of the media type in `Accept`.
    Accept,
    /// Where only the scheme knows.
    Elsewhere,
}

/// A route by its name, with the values of its parameters.
#[derive(Clone, Copy)]
pub struct Route<'a> {
    /// The name: `note-detail`.
    pub name: &'a str,
    /// The values by parameter.
    pub args: &'a [(&'a str, &'a dyn Display)],
}

impl fmt::Debug for Route<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Route({})", self.name)
    }
}

/// A scheme with the versions that there are; what is not said is as the settings say.
///
/// ```
/// use quintet_web::rest::versioning::{UrlPathVersioning, Versioning};
///
/// let versions = Versioning::new(UrlPathVersioning).allowed_versions(["v1", "v2"]).default_version("v1");
/// ```
#[derive(Clone)]
pub struct Versioning {
    scheme: Arc<dyn VersioningScheme>,
    allowed: Option<Vec<String>>,
    default: Option<Option<String>>,
    param: Option<String>,
}

impl Versioning {
    /// A scheme, as the settings say.
    pub fn new(scheme: impl VersioningScheme) -> Self {
        Self { scheme: Arc::new(scheme), allowed: None, default: None, param: None }
    }

    /// The versions that there are, besides the default; any, where there are none. The setting is `allowed_versions`.
    #[must_use]
    pub fn allowed_versions(mut self, versions: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.allowed = Some(versions.into_iter().map(Into::into).collect());
        self
    }

    /// The version of a request that asks for none. The setting is `default_version`.
    #[must_use]
    pub fn default_version(mut self, version: impl Into<String>) -> Self {
        self.default = Some(Some(version.into()));
        self
    }

    /// A request that asks for none has none.
    #[must_use]
    pub fn without_default(mut self) -> Self {
        self.default = Some(None);
        self
    }

    /// What a version is called in paths, queries and `Accept`. The setting is `version_param`.
    #[must_use]
    pub fn version_param(mut self, name: impl Into<String>) -> Self {
        self.param = Some(name.into());
        self
    }

    /// The scheme.
    pub fn scheme(&self) -> &dyn VersioningScheme {
        &*self.scheme
    }

    /// What a version is called, which one counts where none is asked for, and which others there are.
    pub(crate) fn known<'a>(&'a self, settings: &'a RestFramework) -> (&'a str, Option<&'a str>, &'a [String]) {
        let versions = Versions { own: self, settings, accepted: "" };
        (versions.param(), versions.default(), self.allowed.as_ref().unwrap_or(&settings.allowed_versions))
    }

    pub(crate) fn determine(&self, request: &Request, accepted: &str) -> Result<Option<String>> {
        self.scheme.determine(request, &self.versions(request, accepted))
    }

    pub(crate) fn reverse(&self, request: &Request, version: &str, route: Route<'_>) -> Result<String> {
        self.scheme.reverse(request, &self.versions(request, ""), version, route)
    }

    fn versions<'a>(&'a self, request: &'a Request, accepted: &'a str) -> Versions<'a> {
        Versions { own: self, settings: &request.site().options().rest_framework, accepted }
    }
}

impl<S: VersioningScheme> From<S> for Versioning {
    fn from(scheme: S) -> Self {
        Self::new(scheme)
    }
}

impl fmt::Debug for Versioning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Versioning(..)")
    }
}

/// The versions that a view has, for its scheme.
#[derive(Clone, Copy, Debug)]
pub struct Versions<'a> {
    own: &'a Versioning,
    settings: &'a RestFramework,
    accepted: &'a str,
}

impl<'a> Versions<'a> {
    /// What a version is called.
    pub fn param(&self) -> &'a str {
        self.own.param.as_deref().unwrap_or(&self.settings.version_param)
    }

    /// The version of a request that asks for none.
    pub fn default(&self) -> Option<&'a str> {
        self.own.default.as_ref().unwrap_or(&self.settings.default_version).as_deref()
    }

    /// The media type that was agreed upon, with its parameters.
    pub fn accepted(&self) -> &'a str {
        self.accepted
    }

    /// Whether there is such a version.
    pub fn allow(&self, version: Option<&str>) -> bool {
        let allowed = self.own.allowed.as_ref().unwrap_or(&self.settings.allowed_versions);
        allowed.is_empty()
            || version.is_some_and(|version| {
                self.default() == Some(version) || allowed.iter().any(|allowed| allowed == version)
            })
    }
}
