//! `compose.yaml`: the site, what it must have done before it serves, and its database.

use super::quote::{compose as quoted, variable};
use super::{Facts, Unfit};

/// The database of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file in the site's volume.
    Sqlite,
    /// A server beside it.
    Postgres,
}

/// Variables that are said here and nowhere else.
const DECIDED: [&str; 8] = ["DEBUG", "DB_ENGINE", "DB_NAME", "DB_USER", "DB_PWD", "DB_HOST", "DB_PORT", "ENV_FILE"];

pub(super) fn text(facts: &Facts) -> Result<String, Unfit> {
    let name = facts.name()?;
    let is_postgres = facts.engine == Engine::Postgres;
    let mut text = format!(
        "# `docker compose up --build --detach`. Values in ${{}} come from the file `.env` beside this one, which is never\n\
         # committed. {}\n\
         name: {}\n\nx-site: &site\n  image: {}\n  build:\n    context: {}\n    dockerfile: {}\n",
        secrets(facts),
        quoted(&name.to_lowercase()),
        quoted(&format!("{}:local", name.to_lowercase())),
        quoted(&facts.project),
        quoted(&facts.dockerfile),
    );
    if let Some(checkout) = &facts.checkout {
        text += &format!("    additional_contexts:\n      quintet: {}\n", quoted(checkout));
    }
    text += &format!("  environment:\n{}", environment(facts)?);
    text += "  volumes: [\"data:/data\"]\n  read_only: true\n  tmpfs: [\"/tmp\"]\n  cap_drop: [\"ALL\"]\n  \
             security_opt: [\"no-new-privileges:true\"]\n\nservices:\n";
    text += "  migrate:\n    <<: *site\n    command: [\"migrate\", \"--noinput\"]\n    restart: \"no\"\n";
    if is_postgres {
        text += "    depends_on:\n      db:\n        condition: service_healthy\n";
    }
    text += &format!(
        "\n  web:\n    <<: *site\n    restart: unless-stopped\n    init: true\n    stop_grace_period: {}s\n    \
         ports: [\"127.0.0.1:${{PUBLISHED_PORT:-8000}}:8000\"]\n    depends_on:\n      migrate:\n        \
         condition: service_completed_successfully\n",
        facts.patience()
    );
    if is_postgres {
        text += "      db:\n        condition: service_healthy\n";
        text += &database(name);
    }
    text += if is_postgres { "\nvolumes:\n  data:\n  database:\n" } else { "\nvolumes:\n  data:\n" };
    Ok(text)
}

/// What must stand in `.env`, in a sentence.
fn secrets(facts: &Facts) -> String {
    let mut names: Vec<&str> = facts.required.iter().map(String::as_str).collect();
    if facts.engine == Engine::Postgres {
        names.push("POSTGRES_PASSWORD");
    }
    if facts.variables.iter().any(|name| name == "ALLOWED_HOSTS") {
        names.push("ALLOWED_HOSTS");
    }
    match names.as_slice() {
        [] => "It needs none.".to_owned(),
        names => format!("It needs {}; `openssl rand -hex 32` makes secrets.", names.join(", ")),
    }
}

/// What the settings read: what must be there is asked for by name, what may be is handed on where it is there.
fn environment(facts: &Facts) -> Result<String, Unfit> {
    let mut lines = String::new();
    if facts.variables.iter().any(|name| name == "DEBUG") {
        lines += "    DEBUG: \"False\"\n";
    }
    let name = facts.name()?;
    let url = match facts.engine {
        Engine::Sqlite => quoted("sqlite:///data/db.sqlite3"),
        // As cargo has names, and so as a URL has them.
        Engine::Postgres => format!("\"postgres://{name}:${{POSTGRES_PASSWORD:?set it in .env}}@db:5432/{name}\""),
    };
    let database = facts.database_variable.as_deref().ok_or_else(|| Unfit {
        what: "the database".to_owned(),
        value: String::new(),
        why: "is read from no variable by the settings",
    })?;
    lines += &format!("    {}: {url}\n", variable(database)?);
    for read in &facts.variables {
        let read = variable(read)?;
        if read == database || DECIDED.contains(&read) {
            continue;
        }
        lines += &match facts.required.iter().any(|name| name == read) || read == "ALLOWED_HOSTS" {
            true => format!("    {read}: \"${{{read}:?set it in .env}}\"\n"),
            false => format!("    {read}:\n"),
        };
    }
    Ok(lines)
}

fn database(name: &str) -> String {
    format!(
        "\n  db:\n    image: \"postgres:17-bookworm\"\n    restart: unless-stopped\n    shm_size: 128mb\n    environment:\n      \
         POSTGRES_USER: {name}\n      POSTGRES_DB: {name}\n      \
         POSTGRES_PASSWORD: \"${{POSTGRES_PASSWORD:?set it in .env}}\"\n    volumes: [\"database:/var/lib/postgresql/data\"]\n    \
         healthcheck:\n      test: [\"CMD\", \"pg_isready\", \"--username\", {name}, \"--dbname\", {name}]\n      \
         interval: 5s\n      timeout: 5s\n      retries: 12\n",
        name = quoted(name),
    )
}
