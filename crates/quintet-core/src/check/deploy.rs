//! Checks of `check --deploy`: what a project on the open net should have set.
//!
//! Ids and conditions are the reference's, recorded in `oracle/vectors/deploy_checks.json`; texts and hints are ours.
//! Knows plain facts, not the settings they come from.

use super::{Level, Message};
use crate::secrecy::Secret;

/// What the checks look at.
#[derive(Debug, Clone)]
pub struct DeployFacts {
    /// Whether `middleware` has the one that sets the security headers and redirects to HTTPS.
    pub security_middleware: bool,
    /// Whether `middleware` has the one that sets `X-Frame-Options`.
    pub x_frame_options_middleware: bool,
    /// `security.hsts_seconds`; 0 is off.
    pub hsts_seconds: u64,
    /// `security.hsts_include_subdomains`
    pub hsts_include_subdomains: bool,
    /// `security.hsts_preload`
    pub hsts_preload: bool,
    /// `security.content_type_nosniff`
    pub content_type_nosniff: bool,
    /// `security.ssl_redirect`
    pub ssl_redirect: bool,
    /// `security.referrer_policy`, taken apart at its commas; `None` sends no header.
    pub referrer_policy: Option<Vec<String>>,
    /// `security.cross_origin_opener_policy`; `None` sends no header.
    pub cross_origin_opener_policy: Option<String>,
    /// `security.x_frame_options`
    pub x_frame_options: String,
    /// `secret_key`
    pub secret_key: Secret,
    /// `secret_key_fallbacks`
    pub secret_key_fallbacks: Vec<Secret>,
    /// How keys begin that anyone can read, as they stand in a documentation or template.
    pub published_keys: Vec<String>,
    /// `debug`
    pub debug: bool,
    /// `allowed_hosts`
    pub allowed_hosts: Vec<String>,
    /// Sessions and CSRF protection; `None` where neither middleware is listed, so that no cookie authenticates anybody.
    pub sessions: Option<SessionFacts>,
}

/// What the checks of sessions and CSRF protection look at.
#[derive(Debug, Clone, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub struct SessionFacts {
    /// Whether `installed_apps` has the sessions.
    pub session_app: bool,
    /// Whether `middleware` has the sessions.
    pub session_middleware: bool,
    /// `sessions.cookie_secure`
    pub session_cookie_secure: bool,
    /// `sessions.cookie_httponly`
    pub session_cookie_httponly: bool,
    /// Whether `middleware` has the CSRF protection.
    pub csrf_middleware: bool,
    /// `csrf.use_sessions`: the token is in the session, and there is no cookie.
    pub csrf_use_sessions: bool,
    /// `csrf.cookie_secure`
    pub csrf_cookie_secure: bool,
}

/// Everything that is not as it should be.
pub fn deploy(facts: &DeployFacts) -> Vec<Message> {
    let rules = RULES.iter().filter(|rule| (rule.fails)(facts)).map(Rule::message);
    let session_rules =
        facts.sessions.iter().flat_map(|sessions| SESSION_RULES.iter().filter(|rule| (rule.fails)(sessions)));
    rules.chain(session_rules.map(Rule::message)).chain(keys(facts)).collect()
}

/// A condition and what to say where it holds.
struct Rule<F> {
    id: &'static str,
    level: Level,
    fails: fn(&F) -> bool,
    text: &'static str,
    hint: &'static str,
}

impl<F> Rule<F> {
    fn message(&self) -> Message {
        Message { level: self.level, ..Message::warning(self.id, self.text, self.hint) }
    }
}

const REFERRER_POLICIES: &[&str] = &[
    "no-referrer",
    "no-referrer-when-downgrade",
    "origin",
    "origin-when-cross-origin",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
    "unsafe-url",
];

const OPENER_POLICIES: &[&str] = &["same-origin", "same-origin-allow-popups", "unsafe-none"];

const RULES: &[Rule<DeployFacts>] = &[
    Rule {
        id: "security.W001",
        level: Level::Warning,
        fails: |facts| !facts.security_middleware,
        text: "The security middleware is missing, so HSTS, the HTTPS redirect and the security headers are all off.",
        hint: "add the security middleware to `middleware`, first in the list",
    },
    Rule {
        id: "security.W002",
        level: Level::Warning,
        fails: |facts| !facts.x_frame_options_middleware,
        text: "The frame options middleware is missing, so any site can show this one in a frame and steal clicks.",
        hint: "add the frame options middleware to `middleware`",
    },
    Rule {
        id: "security.W004",
        level: Level::Warning,
        fails: |facts| facts.security_middleware && facts.hsts_seconds == 0,
        text: "Browsers are not told to use HTTPS only: `security.hsts_seconds` is 0.",
        hint: "when everything is served over HTTPS, set `security: Security { hsts_seconds: 3600, .. }` and raise it step by step; browsers hold on to it for that long",
    },
    Rule {
        id: "security.W005",
        level: Level::Warning,
        fails: |facts| hsts(facts) && !facts.hsts_include_subdomains,
        text: "HSTS leaves out the subdomains, through which cookies can still be taken.",
        hint: "when every subdomain is served over HTTPS, set `hsts_include_subdomains: true` in `security`",
    },
    Rule {
        id: "security.W006",
        level: Level::Warning,
        fails: |facts| facts.security_middleware && !facts.content_type_nosniff,
        text: "Browsers may guess the type of a response: the header `X-Content-Type-Options` is off.",
        hint: "set `content_type_nosniff: true` in `security`",
    },
    Rule {
        id: "security.W008",
        level: Level::Warning,
        fails: |facts| facts.security_middleware && !facts.ssl_redirect,
        text: "Requests over plain HTTP are answered, not redirected to HTTPS.",
        hint: "set `ssl_redirect: true` in `security`, or let the proxy in front redirect and silence this check",
    },
    Rule {
        id: "security.W018",
        level: Level::Warning,
        fails: |facts| facts.debug,
        text: "`debug` is on, so that errors show the insides of the project to everyone.",
        hint: "set `DEBUG=false` in the environment, or `debug: false`",
    },
    Rule {
        id: "security.W019",
        level: Level::Warning,
        fails: |facts| facts.x_frame_options_middleware && facts.x_frame_options != "DENY",
        text: "Pages may be shown in frames: `security.x_frame_options` is not `DENY`.",
        hint: "set `x_frame_options: \"DENY\".into()` in `security`, unless the site frames its own pages",
    },
    Rule {
        id: "security.W020",
        level: Level::Warning,
        fails: |facts| facts.allowed_hosts.is_empty(),
        text: "`allowed_hosts` is empty, so that every request is refused once `debug` is off.",
        hint: "set `ALLOWED_HOSTS=example.com,www.example.com` in the environment, or `allowed_hosts` in the settings",
    },
    Rule {
        id: "security.W021",
        level: Level::Warning,
        fails: |facts| hsts(facts) && !facts.hsts_preload,
        text: "The site cannot enter the browsers' preload list: `security.hsts_preload` is off.",
        hint: "set `hsts_preload: true` in `security`, or silence this check where no preloading is wanted",
    },
    Rule {
        id: "security.W022",
        level: Level::Warning,
        fails: |facts| facts.security_middleware && facts.referrer_policy.is_none(),
        text: "No `Referrer-Policy` is sent, so that other sites may learn which page a visitor came from.",
        hint: "set `referrer_policy` in `security` to `same-origin`, the default",
    },
    Rule {
        id: "security.E023",
        level: Level::Error,
        fails: |facts| facts.security_middleware && facts.referrer_policy.as_ref().is_some_and(|list| !all_known(list)),
        text: "`security.referrer_policy` holds a value that browsers do not know.",
        hint: "use one or more of `no-referrer`, `no-referrer-when-downgrade`, `origin`, `origin-when-cross-origin`, `same-origin`, `strict-origin`, `strict-origin-when-cross-origin`, `unsafe-url`",
    },
    Rule {
        id: "security.E024",
        level: Level::Error,
        fails: |facts| {
            facts.security_middleware
                && facts.cross_origin_opener_policy.as_deref().is_some_and(|policy| !OPENER_POLICIES.contains(&policy))
        },
        text: "`security.cross_origin_opener_policy` is a value that browsers do not know.",
        hint: "use `same-origin`, `same-origin-allow-popups` or `unsafe-none`",
    },
    Rule {
        id: "quintet.W001",
        level: Level::Warning,
        fails: |facts| facts.allowed_hosts.iter().any(|host| host == "*"),
        text: "`allowed_hosts` holds `*`, so that a forged `Host` header gets into links and caches.",
        hint: "list the site's own names: `ALLOWED_HOSTS=example.com,www.example.com`",
    },
];

const SESSION_RULES: &[Rule<SessionFacts>] = &[
    Rule {
        id: "security.W003",
        level: Level::Warning,
        fails: |facts| !facts.csrf_middleware,
        text: "The CSRF middleware is missing, so that other sites can send forms in a user's name.",
        hint: "add `CsrfViewMiddleware.into()` to `middleware`",
    },
    Rule {
        id: "security.W010",
        level: Level::Warning,
        fails: |facts| facts.session_app && !facts.session_middleware && !facts.session_cookie_secure,
        text: "Sessions are installed, and their cookie also travels over plain HTTP.",
        hint: "set `sessions: Sessions { cookie_secure: true, .. }`",
    },
    Rule {
        id: "security.W011",
        level: Level::Warning,
        fails: |facts| !facts.session_app && facts.session_middleware && !facts.session_cookie_secure,
        text: "The session middleware is in use, and its cookie also travels over plain HTTP.",
        hint: "set `sessions: Sessions { cookie_secure: true, .. }`",
    },
    Rule {
        id: "security.W012",
        level: Level::Warning,
        fails: |facts| facts.session_app && facts.session_middleware && !facts.session_cookie_secure,
        text: "The session cookie also travels over plain HTTP, where it can be read.",
        hint: "set `sessions: Sessions { cookie_secure: true, .. }`",
    },
    Rule {
        id: "security.W013",
        level: Level::Warning,
        fails: |facts| facts.session_app && !facts.session_middleware && !facts.session_cookie_httponly,
        text: "Sessions are installed, and scripts can read their cookie.",
        hint: "set `cookie_httponly: true` in `sessions`",
    },
    Rule {
        id: "security.W014",
        level: Level::Warning,
        fails: |facts| !facts.session_app && facts.session_middleware && !facts.session_cookie_httponly,
        text: "The session middleware is in use, and scripts can read its cookie.",
        hint: "set `cookie_httponly: true` in `sessions`",
    },
    Rule {
        id: "security.W015",
        level: Level::Warning,
        fails: |facts| facts.session_app && facts.session_middleware && !facts.session_cookie_httponly,
        text: "Scripts can read the session cookie, an injected one too.",
        hint: "set `cookie_httponly: true` in `sessions`",
    },
    Rule {
        id: "security.W016",
        level: Level::Warning,
        fails: |facts| facts.csrf_middleware && !facts.csrf_use_sessions && !facts.csrf_cookie_secure,
        text: "The CSRF cookie also travels over plain HTTP, where it can be read.",
        hint: "set `csrf: Csrf { cookie_secure: true, .. }`",
    },
];

fn hsts(facts: &DeployFacts) -> bool {
    facts.security_middleware && facts.hsts_seconds > 0
}

fn all_known(policies: &[String]) -> bool {
    policies.iter().all(|policy| REFERRER_POLICIES.contains(&policy.as_str()))
}

const NEW_KEY: &str = "set a long random value in the environment: `SECRET_KEY=` and 50 or more characters";

fn keys(facts: &DeployFacts) -> Vec<Message> {
    let fallbacks = facts.secret_key_fallbacks.iter().enumerate();
    let fallbacks = fallbacks.map(|(at, key)| ("security.W025", format!("secret_key_fallbacks[{at}]"), key));
    let all = [("security.W009", "secret_key".to_owned(), &facts.secret_key)].into_iter().chain(fallbacks);
    all.flat_map(|(id, setting, key)| check_key(id, &setting, key.expose(), &facts.published_keys)).collect()
}

fn check_key(id: &'static str, setting: &str, key: &str, published: &[String]) -> Vec<Message> {
    let weak = weakness(key).map(|weakness| Message::warning(id, format!("`{setting}` {weakness}."), NEW_KEY));
    let known = published.iter().any(|prefix| !prefix.is_empty() && key.starts_with(prefix.as_str()));
    let known = known.then(|| {
        let text = format!("`{setting}` is published: it stands in a documentation or template that anyone can read.");
        Message::warning("quintet.W002", text, NEW_KEY)
    });
    weak.into_iter().chain(known).collect()
}

/// What makes a key easy to guess, by the reference's rule; counts characters, not bytes.
fn weakness(key: &str) -> Option<&'static str> {
    let mut different: Vec<char> = key.chars().collect();
    let length = different.len();
    different.sort_unstable();
    different.dedup();
    if key.is_empty() {
        Some("is empty")
    } else if key.starts_with("django-insecure-") {
        Some("begins with `django-insecure-`, as a key does that was made for development")
    } else if length < 50 {
        Some("has fewer than 50 characters")
    } else if different.len() < 5 {
        Some("has fewer than 5 different characters")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::report;
    use super::*;
    use serde_json::Value;

    const GOOD_KEY: &str = "k3y-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ";

    /// Everything as it should be.
    fn good() -> DeployFacts {
        DeployFacts {
            security_middleware: true,
            x_frame_options_middleware: true,
            hsts_seconds: 3600,
            hsts_include_subdomains: true,
            hsts_preload: true,
            content_type_nosniff: true,
            ssl_redirect: true,
            referrer_policy: Some(vec!["same-origin".to_owned()]),
            cross_origin_opener_policy: Some("same-origin".to_owned()),
            x_frame_options: "DENY".to_owned(),
            secret_key: GOOD_KEY.into(),
            secret_key_fallbacks: Vec::new(),
            published_keys: Vec::new(),
            debug: false,
            allowed_hosts: vec!["example.com".to_owned()],
            sessions: Some(good_sessions()),
        }
    }

    fn good_sessions() -> SessionFacts {
        SessionFacts {
            session_app: true,
            session_middleware: true,
            session_cookie_secure: true,
            session_cookie_httponly: true,
            csrf_middleware: true,
            csrf_use_sessions: false,
            csrf_cookie_secure: true,
        }
    }

    fn ids(facts: &DeployFacts) -> Vec<&'static str> {
        deploy(facts).iter().map(|message| message.id).collect()
    }

    fn changed(change: impl FnOnce(&mut DeployFacts)) -> Vec<&'static str> {
        let mut facts = good();
        change(&mut facts);
        ids(&facts)
    }

    fn changed_sessions(change: impl FnOnce(&mut SessionFacts)) -> Vec<&'static str> {
        let mut sessions = good_sessions();
        change(&mut sessions);
        ids(&DeployFacts { sessions: Some(sessions), ..good() })
    }

    #[test]
    fn a_project_that_has_everything_set_gets_no_message() {
        assert_eq!(ids(&good()), [""; 0]);
    }

    #[test]
    fn each_single_fault_gives_its_own_id() {
        assert_eq!(changed(|facts| facts.hsts_seconds = 0), ["security.W004"]);
        assert_eq!(changed(|facts| facts.hsts_include_subdomains = false), ["security.W005"]);
        assert_eq!(changed(|facts| facts.content_type_nosniff = false), ["security.W006"]);
        assert_eq!(changed(|facts| facts.ssl_redirect = false), ["security.W008"]);
        assert_eq!(changed(|facts| facts.debug = true), ["security.W018"]);
        assert_eq!(changed(|facts| facts.x_frame_options = "SAMEORIGIN".to_owned()), ["security.W019"]);
        assert_eq!(changed(|facts| facts.allowed_hosts.clear()), ["security.W020"]);
        assert_eq!(changed(|facts| facts.hsts_preload = false), ["security.W021"]);
        assert_eq!(changed(|facts| facts.referrer_policy = None), ["security.W022"]);
        assert_eq!(
            changed(|facts| facts.referrer_policy = Some(vec!["origin".to_owned(), "nope".to_owned()])),
            ["security.E023"]
        );
        assert_eq!(changed(|facts| facts.cross_origin_opener_policy = Some("nope".to_owned())), ["security.E024"]);
        assert_eq!(changed(|facts| facts.allowed_hosts.push("*".to_owned())), ["quintet.W001"]);
        assert_eq!(changed_sessions(|facts| facts.csrf_cookie_secure = false), ["security.W016"]);
    }

    #[test]
    fn without_the_security_middleware_its_settings_are_not_checked() {
        let bare = |facts: &mut DeployFacts| {
            facts.security_middleware = false;
            (facts.hsts_seconds, facts.ssl_redirect, facts.content_type_nosniff) = (0, false, false);
            (facts.referrer_policy, facts.cross_origin_opener_policy) = (None, Some("nope".to_owned()));
        };
        assert_eq!(changed(bare), ["security.W001"]);
    }

    #[test]
    fn without_the_frame_middleware_its_value_is_not_checked() {
        let bare = |facts: &mut DeployFacts| {
            (facts.x_frame_options_middleware, facts.x_frame_options) = (false, "X".to_owned());
        };
        assert_eq!(changed(bare), ["security.W002"]);
    }

    #[test]
    fn no_opener_policy_at_all_is_fine_as_in_the_reference() {
        assert_eq!(changed(|facts| facts.cross_origin_opener_policy = None), [""; 0]);
    }

    #[test]
    fn the_session_messages_depend_on_what_is_installed() {
        let cookie = |app, middleware| {
            changed_sessions(|facts| {
                (facts.session_app, facts.session_middleware) = (app, middleware);
                (facts.session_cookie_secure, facts.session_cookie_httponly) = (false, false);
            })
        };
        assert_eq!(cookie(true, false), ["security.W010", "security.W013"]);
        assert_eq!(cookie(false, true), ["security.W011", "security.W014"]);
        assert_eq!(cookie(true, true), ["security.W012", "security.W015"]);
        assert_eq!(cookie(false, false), [""; 0]);
    }

    #[test]
    fn without_csrf_middleware_its_cookie_is_not_checked() {
        assert_eq!(
            changed_sessions(|facts| (facts.csrf_middleware, facts.csrf_cookie_secure) = (false, false)),
            ["security.W003"]
        );
    }

    #[test]
    fn a_csrf_token_in_the_session_needs_no_secure_cookie() {
        assert_eq!(
            changed_sessions(|facts| (facts.csrf_use_sessions, facts.csrf_cookie_secure) = (true, false)),
            [""; 0]
        );
    }

    #[test]
    fn a_build_without_sessions_is_not_asked_about_them() {
        assert_eq!(changed(|facts| facts.sessions = None), [""; 0]);
    }

    #[test]
    fn weak_keys_are_told_from_good_ones() {
        let (short, even) = (&GOOD_KEY[..49], "abcd".repeat(20));
        for weak in ["", short, even.as_str(), &format!("django-insecure-{GOOD_KEY}"), &"é".repeat(49)] {
            assert_eq!(changed(|facts| facts.secret_key = weak.into()), ["security.W009"], "{weak}");
        }
        assert_eq!(changed(|facts| facts.secret_key = GOOD_KEY[..50].into()), [""; 0]);
        assert_eq!(changed(|facts| facts.secret_key = "abcde".repeat(10).into()), [""; 0]);
    }

    #[test]
    fn each_weak_fallback_is_named_by_its_place() {
        let facts =
            DeployFacts { secret_key_fallbacks: vec!["weak".into(), GOOD_KEY.into(), "weaker".into()], ..good() };
        let texts: Vec<_> = deploy(&facts).into_iter().map(|message| message.text).collect();
        assert_eq!(texts.len(), 2);
        assert!(
            texts[0].starts_with("`secret_key_fallbacks[0]`") && texts[1].starts_with("`secret_key_fallbacks[2]`"),
            "{texts:?}"
        );
    }

    #[test]
    fn a_published_key_is_found_by_its_beginning() {
        let published = |prefix: &str| changed(|facts| facts.published_keys = vec![prefix.to_owned()]);
        assert_eq!(published("k3y-0123"), ["quintet.W002"]);
        assert_eq!(published("other"), [""; 0]);
        assert_eq!(published(""), [""; 0]);
    }

    fn worst() -> DeployFacts {
        let sessions = SessionFacts {
            session_app: true,
            session_middleware: true,
            csrf_middleware: true,
            ..SessionFacts::default()
        };
        DeployFacts {
            hsts_seconds: 0,
            content_type_nosniff: false,
            ssl_redirect: false,
            referrer_policy: Some(vec![String::new()]),
            cross_origin_opener_policy: Some(String::new()),
            x_frame_options: String::new(),
            secret_key: "published".into(),
            secret_key_fallbacks: vec!["weak".into()],
            published_keys: vec!["pub".to_owned()],
            debug: true,
            allowed_hosts: vec!["*".to_owned()],
            sessions: Some(sessions),
            ..good()
        }
    }

    #[test]
    fn every_rule_has_a_text_and_a_hint() {
        let texts = RULES.iter().map(|rule| (rule.id, rule.text, rule.hint));
        let session_texts = SESSION_RULES.iter().map(|rule| (rule.id, rule.text, rule.hint));
        for (id, text, hint) in texts.chain(session_texts) {
            assert!(text.ends_with('.') && !hint.is_empty() && !hint.ends_with('.'), "{id}");
        }
        assert!(deploy(&worst()).iter().all(|message| message.hint.is_some()));
    }

    #[test]
    fn no_message_shows_a_key() {
        let shown = format!("{:?} {:?}", deploy(&worst()), worst().secret_key);
        assert!(!shown.contains("published\"") && !shown.contains("weak"), "{shown}");
    }

    #[test]
    fn ids_and_levels_are_those_of_the_recording_and_none_is_missing() {
        let text = include_str!("../../../../oracle/vectors/deploy_checks.json");
        let recorded: Value = serde_json::from_str(text).expect("the recording is an object");
        let level = |level: Level| if level == Level::Error { "Error" } else { "Warning" };
        let rules = RULES
            .iter()
            .map(|rule| (rule.id, rule.level))
            .chain(SESSION_RULES.iter().map(|rule| (rule.id, rule.level)));
        let mut ours: Vec<_> =
            rules.chain([("security.W009", Level::Warning), ("security.W025", Level::Warning)]).collect();
        ours.retain(|(id, _)| !id.starts_with("quintet."));
        let mut expected: Vec<&str> = recorded.as_object().expect("an object").keys().map(String::as_str).collect();
        expected.sort_unstable();
        ours.sort_unstable();
        assert_eq!(ours.iter().map(|(id, _)| *id).collect::<Vec<_>>(), expected);
        assert!(ours.iter().all(|(id, our)| recorded[id]["level"] == level(*our)));
    }

    fn recorded_matrix() -> Value {
        let text = include_str!("../../../../oracle/vectors/deploy_matrix.json");
        serde_json::from_str(text).expect("the recording is JSON")
    }

    /// The reference's settings as facts; `None` where our types do not let them be written down.
    fn typed(setting: impl Fn(&str) -> Value) -> Option<DeployFacts> {
        let flag = |name: &str| setting(name).as_bool();
        let holds =
            |list: &str, entry: &str| setting(list).as_array().is_some_and(|list| list.iter().any(|e| e == entry));
        let middleware = |entry: &str| holds("MIDDLEWARE", entry);
        let text = |name: &str| setting(name).as_str().map(str::to_owned);
        Some(DeployFacts {
            security_middleware: middleware("django.middleware.security.SecurityMiddleware"),
            x_frame_options_middleware: middleware("django.middleware.clickjacking.XFrameOptionsMiddleware"),
            hsts_seconds: if setting("SECURE_HSTS_SECONDS").is_null() {
                0
            } else {
                setting("SECURE_HSTS_SECONDS").as_u64()?
            },
            hsts_include_subdomains: flag("SECURE_HSTS_INCLUDE_SUBDOMAINS")?,
            hsts_preload: flag("SECURE_HSTS_PRELOAD")?,
            content_type_nosniff: flag("SECURE_CONTENT_TYPE_NOSNIFF")?,
            ssl_redirect: flag("SECURE_SSL_REDIRECT")?,
            referrer_policy: policies(&setting("SECURE_REFERRER_POLICY")),
            cross_origin_opener_policy: text("SECURE_CROSS_ORIGIN_OPENER_POLICY"),
            x_frame_options: text("X_FRAME_OPTIONS")?,
            secret_key: text("SECRET_KEY")?.into(),
            secret_key_fallbacks: list(&setting("SECRET_KEY_FALLBACKS")).into_iter().map(Secret::from).collect(),
            published_keys: Vec::new(),
            debug: flag("DEBUG")?,
            allowed_hosts: list(&setting("ALLOWED_HOSTS")),
            sessions: Some(SessionFacts {
                session_app: holds("INSTALLED_APPS", "django.contrib.sessions"),
                session_middleware: middleware("django.contrib.sessions.middleware.SessionMiddleware"),
                session_cookie_secure: flag("SESSION_COOKIE_SECURE")?,
                session_cookie_httponly: flag("SESSION_COOKIE_HTTPONLY")?,
                csrf_middleware: middleware("django.middleware.csrf.CsrfViewMiddleware"),
                csrf_use_sessions: flag("CSRF_USE_SESSIONS")?,
                csrf_cookie_secure: flag("CSRF_COOKIE_SECURE")?,
            }),
        })
    }

    fn list(value: &Value) -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    fn policies(value: &Value) -> Option<Vec<String>> {
        match value.as_str() {
            Some(text) => Some(text.split(',').map(|policy| policy.trim().to_owned()).collect()),
            None => value.is_array().then(|| list(value)),
        }
    }

    #[test]
    fn every_recorded_project_gets_the_reference_ids_in_its_order_and_its_exit_status() {
        let matrix = recorded_matrix();
        let mut tested = 0;
        for case in matrix["cases"].as_array().expect("a list of cases") {
            let setting = |name: &str| case["settings"].get(name).unwrap_or(&matrix["about"]["base"][name]).clone();
            let Some(facts) = typed(setting) else { continue };
            let mut messages = deploy(&facts);
            messages.retain(|message| !message.id.starts_with("quintet."));
            let report = report(messages, &list(&setting("SILENCED_SYSTEM_CHECKS")));
            let shown: Vec<_> = report.shown.iter().map(|message| (message.id, message.is_serious())).collect();
            let expected = case["ids"].as_array().expect("a list of ids");
            let expected: Vec<_> = expected.iter().map(|id| (id[0].as_str().unwrap_or(""), id[1] == "Error")).collect();
            let fail_level = Level::from_name(case["fail_level"].as_str().unwrap_or("")).expect("a level");
            assert_eq!(shown, expected, "{}", case["id"]);
            assert_eq!(report.silenced, case["silenced"], "{}", case["id"]);
            assert_eq!(u64::from(report.fails(fail_level)), case["exit"], "{}", case["id"]);
            tested += 1;
        }
        assert!(tested >= 90, "{tested} cases");
    }
}
