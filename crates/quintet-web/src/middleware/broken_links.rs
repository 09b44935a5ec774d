//! Tells the managers of links that lead nowhere: of answers with 404, where the request says which page it came from.

use http::StatusCode;
use http::header::{REFERER, USER_AGENT};

use super::Middleware;
use crate::http::{Request, Response};

/// Writes to `email.managers` of broken links, unless DEBUG is on. It stands in front of the middlewares whose answers it
/// is to see: first of all, mostly.
#[derive(Clone, Copy, Debug)]
pub struct BrokenLinkEmailsMiddleware;

impl Middleware for BrokenLinkEmailsMiddleware {
    fn name(&self) -> &'static str {
        "BrokenLinkEmailsMiddleware"
    }

    fn after(&self, request: &Request, response: &mut Response) {
        let options = request.site().options();
        if response.status() != StatusCode::NOT_FOUND || options.debug {
            return;
        }
        let (Ok(domain), Some(referer)) = (request.get_host(), request.header(REFERER)) else { return };
        let path = request.full_path();
        if is_ignored(request, &path, &domain, &referer) {
            return;
        }
        let internal = if is_internal(&domain, &referer) { "INTERNAL " } else { "" };
        let agent = request.header(USER_AGENT).unwrap_or("<none>".into());
        let address = request.client_ip().map_or_else(|| "<none>".to_owned(), |address| address.to_string());
        let text = format!("Referrer: {referer}\nRequested URL: {path}\nUser agent: {agent}\nIP address: {address}\n");
        options.mailer.tell_of_link(&path, format!("Broken {internal}link on {domain}"), text);
    }
}

/// Whether the page that has the link is of this site.
fn is_internal(domain: &str, referer: &str) -> bool {
    let rest = referer.strip_prefix("http://").or_else(|| referer.strip_prefix("https://"));
    rest.and_then(|rest| rest.strip_prefix(domain)).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether it is nobody's mistake: a program that makes up where it comes from, a search, a path that the settings name.
fn is_ignored(request: &Request, path: &str, domain: &str, referer: &str) -> bool {
    let site = request.site();
    let is_slash = site.options().http.append_slash && path.strip_suffix('/') == Some(referer);
    let is_search = !is_internal(domain, referer) && referer.contains('?');
    let (host, place) = split(referer);
    let is_itself = (host.is_empty() || host == domain) && place == path;
    referer.is_empty()
        || is_slash
        || is_search
        || is_itself
        || site.ignorable_404_urls().iter().any(|pattern| pattern.is_match(path))
}

/// The host of an address, and its path without a query.
fn split(address: &str) -> (&str, &str) {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let is_scheme = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    };
    let rest = match address.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => rest,
        _ => address,
    };
    match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", rest),
    }
}
