//! Checks of the CORS settings, part of a plain `check`.
//!
//! The reference's ids and conditions as far as typed settings leave them possible ([`IMPOSSIBLE`] lists the rest), plus
//! ours for what the reference lets pass: credentials for every origin, a regex without an end, a regex or header name
//! that cannot work. The decision about credentials is one function, which a site that is built asks as well.

use regex::Regex;
use regex_syntax::hir::Look;

use super::Message;
use crate::address;

/// What the checks look at.
#[derive(Debug, Clone, Default)]
pub struct CorsFacts {
    /// `cors.allow_all_origins`
    pub allow_all_origins: bool,
    /// `cors.allow_credentials`
    pub allow_credentials: bool,
    /// `cors.allowed_origins`
    pub allowed_origins: Vec<String>,
    /// `cors.allowed_origin_regexes`
    pub allowed_origin_regexes: Vec<String>,
    /// `cors.urls_regex`
    pub urls_regex: String,
    /// `cors.allow_headers`
    pub allow_headers: Vec<String>,
    /// `cors.allow_methods`
    pub allow_methods: Vec<String>,
    /// `cors.expose_headers`
    pub expose_headers: Vec<String>,
}

/// The id under which a server refuses to start when `debug` is off.
pub const ALL_ORIGINS_WITH_CREDENTIALS: &str = "quintet.E001";

/// The id of an origin's regex that more matches than is meant, because nothing ends it.
pub const REGEX_WITHOUT_END: &str = "quintet.W004";

/// Checks of the reference that cannot fail here, and why.
pub const IMPOSSIBLE: &[(&str, &str)] = &[
    ("corsheaders.E001", "`cors.allow_headers` is a list of strings by its type"),
    ("corsheaders.E002", "`cors.allow_methods` is a list of strings by its type"),
    ("corsheaders.E003", "`cors.allow_credentials` is a `bool` by its type"),
    ("corsheaders.E004", "`cors.preflight_max_age` is an unsigned number by its type"),
    ("corsheaders.E005", "`cors.allow_all_origins` is a `bool` by its type"),
    ("corsheaders.E006", "`cors.allowed_origins` is a list of strings by its type"),
    ("corsheaders.E007", "`cors.allowed_origin_regexes` is a list of strings by its type; a bad one is `quintet.E002`"),
    ("corsheaders.E008", "`cors.expose_headers` is a list of strings by its type"),
    ("corsheaders.E009", "`cors.urls_regex` is a string by its type; a bad one is `quintet.E002`"),
    ("corsheaders.E012", "there is no such setting: it does not compile"),
    ("corsheaders.E015", "`cors.allow_private_network` is a `bool` by its type"),
];

/// Everything that is wrong, in the reference's order, then what only we check.
pub fn cors(facts: &CorsFacts) -> Vec<Message> {
    let origins = facts.allowed_origins.iter().flat_map(|origin| check_origin(origin));
    let regexes = regexes(facts).into_iter().filter_map(|(setting, regex)| check_regex(setting, regex));
    let names = names(facts).into_iter().filter_map(|(setting, name)| check_name(setting, name));
    origins.chain(credentials_for_all(facts)).chain(endless(facts)).chain(regexes).chain(names).collect()
}

/// What browsers send from a sandbox and from a file, though neither has a host.
const SPECIAL_ORIGINS: &[&str] = &["null", "file://"];

fn check_origin(origin: &str) -> Vec<Message> {
    if SPECIAL_ORIGINS.contains(&origin) {
        return Vec::new();
    }
    let cleaned = address::cleaned(origin);
    let Some(split) = address::split(&cleaned).filter(|split| !split.scheme.is_empty() && !split.authority.is_empty())
    else {
        return vec![no_scheme_or_host(origin)];
    };
    let parts = [("path", split.path), ("query", split.query), ("fragment", split.fragment)];
    let bare = format!("{}://{}", split.scheme, split.authority);
    let present = parts.into_iter().filter(|(_, text)| !text.is_empty());
    present.map(|(part, _)| excess_part(origin, part, &bare)).collect()
}

fn no_scheme_or_host(origin: &str) -> Message {
    let hint = match origin {
        "*" => "to allow every origin set `allow_all_origins: true` in `cors`, without credentials".to_owned(),
        _ => "write scheme, host and port as the browser sends them: `https://example.com`, `http://localhost:5173`"
            .to_owned(),
    };
    Message::error(
        "corsheaders.E013",
        format!("The origin `{origin}` in `cors.allowed_origins` has no scheme or no host."),
        hint,
    )
}

fn excess_part(origin: &str, part: &str, bare: &str) -> Message {
    let text = format!(
        "The origin `{origin}` in `cors.allowed_origins` has a {part}, which no browser sends, so that it never matches."
    );
    Message::error("corsheaders.E014", text, format!("write `{bare}`"))
}

/// The one decision that both the checks and a site that is built take: why any website may act as a user who visits
/// it, or none where these settings do not let it.
pub fn anyone_with_credentials(
    allow_all_origins: bool,
    allow_credentials: bool,
    origin_regexes: &[String],
) -> Option<String> {
    if !allow_credentials {
        return None;
    }
    if allow_all_origins {
        return Some("`cors.allow_all_origins`".to_owned());
    }
    origin_regexes.iter().find(|regex| is_open(regex)).map(|regex| format!("the regex `{regex}`"))
}

/// What to do about [`anyone_with_credentials`].
pub const CREDENTIALS_HINT: &str = "list the front ends in `allowed_origins: env.list(\"CORS_ALLOWED_ORIGINS\", ..)`, or set `allow_credentials: false`";

/// A regex of origins or paths, as the middleware uses it: from the start, and to an end only where it says so.
///
/// # Errors
/// Where it is no regular expression of the `regex` crate.
pub fn from_start(regex: &str) -> Result<Regex, regex::Error> {
    Regex::new(&format!(r"\A(?:{regex})"))
}

/// No project means these hosts, so that a regex that accepts an origin of one accepts those of strangers.
const FOREIGN_HOSTS: &[&str] = &["any-origin-at-all", "foreign", "www.any-origin.foreign"];
/// A regex for strangers of one kind may be content with one of these.
const ENDINGS: &[&str] = &["invalid", "com", "org", "net", "io", "dev", "app", "co.uk"];

fn is_open(regex: &str) -> bool {
    let Ok(regex) = from_start(regex) else { return false };
    foreign_origins().any(|origin| regex.is_match(&origin))
}

fn foreign_origins() -> impl Iterator<Item = String> {
    let schemes = ["https", "http"].into_iter();
    let hosts = schemes.flat_map(|scheme| FOREIGN_HOSTS.iter().map(move |host| format!("{scheme}://{host}")));
    let named = hosts.flat_map(|host| ENDINGS.iter().map(move |ending| format!("{host}.{ending}")));
    let origins = named.chain(["http://198.51.100.7".to_owned(), "https://198.51.100.7".to_owned()]);
    origins.flat_map(|origin| [format!("{origin}:8443"), origin])
}

fn credentials_for_all(facts: &CorsFacts) -> Option<Message> {
    let cause =
        anyone_with_credentials(facts.allow_all_origins, facts.allow_credentials, &facts.allowed_origin_regexes)?;
    let text = format!("With {cause} and `cors.allow_credentials` any website can act as a user who visits it.");
    Some(Message::error(ALL_ORIGINS_WITH_CREDENTIALS, text, CREDENTIALS_HINT))
}

/// Regexes that also accept what begins like a good origin; those that accept anything have a message already.
fn endless(facts: &CorsFacts) -> impl Iterator<Item = Message> {
    let regexes = facts.allowed_origin_regexes.iter().filter(|_| facts.allow_credentials);
    regexes.filter(|regex| is_endless(regex) && !is_open(regex)).map(|regex| {
        let text = format!(
            "The regex `{regex}` in `cors.allowed_origin_regexes` has no end: it accepts every origin that begins as it \
             says, as `^https://example\\.com` accepts `https://example.com.evil.test`."
        );
        let whole = if regex.contains('|') { format!("(?:{regex})") } else { regex.clone() };
        Message::warning(REGEX_WITHOUT_END, text, format!("write `{whole}$`"))
    })
}

/// Whether the expression can match without being at the text's end.
fn is_endless(regex: &str) -> bool {
    let Ok(parsed) = regex_syntax::parse(regex) else { return false };
    !parsed.properties().look_set_suffix().contains(Look::End)
}

fn regexes(facts: &CorsFacts) -> Vec<(&'static str, &String)> {
    let origins = facts.allowed_origin_regexes.iter().map(|regex| ("cors.allowed_origin_regexes", regex));
    origins.chain([("cors.urls_regex", &facts.urls_regex)]).collect()
}

fn check_regex(setting: &str, regex: &str) -> Option<Message> {
    let error = Regex::new(regex).err()?.to_string();
    let cause = error.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let text = format!("The regex `{regex}` in `{setting}` does not compile: {cause}.");
    Some(Message::error(
        "quintet.E002",
        text,
        "use the syntax of the `regex` crate, which has no look-around and no back-references",
    ))
}

fn names(facts: &CorsFacts) -> Vec<(&'static str, &String)> {
    let lists = [
        ("cors.allow_headers", &facts.allow_headers),
        ("cors.allow_methods", &facts.allow_methods),
        ("cors.expose_headers", &facts.expose_headers),
    ];
    lists.into_iter().flat_map(|(setting, list)| list.iter().map(move |name| (setting, name))).collect()
}

fn check_name(setting: &str, name: &str) -> Option<Message> {
    let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    if !name.is_empty() && name.bytes().all(is_token) {
        return None;
    }
    let text = format!("The name {name:?} in `{setting}` cannot stand in an HTTP header.");
    Some(Message::error("quintet.E003", text, "write one name per entry, in ASCII, without spaces, commas or colons"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn facts() -> CorsFacts {
        CorsFacts { urls_regex: "^.*$".to_owned(), ..CorsFacts::default() }
    }

    fn with_origins(origins: &[&str]) -> CorsFacts {
        CorsFacts { allowed_origins: origins.iter().map(|&origin| origin.to_owned()).collect(), ..facts() }
    }

    fn ids(facts: &CorsFacts) -> Vec<&'static str> {
        cors(facts).iter().map(|message| message.id).collect()
    }

    fn recorded() -> Vec<Value> {
        let text = include_str!("../../../../oracle/vectors/cors_checks.json");
        let recording: Value = serde_json::from_str(text).expect("the recording is JSON");
        recording["cases"].as_array().expect("a list of cases").clone()
    }

    fn strings(value: &Value) -> Option<Vec<String>> {
        value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
    }

    /// `None` where the types do not let the settings be written down, or there is no such setting.
    fn typed(settings: &Value) -> Option<CorsFacts> {
        let mut facts = facts();
        for (name, value) in settings.as_object()? {
            match name.as_str() {
                "CORS_ALLOWED_ORIGINS" | "CORS_ORIGIN_WHITELIST" => facts.allowed_origins = strings(value)?,
                "CORS_ALLOWED_ORIGIN_REGEXES" => facts.allowed_origin_regexes = strings(value)?,
                "CORS_ALLOW_HEADERS" => facts.allow_headers = strings(value)?,
                "CORS_ALLOW_METHODS" => facts.allow_methods = strings(value)?,
                "CORS_EXPOSE_HEADERS" => facts.expose_headers = strings(value)?,
                "CORS_URLS_REGEX" => facts.urls_regex = value.as_str()?.to_owned(),
                "CORS_ALLOW_ALL_ORIGINS" => facts.allow_all_origins = value.as_bool()?,
                "CORS_ALLOW_CREDENTIALS" => facts.allow_credentials = value.as_bool()?,
                "CORS_PREFLIGHT_MAX_AGE" => drop(value.as_u64()?),
                _ => return None,
            }
        }
        Some(facts)
    }

    fn recorded_ids(case: &Value) -> Vec<String> {
        let issues = case["issues"].as_array().expect("a list of issues");
        issues.iter().map(|issue| issue["id"].as_str().unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn every_recorded_case_that_can_be_written_has_the_reference_ids() {
        let written: Vec<_> =
            recorded().iter().filter_map(|case| Some((case.clone(), typed(&case["settings"])?))).collect();
        assert!(written.len() >= 20, "{}", written.len());
        for (case, facts) in written {
            let ours: Vec<_> = ids(&facts).into_iter().filter(|id| !id.starts_with("quintet.")).collect();
            assert_eq!(ours, recorded_ids(&case), "{}", case["id"]);
        }
    }

    /// A removed setting shares the id E013 with origins.
    #[test]
    fn every_other_recorded_issue_is_listed_as_impossible() {
        for case in recorded().iter().filter(|case| typed(&case["settings"]).is_none()) {
            for id in recorded_ids(case).iter().filter(|id| *id != "corsheaders.E013") {
                assert!(IMPOSSIBLE.iter().any(|(listed, _)| listed == id), "{id}");
            }
        }
    }

    #[test]
    fn every_message_has_a_hint() {
        let wrong = CorsFacts {
            allow_all_origins: true,
            allow_credentials: true,
            allowed_origin_regexes: vec!["(".to_owned()],
            allow_headers: vec!["x y".to_owned()],
            ..with_origins(&["*", "a.test", "https://a.test/p?q#f"])
        };
        let messages = cors(&wrong);
        assert_eq!(messages.len(), 8);
        assert!(
            messages
                .iter()
                .all(|message| message.is_serious() && message.hint.as_deref().is_some_and(|hint| !hint.is_empty()))
        );
    }

    #[test]
    fn the_hint_for_a_path_is_the_origin_without_it() {
        assert_eq!(
            cors(&with_origins(&["https://app.test:8443/"]))[0].hint.as_deref(),
            Some("write `https://app.test:8443`")
        );
    }

    #[test]
    fn what_stands_before_the_colon_must_be_a_scheme() {
        for origin in ["1a://h.test", "h_p://h.test", "é://h.test", "://h.test"] {
            assert_eq!(ids(&with_origins(&[origin])), ["corsheaders.E013"], "{origin}");
        }
        assert_eq!(ids(&with_origins(&["h+p.x-1://h.test"])), [""; 0]);
    }

    #[test]
    fn a_star_among_the_origins_is_told_which_setting_it_means() {
        assert!(cors(&with_origins(&["*"]))[0].hint.as_deref().is_some_and(|hint| hint.contains("allow_all_origins")));
    }

    #[test]
    fn all_origins_with_credentials_is_an_error() {
        let both = CorsFacts { allow_all_origins: true, allow_credentials: true, ..facts() };
        assert_eq!(ids(&both), [ALL_ORIGINS_WITH_CREDENTIALS]);
        assert_eq!(ids(&CorsFacts { allow_credentials: false, ..both.clone() }), [""; 0]);
        assert_eq!(ids(&CorsFacts { allow_all_origins: false, ..both }), [""; 0]);
    }

    #[test]
    fn a_regex_that_accepts_any_origin_counts_as_all_origins() {
        let open = |regex: &str| CorsFacts {
            allow_credentials: true,
            allowed_origin_regexes: vec![regex.to_owned()],
            ..facts()
        };
        for regex in [
            ".*",
            "^http://.*",
            "^https://.*",
            r"^https://.*\.com",
            r"^https?://\w+\.io$",
            r"^https://[^/]+:\d+$",
            "https?://",
            "",
        ] {
            assert_eq!(ids(&open(regex)), [ALL_ORIGINS_WITH_CREDENTIALS], "{regex}");
        }
        for regex in [r"^https://[\w-]+\.example\.com$", r"https://(a|b)\.test\z", "^(?:null|https://a\\.test)$"] {
            assert_eq!(ids(&open(regex)), [""; 0], "{regex}");
        }
        assert_eq!(ids(&CorsFacts { allow_credentials: false, ..open(".*") }), [""; 0]);
    }

    /// `re.match` begins at the start: what only occurs further on is no match.
    #[test]
    fn a_regex_that_no_origin_begins_with_is_no_open_one() {
        let facts = CorsFacts {
            allow_credentials: true,
            allowed_origin_regexes: vec![r"any-origin[\w.-]*$".to_owned()],
            ..facts()
        };
        assert_eq!(ids(&facts), [""; 0]);
    }

    #[test]
    fn a_regex_without_an_end_is_a_warning_where_credentials_are_allowed() {
        let with = |regex: &str| CorsFacts {
            allow_credentials: true,
            allowed_origin_regexes: vec![regex.to_owned()],
            ..facts()
        };
        for regex in [r"^https://app\.example\.com", r"^https://a\.test$|^https://b\.test", r"^https://a\.test\$"] {
            assert_eq!(ids(&with(regex)), [REGEX_WITHOUT_END], "{regex}");
            assert_eq!(ids(&CorsFacts { allow_credentials: false, ..with(regex) }), [""; 0], "{regex}");
            assert!(!cors(&with(regex))[0].is_serious());
        }
        for regex in [r"^https://a\.test$", r"^https://a\.test\z", r"^(https://a\.test$|https://b\.test$)"] {
            assert_eq!(ids(&with(regex)), [""; 0], "{regex}");
        }
    }

    #[test]
    fn an_origin_that_the_middleware_refuses_is_refused_here() {
        for origin in
            ["https://[::1", "https://[1.2.3.4]", "https://a]", "https://a\u{2100}b.test", "https://a\u{ff1a}80"]
        {
            assert_eq!(ids(&with_origins(&[origin])), ["corsheaders.E013"], "{origin}");
        }
        assert_eq!(ids(&with_origins(&["https://[::1]:8443", "ht\ntps://a.test", "https://é.test"])), [""; 0]);
    }

    #[test]
    fn a_regex_with_look_around_is_refused_with_its_cause() {
        let message = &cors(&CorsFacts { urls_regex: "^/(?!admin)".to_owned(), ..facts() })[0];
        assert_eq!(message.id, "quintet.E002");
        assert!(message.text.contains("`cors.urls_regex`") && message.text.contains("look-around"), "{}", message.text);
    }

    #[test]
    fn a_name_that_would_break_a_header_is_refused() {
        let named = |name: &str| CorsFacts { expose_headers: vec![name.to_owned()], ..facts() };
        for name in ["", "a b", "a,b", "a:", "a\nb", "é"] {
            assert_eq!(ids(&named(name)), ["quintet.E003"], "{name:?}");
        }
        assert_eq!(ids(&named("X-Total-Count")), [""; 0]);
    }
}
