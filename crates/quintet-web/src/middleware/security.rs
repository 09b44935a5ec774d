//! HTTPS redirect and the headers that make browsers careful.

use http::header::{
    HeaderName, HeaderValue, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use regex::Regex;

use super::Middleware;
use crate::config::Security;
use crate::http::{Request, Response, Result, lasting};

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// Redirects to HTTPS and sets the headers of the `security` settings.
#[derive(Clone, Copy, Debug)]
pub struct SecurityMiddleware;

/// The settings, ready for use.
#[derive(Debug)]
pub(crate) struct CompiledSecurity {
    exempt: Vec<Regex>,
    hsts: Option<HeaderValue>,
    referrer: Option<HeaderValue>,
    opener: Option<HeaderValue>,
    frame: HeaderValue,
}

impl CompiledSecurity {
    pub(crate) fn new(settings: &Security) -> Result<Self, String> {
        let text = |name: &str, value: &str| {
            lasting(value).map_err(|_| format!("`security.{name}` has characters that no header can carry: {value:?}"))
        };
        let pattern = |pattern: &String| {
            Regex::new(pattern)
                .map_err(|error| format!("`security.redirect_exempt` has an invalid regular expression: {error}"))
        };
        let opener = settings.cross_origin_opener_policy.as_deref().filter(|policy| !policy.is_empty());
        Ok(Self {
            exempt: settings.redirect_exempt.iter().map(pattern).collect::<Result<_, _>>()?,
            hsts: (settings.hsts_seconds > 0).then(|| text("hsts_seconds", &hsts(settings))).transpose()?,
            referrer: match settings.referrer_policy.join(",") {
                policy if policy.is_empty() => None,
                policy => Some(text("referrer_policy", &policy)?),
            },
            opener: opener.map(|policy| text("cross_origin_opener_policy", policy)).transpose()?,
            frame: text("x_frame_options", &settings.x_frame_options.to_uppercase())?,
        })
    }
}

fn hsts(settings: &Security) -> String {
    let mut value = format!("max-age={}", settings.hsts_seconds);
    if settings.hsts_include_subdomains {
        value += "; includeSubDomains";
    }
    if settings.hsts_preload {
        value += "; preload";
    }
    value
}

impl Middleware for SecurityMiddleware {
    fn name(&self) -> &'static str {
        "SecurityMiddleware"
    }

    fn before(&self, request: &Request) -> Result<Option<Response>> {
        let site = request.site();
        let settings = &site.options().security;
        if !settings.ssl_redirect || request.is_secure() {
            return Ok(None);
        }
        let path = request.path().trim_start_matches('/');
        if site.compiled_security().exempt.iter().any(|exempt| exempt.is_match(path)) {
            return Ok(None);
        }
        let host = match settings.ssl_host.as_deref().filter(|host| !host.is_empty()) {
            Some(host) => host.into(),
            None => request.get_host()?,
        };
        Response::moved_to(&format!("https://{host}{}", request.full_path())).map(Some)
    }

    fn after(&self, request: &Request, response: &mut Response) {
        let site = request.site();
        let compiled = site.compiled_security();
        if let Some(hsts) = compiled.hsts.as_ref().filter(|_| request.is_secure()) {
            response.set_default(STRICT_TRANSPORT_SECURITY, || hsts.clone());
        }
        if site.options().security.content_type_nosniff {
            response.set_default(X_CONTENT_TYPE_OPTIONS, || HeaderValue::from_static("nosniff"));
        }
        if let Some(policy) = &compiled.referrer {
            response.set_default(REFERRER_POLICY, || policy.clone());
        }
        if let Some(policy) = &compiled.opener {
            response.set_default(OPENER_POLICY, || policy.clone());
        }
    }
}

/// Sets `X-Frame-Options` unless the view did, or asked to be exempt.
#[derive(Clone, Copy, Debug)]
pub struct XFrameOptionsMiddleware;

impl Middleware for XFrameOptionsMiddleware {
    fn name(&self) -> &'static str {
        "XFrameOptionsMiddleware"
    }

    fn after(&self, request: &Request, response: &mut Response) {
        if !response.is_frame_exempt() {
            response.set_default(X_FRAME_OPTIONS, || request.site().compiled_security().frame.clone());
        }
    }
}
