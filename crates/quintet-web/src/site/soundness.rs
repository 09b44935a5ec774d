//! What would make a site dangerous or useless, told when it is built; and what is made ready then.

use http::HeaderName;
use quintet_core::check::cors::{CREDENTIALS_HINT, anyone_with_credentials};
use regex::Regex;

use super::SiteOptions;
use crate::cache::Caches;
use crate::config::{Http, Server};
use crate::sessions::SessionEngine;

/// Sessions that are kept in a cache need one.
pub(super) fn unkept(options: &SiteOptions, caches: &Caches) -> Option<String> {
    let needed = matches!(options.sessions.engine, SessionEngine::Cache | SessionEngine::CachedDatabase);
    let problem = needed.then(|| caches.problem(&options.sessions.cache_alias)).flatten()?;
    Some(format!("`sessions.cache_alias`: {problem}"))
}

/// What asks for sessions stands behind what begins them.
pub(super) fn out_of_order(options: &SiteOptions) -> Option<String> {
    let place = |name: &str| options.middleware.iter().position(|layer| layer.name() == name);
    let sessions = place("SessionMiddleware");
    let asking = [("AuthenticationMiddleware", true), ("CsrfViewMiddleware", options.csrf.use_sessions)];
    let early = asking
        .into_iter()
        .find(|(name, asks)| *asks && place(name).is_some_and(|at| sessions.is_none_or(|first| at < first)));
    early.map(|(name, _)| format!("`{name}` needs `SessionMiddleware` in front of it\nhint: put `SessionMiddleware.into()` before it in `middleware`"))
}

/// In production no check may be skipped for this: credentials for every origin.
pub(super) fn open_to_anyone(options: &SiteOptions) -> Option<String> {
    let cors = &options.cors;
    let cause = anyone_with_credentials(cors.allow_all_origins, cors.allow_credentials, &cors.allowed_origin_regexes)?;
    let problem =
        format!("`cors.allow_credentials` together with {cause} lets any website act as a user who visits it");
    (!options.debug).then(|| format!("{problem}\nhint: {CREDENTIALS_HINT}"))
}

/// A cache that is to count requests, and that there is not.
pub(super) fn uncounted(options: &SiteOptions, caches: &Caches) -> Option<String> {
    // What is wrong with a cache is told already.
    let name =
        options.rest_framework.throttle_counters.cache_name().filter(|name| !options.caches.contains_key(*name))?;
    caches.problem(name).map(|problem| format!("`rest_framework.throttle_counters`: {problem}"))
}

/// The regular expressions of agents that are refused, and of addresses that are no broken links.
pub(super) fn compiled_patterns(http: &Http) -> Result<[Vec<Regex>; 2], String> {
    let compiled = |setting: &str, patterns: &[String]| {
        let compiled = patterns.iter().map(|pattern| Regex::new(pattern)).collect::<Result<_, _>>();
        compiled.map_err(|error| format!("`http.{setting}` has an invalid regular expression: {error}"))
    };
    let agents = compiled("disallowed_user_agents", &http.disallowed_user_agents);
    Ok([agents?, compiled("ignorable_404_urls", &http.ignorable_404_urls)?])
}

pub(super) fn compiled_header(server: &Server) -> Result<Option<HeaderName>, String> {
    let name = &server.request_id_header;
    if name.is_empty() {
        return Ok(None);
    }
    HeaderName::try_from(name).map(Some).map_err(|_| format!("`server.request_id_header` is no header name: {name:?}"))
}
