//! What somebody has to do beside the files, because the settings do not agree with them yet.

use super::nginx::{EXAMPLE, has_public_name};
use super::{Engine, Facts};

/// What is not as it should be, and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What was found.
    pub what: String,
    /// What to do about it.
    pub hint: String,
}

/// Of the files for a container and of the one for nginx, where they are made.
pub fn notes(facts: &Facts, is_docker: bool, is_nginx: bool) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut note = |is_so: bool, what: &str, hint: &str| {
        notes.extend(is_so.then(|| Note { what: what.to_owned(), hint: hint.to_owned() }));
    };
    let is_far = facts.engine == Engine::Postgres;
    note(
        is_docker && !is_far,
        "the container's database is a file in its volume, as the settings' is",
        "`--engine postgresql` puts a server beside it",
    );
    note(
        is_docker && facts.livez.is_empty() && facts.readyz.is_empty(),
        "the container has no health check: `server.livez` and `server.readyz` are empty",
        "give one of them a path, and run the command again",
    );
    note(
        is_nginx && facts.trusted_proxies == 0,
        "`server.trusted_proxies` is 0: for the site, every client is the server in front",
        "`server: Server { trusted_proxies: 1, ..Server::default() }` in the settings",
    );
    note(
        is_nginx && facts.ssl_header.is_none(),
        "`security.proxy_ssl_header` is not set: the site takes every request for plain HTTP",
        "`proxy_ssl_header: Some((\"x-forwarded-proto\".into(), \"https\".into()))` in `security`",
    );
    note(
        is_nginx && !has_public_name(facts),
        &format!("`allowed_hosts` has no name of a site: `{EXAMPLE}` stands in the file"),
        "run the command with the names that production has: `ALLOWED_HOSTS=..`",
    );
    note(
        is_nginx && facts.frontend.is_some() && facts.static_root.is_empty(),
        "`static_root` is not set: the program sends the files of the front end by itself",
        "that is well; for nginx to do it, name a folder, and run the command again",
    );
    notes
}
