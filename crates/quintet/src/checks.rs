//! System checks: the settings turned into facts, and the facts into messages.
//!
//! The conditions are in the core; here is what they are asked about, under which tag, and when.

mod backends;
mod caches;
mod mail;
mod routed;
mod tokens;

use std::path::Path;

use quintet_core::check::cors::{ALL_ORIGINS_WITH_CREDENTIALS, CorsFacts, cors};
use quintet_core::check::deploy::{DeployFacts, SessionFacts, deploy};
use quintet_core::check::models::ModelFacts;
use quintet_core::check::{Level, Message, Tag};
use quintet_core::database_url::DatabaseUrl;
use quintet_core::query::known_zone;
use quintet_core::schema::ModelState;
use quintet_web::http::split_domain_port;
use quintet_web::{Site, SiteOptions};

use crate::{App, Settings, registry};

/// Which checks to run.
#[derive(Debug, Default)]
pub(crate) struct Wanted<'a> {
    pub(crate) tags: Vec<&'a str>,
    pub(crate) apps: Vec<&'a str>,
    pub(crate) deploy: bool,
    /// To which databases to connect, with their names.
    pub(crate) databases: Vec<(&'a str, &'a DatabaseUrl)>,
}

/// A group of checks.
struct Group {
    tag: Tag,
    deploy: bool,
    run: fn(&Settings) -> Vec<Message>,
}

const GROUPS: [Group; 11] = [
    Group { tag: Tag::CACHES, deploy: false, run: caches::caches },
    Group { tag: Tag::COMPATIBILITY, deploy: false, run: core },
    Group { tag: Tag::FILES, deploy: false, run: mail::mail },
    Group { tag: Tag::MODELS, deploy: false, run: models },
    Group { tag: Tag::SECURITY, deploy: false, run: backends::backends },
    Group { tag: Tag::SECURITY, deploy: false, run: cross_origin },
    Group { tag: Tag::SECURITY, deploy: false, run: tokens::tokens },
    Group { tag: Tag::SECURITY, deploy: true, run: deployment },
    Group { tag: Tag::SECURITY, deploy: true, run: mail::deployed },
    Group { tag: Tag::SECURITY, deploy: true, run: tokens::deployed },
    Group { tag: Tag::URLS, deploy: false, run: routes },
];

/// The reference's tags, so that a script which names one runs here as well, though some have no check yet.
const TAGS: [Tag; 12] = [
    Tag::ADMIN,
    Tag::CACHES,
    Tag::COMMANDS,
    Tag::COMPATIBILITY,
    Tag::DATABASE,
    Tag::FILES,
    Tag::MODELS,
    Tag::SECURITY,
    Tag::STATICFILES,
    Tag::TEMPLATES,
    Tag::TRANSLATION,
    Tag::URLS,
];

/// Keys that anybody can read in our own documentation and tests.
const PUBLISHED_KEYS: [&str; 3] = ["oracle-secret-key-", "a-key-for-tests-only-", "change-me"];

/// What is run before a command: everything that needs no database and is not about production only.
///
/// A site under development may be open to all origins; in production that stops it.
pub(crate) fn plain(settings: &Settings) -> Vec<Message> {
    let mut messages = selected(settings, &Wanted::default());
    for message in messages.iter_mut().filter(|message| settings.debug && message.id == ALL_ORIGINS_WITH_CREDENTIALS) {
        message.level = Level::Warning;
    }
    messages
}

/// The messages of the checks that are wanted; an error names what is unknown, and the way out.
pub(crate) fn run(settings: &Settings, folder: &Path, wanted: &Wanted<'_>) -> Result<Vec<Message>, (String, String)> {
    let known = tags();
    if let Some(unknown) = wanted.tags.iter().find(|tag| !known.contains(&(**tag).to_owned())) {
        return Err((
            format!("there is no system check with the tag `{unknown}`"),
            format!("the tags are {}", known.join(", ")),
        ));
    }
    let labels: Vec<&str> = settings.installed_apps.iter().map(|app| app.label).collect();
    if let Some(unknown) = wanted.apps.iter().find(|label| !labels.contains(label)) {
        return Err((
            format!("no app has the label `{unknown}`"),
            format!("the installed apps are: {}", listed(&labels)),
        ));
    }
    let mut messages = selected(settings, wanted);
    if wanted.apps.is_empty() && wanted.has(Tag::DATABASE) {
        messages.extend(wanted.databases.iter().filter_map(|(alias, url)| unreachable_database(alias, url, folder)));
    }
    Ok(messages)
}

impl Wanted<'_> {
    /// No tag at all asks for every one.
    fn has(&self, tag: Tag) -> bool {
        self.tags.is_empty() || self.tags.contains(&tag.0)
    }
}

/// Ours, unless only some apps are asked for, then the apps' own, which have no tag.
fn selected(settings: &Settings, wanted: &Wanted<'_>) -> Vec<Message> {
    let ours = GROUPS
        .iter()
        .filter(|group| wanted.apps.is_empty() && wanted.has(group.tag) && (wanted.deploy || !group.deploy));
    let apps = settings
        .installed_apps
        .iter()
        .filter(|app| wanted.tags.is_empty() && (wanted.apps.is_empty() || wanted.apps.contains(&app.label)));
    let theirs = apps.flat_map(|app| app.checks.iter()).flat_map(|check| check(settings));
    ours.flat_map(|group| (group.run)(settings)).chain(theirs).collect()
}

fn listed(labels: &[&str]) -> String {
    if labels.is_empty() { "none".to_owned() } else { labels.join(", ") }
}

/// The tags, sorted.
pub(crate) fn tags() -> Vec<String> {
    let mut tags = TAGS.map(|tag| tag.0.to_owned()).to_vec();
    tags.sort();
    tags
}

fn core(settings: &Settings) -> Vec<Message> {
    let mut messages = Vec::new();
    if settings.secret_key.is_empty() {
        messages.push(Message::error(
            "quintet.E004",
            "The secret key is empty.",
            "Give `secret_key` 50 random characters: `secret_key: env.required(\"SECRET_KEY\")`, and a line in `.env`.",
        ));
    }
    let mut labels: Vec<&str> = settings.installed_apps.iter().map(|app| app.label).collect();
    labels.sort_unstable();
    for pair in labels.windows(2).filter(|pair| pair[0] == pair[1]) {
        messages.push(Message::error(
            "quintet.E005",
            format!("Two installed apps have the label `{}`.", pair[0]),
            "Give one of them another label in its `quintet::app!`.",
        ));
    }
    if let Err((problem, hint)) = known_zone(&settings.time_zone) {
        messages.push(Message::error("quintet.E013", format!("{problem}."), hint));
    }
    for host in settings.allowed_hosts.iter().filter(|host| !can_match(host)) {
        messages.push(Message::warning(
            "quintet.W005",
            format!("The host `{host}` in `allowed_hosts` can match no request."),
            "Write a name alone, as `example.com`: no scheme, port, path, brackets or quotes.",
        ));
    }
    messages.extend(trusted_origins(settings));
    if let Some(hint) = settings.database.hint() {
        messages.push(Message::warning("quintet.W003", format!("The database is `{}`.", settings.database), hint));
    }
    messages
}

/// Whether some request's host, which has no scheme and no port, can be the pattern.
fn can_match(pattern: &str) -> bool {
    let domain = pattern.strip_prefix('.').unwrap_or(pattern);
    let lower = domain.to_lowercase();
    let (name, port) = split_domain_port(&lower);
    pattern == "*" || (!name.is_empty() && name == lower && port.is_empty())
}

/// The models of all apps, with the lines that they stand in. A project that names no database is asked about none.
fn models(settings: &Settings) -> Vec<Message> {
    let state = registry::project_state(&settings.installed_apps, &settings.auth_user_model);
    let place = |model: &ModelState, field: Option<&str>| {
        let app = settings.installed_apps.iter().find(|app| app.label == model.app)?;
        let def = app.models.iter().find(|def| def.name == model.name)?;
        Some(def.place(field))
    };
    let dialect = Some(crate::manage::dialect(&settings.database));
    let messages = quintet_core::check::models::models(&ModelFacts { state: &state, dialect, place: &place });
    let messages = messages.into_iter().map(|message| routed::softened(settings, message));
    user_model(&settings.auth_user_model).into_iter().chain(messages).chain(routed::routed(settings, &state)).collect()
}

fn user_model(label: &str) -> Option<Message> {
    let is_label = label.split_once('.').is_some_and(|(app, model)| {
        let is_name = |part: &str| !part.is_empty() && !part.contains('.');
        is_name(app) && is_name(model)
    });
    (!is_label).then(|| {
        let text = format!("`auth_user_model` is `{label}`, and not an app and a model with a point between them");
        Message::error("models.E001", text, "write it so: `auth_user_model: \"accounts.User\"`")
    })
}

fn cross_origin(settings: &Settings) -> Vec<Message> {
    let own = &settings.cors;
    cors(&CorsFacts {
        allow_all_origins: own.allow_all_origins,
        allow_credentials: own.allow_credentials,
        allowed_origins: own.allowed_origins.clone(),
        allowed_origin_regexes: own.allowed_origin_regexes.clone(),
        urls_regex: own.urls_regex.clone(),
        allow_headers: own.allow_headers.clone(),
        allow_methods: own.allow_methods.clone(),
        expose_headers: own.expose_headers.clone(),
    })
}

fn deployment(settings: &Settings) -> Vec<Message> {
    let has = |name: &str| settings.middleware.iter().any(|layer| layer.name() == name);
    let security = &settings.security;
    deploy(&DeployFacts {
        security_middleware: has("SecurityMiddleware"),
        x_frame_options_middleware: has("XFrameOptionsMiddleware"),
        hsts_seconds: security.hsts_seconds,
        hsts_include_subdomains: security.hsts_include_subdomains,
        hsts_preload: security.hsts_preload,
        content_type_nosniff: security.content_type_nosniff,
        ssl_redirect: security.ssl_redirect,
        referrer_policy: (!security.referrer_policy.is_empty()).then(|| security.referrer_policy.clone()),
        cross_origin_opener_policy: security.cross_origin_opener_policy.clone(),
        x_frame_options: security.x_frame_options.clone(),
        secret_key: settings.secret_key.clone(),
        secret_key_fallbacks: settings.secret_key_fallbacks.clone(),
        published_keys: PUBLISHED_KEYS.map(str::to_owned).to_vec(),
        debug: settings.debug,
        allowed_hosts: settings.allowed_hosts.clone(),
        sessions: session_facts(settings),
    })
}

/// What the checks of sessions look at; nothing where no session is begun, and no cookie authenticates anybody.
fn session_facts(settings: &Settings) -> Option<SessionFacts> {
    let has = |name: &str| settings.middleware.iter().any(|layer| layer.name() == name);
    let (session_middleware, csrf_middleware) = (has("SessionMiddleware"), has("CsrfViewMiddleware"));
    (session_middleware || csrf_middleware).then(|| SessionFacts {
        session_app: settings.installed_apps.iter().any(|app| app.label == "sessions"),
        session_middleware,
        session_cookie_secure: settings.sessions.cookie_secure,
        session_cookie_httponly: settings.sessions.cookie_httponly,
        csrf_middleware,
        csrf_use_sessions: settings.csrf.use_sessions,
        csrf_cookie_secure: settings.csrf.cookie_secure,
    })
}

/// A trusted origin without a scheme would never be equal to any.
fn trusted_origins(settings: &Settings) -> impl Iterator<Item = Message> {
    settings.csrf.trusted_origins.iter().filter(|origin| !origin.contains("://")).map(|origin| {
        Message::error(
            "4_0.E001",
            format!(
                "`csrf.trusted_origins` must begin with a scheme (usually `http://` or `https://`), and has `{origin}`."
            ),
            "Write it so: `https://app.example.com`.",
        )
    })
}

/// A site that cannot be built, or routes that look like mistakes.
fn routes(settings: &Settings) -> Vec<Message> {
    match Site::build(settings.site_options()) {
        // What is wrong with the `cors` settings is said by their own check.
        Err(bad) => {
            bad.0.iter().filter(|problem| !problem.starts_with("`cors.")).map(|problem| unbuildable(problem)).collect()
        }
        Ok(site) => {
            let findings = site.route_table().findings(settings.http.append_slash).into_iter().map(|finding| {
                Message::warning(finding.id, finding.message, finding.hint).about(format!("{:?}", finding.route))
            });
            let unreached = settings.installed_apps.iter().filter(|app| is_unreached(app, &site, settings));
            findings.chain(unreached.map(unreachable)).collect()
        }
    }
}

/// Whether an app has views, and no route of the site leads to any of them.
fn is_unreached(app: &App, site: &Site, settings: &Settings) -> bool {
    let Some(urls) = app.urls else { return false };
    let Ok(alone) = Site::build(SiteOptions { urls, ..settings.site_options() }) else { return false };
    let reached: Vec<&str> = site.route_table().view_names().collect();
    let mut own = alone.route_table().view_names().peekable();
    own.peek().is_some() && own.all(|name| !reached.contains(&name))
}

fn unreachable(app: &App) -> Message {
    let label = app.label;
    Message::warning(
        "quintet.W006",
        format!("The app `{label}` has routes, but no `include` leads to them."),
        format!(
            "Add `include(\"{label}/\", crate::{label}::urls::urls(), namespace = \"{label}\"),` to `src/urls.rs`."
        ),
    )
}

fn unbuildable(problem: &str) -> Message {
    let (text, hint) =
        problem.split_once("\nhint: ").unwrap_or((problem, "Correct it in `src/settings.rs` or `src/urls.rs`."));
    Message::error("quintet.E006", text, hint)
}

fn unreachable_database(alias: &str, url: &DatabaseUrl, folder: &Path) -> Option<Message> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    let error = runtime.block_on(quintet_db::connect::server_version(url, folder)).err()?;
    Some(Message::error("quintet.E007", error.problem, error.hint).about(alias))
}

#[cfg(test)]
mod tests {
    use super::user_model;

    #[test]
    fn the_user_model_is_named_by_an_app_and_a_model() {
        let ids = |label| user_model(label).map(|message| message.id);
        assert_eq!((ids("auth.User"), ids("accounts.Member")), (None, None));
        for wrong in ["User", "", ".User", "auth.", "a.b.User"] {
            assert_eq!(ids(wrong), Some("models.E001"), "{wrong}");
        }
    }
}
