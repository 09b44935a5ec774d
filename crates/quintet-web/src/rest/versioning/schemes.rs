//! The reference's schemes: a version in the path, a namespace of routes, the host, a parameter, or `Accept`.

use std::fmt::Display;
use std::sync::LazyLock;

use regex::Regex;

use super::{Route, VersionPlace, VersioningScheme, Versions, absolute};
use crate::http::{Error, Request, Result, StatusCode};
use crate::rest::pagination::replace_query_param;

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
    fn place(&self) -> VersionPlace {
        VersionPlace::Path
    }

    fn determine(&self, request: &Request, versions: &Versions<'_>) -> Result<Option<String>> {
        let version = request.params().get(versions.param()).or(versions.default());
        allowed(versions, version, || not_found("Invalid version in URL path."))
    }

    fn reverse(&self, request: &Request, versions: &Versions<'_>, version: &str, route: Route<'_>) -> Result<String> {
        let param = versions.param();
        let mut args: Vec<(&str, &dyn Display)> = route.args.to_vec();
        if !args.iter().any(|(name, _)| *name == param) {
            args.push((param, &version));
        }
        absolute(request, route.name, &args)
    }
}

impl VersioningScheme for NamespaceVersioning {
    fn place(&self) -> VersionPlace {
        VersionPlace::Namespace
    }

    fn determine(&self, request: &Request, versions: &Versions<'_>) -> Result<Option<String>> {
        let namespaces = request.namespaces();
        if namespaces.is_empty() {
            return Ok(versions.default().map(str::to_owned));
        }
        let found = namespaces.into_iter().find(|version| versions.allow(Some(version)));
        let unknown = || not_found("Invalid version in URL path. Does not match any version namespace.");
        found.map(Some).ok_or_else(unknown)
    }

    fn route_name(&self, name: &str, version: &str) -> String {
        format!("{version}:{name}")
    }
}

impl VersioningScheme for HostNameVersioning {
    fn place(&self) -> VersionPlace {
        VersionPlace::Host
    }

    fn determine(&self, request: &Request, versions: &Versions<'_>) -> Result<Option<String>> {
        static HOST: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r"^([a-zA-Z0-9]+)\.[a-zA-Z0-9]+\.[a-zA-Z0-9]+$").ok());
        let host = request.get_host()?;
        let name = host.split(':').next().unwrap_or_default();
        let Some(found) = HOST.as_ref().and_then(|pattern| pattern.captures(name)) else {
            return Ok(versions.default().map(str::to_owned));
        };
        allowed(versions, Some(&found[1]), || not_found("Invalid version in hostname."))
    }
}

impl VersioningScheme for QueryParameterVersioning {
    fn place(&self) -> VersionPlace {
        VersionPlace::Query
    }

    fn determine(&self, request: &Request, versions: &Versions<'_>) -> Result<Option<String>> {
        let version = request.query()?.get(versions.param()).or(versions.default());
        allowed(versions, version, || not_found("Invalid version in query parameter."))
    }

    fn reverse(&self, request: &Request, versions: &Versions<'_>, version: &str, route: Route<'_>) -> Result<String> {
        let address = absolute(request, route.name, route.args)?;
        Ok(replace_query_param(&address, versions.param(), version))
    }
}

impl VersioningScheme for AcceptHeaderVersioning {
    fn place(&self) -> VersionPlace {
        VersionPlace::Accept
    }

    fn determine(&self, _: &Request, versions: &Versions<'_>) -> Result<Option<String>> {
        let named = |part: &'_ str| {
            let (name, value) = part.split_once('=')?;
            let value = value.trim().trim_matches('"').to_owned();
            name.trim().eq_ignore_ascii_case(versions.param()).then_some(value)
        };
        let asked = versions.accepted().split(';').skip(1).find_map(named);
        let version = asked.as_deref().or(versions.default());
        allowed(versions, version, || {
            Error::api(StatusCode::NOT_ACCEPTABLE, "not_acceptable", "Invalid version in \"Accept\" header.")
        })
    }
}

fn allowed(versions: &Versions<'_>, version: Option<&str>, refusal: impl FnOnce() -> Error) -> Result<Option<String>> {
    if versions.allow(version) { Ok(version.map(str::to_owned)) } else { Err(refusal()) }
}

fn not_found(words: &str) -> Error {
    Error::api(StatusCode::NOT_FOUND, "not_found", words)
}
