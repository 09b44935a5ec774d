//! The address that a client asked for, as far as it is to be believed: scheme, host, port, absolute URLs; and the
//! client's own.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};

use http::StatusCode;
use http::header::HOST;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use quintet_core::address;

use super::super::{Error, Result, split_domain_port};
use super::Request;

impl Request {
    /// The path and the query, safe for a `Location` header.
    pub fn full_path(&self) -> String {
        self.full_path_of(self.path())
    }

    pub(crate) fn full_path_of(&self, path: &str) -> String {
        let mut text = utf8_percent_encode(path, ESCAPED_IN_PATH).to_string();
        if let Some(query) = self.query_string().filter(|query| !query.is_empty()) {
            text.push('?');
            text.push_str(&iri_to_uri(query));
        }
        text
    }

    /// `http` or `https`, by the connection or by the header that `security.proxy_ssl_header` trusts.
    pub fn scheme(&self) -> &'static str {
        if self.is_secure() { "https" } else { "http" }
    }

    /// Whether the client came by HTTPS.
    pub fn is_secure(&self) -> bool {
        if let Some((name, secure)) = &self.0.site.options().security.proxy_ssl_header
            && let Some(value) = self.header(name)
        {
            return value.split(',').next().unwrap_or_default().trim() == secure;
        }
        self.0.peer.tls
    }

    /// The host that the client asked for, checked against `allowed_hosts`; the 400 page where it is refused.
    pub fn get_host(&self) -> Result<Cow<'_, str>> {
        let host = self.raw_host();
        let (domain, _) = split_domain_port(&host);
        if domain.is_empty() {
            return Err(refused_host(&host, "it is not valid by RFC 1034/1035"));
        }
        if !self.0.site.host_is_allowed(&domain) {
            return Err(refused_host(&host, "add it to `allowed_hosts`"));
        }
        drop(domain);
        Ok(host)
    }

    fn raw_host(&self) -> Cow<'_, str> {
        let trusted = self.0.site.options().http.use_x_forwarded_host;
        let forwarded = trusted.then(|| self.header("x-forwarded-host")).flatten();
        forwarded
            .or_else(|| self.header(HOST))
            .or_else(|| self.authority())
            .or_else(|| self.local())
            .unwrap_or_default()
    }

    /// HTTP/2 names the host in the address, not in a header.
    fn authority(&self) -> Option<Cow<'_, str>> {
        self.uri().authority().map(|authority| authority.as_str().into())
    }

    /// Our end of the connection, for a client of HTTP/1.0 that names no host.
    fn local(&self) -> Option<Cow<'_, str>> {
        let address = self.0.peer.local?;
        let usual = if self.is_secure() { 443 } else { 80 };
        let text = address.to_string();
        let host = if address.port() == usual { text.rsplit_once(':').map_or("", |(host, _)| host) } else { &text };
        Some(host.to_owned().into())
    }

    /// The port that the client asked for, as far as it is known.
    pub fn get_port(&self) -> Option<u16> {
        let trusted = self.0.site.options().http.use_x_forwarded_port;
        let forwarded = trusted.then(|| self.header("x-forwarded-port")).flatten();
        let host = self.raw_host();
        let (_, port) = split_domain_port(&host);
        forwarded.and_then(|port| port.trim().parse().ok()).or_else(|| port.parse().ok())
    }

    /// The absolute address of a location on this site, by the host that the client asked for: of a path from the root,
    /// of one relative to the current path, or of what is absolute already.
    pub fn build_absolute_uri(&self, location: &str) -> Result<String> {
        let cleaned = address::cleaned(location);
        let Some(parts) = address::split(&cleaned) else {
            return Err(Error::internal(format!("`{}` is no address", location.escape_debug())));
        };
        if !parts.scheme.is_empty() && !parts.authority.is_empty() {
            return Ok(iri_to_uri(location));
        }
        let root = format!("{}://{}", self.scheme(), self.get_host()?);
        let relative = !parts.path.starts_with('/') || parts.path.contains("/./") || parts.path.contains("/../");
        if parts.scheme.is_empty() && parts.authority.is_empty() && !relative {
            return Ok(iri_to_uri(&(root + location.strip_prefix("//").unwrap_or(location))));
        }
        let joined = address::join(&(root + self.path()), location);
        joined
            .map(|uri| iri_to_uri(&uri))
            .ok_or_else(|| Error::internal("the address of this request cannot be joined"))
    }

    /// The absolute address of this request.
    pub fn absolute_uri(&self) -> Result<String> {
        self.build_absolute_uri(&format!("//{}", self.full_path()))
    }

    /// The client's address: the connection's, or what the outermost trusted proxy wrote into `X-Forwarded-For`
    /// where `server.trusted_proxies` says how many there are.
    pub fn client_ip(&self) -> Option<IpAddr> {
        let direct = self.0.peer.address.map(|address| address.ip());
        let trusted = self.0.site.options().server.trusted_proxies;
        if trusted == 0 {
            return direct;
        }
        let Some(forwarded) = self.header("x-forwarded-for") else {
            return direct;
        };
        let outermost = forwarded.rsplit(',').take(trusted).last().unwrap_or_default();
        forwarded_ip(outermost.trim()).or(direct)
    }
}

/// An address as proxies write it: alone, in brackets, with a port.
fn forwarded_ip(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()))
}

fn refused_host(host: &str, why: &str) -> Error {
    let shown: String = host.chars().take(200).collect();
    Error::page(StatusCode::BAD_REQUEST, format!("the host {shown:?} was refused: {why}"))
}

/// A decoded path as an address has it.
pub(crate) fn quoted(path: &str) -> String {
    utf8_percent_encode(path, ESCAPED_IN_PATH).to_string()
}

/// What the reference's `escape_uri_path` escapes.
const ESCAPED_IN_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b':')
    .remove(b'@')
    .remove(b'&')
    .remove(b'+')
    .remove(b'$')
    .remove(b',')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// What the reference's `iri_to_uri` escapes; a percent sign stays, so that nothing is escaped twice.
const ESCAPED_IN_URI: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'#')
    .remove(b'%')
    .remove(b'[')
    .remove(b']')
    .remove(b'=')
    .remove(b':')
    .remove(b';')
    .remove(b'$')
    .remove(b'&')
    .remove(b'(')
    .remove(b')')
    .remove(b'+')
    .remove(b',')
    .remove(b'!')
    .remove(b'?')
    .remove(b'*')
    .remove(b'@')
    .remove(b'\'')
    .remove(b'~')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.');

/// An address that may have any characters, as one that may stand in a header.
pub(in super::super) fn iri_to_uri(iri: &str) -> String {
    utf8_percent_encode(iri, ESCAPED_IN_URI).to_string()
}
