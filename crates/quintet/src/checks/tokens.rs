//! Checks of the settings of tokens: what needs an app that is not there, what contradicts itself, what no browser could use.

use quintet_core::check::Message;

use crate::Settings;
use crate::settings::SameSite;

/// A setting, whether it is on, what it needs, and whether that is there.
struct Need {
    setting: &'static str,
    is_on: bool,
    needed: &'static str,
    is_there: bool,
}

pub(super) fn tokens(settings: &Settings) -> Vec<Message> {
    let (own, has) = (&settings.simple_jwt, |label| settings.installed_apps.iter().any(|app| app.label == label));
    let need = |setting, is_on, needed, is_there| Need { setting, is_on, needed, is_there };
    let app = "the app `quintet::apps::token_families()` in `installed_apps`";
    let families = "`simple_jwt.token_families`";
    let cookie = "`simple_jwt.refresh_cookie`";
    let needs = [
        need("token_families", own.token_families, app, has("token_families")),
        need("token_families", own.token_families, "`simple_jwt.jti_claim`", own.jti_claim.is_some()),
        need("reuse_interval", !own.reuse_interval.is_zero(), families, own.token_families),
        need("family_lifetime", own.family_lifetime.is_some(), families, own.token_families),
        need("check_token_family", own.check_token_family, families, own.token_families),
        need("revoke_on_password_change", own.revoke_on_password_change, families, own.token_families),
        need("jwk_source", !own.jwk_source.is_empty(), "an `algorithm` with key pairs", !own.algorithm.is_hmac()),
        need("refresh_cookie_only", own.refresh_cookie_only, cookie, own.refresh_cookie),
    ];
    let missing = needs.iter().filter(|need| need.is_on && !need.is_there).map(|need| {
        let text = format!("`simple_jwt.{}` is set and does nothing without {}.", need.setting, need.needed);
        Message::error("quintet.E020", text, format!("Add {}, or take the setting away.", need.needed))
    });
    missing.chain(cookies(settings)).collect()
}

fn cookies(settings: &Settings) -> Vec<Message> {
    let (own, cors) = (&settings.simple_jwt, &settings.cors);
    if !own.refresh_cookie {
        return vec![];
    }
    let mut messages = vec![];
    let name = own.refresh_cookie_name.as_str();
    let is_fit_for_host = own.refresh_cookie_path == "/" && own.refresh_cookie_domain.is_none();
    if name.starts_with("__Host-") && !is_fit_for_host {
        messages.push(Message::error(
            "quintet.E021",
            format!("No browser takes the cookie `{name}`: it begins with `__Host-`, and has a domain or another path than `/`."),
            "Name it `__Secure-..`, or take `refresh_cookie_path` and `refresh_cookie_domain` away.",
        ));
    }
    let has_front_ends = !cors.allowed_origins.is_empty() || !cors.allowed_origin_regexes.is_empty();
    let has_header = cors.allow_headers.iter().any(|header| header.eq_ignore_ascii_case("x-refresh-token"));
    if has_front_ends && !(has_header && cors.allow_credentials) {
        messages.push(Message::warning(
            "quintet.W020",
            "A front end of another origin cannot use the refresh cookie: its browser may not send the header or the cookie.",
            "Set `allow_credentials: true` in `cors`, and add `x-refresh-token` to its `allow_headers`.",
        ));
    }
    if own.refresh_cookie_samesite == SameSite::None {
        messages.push(Message::warning(
            "quintet.W021",
            "The refresh cookie comes with requests of any site: what is left against them are the header and the origin.",
            "Serve the front end and the API below one domain, and set `refresh_cookie_samesite: SameSite::Strict`.",
        ));
    }
    messages
}

/// What matters in production alone.
pub(super) fn deployed(settings: &Settings) -> Vec<Message> {
    let address = settings.simple_jwt.jwk_source.address().map(str::to_ascii_lowercase);
    let address = address.as_deref().and_then(|address| address.strip_prefix("http://"));
    let is_near = |address: &str| {
        let host = ["localhost", "127.0.0.1", "[::1]"].iter().find_map(|near| address.strip_prefix(near));
        host.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/', '?']))
    };
    if address.is_none_or(is_near) {
        return vec![];
    }
    vec![Message::warning(
        "quintet.W022",
        "The keys that tokens are checked by come with `http://`: whoever is on the way can put in keys of their own.",
        "Set an address with `https://` in `simple_jwt.jwk_source`.",
    )]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Algorithm, Cors, JwkSource, SimpleJwt, seconds};

    #[test]
    fn keys_that_anybody_could_change_on_the_way_are_warned_of() {
        for (address, is_warned) in [
            ("http://id.example.com/keys", true),
            ("HTTP://ID.example.com/keys", true),
            ("http://localhost.example.com/", true),
            ("http://localhost:8080/keys", false),
            ("http://[::1]/keys", false),
            ("https://id.example.com/keys", false),
        ] {
            let jwk_source = JwkSource::url(address);
            let settings =
                Settings { simple_jwt: SimpleJwt { jwk_source, ..SimpleJwt::default() }, ..Settings::default() };
            let ids: Vec<_> = deployed(&settings).iter().map(|message| message.id).collect();
            assert_eq!(ids, if is_warned { vec!["quintet.W022"] } else { vec![] }, "{address}");
        }
        assert!(deployed(&Settings::default()).is_empty());
    }

    #[allow(clippy::needless_pass_by_value, reason = "written as a struct")]
    fn ids(settings: Settings) -> Vec<&'static str> {
        tokens(&settings).iter().map(|message| message.id).collect()
    }

    #[test]
    fn a_setting_without_what_it_needs_is_an_error() {
        let with = |simple_jwt| Settings { simple_jwt, ..Settings::default() };
        assert_eq!(ids(with(SimpleJwt::default())), [""; 0]);
        let families = SimpleJwt { token_families: true, ..SimpleJwt::default() };
        assert_eq!(ids(with(families.clone())), ["quintet.E020"]);
        let installed = Settings { installed_apps: vec![crate::apps::token_families()], ..with(families) };
        assert_eq!(ids(installed), [""; 0]);
        for alone in [
            SimpleJwt { reuse_interval: seconds(1), ..SimpleJwt::default() },
            SimpleJwt { family_lifetime: Some(seconds(1)), ..SimpleJwt::default() },
            SimpleJwt { check_token_family: true, ..SimpleJwt::default() },
            SimpleJwt { revoke_on_password_change: true, ..SimpleJwt::default() },
            SimpleJwt { refresh_cookie_only: true, ..SimpleJwt::default() },
        ] {
            assert_eq!(ids(with(alone)), ["quintet.E020"]);
        }
        let jwk_source = JwkSource::url("https://id.example.com/keys");
        let by = |algorithm| with(SimpleJwt { jwk_source: jwk_source.clone(), algorithm, ..SimpleJwt::default() });
        assert_eq!(ids(by(Algorithm::HS256)), ["quintet.E020"]);
        assert_eq!(ids(by(Algorithm::RS256)), [""; 0]);
    }

    #[test]
    fn a_cookie_that_a_front_end_could_not_use_is_told() {
        let simple_jwt = SimpleJwt { refresh_cookie: true, ..SimpleJwt::default() };
        let cors = Cors { allowed_origins: vec!["https://a.example".into()], ..Cors::default() };
        let apart = Settings { simple_jwt: simple_jwt.clone(), cors: cors.clone(), ..Settings::default() };
        assert_eq!(ids(apart), ["quintet.W020"]);
        let mut allow_headers = cors.allow_headers.clone();
        allow_headers.push("X-Refresh-Token".into());
        let cors = Cors { allow_credentials: true, allow_headers, ..cors };
        let lax = SimpleJwt { refresh_cookie_samesite: SameSite::None, ..simple_jwt.clone() };
        assert_eq!(ids(Settings { simple_jwt: lax, cors, ..Settings::default() }), ["quintet.W021"]);
        let host = SimpleJwt {
            refresh_cookie_name: "__Host-refresh".into(),
            refresh_cookie_path: "/api/token/".into(),
            ..simple_jwt
        };
        assert_eq!(ids(Settings { simple_jwt: host, ..Settings::default() }), ["quintet.E021"]);
    }

    #[test]
    fn a_weak_fallback_of_the_secret_key_is_told() {
        let with = |keys: &[&str]| Settings {
            secret_key_fallbacks: keys.iter().map(|key| (*key).into()).collect(),
            ..Settings::default()
        };
        let told = |keys: &[&str]| {
            let messages = crate::checks::deployment(&with(keys));
            messages.iter().filter(|message| message.id == "security.W025").count()
        };
        assert_eq!((told(&[]), told(&["short"]), told(&["short", "shorter"])), (0, 1, 2));
    }
}
