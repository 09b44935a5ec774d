//! Which version of an API a request asks for: by the path, a namespace of routes, the host, a parameter, or `Accept`.

use std::fmt;
use std::sync::{Arc, LazyLock};

use regex::Regex;

use crate::http::{Error, Request, Result, StatusCode};

/// Finds the version in a request.
pub trait VersioningScheme: Send + Sync + 'static {
    /// The version that is asked for, or the default. `accepted` is the media type that was agreed upon, with its
    /// parameters.
    ///
    /// # Errors
    /// A version that is not allowed.
    fn determine(&self, request: &Request, accepted: &str) -> Result<Option<String>>;
}

/// How versions are asked for.
#[derive(Clone)]
pub struct Versioning(Arc<dyn VersioningScheme>);

impl Versioning {
    /// The scheme.
    pub fn scheme(&self) -> &dyn VersioningScheme {
        &*self.0
    }
}

impl<S: VersioningScheme> From<S> for Versioning {
    fn from(scheme: S) -> Self {
        Self(Arc::new(scheme))
    }
}

impl fmt::Debug for Versioning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Versioning(..)")
    }
}

/// A captured part of the path: `<str:version>/notes/`.
#[derive(Clone, Copy, Debug, Default)]
pub struct UrlPathVersioning;

/// A namespace of routes: `include("v1/", urls(), namespace = "v1")`.
#[derive(Clone, Copy, Debug, Default)]
pub struct NamespaceVersioning;

/// The first part of a host with three: `v1.example.com`.
#[derive(Clone, Copy, Debug, Default)]
pub struct HostNameVersioning;

/// A parameter: `?version=1.0`.
#[derive(Clone, Copy, Debug, Default)]
pub struct QueryParameterVersioning;

/// A parameter of the media type: `Accept: application/json; version=1.0`.
#[derive(Clone, Copy, Debug, Default)]
pub struct AcceptHeaderVersioning;

impl VersioningScheme for UrlPathVersioning {
    fn determine(&self, request: &Request, _accepted: &str) -> Result<Option<String>> {
        let version = request.params().get(param(request)).map(str::to_owned).or_else(|| default(request));
        allowed(request, version, || not_found("Invalid version in URL path."))
    }
}

impl VersioningScheme for NamespaceVersioning {
    fn determine(&self, request: &Request, _accepted: &str) -> Result<Option<String>> {
        let namespaces = request.namespaces();
        if namespaces.is_empty() {
            return Ok(default(request));
        }
        let found = namespaces.into_iter().find(|version| is_allowed(request, Some(version)));
        let unknown = || not_found("Invalid version in URL path. Does not match any version namespace.");
        found.map(Some).ok_or_else(unknown)
    }
}

impl VersioningScheme for HostNameVersioning {
    fn determine(&self, request: &Request, _accepted: &str) -> Result<Option<String>> {
        static HOST: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r"^([a-zA-Z0-9]+)\.[a-zA-Z0-9]+\.[a-zA-Z0-9]+$").ok());
        let host = request.get_host()?;
        let name = host.split(':').next().unwrap_or_default();
        let Some(found) = HOST.as_ref().and_then(|pattern| pattern.captures(name)) else { return Ok(default(request)) };
        allowed(request, Some(found[1].to_owned()), || not_found("Invalid version in hostname."))
    }
}

impl VersioningScheme for QueryParameterVersioning {
    fn determine(&self, request: &Request, _accepted: &str) -> Result<Option<String>> {
        let version = request.query()?.get(param(request)).map(str::to_owned).or_else(|| default(request));
        allowed(request, version, || not_found("Invalid version in query parameter."))
    }
}

impl VersioningScheme for AcceptHeaderVersioning {
    fn determine(&self, request: &Request, accepted: &str) -> Result<Option<String>> {
        let named = |part: &str| {
            let (name, value) = part.split_once('=')?;
            (name.trim().eq_ignore_ascii_case(param(request))).then(|| value.trim().trim_matches('"').to_owned())
        };
        let version = accepted.split(';').skip(1).find_map(named).or_else(|| default(request));
        allowed(request, version, || {
            Error::api(StatusCode::NOT_ACCEPTABLE, "not_acceptable", "Invalid version in \"Accept\" header.")
        })
    }
}

fn param(request: &Request) -> &str {
    &request.site().options().rest_framework.version_param
}

fn default(request: &Request) -> Option<String> {
    request.site().options().rest_framework.default_version.clone()
}

fn is_allowed(request: &Request, version: Option<&str>) -> bool {
    let settings = &request.site().options().rest_framework;
    settings.allowed_versions.is_empty()
        || version.is_some_and(|version| {
            settings.default_version.as_deref() == Some(version)
                || settings.allowed_versions.iter().any(|allowed| allowed == version)
        })
}

fn allowed(request: &Request, version: Option<String>, refusal: impl FnOnce() -> Error) -> Result<Option<String>> {
    if is_allowed(request, version.as_deref()) { Ok(version) } else { Err(refusal()) }
}

fn not_found(words: &str) -> Error {
    Error::api(StatusCode::NOT_FOUND, "not_found", words)
}
